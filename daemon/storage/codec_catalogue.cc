#include "absl/strings/string_view.h"
#include "daemon/storage/stored_messages.h"

namespace labslot::storage {
namespace {

void ToStored(const OpeningWindow& window, stored::OpeningWindow& out) {
  out.set_opens(window.opens);
  out.set_length(window.closes - window.opens);
  ToStoredWords(window.groups, *out.mutable_groups());
}

OpeningWindow FromStored(const stored::OpeningWindow& window) {
  return {.opens = window.opens(),
          .closes = Sum(window.opens(), window.length()),
          .groups = FromStoredWords(window.groups())};
}

std::optional<CalendarException> FromStored(const stored::CalendarException& exception) {
  CalendarException result;
  if (!ReadEnumerator(exception.effect(), stored::DayEffect_IsValid, result.effect))
    return std::nullopt;
  result.first = FromStoredDay(exception.first_day());
  result.last = result.first + exception.more_days();
  for (const auto& window : exception.windows()) result.windows.push_back(FromStored(window));
  result.shortened_by = exception.shortened_by();
  result.reason = exception.reason();
  return result;
}

std::optional<Holiday> FromStored(const stored::Holiday& holiday) {
  Holiday result;
  if (!ReadEnumerator(holiday.effect(), stored::DayEffect_IsValid, result.effect))
    return std::nullopt;
  result.date = FromStoredDay(holiday.day());
  result.display_name = holiday.display_name();
  result.shortened_by = holiday.shortened_by();
  return result;
}

// The calendar of a site or an asset, if it has one. False if it is damaged.
template <typename Message>
bool ReadCalendar(const Message& message, std::optional<Calendar>& out) {
  if (!message.has_calendar()) return true;
  out = labslot::storage::FromStored(message.calendar());
  return out.has_value();
}

}  // namespace

void ToStored(const WeeklyWindow& window, stored::WeeklyWindow& out) {
  out.set_days(window.days);
  ToStored(window.window, *out.mutable_window());
}

WeeklyWindow FromStored(const stored::WeeklyWindow& window) {
  return {.days = static_cast<uint8_t>(window.days()), .window = FromStored(window.window())};
}

void ToStored(const Calendar& calendar, stored::Calendar& out) {
  ToStoredList(calendar.weekly, *out.mutable_weekly());
  for (const CalendarException& exception : calendar.exceptions) {
    stored::CalendarException& added = *out.add_exceptions();
    added.set_first_day(ToStoredDay(exception.first));
    added.set_more_days(static_cast<int32_t>(exception.last - exception.first));
    added.set_effect(static_cast<stored::DayEffect>(exception.effect));
    for (const OpeningWindow& window : exception.windows) ToStored(window, *added.add_windows());
    added.set_shortened_by(exception.shortened_by);
    added.set_reason(exception.reason);
  }
  out.set_holiday_region(calendar.holiday_region);
}

std::optional<Calendar> FromStored(const stored::Calendar& calendar) {
  Calendar result;
  for (const auto& weekly : calendar.weekly()) result.weekly.push_back(FromStored(weekly));
  for (const auto& exception : calendar.exceptions()) {
    std::optional<CalendarException> read = FromStored(exception);
    if (!read) return std::nullopt;
    result.exceptions.push_back(*std::move(read));
  }
  result.holiday_region = calendar.holiday_region();
  return result;
}

void ToStored(const HolidayRegion& region, stored::HolidayRegion& out) {
  out.set_id(region.id);
  out.set_display_name(region.display_name);
  out.set_valid_from(ToStoredDay(region.valid_from));
  out.set_valid_through(ToStoredDay(region.valid_through));
  for (const Holiday& holiday : region.holidays) {
    stored::Holiday& added = *out.add_holidays();
    added.set_day(ToStoredDay(holiday.date));
    added.set_display_name(holiday.display_name);
    added.set_effect(static_cast<stored::DayEffect>(holiday.effect));
    added.set_shortened_by(holiday.shortened_by);
  }
  out.set_attribution(region.attribution);
  out.set_revision(region.revision);
}

std::optional<HolidayRegion> FromStored(const stored::HolidayRegion& region) {
  HolidayRegion result;
  result.id = region.id();
  result.display_name = region.display_name();
  result.valid_from = FromStoredDay(region.valid_from());
  result.valid_through = FromStoredDay(region.valid_through());
  for (const auto& holiday : region.holidays()) {
    std::optional<Holiday> read = FromStored(holiday);
    if (!read) return std::nullopt;
    result.holidays.push_back(*std::move(read));
  }
  result.attribution = region.attribution();
  result.revision = region.revision();
  return result;
}

void ToStored(const Site& site, stored::Site& out) {
  out.set_id(site.id);
  out.set_display_name(site.display_name);
  out.set_time_zone(site.time_zone);
  out.set_latitude(site.latitude);
  out.set_longitude(site.longitude);
  out.set_region(site.region);
  if (site.calendar) ToStored(*site.calendar, *out.mutable_calendar());
  out.set_organisation(site.organisation);
  out.set_power_kw(site.power_kw);
  out.set_clearance_m(site.clearance_m);
  ToStoredLabels(site.labels, *out.mutable_labels());
  for (const auto& [to, seconds] : site.travel_times) {
    stored::TravelTime& added = *out.add_travel_times();
    added.set_site(to);
    added.set_seconds(seconds);
  }
  out.set_create_time(site.create_time);
  out.set_update_delay(site.update_time - site.create_time);
  out.set_revision(site.revision);
}

std::optional<Site> FromStored(const stored::Site& site) {
  Site result;
  result.id = site.id();
  result.display_name = site.display_name();
  result.time_zone = site.time_zone();
  result.latitude = site.latitude();
  result.longitude = site.longitude();
  result.region = site.region();
  if (!ReadCalendar(site, result.calendar)) return std::nullopt;
  result.organisation = site.organisation();
  result.power_kw = site.power_kw();
  result.clearance_m = site.clearance_m();
  result.labels = FromStoredLabels(site.labels());
  for (const auto& time : site.travel_times()) result.travel_times[time.site()] = time.seconds();
  result.create_time = site.create_time();
  result.update_time = Sum(site.create_time(), site.update_delay());
  result.revision = site.revision();
  return result;
}

namespace {

void ToStored(const Travel& travel, stored::Travel& out) {
  out.set_speed_kmh(travel.speed_kmh);
  out.set_road_factor(travel.road_factor);
  out.set_driving_per_day(travel.driving_per_day);
  out.set_between(static_cast<stored::Between>(travel.between));
  out.set_longest_tour(travel.longest_tour);
}

// False if it is damaged. An asset of an older store has none, and what is usual
// holds for it.
bool ReadTravel(const stored::Asset& asset, Travel& out) {
  if (!asset.has_travel()) return true;
  const stored::Travel& travel = asset.travel();
  out.speed_kmh = travel.speed_kmh();
  out.road_factor = travel.road_factor();
  out.driving_per_day = travel.driving_per_day();
  out.longest_tour = travel.longest_tour();
  return out.speed_kmh > 0 && out.driving_per_day > 0 &&
         ReadEnumerator(travel.between(), stored::Between_IsValid, out.between);
}

void ToStored(const Rates& rates, stored::Rates& out) {
  out.set_currency(rates.usual.currency);
  out.set_cost_per_hour(rates.usual.cost_per_hour);
  out.set_price_per_hour(rates.usual.price_per_hour);
  for (const auto& [activity_class, price] : rates.price_by_class) {
    stored::ClassPrice& added = *out.add_prices();
    added.set_activity_class(static_cast<stored::ActivityClass>(activity_class));
    added.set_price_per_hour(price);
  }
}

// False if they are damaged.
bool ReadRates(const stored::Rates& rates, Rates& out) {
  out.usual = {rates.currency(), rates.cost_per_hour(), rates.price_per_hour()};
  for (const auto& price : rates.prices()) {
    if (!stored::ActivityClass_IsValid(price.activity_class())) return false;
    out.price_by_class[static_cast<ActivityClass>(price.activity_class())] = price.price_per_hour();
  }
  return true;
}

}  // namespace

void ToStored(const Asset& asset, stored::Asset& out) {
  out.set_id(asset.id);
  out.set_display_name(asset.display_name);
  out.set_kind(asset.kind);
  out.set_capacity_kind(static_cast<stored::CapacityKind>(asset.capacity_kind));
  out.set_capacity(asset.capacity);
  for (const Unit& unit : asset.units) {
    stored::Unit& added = *out.add_units();
    added.set_id(unit.id);
    added.set_display_name(unit.display_name);
    ToStoredLabels(unit.labels, *added.mutable_labels());
  }
  if (asset.rates != Rates()) ToStored(asset.rates, *out.mutable_rates());
  out.set_site(asset.site);
  out.set_mobile(asset.mobile);
  if (asset.mobile) ToStored(asset.travel, *out.mutable_travel());
  out.set_parent(asset.parent);
  ToStoredWords(asset.exclusion_groups, *out.mutable_exclusion_groups());
  out.set_set_up(asset.set_up);
  out.set_tear_down(asset.tear_down);
  if (asset.calendar) ToStored(*asset.calendar, *out.mutable_calendar());
  out.set_may_span_closed_time(asset.may_span_closed_time);
  out.set_max_attendees(asset.max_attendees);
  out.set_organisation(asset.organisation);
  out.set_description(asset.description);
  ToStoredLabels(asset.labels, *out.mutable_labels());
  out.set_state(static_cast<stored::AssetState>(asset.state));
  out.set_create_time(asset.create_time);
  out.set_update_delay(asset.update_time - asset.create_time);
  out.set_retire_time(asset.retire_time);
  out.set_revision(asset.revision);
}

std::optional<Asset> FromStored(const stored::Asset& asset) {
  Asset result;
  if (asset.capacity_kind() == stored::CAPACITY_KIND_UNSPECIFIED ||
      !stored::CapacityKind_IsValid(asset.capacity_kind()) ||
      asset.state() == stored::ASSET_STATE_UNSPECIFIED ||
      !stored::AssetState_IsValid(asset.state()) || !ReadCalendar(asset, result.calendar) ||
      !ReadTravel(asset, result.travel) || !ReadRates(asset.rates(), result.rates)) {
    return std::nullopt;
  }
  result.id = asset.id();
  result.display_name = asset.display_name();
  result.kind = asset.kind();
  result.capacity_kind = static_cast<CapacityKind>(asset.capacity_kind());
  result.capacity = asset.capacity();
  for (const auto& unit : asset.units()) {
    result.units.push_back({unit.id(), unit.display_name(), FromStoredLabels(unit.labels())});
  }
  result.site = asset.site();
  result.mobile = asset.mobile();
  result.parent = asset.parent();
  result.exclusion_groups = FromStoredWords(asset.exclusion_groups());
  result.set_up = asset.set_up();
  result.tear_down = asset.tear_down();
  result.may_span_closed_time = asset.may_span_closed_time();
  result.max_attendees = asset.max_attendees();
  result.organisation = asset.organisation();
  result.description = asset.description();
  result.labels = FromStoredLabels(asset.labels());
  result.state = static_cast<AssetState>(asset.state());
  result.create_time = asset.create_time();
  result.update_time = Sum(asset.create_time(), asset.update_delay());
  result.retire_time = asset.retire_time();
  result.revision = asset.revision();
  return result;
}

}  // namespace labslot::storage
