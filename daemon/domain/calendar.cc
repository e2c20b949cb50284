#include "daemon/domain/calendar.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace labslot {
namespace {

constexpr int32_t kDaySeconds = 86400;

int DayBit(absl::CivilDay day) { return static_cast<int>(absl::GetWeekday(day)); }

std::vector<OpeningWindow> WeeklyWindowsOn(const Calendar& calendar, absl::CivilDay day) {
  if (calendar.weekly.empty()) return {{0, kDaySeconds, {}}};
  std::vector<OpeningWindow> windows;
  for (const WeeklyWindow& weekly : calendar.weekly) {
    if ((weekly.days >> DayBit(day)) & 1) windows.push_back(weekly.window);
  }
  return windows;
}

// The day ends `shortened_by` before the last closing time.
std::vector<OpeningWindow> Shortened(const std::vector<OpeningWindow>& windows,
                                     Seconds shortened_by) {
  int32_t end = 0;
  for (const OpeningWindow& window : windows) end = std::max(end, window.closes);
  end -= static_cast<int32_t>(std::min<Seconds>(shortened_by, end));
  std::vector<OpeningWindow> kept;
  for (OpeningWindow window : windows) {
    window.closes = std::min(window.closes, end);
    if (window.opens < window.closes) kept.push_back(window);
  }
  return kept;
}

const CalendarException* ExceptionOn(const Calendar& calendar, absl::CivilDay day) {
  for (auto it = calendar.exceptions.rbegin(); it != calendar.exceptions.rend(); ++it) {
    if (it->first <= day && day <= it->last) return &*it;
  }
  return nullptr;
}

const Holiday* HolidayOn(const HolidayRegion* region, absl::CivilDay day) {
  if (region == nullptr) return nullptr;
  const auto it =
      std::lower_bound(region->holidays.begin(), region->holidays.end(), day,
                       [](const Holiday& holiday, absl::CivilDay d) { return holiday.date < d; });
  return it != region->holidays.end() && it->date == day ? &*it : nullptr;
}

absl::CivilSecond AtSecond(absl::CivilDay day, int32_t second) {
  return absl::CivilSecond(day) + second;
}

Instant OpeningInstant(absl::CivilDay day, int32_t second, const absl::TimeZone& zone) {
  const absl::TimeZone::TimeInfo info = zone.At(AtSecond(day, second));
  const bool skipped = info.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return absl::ToUnixSeconds(skipped ? info.trans : info.pre);
}

Instant ClosingInstant(absl::CivilDay day, int32_t second, const absl::TimeZone& zone) {
  const absl::TimeZone::TimeInfo info = zone.At(AtSecond(day, second));
  const bool skipped = info.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return absl::ToUnixSeconds(skipped ? info.trans : info.post);
}

bool IsOpenTo(const OpeningWindow& window, const std::vector<std::string>& groups) {
  return window.groups.empty() ||
         std::any_of(window.groups.begin(), window.groups.end(), [&](const std::string& group) {
           return std::binary_search(groups.begin(), groups.end(), group);
         });
}

bool AlwaysOpen(const OpeningHours& hours) {
  return hours.calendar == nullptr ||
         (hours.calendar->weekly.empty() && hours.calendar->exceptions.empty() &&
          hours.holidays == nullptr);
}

}  // namespace

DayPlan PlanOfDay(const OpeningHours& hours, absl::CivilDay day) {
  if (hours.calendar == nullptr) return {{{0, kDaySeconds, {}}}, ""};
  const Calendar& calendar = *hours.calendar;
  const auto apply = [&](DayEffect effect, const std::vector<OpeningWindow>& special,
                         Seconds shortened_by) -> std::vector<OpeningWindow> {
    switch (effect) {
      case DayEffect::kClosed:
        return {};
      case DayEffect::kSpecialHours:
        return special;
      case DayEffect::kShortened:
        return Shortened(WeeklyWindowsOn(calendar, day), shortened_by);
    }
    return {};
  };
  DayPlan plan;
  if (const CalendarException* exception = ExceptionOn(calendar, day)) {
    plan = {apply(exception->effect, exception->windows, exception->shortened_by),
            exception->reason};
  } else if (const Holiday* holiday = HolidayOn(hours.holidays, day)) {
    plan = {apply(holiday->effect, {}, holiday->shortened_by), holiday->display_name};
  } else {
    plan = {WeeklyWindowsOn(calendar, day), ""};
  }
  if (hours.groups != nullptr) {
    plan.windows.erase(std::remove_if(plan.windows.begin(), plan.windows.end(),
                                      [&](const OpeningWindow& window) {
                                        return !IsOpenTo(window, *hours.groups);
                                      }),
                       plan.windows.end());
  }
  std::sort(plan.windows.begin(), plan.windows.end(),
            [](const OpeningWindow& a, const OpeningWindow& b) { return a.opens < b.opens; });
  return plan;
}

IntervalSet OpenTimes(const OpeningHours& hours, const Interval& period) {
  if (period.empty()) return {};
  if (AlwaysOpen(hours)) return {period};
  std::vector<Interval> open;
  const absl::CivilDay last = LocalDay(period.end - 1, hours.zone);
  // A window of the day before may reach over midnight into the period.
  for (absl::CivilDay day = LocalDay(period.start, hours.zone) - 1; day <= last; ++day) {
    for (const OpeningWindow& window : PlanOfDay(hours, day).windows) {
      open.push_back(WindowOn(day, window, hours.zone).Intersect(period));
    }
  }
  return Union(std::move(open));
}

Interval WindowOn(absl::CivilDay day, const OpeningWindow& window, const absl::TimeZone& zone) {
  return {OpeningInstant(day, window.opens, zone), ClosingInstant(day, window.closes, zone)};
}

absl::CivilDay LocalDay(Instant instant, const absl::TimeZone& zone) {
  return absl::ToCivilDay(absl::FromUnixSeconds(instant), zone);
}

Instant StartOfDay(absl::CivilDay day, const absl::TimeZone& zone) {
  return OpeningInstant(day, 0, zone);
}

std::optional<absl::TimeZone> FindTimeZone(const std::string& name) {
  // abseil also reads files by path, the machine's own zone, and zones with
  // leap seconds (`right/...`): names that are not IANA's, or mean another thing
  // on each machine.
  const bool like_iana = !name.empty() && name.size() <= 64 &&
                         absl::ascii_isupper(static_cast<unsigned char>(name[0])) &&
                         !absl::StartsWith(name, "Fixed/") && !absl::StrContains(name, "//") &&
                         absl::c_all_of(name, [](char c) {
                           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
                                  c == '+' || c == '-' || c == '/';
                         });
  absl::TimeZone zone;
  if (!like_iana || !absl::LoadTimeZone(name, &zone)) return std::nullopt;
  return zone;
}

std::string DayWords(uint8_t days) {
  static constexpr const char* kNames[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const auto has = [&](int day) { return day < 7 && ((days >> day) & 1) != 0; };
  std::string words;
  for (int day = 0; day < 7; ++day) {
    if (!has(day)) continue;
    int last = day;
    while (has(last + 1)) ++last;
    absl::StrAppend(&words, words.empty() ? "" : ", ", kNames[day]);
    if (last > day) absl::StrAppend(&words, last > day + 1 ? "-" : ", ", kNames[last]);
    day = last;
  }
  return words;
}

std::string FormatLocal(Instant instant, const absl::TimeZone& zone) {
  const absl::Time time = absl::FromUnixSeconds(instant);
  const char* format = instant % 60 == 0 ? "%a %Y-%m-%d %H:%M" : "%a %Y-%m-%d %H:%M:%S";
  return absl::StrCat(absl::FormatTime(format, time, zone), " ", zone.name());
}

}  // namespace labslot
