#include "tests/bench/workshop.h"

#include <ctime>

#include "absl/strings/str_cat.h"
#include "tests/bench/rules.h"

namespace labslot::bench {
namespace {

constexpr int64_t kDay = 86400;
constexpr int64_t kHour = 3600;
constexpr int64_t kSlot = kHour / 2;

// Of UTC: 6:00 to 20:00, which is opening time in Brussels all year round.
constexpr int64_t kFirstHour = 6;
constexpr int64_t kSlotsADay = 28;
constexpr int64_t kDaysAWeek = 6;
constexpr int64_t kWeeks = 230;
constexpr int64_t kSlotsOfAnAsset = kSlotsADay * kDaysAWeek * kWeeks;
// Shares no divisor with the number of slots, so its multiples reach each.
constexpr int64_t kStride = 16001;

// The midnight, UTC, that begins the first Monday that is `days` ahead of today
// or later.
int64_t MondayAhead(int64_t days) {
  static const int64_t today = std::time(nullptr) / kDay;
  constexpr int64_t kFirstMonday = 4;  // 1970-01-05
  const int64_t weeks = (today + days - kFirstMonday + 6) / 7;
  return (kFirstMonday + weeks * 7) * kDay;
}

google::type::Interval Span(int64_t start, int64_t length) {
  google::type::Interval interval;
  interval.mutable_start_time()->set_seconds(start);
  interval.mutable_end_time()->set_seconds(start + length);
  return interval;
}

void AddHolidays(v1::Catalogue& catalogue) {
  v1::HolidayRegion& region = *catalogue.add_holiday_regions();
  region.set_name("holidayRegions/be");
  region.set_display_name("Belgium");
  region.mutable_valid_from()->set_year(2020);
  region.mutable_valid_from()->set_month(1);
  region.mutable_valid_from()->set_day(1);
  region.mutable_valid_through()->set_year(2040);
  region.mutable_valid_through()->set_month(12);
  region.mutable_valid_through()->set_day(31);
  // On Sundays, so that they cost what holidays cost and close no slot.
  for (int week = 0; week < kWeeks; week += 4) {
    const std::time_t sunday = MondayAhead(60) + (week * 7 + 6) * kDay;
    std::tm date{};
    gmtime_r(&sunday, &date);
    v1::Holiday& holiday = *region.add_holidays();
    holiday.mutable_date()->set_year(date.tm_year + 1900);
    holiday.mutable_date()->set_month(date.tm_mon + 1);
    holiday.mutable_date()->set_day(date.tm_mday);
    holiday.set_display_name("Holiday");
    holiday.set_effect(v1::DAY_EFFECT_CLOSED);
  }
}

void AddSite(v1::Catalogue& catalogue) {
  v1::Site& site = *catalogue.add_sites();
  site.set_name("sites/lommel");
  site.set_display_name("Lommel");
  site.set_time_zone("Europe/Brussels");
  site.set_power_kw(50);
  site.set_clearance_m(4);
  site.mutable_calendar()->set_holiday_region("holidayRegions/be");
  v1::WeeklyWindow& week = *site.mutable_calendar()->add_weekly_windows();
  for (int day = google::type::MONDAY; day <= google::type::SATURDAY; ++day) {
    week.add_days(static_cast<google::type::DayOfWeek>(day));
  }
  week.mutable_window()->mutable_opens()->set_hours(4);
  week.mutable_window()->mutable_closes()->set_hours(23);
}

void AddAsset(const std::string& name, const std::string& display_name, const std::string& kind,
              v1::Catalogue& catalogue) {
  v1::Asset& asset = *catalogue.add_assets();
  asset.set_name(name);
  asset.set_display_name(display_name);
  asset.set_kind(kind);
  asset.set_capacity_kind(v1::Asset::CAPACITY_KIND_EXCLUSIVE);
  asset.set_capacity(1);
  asset.set_site("sites/lommel");
}

}  // namespace

v1::Catalogue WorkshopCatalogue() {
  v1::Catalogue catalogue;
  AddHolidays(catalogue);
  AddSite(catalogue);
  v1::Organisation& organisation = *catalogue.add_organisations();
  organisation.set_name("organisations/acme");
  organisation.set_display_name("Acme");
  organisation.set_kind(v1::Organisation::KIND_SME);
  organisation.set_region("BE22");
  for (int i = 0; i < kUsers; ++i) {
    v1::User& user = *catalogue.add_users();
    user.set_name(UserName(i));
    user.set_display_name(absl::StrCat("User ", i));
    user.add_organisations("organisations/acme");
    for (const char* qualification : {"microscopy", "safety"}) {
      user.add_qualifications()->set_name(qualification);
    }
  }
  for (int i = 0; i < kAssets; ++i) {
    AddAsset(AssetName(i), absl::StrCat("Microscope ", i), "microscope", catalogue);
    AddAsset(RuledAssetName(i), absl::StrCat("Ruled microscope ", i), kRuledKind, catalogue);
  }
  AddRules(catalogue);
  return catalogue;
}

std::string AssetName(int64_t number) { return absl::StrCat("assets/microscope-", number); }

std::string UserName(int64_t number) { return absl::StrCat("users/user-", number); }

google::type::Interval SlotTime(int64_t number) {
  const int64_t place = number / kAssets * kStride % kSlotsOfAnAsset;
  const int64_t day = place / kSlotsADay;
  const int64_t start = MondayAhead(60) + (day / kDaysAWeek * 7 + day % kDaysAWeek) * kDay +
                        kFirstHour * kHour + place % kSlotsADay * kSlot;
  return Span(start, kSlot);
}

std::string RuledAssetName(int64_t number) { return absl::StrCat("assets/ruled-", number); }

std::string RuledSlotAsset(int64_t number) { return RuledAssetName(number % kAssets); }

std::string SlotAsset(int64_t number) { return AssetName(number % kAssets); }

google::type::Interval CrowdedTime(int64_t number) {
  const int64_t place = number / kCrowdedAssets;
  const int64_t start = MondayAhead(7) + place / 8 * kDay + kFirstHour * kHour;
  return Span(start + place % 8 * 3 * kSlot, 2 * kSlot);
}

std::string CrowdedAsset(int64_t number) { return AssetName(number % kCrowdedAssets); }

google::type::Interval CrowdedDay(int64_t day) {
  return Span(MondayAhead(7) + day % kCrowdedDays * kDay, kDay);
}

}  // namespace labslot::bench
