#include "daemon/service/convert/asset.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/calendar.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

void CapacityFromProto(const v1::Asset& proto, absl::string_view path, FieldErrors& errors,
                       Asset& asset) {
  asset.capacity_kind = EnumFromProto<CapacityKind>(proto.capacity_kind(), Presence::kRequired,
                                                    FieldPath(path, "capacity_kind"), errors);
  const std::string capacity_path = FieldPath(path, "capacity");
  if (proto.capacity_kind() == v1::Asset::CAPACITY_KIND_EXCLUSIVE && proto.capacity() != 1) {
    errors.Add(capacity_path,
               absl::StrCat("must be 1 with CAPACITY_KIND_EXCLUSIVE, not ", proto.capacity(),
                            "; for more, use CAPACITY_KIND_POOL or CAPACITY_KIND_SEATS"));
    return;
  }
  asset.capacity =
      NumberFromProto(proto.capacity(), 1, limits::kMaxCapacity, capacity_path, errors);
}

void UnitsFromProto(const v1::Asset& proto, absl::string_view path, FieldErrors& errors,
                    Asset& asset) {
  if (proto.units().empty()) return;
  CheckCount(proto.units_size(), limits::kMaxUnits, path, errors);
  if (proto.capacity_kind() != v1::Asset::CAPACITY_KIND_POOL ||
      proto.units_size() != proto.capacity()) {
    errors.Add(path,
               absl::StrCat("must be of a CAPACITY_KIND_POOL, and as many as its capacity of ",
                            proto.capacity(), ", not ", proto.units_size()));
  }
  std::set<std::string> seen;
  for (int i = 0; i < AtMost(proto.units_size(), limits::kMaxUnits); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    Unit unit;
    unit.id = IdFromProto(proto.units(i).id(), FieldPath(element, "id"), errors);
    unit.display_name =
        LineFromProto(proto.units(i).display_name(), limits::kMaxNameText, Presence::kOptional,
                      FieldPath(element, "display_name"), errors);
    unit.labels = LabelsFromProto(proto.units(i).labels(), FieldPath(element, "labels"), errors);
    if (!seen.insert(unit.id).second) {
      errors.Add(FieldPath(element, "id"), "must be another one than those before it");
    }
    asset.units.push_back(std::move(unit));
  }
}

std::vector<std::string> GroupsFromProto(const v1::Asset& proto, absl::string_view path,
                                         FieldErrors& errors) {
  CheckCount(proto.exclusion_groups_size(), limits::kMaxExclusionGroups, path, errors);
  std::vector<std::string> groups;
  std::set<std::string> seen;
  for (int i = 0; i < AtMost(proto.exclusion_groups_size(), limits::kMaxExclusionGroups); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    std::string group = LineFromProto(proto.exclusion_groups(i), limits::kMaxNameText,
                                      Presence::kRequired, element, errors);
    if (group.empty()) continue;
    if (!seen.insert(group).second) {
      errors.Add(element, absl::StrCat("must not be listed twice: ", Quoted(group)));
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

// Where it is, what it belongs to and whose it is.
void PlaceFromProto(const v1::Asset& proto, absl::string_view path, FieldErrors& errors,
                    Asset& asset) {
  asset.site =
      IdFromName(kSites, proto.site(), Presence::kRequired, FieldPath(path, "site"), errors);
  const std::string parent_path = FieldPath(path, "parent");
  asset.parent = IdFromName(kAssets, proto.parent(), Presence::kOptional, parent_path, errors);
  if (!asset.parent.empty() && asset.parent == asset.id) {
    errors.Add(parent_path, "must be another asset than this one");
  }
  asset.exclusion_groups = GroupsFromProto(proto, FieldPath(path, "exclusion_groups"), errors);
  asset.organisation = IdFromName(kOrganisations, proto.organisation(), Presence::kOptional,
                                  FieldPath(path, "organisation"), errors);
}

// Zeros mean what is usual.
Travel TravelFromProto(const v1::Travel& proto, absl::string_view path, FieldErrors& errors) {
  Travel travel;
  if (proto.speed_kmh() != 0) {
    travel.speed_kmh = MeasureFromProto(proto.speed_kmh(), 1, kFastestTravelKmh,
                                        FieldPath(path, "speed_kmh"), errors);
  }
  if (proto.road_factor() != 0) {
    travel.road_factor = MeasureFromProto(proto.road_factor(), 1, kMostRoadFactor,
                                          FieldPath(path, "road_factor"), errors);
  }
  if (proto.has_driving_per_day()) {
    travel.driving_per_day = DurationFromProto(proto.driving_per_day(), 3600, limits::kDay,
                                               FieldPath(path, "driving_per_day"), errors);
  }
  if (proto.between() != v1::Travel::BETWEEN_UNSPECIFIED) {
    travel.between = EnumFromProto<Between>(proto.between(), Presence::kOptional,
                                            FieldPath(path, "between"), errors);
  }
  if (proto.has_longest_tour()) {
    travel.longest_tour = DurationFromProto(proto.longest_tour(), 1, limits::kLongestRun,
                                            FieldPath(path, "longest_tour"), errors);
    if (travel.between == Between::kStays) {
      errors.Add(FieldPath(path, "longest_tour"), "must be unset with STAYS: no way leads home");
    }
  }
  return travel;
}

void MobilityFromProto(const v1::Asset& proto, absl::string_view path, FieldErrors& errors,
                       Asset& asset) {
  asset.mobile = proto.mobile();
  if (proto.has_travel()) {
    asset.travel = TravelFromProto(proto.travel(), FieldPath(path, "travel"), errors);
    // Of this field and not of `travel`, which may come without it in an update.
    if (!asset.mobile) errors.Add(FieldPath(path, "mobile"), "must be true for what has travel");
  }
  if (asset.mobile && asset.capacity > 1) {
    errors.Add(FieldPath(path, "capacity"),
               "must be 1 for what is mobile: it is at one place at a time; for several like labs "
               "make an asset of each, of one kind");
  }
}

Rates RatesFromProto(const v1::Rates& proto, absl::string_view path, FieldErrors& errors) {
  constexpr size_t kCurrencySize = 3;
  const std::string currency_path = FieldPath(path, "currency_code");
  Rates rates;
  rates.usual.currency = proto.currency_code();
  if (rates.usual.currency.size() != kCurrencySize ||
      !absl::c_all_of(rates.usual.currency, absl::ascii_isupper)) {
    errors.Add(currency_path, absl::StrCat("must be three letters of ISO 4217, such as EUR, not ",
                                           Quoted(proto.currency_code())));
  }
  rates.usual.cost_per_hour = HundredthsFromProto(proto.cost_per_hour(), 0, limits::kMaxMoney,
                                                  FieldPath(path, "cost_per_hour"), errors);
  rates.usual.price_per_hour = HundredthsFromProto(proto.price_per_hour(), 0, limits::kMaxMoney,
                                                   FieldPath(path, "price_per_hour"), errors);
  for (int i = 0; i < proto.prices_size(); ++i) {
    const std::string element = ElementPath(FieldPath(path, "prices"), static_cast<size_t>(i));
    const std::string class_path = FieldPath(element, "activity_class");
    const auto activity_class = EnumFromProto<ActivityClass>(
        proto.prices(i).activity_class(), Presence::kRequired, class_path, errors);
    const int64_t price =
        HundredthsFromProto(proto.prices(i).price_per_hour(), 0, limits::kMaxMoney,
                            FieldPath(element, "price_per_hour"), errors);
    if (!rates.price_by_class.emplace(activity_class, price).second) {
      errors.Add(class_path, "must not be listed twice");
    }
  }
  return rates;
}

void RatesToProto(const Rates& rates, v1::Rates& proto) {
  proto.set_currency_code(rates.usual.currency);
  proto.set_cost_per_hour(FromHundredths(rates.usual.cost_per_hour));
  proto.set_price_per_hour(FromHundredths(rates.usual.price_per_hour));
  for (const auto& [activity_class, price] : rates.price_by_class) {
    v1::ClassPrice& added = *proto.add_prices();
    added.set_activity_class(static_cast<v1::Reservation::ActivityClass>(activity_class));
    added.set_price_per_hour(FromHundredths(price));
  }
}

void TravelToProto(const Travel& travel, v1::Travel& proto) {
  proto.set_speed_kmh(travel.speed_kmh);
  proto.set_road_factor(travel.road_factor);
  ToProto(travel.driving_per_day, *proto.mutable_driving_per_day());
  proto.set_between(static_cast<v1::Travel::Between>(travel.between));
  if (travel.longest_tour != 0) ToProto(travel.longest_tour, *proto.mutable_longest_tour());
}

void ChangeoverToProto(const Asset& asset, v1::Asset& proto) {
  if (asset.set_up != 0) ToProto(asset.set_up, *proto.mutable_set_up());
  if (asset.tear_down != 0) ToProto(asset.tear_down, *proto.mutable_tear_down());
}

}  // namespace

Asset AssetFromProto(const v1::Asset& proto, absl::string_view id, absl::string_view path,
                     FieldErrors& errors) {
  Asset asset;
  asset.id = std::string(id);
  asset.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText,
                                     Presence::kOptional, FieldPath(path, "display_name"), errors);
  asset.kind = LineFromProto(proto.kind(), limits::kMaxNameText, Presence::kOptional,
                             FieldPath(path, "kind"), errors);
  CapacityFromProto(proto, path, errors, asset);
  UnitsFromProto(proto, FieldPath(path, "units"), errors, asset);
  PlaceFromProto(proto, path, errors, asset);
  MobilityFromProto(proto, path, errors, asset);
  if (proto.has_rates()) {
    asset.rates = RatesFromProto(proto.rates(), FieldPath(path, "rates"), errors);
  }
  asset.set_up = DurationFromProto(proto.set_up(), 0, limits::kLongestChangeover,
                                   FieldPath(path, "set_up"), errors);
  asset.tear_down = DurationFromProto(proto.tear_down(), 0, limits::kLongestChangeover,
                                      FieldPath(path, "tear_down"), errors);
  if (proto.has_calendar()) {
    asset.calendar = CalendarFromProto(proto.calendar(), FieldPath(path, "calendar"), errors);
  }
  asset.may_span_closed_time = proto.may_span_closed_time();
  asset.max_attendees = NumberFromProto(proto.max_attendees(), 0, limits::kMaxAttendees,
                                        FieldPath(path, "max_attendees"), errors);
  asset.description = TextFromProto(proto.description(), limits::kMaxText, Presence::kOptional,
                                    FieldPath(path, "description"), errors);
  asset.labels = LabelsFromProto(proto.labels(), FieldPath(path, "labels"), errors);
  return asset;
}

void ToProto(const Asset& asset, v1::Asset& proto) {
  proto.set_name(NameOf(kAssets, asset.id));
  proto.set_display_name(asset.display_name);
  proto.set_kind(asset.kind);
  proto.set_capacity_kind(static_cast<v1::Asset::CapacityKind>(asset.capacity_kind));
  proto.set_capacity(asset.capacity);
  for (const Unit& unit : asset.units) {
    v1::Unit& added = *proto.add_units();
    added.set_id(unit.id);
    added.set_display_name(unit.display_name);
    ToProto(unit.labels, *added.mutable_labels());
  }
  proto.set_site(NameOf(kSites, asset.site));
  proto.set_mobile(asset.mobile);
  if (asset.mobile) TravelToProto(asset.travel, *proto.mutable_travel());
  proto.set_parent(NameOf(kAssets, asset.parent));
  for (const std::string& group : asset.exclusion_groups) proto.add_exclusion_groups(group);
  if (!asset.rates.usual.currency.empty()) RatesToProto(asset.rates, *proto.mutable_rates());
  ChangeoverToProto(asset, proto);
  if (asset.calendar) ToProto(*asset.calendar, *proto.mutable_calendar());
  proto.set_may_span_closed_time(asset.may_span_closed_time);
  proto.set_max_attendees(asset.max_attendees);
  proto.set_organisation(NameOf(kOrganisations, asset.organisation));
  proto.set_description(asset.description);
  ToProto(asset.labels, *proto.mutable_labels());
  proto.set_state(static_cast<v1::Asset::State>(asset.state));
  ToProto(asset.create_time, *proto.mutable_create_time());
  ToProto(asset.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(asset.revision));
  if (asset.retire_time != 0) ToProto(asset.retire_time, *proto.mutable_retire_time());
}

}  // namespace labslot::service
