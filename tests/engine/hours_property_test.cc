// Opening hours against a wall clock that is read minute by minute, in the
// zones of the demo, over the switches of summer time.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>

#include "absl/strings/str_cat.h"
#include "daemon/engine/admission.h"
#include "tests/engine/naive_clock.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Day;
using support::Draft;
using support::Item;
using support::kDay;
using support::kHour;
using support::kMinute;
using support::MakeAsset;
using support::MakeSite;
using support::Weekly;
using support::World;

// A zone of the demo, the region whose holidays it keeps, and the local hour
// that spring skips and autumn repeats.
struct DemoZone {
  const char* region;
  const char* zone;
  int switch_hour;
};

constexpr DemoZone kZones[] = {
    {"be-vlg", "Europe/Brussels", 2}, {"nl", "Europe/Amsterdam", 2}, {"de-sn", "Europe/Berlin", 2},
    {"cz", "Europe/Prague", 2},       {"ee", "Europe/Tallinn", 3},   {"it", "Europe/Rome", 2},
    {"lv", "Europe/Riga", 3},         {"se", "Europe/Stockholm", 2},
};

// In all of them the clock jumps at 01:00 UTC.
constexpr const char* kSpring[] = {"2026-03-29", "2027-03-28"};
constexpr const char* kAutumn[] = {"2026-10-25", "2027-10-31"};

Instant Utc(const char* day, const char* time) { return At(absl::StrCat(day, " ", time), "UTC"); }

// The plan of a day by the words of the API.
std::vector<OpeningWindow> NaivePlan(const Calendar& calendar, const HolidayRegion& holidays,
                                     absl::CivilDay day) {
  std::vector<OpeningWindow> weekly;
  for (const WeeklyWindow& window : calendar.weekly) {
    const auto bit = 1u << static_cast<unsigned>(absl::GetWeekday(day));
    if ((window.days & bit) != 0) weekly.push_back(window.window);
  }
  if (calendar.weekly.empty()) weekly.push_back({0, 86400, {}});
  const auto shortened = [&weekly](Seconds by) {
    int64_t last = 0;
    for (const OpeningWindow& window : weekly) last = std::max<int64_t>(last, window.closes);
    std::vector<OpeningWindow> windows = weekly;
    for (OpeningWindow& window : windows) {
      window.closes = static_cast<int32_t>(std::min<int64_t>(window.closes, last - by));
    }
    return windows;
  };
  for (size_t i = calendar.exceptions.size(); i > 0; --i) {
    const CalendarException& exception = calendar.exceptions[i - 1];
    if (day < exception.first || exception.last < day) continue;
    if (exception.effect == DayEffect::kClosed) return {};
    if (exception.effect == DayEffect::kSpecialHours) return exception.windows;
    return shortened(exception.shortened_by);
  }
  for (const Holiday& holiday : holidays.holidays) {
    if (holiday.date != day) continue;
    if (holiday.effect == DayEffect::kClosed) return {};
    return shortened(holiday.shortened_by);
  }
  return weekly;
}

// Whether it is open in each minute, to who is in `groups`; to anybody if null.
std::vector<char> NaivelyOpen(const NaiveClock& clock, const Calendar& calendar,
                              const HolidayRegion& holidays,
                              const std::vector<std::string>* groups) {
  const auto is_open_to = [groups](const OpeningWindow& window) {
    return groups == nullptr || window.groups.empty() ||
           std::any_of(window.groups.begin(), window.groups.end(), [&](const std::string& group) {
             return std::count(groups->begin(), groups->end(), group) > 0;
           });
  };
  // One day after the other, each with what it adds.
  std::vector<char> open(clock.size(), 0);
  const absl::CivilDay last = clock.day(clock.size() - 1);
  for (absl::CivilDay day = clock.day(0) - 1; day <= last; ++day) {
    for (const OpeningWindow& window : NaivePlan(calendar, holidays, day)) {
      if (window.opens >= window.closes || !is_open_to(window)) continue;
      for (size_t i = 0; i < clock.size(); ++i) {
        if (open[i] == 0 && clock.Has(day, window, i)) open[i] = 1;
      }
    }
  }
  return open;
}

// A random calendar around a day, and the people it speaks of.
class RandomHours {
 public:
  explicit RandomHours(unsigned seed) : random_(seed) {}

  unsigned Roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }

  OpeningWindow AnyWindow() {
    // Many near the switch, and many that touch or leave a minute.
    static constexpr int32_t kMinutes[] = {0,   60,  120, 150, 179, 180,  210,  240, 300,
                                           480, 720, 721, 722, 900, 1020, 1320, 1439};
    const auto minute = [this] {
      return Roll(4) == 0 ? static_cast<int32_t>(Roll(1440)) : kMinutes[Roll(17)];
    };
    OpeningWindow window;
    window.opens = 60 * minute();
    window.closes = 60 * minute();
    if (window.closes <= window.opens) window.closes += 86400;
    if (Roll(4) == 0) window.groups = {Roll(2) == 0 ? "staff" : "night"};
    return window;
  }

  Calendar AnyCalendar(absl::CivilDay around) {
    Calendar calendar;
    calendar.holiday_region = "region";
    const unsigned windows = Roll(5);
    for (unsigned i = 0; i < windows; ++i) {
      calendar.weekly.push_back({static_cast<uint8_t>(1 + Roll(127)), AnyWindow()});
    }
    const unsigned exceptions = Roll(4);
    for (unsigned i = 0; i < exceptions; ++i) {
      CalendarException exception;
      exception.first = around - 3 + static_cast<int>(Roll(6));
      exception.last = exception.first + static_cast<int>(Roll(3));
      exception.effect = static_cast<DayEffect>(1 + Roll(3));
      exception.reason = "works";
      if (exception.effect == DayEffect::kShortened) {
        exception.shortened_by = kMinute * static_cast<Seconds>(1 + Roll(900));
      }
      for (unsigned k = 0; exception.effect == DayEffect::kSpecialHours && k < 1 + Roll(3); ++k) {
        exception.windows.push_back(AnyWindow());
      }
      calendar.exceptions.push_back(exception);
    }
    return calendar;
  }

  HolidayRegion AnyRegion(absl::CivilDay around) {
    std::vector<Holiday> holidays;
    for (int i = -3; i <= 3; ++i) {
      if (Roll(4) != 0) continue;
      Holiday holiday;
      holiday.date = around + i;
      holiday.display_name = "feast";
      if (Roll(2) == 0) {
        holiday.effect = DayEffect::kShortened;
        holiday.shortened_by = kHour * static_cast<Seconds>(1 + Roll(5));
      }
      holidays.push_back(holiday);
    }
    return support::MakeRegion("region", holidays);
  }

 private:
  std::mt19937 random_;
};

// One of the four switches and one of the eight zones, by seed.
struct Place {
  explicit Place(unsigned seed)
      : zone(kZones[seed % 8]),
        day(seed / 8 % 2 == 0 ? kSpring[seed / 16 % 2] : kAutumn[seed / 16 % 2]) {}
  DemoZone zone;
  const char* day;
};

TEST(HoursPropertyTest, OpenTimesAgreeWithAClockReadMinuteByMinute) {
  for (unsigned seed = 0; seed < support::Seeds(64, 3200); ++seed) {
    const Place place(seed);
    SCOPED_TRACE(testing::Message() << "seed " << seed << " " << place.zone.zone);
    RandomHours random(seed);
    const Calendar calendar = random.AnyCalendar(Day(place.day));
    const HolidayRegion region = random.AnyRegion(Day(place.day));
    const Interval span = {Utc(place.day, "0:00") - 2 * kDay, Utc(place.day, "0:00") + 3 * kDay};
    const NaiveClock clock(support::Zone(place.zone.zone), span, kMinute);
    const std::vector<std::string> nobody;
    const std::vector<std::string> staff = {"staff"};
    const std::vector<const std::vector<std::string>*> who = {nullptr, &nobody, &staff};
    for (const std::vector<std::string>* groups : who) {
      const std::vector<char> open = NaivelyOpen(clock, calendar, region, groups);
      std::vector<Interval> minutes;
      for (size_t i = 0; i < open.size(); ++i) {
        if (open[i] != 0) minutes.push_back({clock.at(i), clock.at(i) + kMinute});
      }
      const OpeningHours hours = {&calendar, &region, support::Zone(place.zone.zone), groups};
      ASSERT_EQ(OpenTimes(hours, span), Union(minutes));
    }
  }
}

// A lab in a zone, with a calendar of its own; `ada` is in the group `staff`.
class Lab {
 public:
  Lab(const DemoZone& zone, const Calendar& calendar, const HolidayRegion& region, bool may_span) {
    for (const char* id : {"staff", "night"}) {
      Group group;
      group.id = group.display_name = id;
      if (group.id == "staff") group.users = {"ada"};
      world_.Add(group);
    }
    world_.Add(support::MakeUser("bob", {"acme"}));
    world_.Add(region);
    world_.Add(MakeSite("place", zone.zone));
    Asset asset = MakeAsset("lab", "place");
    asset.calendar = calendar;
    asset.may_span_closed_time = may_span;
    world_.Add(asset);
  }

  // What a run breaks of the rules about opening hours, if anything.
  std::optional<Violation> Broken(const Interval& run, const std::string& user = "bob") const {
    Reservation draft = Draft({Item("lab")}, run);
    draft.user = user;
    draft.organisation = "acme";
    for (const Violation& violation : Judge(world_.state(), {draft, nullptr, run.start - kDay})) {
      if (violation.rule != Rule::kHolidaysUnknown) return violation;
    }
    return std::nullopt;
  }
  bool Passes(const Interval& run, const std::string& user = "bob") const {
    return !Broken(run, user).has_value();
  }

 private:
  World world_;
};

HolidayRegion NoHolidays(const std::string& id) { return support::MakeRegion(id, {}); }

TEST(HoursPropertyTest, TheRuleAgreesWithAClockReadMinuteByMinute) {
  std::map<std::optional<Rule>, int> seen;
  for (unsigned seed = 0; seed < support::Seeds(64, 3200); ++seed) {
    const Place place(seed);
    SCOPED_TRACE(testing::Message() << "seed " << seed << " " << place.zone.zone);
    RandomHours random(seed + 1000000);
    const Calendar calendar = random.AnyCalendar(Day(place.day));
    const HolidayRegion region = random.AnyRegion(Day(place.day));
    const bool may_span = random.Roll(3) == 0;
    const Lab lab(place.zone, calendar, region, may_span);
    const Interval span = {Utc(place.day, "0:00") - 2 * kDay, Utc(place.day, "0:00") + 3 * kDay};
    const NaiveClock clock(support::Zone(place.zone.zone), span, kMinute);
    const std::vector<std::string> nobody;
    const std::vector<std::string> staff = {"staff"};
    const std::vector<char> to_bob = NaivelyOpen(clock, calendar, region, &nobody);
    const std::vector<char> to_ada = NaivelyOpen(clock, calendar, region, &staff);
    const std::vector<char> to_some = NaivelyOpen(clock, calendar, region, nullptr);
    for (int i = 0; i < 60; ++i) {
      const Instant start = span.start + kMinute * static_cast<Seconds>(random.Roll(4 * 1440)) +
                            (random.Roll(3) == 0 ? random.Roll(60) : 0);
      const Seconds length =
          random.Roll(2) == 0 ? 1 + random.Roll(7200) : 60 * (1 + random.Roll(1400));
      const Interval run = {start, start + length};
      const auto lies_in = [&](const std::vector<char>& open) {
        const size_t first = clock.StepOf(run.start);
        const size_t last = clock.StepOf(run.end - 1);
        if (open[first] == 0 || open[last] == 0) return false;
        for (size_t k = first; k <= last && !may_span; ++k) {
          if (open[k] == 0) return false;
        }
        return true;
      };
      const bool by_ada = random.Roll(2) == 0;
      std::optional<Rule> expected;
      if (!lies_in(by_ada ? to_ada : to_bob)) {
        expected = lies_in(to_some) ? Rule::kNotOpenForHolder : Rule::kOutsideOpeningHours;
      }
      const auto broken = lab.Broken(run, by_ada ? "ada" : "bob");
      ASSERT_EQ(broken ? std::optional<Rule>(broken->rule) : std::nullopt, expected)
          << FormatLocal(run.start, support::Zone(place.zone.zone)) << " for " << length << " s";
      ++seen[expected];
    }
  }
  EXPECT_GT(seen[std::nullopt], 300);
  EXPECT_GT(seen[Rule::kOutsideOpeningHours], 300);
  EXPECT_GT(seen[Rule::kNotOpenForHolder], 50);
}

TEST(HoursOverTheSwitchTest, DaysHave23And25HoursInAllZones) {
  for (const DemoZone& zone : kZones) {
    SCOPED_TRACE(zone.zone);
    Calendar all_day = support::Hours("mon-sun", "0:00-24:00");
    const Lab lab(zone, all_day, NoHolidays("none"), false);
    const auto day_of = [&](const char* day) {
      return Interval{At(day, zone.zone), At(absl::FormatCivilTime(Day(day) + 1), zone.zone)};
    };
    for (const char* day : kSpring) {
      EXPECT_EQ(day_of(day).length(), 23 * kHour) << day;
      EXPECT_TRUE(lab.Passes(day_of(day).Widened(kDay, kDay))) << day;
    }
    for (const char* day : kAutumn) {
      EXPECT_EQ(day_of(day).length(), 25 * kHour) << day;
      EXPECT_TRUE(lab.Passes(day_of(day).Widened(kDay, kDay))) << day;
    }
  }
}

TEST(HoursOverTheSwitchTest, AWindowOfTheDayHas23And25HoursAndNoMore) {
  for (const DemoZone& zone : kZones) {
    SCOPED_TRACE(zone.zone);
    const Lab lab(zone, support::Hours("sun", "0:00-24:00"), NoHolidays("none"), false);
    for (const char* day : {kSpring[0], kSpring[1], kAutumn[0], kAutumn[1]}) {
      const Interval whole = {At(day, zone.zone),
                              At(absl::FormatCivilTime(Day(day) + 1), zone.zone)};
      EXPECT_TRUE(lab.Passes(whole)) << day;
      EXPECT_FALSE(lab.Passes(whole.Widened(1, 0))) << day;
      EXPECT_FALSE(lab.Passes(whole.Widened(0, 1))) << day;
    }
  }
}

TEST(HoursOverTheSwitchTest, WhatOpensInTheMissingHourOpensAtTheJump) {
  for (const DemoZone& zone : kZones) {
    SCOPED_TRACE(zone.zone);
    const std::string opens = absl::StrCat(zone.switch_hour, ":30");
    const Lab lab(zone, support::Hours("mon-sun", opens + "-8:00"), NoHolidays("none"), false);
    for (const char* day : kSpring) {
      const Instant jump = Utc(day, "1:00");
      EXPECT_EQ(At(absl::StrCat(day, " ", opens), zone.zone), jump);
      EXPECT_TRUE(lab.Passes({jump, At(absl::StrCat(day, " 8:00"), zone.zone)})) << day;
      EXPECT_FALSE(lab.Passes({jump - 1, jump + kHour})) << day;
    }
  }
}

TEST(HoursOverTheSwitchTest, WhatClosesInTheMissingHourClosesAtTheJump) {
  for (const DemoZone& zone : kZones) {
    SCOPED_TRACE(zone.zone);
    const std::string closes = absl::StrCat(zone.switch_hour, ":30");
    const Lab lab(zone, support::Hours("mon-sun", "22:00-" + closes), NoHolidays("none"), false);
    for (const char* day : kSpring) {
      const Instant jump = Utc(day, "1:00");
      EXPECT_TRUE(lab.Passes({jump - 2 * kHour, jump})) << day;
      EXPECT_FALSE(lab.Passes({jump - 2 * kHour, jump + 1})) << day;
      EXPECT_FALSE(lab.Passes({jump, jump + kMinute})) << day;
    }
  }
}

TEST(HoursOverTheSwitchTest, TheRepeatedHourIsOpenInBothReadings) {
  for (const DemoZone& zone : kZones) {
    SCOPED_TRACE(zone.zone);
    const std::string half = absl::StrCat(zone.switch_hour, ":30");
    const Lab opens(zone, support::Hours("mon-sun", half + "-8:00"), NoHolidays("none"), false);
    const Lab closes(zone, support::Hours("mon-sun", "22:00-" + half), NoHolidays("none"), false);
    for (const char* day : kAutumn) {
      const Instant first = Utc(day, "0:30");
      const Instant second = Utc(day, "1:30");
      for (const Instant reading : {first, second}) {
        EXPECT_TRUE(opens.Passes({reading, reading + 2 * kHour})) << day;
        EXPECT_TRUE(closes.Passes({reading - 2 * kHour, reading})) << day;
      }
      EXPECT_FALSE(opens.Passes({first - 1, second})) << day;
      EXPECT_FALSE(closes.Passes({first, second + 1})) << day;
      EXPECT_TRUE(closes.Passes({first, second})) << day;
    }
  }
}

TEST(HoursOverTheSwitchTest, AGapOfOneMinuteIsNeverBridged) {
  for (const DemoZone& zone : kZones) {
    SCOPED_TRACE(zone.zone);
    Calendar calendar = support::Hours("mon-sun", "0:00-12:00");
    calendar.weekly.push_back(Weekly("mon-sun", "12:01-24:00"));
    const Lab lab(zone, calendar, NoHolidays("none"), false);
    for (const char* day : {kSpring[0], kSpring[1], kAutumn[0], kAutumn[1], "2027-06-24"}) {
      const Instant noon = At(absl::StrCat(day, " 12:00"), zone.zone);
      EXPECT_TRUE(lab.Passes({noon - 6 * kHour, noon})) << day;
      EXPECT_TRUE(lab.Passes({noon + kMinute, noon + 20 * kHour})) << day;
      EXPECT_FALSE(lab.Passes({noon - 1, noon + kMinute + 1})) << day;
      EXPECT_FALSE(lab.Passes({noon - kHour, noon + kHour})) << day;
      EXPECT_FALSE(lab.Passes({noon - kHour, noon + 1})) << day;
      EXPECT_FALSE(lab.Passes({noon + kMinute - 1, noon + kHour})) << day;
    }
  }
}

TEST(HoursTest, ARunEndsAtMidnightAndAtClosingTimeAndNotASecondLater) {
  for (const DemoZone& zone : kZones) {
    SCOPED_TRACE(zone.zone);
    Calendar calendar = support::Hours("mon-fri", "8:00-17:00");
    calendar.weekly.push_back(Weekly("mon", "20:00-24:00"));
    calendar.weekly.push_back(Weekly("wed", "20:00-24:00"));
    calendar.weekly.push_back(Weekly("thu", "0:00-2:00"));
    const Lab lab(zone, calendar, NoHolidays("none"), false);
    const auto passes = [&](const char* span) {
      return lab.Passes(support::Span(span, zone.zone));
    };
    EXPECT_TRUE(passes("mon 8:00-17:00"));
    EXPECT_FALSE(passes("mon 8:00-17:00:01"));
    EXPECT_TRUE(passes("mon 21:00-24:00"));
    EXPECT_FALSE(passes("mon 21:00-tue 0:00:01"));
    EXPECT_TRUE(passes("wed 21:00-thu 2:00"));
    EXPECT_FALSE(passes("wed 21:00-thu 2:00:01"));
  }
}

// What the regions of the demo keep on two days on which they differ most.
struct FeastDay {
  const char* region;
  const char* date;
  const char* name;  // null: a day like others
};

constexpr FeastDay kFeasts[] = {
    {"be-vlg", "2027-06-24", nullptr},
    {"be-vlg", "2027-11-17", nullptr},
    {"nl", "2027-06-24", nullptr},
    {"nl", "2027-11-17", nullptr},
    {"de-sn", "2027-06-24", nullptr},
    {"de-sn", "2027-11-17", "Day of Prayer and Repentance"},
    {"cz", "2027-06-24", nullptr},
    {"cz", "2027-11-17", "Struggle for Freedom and Democracy Day"},
    {"ee", "2027-06-24", "Midsummer Day"},
    {"ee", "2027-11-17", nullptr},
    {"it", "2027-06-24", nullptr},
    {"it", "2027-11-17", nullptr},
    {"lv", "2027-06-24", "Midsummer"},
    {"lv", "2027-11-17", nullptr},
    {"se", "2027-06-24", nullptr},
    {"se", "2027-11-17", nullptr},
};

TEST(HolidaysTest, MidsummerAndTheSeventeenthOfNovemberCloseWhereTheyAreKept) {
  for (const DemoZone& zone : kZones) {
    std::vector<Holiday> holidays;
    for (const FeastDay& feast : kFeasts) {
      if (zone.region == std::string(feast.region) && feast.name != nullptr) {
        holidays.push_back(support::Feast(feast.date, feast.name));
      }
    }
    Calendar office = support::Office();
    office.holiday_region = zone.region;
    const Lab lab(zone, office, support::MakeRegion(zone.region, holidays), false);
    int days = 0;
    for (const FeastDay& feast : kFeasts) {
      if (zone.region != std::string(feast.region)) continue;
      ++days;
      SCOPED_TRACE(absl::StrCat(feast.region, " ", feast.date));
      const auto at = [&](const char* time) {
        return At(absl::StrCat(feast.date, " ", time), zone.zone);
      };
      const auto broken = lab.Broken({at("8:00"), at("17:00")});
      EXPECT_EQ(broken.has_value(), feast.name != nullptr);
      if (broken) {
        EXPECT_EQ(broken->rule, Rule::kOutsideOpeningHours);
        EXPECT_THAT(broken->message, testing::HasSubstr(feast.name));
      }
      EXPECT_TRUE(lab.Passes({at("8:00") + kDay, at("17:00") + kDay}));
      EXPECT_TRUE(lab.Passes({at("8:00") - kDay, at("17:00") - kDay}));
    }
    EXPECT_EQ(days, 2);
  }
}

TEST(HolidaysTest, EstonianDaysBeforeTheFeastEndThreeHoursEarlier) {
  static constexpr const char* kShort[] = {"2026-02-23", "2026-06-22", "2026-12-23", "2026-12-31",
                                           "2027-02-23", "2027-06-22", "2027-12-23", "2027-12-31"};
  std::vector<Holiday> holidays;
  for (const char* date : kShort) {
    Holiday holiday = support::Feast(date, "Day before");
    holiday.effect = DayEffect::kShortened;
    holiday.shortened_by = 3 * kHour;
    holidays.push_back(holiday);
  }
  Calendar office = support::Hours("mon-fri", "8:00-12:00");
  office.weekly.push_back(Weekly("mon-fri", "12:30-17:00"));
  office.holiday_region = "ee";
  const Lab lab(kZones[4], office, support::MakeRegion("ee", holidays), false);
  for (const char* date : kShort) {
    SCOPED_TRACE(date);
    const auto at = [&](const char* time) {
      return At(absl::StrCat(date, " ", time), "Europe/Tallinn");
    };
    EXPECT_TRUE(lab.Passes({at("8:00"), at("12:00")}));
    EXPECT_TRUE(lab.Passes({at("12:30"), at("14:00")}));
    EXPECT_FALSE(lab.Passes({at("12:30"), at("14:00:01")}));
    EXPECT_FALSE(lab.Passes({at("14:00"), at("15:00")}));
    EXPECT_FALSE(lab.Passes({at("11:00"), at("13:00")}));
  }
}

}  // namespace
}  // namespace labslot::engine
