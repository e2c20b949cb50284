#include "tests/support/records.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/base/log.h"
#include "tests/support/times.h"

namespace labslot::support {
namespace {

int DayIndex(absl::string_view word) {
  static constexpr const char* kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  for (int i = 0; i < 7; ++i) {
    if (word == kDays[i]) return i;
  }
  Die(absl::StrCat("the test says a day that is none: ", word));
}

uint8_t DayMask(absl::string_view days) {
  unsigned mask = 0;
  for (absl::string_view part : absl::StrSplit(days, ',')) {
    const std::vector<std::string> ends = absl::StrSplit(part, '-');
    for (int day = DayIndex(ends.front()); day <= DayIndex(ends.back()); ++day) mask |= 1u << day;
  }
  return static_cast<uint8_t>(mask);
}

}  // namespace

Site MakeSite(const std::string& id, const std::string& zone) {
  Site site;
  site.id = id;
  site.display_name = id;
  site.time_zone = zone;
  return site;
}

Asset MakeAsset(const std::string& id, const std::string& site) {
  Asset asset;
  asset.id = id;
  asset.display_name = id;
  asset.kind = "lab";
  asset.site = site;
  return asset;
}

Asset MakePool(const std::string& id, int32_t units, const std::string& site) {
  Asset asset = MakeAsset(id, site);
  asset.capacity_kind = CapacityKind::kPool;
  asset.capacity = units;
  return asset;
}

Asset MakeSeats(const std::string& id, int32_t seats, const std::string& site) {
  Asset asset = MakeAsset(id, site);
  asset.capacity_kind = CapacityKind::kSeats;
  asset.capacity = seats;
  return asset;
}

Asset MakeMobile(const std::string& id, const std::string& home) {
  Asset asset = MakeAsset(id, home);
  asset.mobile = true;
  return asset;
}

Asset MakeChild(const std::string& id, const std::string& parent, const std::string& site) {
  Asset asset = MakeAsset(id, site);
  asset.parent = parent;
  return asset;
}

Organisation MakeOrganisation(const std::string& id) {
  Organisation organisation;
  organisation.id = id;
  organisation.display_name = id;
  return organisation;
}

User MakeUser(const std::string& id, const std::vector<std::string>& organisations) {
  User user;
  user.id = id;
  user.display_name = id;
  user.organisations = organisations;
  return user;
}

RoleBinding Binding(Role role, ScopeKind kind, const std::string& id) { return {role, {kind, id}}; }

OpeningWindow Window(absl::string_view hours) {
  const std::vector<std::string> ends = absl::StrSplit(hours, '-');
  const Instant midnight = At("mon", "UTC");
  OpeningWindow window;
  window.opens = static_cast<int32_t>(At(absl::StrCat("mon ", ends[0]), "UTC") - midnight);
  window.closes = static_cast<int32_t>(At(absl::StrCat("mon ", ends[1]), "UTC") - midnight);
  if (window.closes <= window.opens) window.closes += static_cast<int32_t>(kDay);
  return window;
}

WeeklyWindow Weekly(absl::string_view days, absl::string_view hours) {
  return {DayMask(days), Window(hours)};
}

Calendar Hours(absl::string_view days, absl::string_view hours) {
  Calendar calendar;
  calendar.weekly.push_back(Weekly(days, hours));
  return calendar;
}

Calendar Office() { return Hours("mon-fri", "8:00-17:00"); }

CalendarException Closed(absl::string_view first, absl::string_view last) {
  CalendarException exception;
  exception.first = Day(first);
  exception.last = Day(last);
  exception.reason = "closed for works";
  return exception;
}

CalendarException Special(absl::string_view first, absl::string_view last,
                          const std::vector<std::string>& hours) {
  CalendarException exception = Closed(first, last);
  exception.effect = DayEffect::kSpecialHours;
  exception.reason = "special hours";
  for (const std::string& window : hours) exception.windows.push_back(Window(window));
  return exception;
}

CalendarException Shortened(absl::string_view first, absl::string_view last, Seconds by) {
  CalendarException exception = Closed(first, last);
  exception.effect = DayEffect::kShortened;
  exception.shortened_by = by;
  exception.reason = "shortened day";
  return exception;
}

Holiday Feast(absl::string_view date, const std::string& name) {
  Holiday holiday;
  holiday.date = Day(date);
  holiday.display_name = name;
  return holiday;
}

HolidayRegion MakeRegion(const std::string& id, const std::vector<Holiday>& holidays) {
  HolidayRegion region;
  region.id = id;
  region.display_name = id;
  region.valid_from = absl::CivilDay(2026, 1, 1);
  region.valid_through = absl::CivilDay(2027, 12, 31);
  region.holidays = holidays;
  return region;
}

ReservationItem Item(const std::string& asset, int32_t quantity) {
  ReservationItem item;
  item.asset = asset;
  item.quantity = quantity;
  return item;
}

Reservation Draft(const std::vector<ReservationItem>& items, const Interval& interval,
                  const std::string& site) {
  Reservation draft;
  draft.items = items;
  draft.interval = interval;
  draft.site = site;
  return draft;
}

}  // namespace labslot::support
