#include "daemon/service/convert/patch.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/asset.h"
#include "daemon/service/convert/group.h"
#include "daemon/service/convert/holiday_region.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/outage.h"
#include "daemon/service/convert/policy.h"
#include "daemon/service/convert/policy_rule.h"
#include "daemon/service/convert/quota.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/round.h"
#include "daemon/service/convert/series.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/user.h"
#include "google/protobuf/util/field_mask_util.h"

namespace labslot::service {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;

// What the kinds of record differ in. `kept` takes over from the record as it
// is what callers cannot set.
template <typename Record, typename Proto>
struct Patching {
  const char* resource;                      // field of the request
  const char* collection;                    // of its name
  absl::Span<const char* const> changeable;  // what `*` stands for
  absl::Span<const char* const> nested;      // may be named too
  Record (*from_proto)(const Proto&, absl::string_view id, absl::string_view path, FieldErrors&);
  void (*to_proto)(const Record&, Proto&);
  void (*keep)(const Record& current, Record& next, FieldErrors& errors);
};

FieldMask MaskOf(absl::Span<const char* const> paths) {
  FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

bool Contains(absl::Span<const char* const> paths, absl::string_view path) {
  return std::any_of(paths.begin(), paths.end(),
                     [&](const char* candidate) { return path == candidate; });
}

// The mask with `*` and emptiness spelt out; what is not allowed is dropped.
FieldMask CheckedMask(const FieldMask& mask, absl::Span<const char* const> changeable,
                      absl::Span<const char* const> nested, FieldErrors& errors) {
  FieldMask checked;
  bool all = mask.paths().empty();
  for (const std::string& path : mask.paths()) {
    if (path == "*") {
      all = true;
    } else if (Contains(changeable, path) || Contains(nested, path)) {
      checked.add_paths(path);
    } else {
      errors.Add("update_mask",
                 absl::StrCat("must not name ", Quoted(path), "; what may be changed is ",
                              absl::StrJoin(changeable, ", "), nested.empty() ? "" : ", ",
                              absl::StrJoin(nested, ", ")));
    }
  }
  return all ? MaskOf(changeable) : checked;
}

void Replace(const google::protobuf::Message& from, const FieldMask& mask,
             google::protobuf::Message& to) {
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(from, mask, options, &to);
}

// True if `field` is `resource.path` of one of the paths, or lies within.
bool IsUnder(absl::string_view field, absl::string_view resource, const FieldMask& mask) {
  return std::any_of(mask.paths().begin(), mask.paths().end(), [&](const std::string& path) {
    const std::string masked = FieldPath(resource, path);
    return absl::StartsWith(field, masked) &&
           (field.size() == masked.size() || field[masked.size()] == '.' ||
            field[masked.size()] == '[');
  });
}

template <typename Record>
absl::string_view IdOf(const Record& record) {
  return record.id;
}

// No rule of these asks for the id.
absl::string_view IdOf(const Reservation&) { return ""; }
absl::string_view IdOf(const Series&) { return ""; }

template <typename Record, typename Proto>
Patch<Record> MakePatch(const Patching<Record, Proto>& patching, const Proto& wanted,
                        const FieldMask& requested, FieldErrors& errors) {
  const FieldMask mask = CheckedMask(requested, patching.changeable, patching.nested, errors);
  auto masked = std::make_shared<Proto>();
  Replace(wanted, mask, *masked);
  FieldErrors found;
  patching.from_proto(*masked, IdIn(patching.collection, wanted.name()).value_or(""),
                      patching.resource, found);
  // The rest of the record is not there yet; what is said of it means nothing.
  for (const FieldViolation& violation : found.violations()) {
    if (IsUnder(violation.field, patching.resource, mask)) {
      errors.Add(violation.field, violation.description);
    }
  }
  return [&patching, mask, masked = std::shared_ptr<const Proto>(std::move(masked))](
             const Record& current) -> Result<Record> {
    Proto merged;
    patching.to_proto(current, merged);
    Replace(*masked, mask, merged);
    FieldErrors mistakes;
    Record next = patching.from_proto(merged, IdOf(current), patching.resource, mistakes);
    patching.keep(current, next, mistakes);
    if (!mistakes.ok()) return mistakes.ToError();
    return next;
  };
}

template <typename Record>
void KeepTimes(const Record& current, Record& next, FieldErrors&) {
  next.create_time = current.create_time;
  next.update_time = current.update_time;
  next.revision = current.revision;
}

void KeepAsset(const Asset& current, Asset& next, FieldErrors& errors) {
  KeepTimes(current, next, errors);
  next.state = current.state;
  next.retire_time = current.retire_time;
}

void KeepUser(const User& current, User& next, FieldErrors& errors) {
  KeepTimes(current, next, errors);
  next.state = current.state;
}

void KeepRegion(const HolidayRegion& current, HolidayRegion& next, FieldErrors&) {
  next.revision = current.revision;
}

// What callers cannot set of a reservation.
void KeepOutputs(const Reservation& current, Reservation& next, FieldErrors& errors) {
  KeepTimes(current, next, errors);
  next.id = current.id;
  next.state = current.state;
  next.hold_expire_time = current.hold_expire_time;
  next.state_reason = current.state_reason;
  next.series = current.series;
  next.occurrence = current.occurrence;
  next.notes = current.notes;
  next.leaves_slot_free = current.leaves_slot_free;
  next.check_in_by = current.check_in_by;
  next.window = current.window;
  next.choices = current.choices;
  next.displaced_by = current.displaced_by;
  next.round = current.round;
  next.value = current.value;
  next.use = current.use;
  next.returns = current.returns;
  next.rule_sets = current.rule_sets;
  for (ReservationItem& item : next.items) {
    const auto before = std::find_if(
        current.items.begin(), current.items.end(),
        [&](const ReservationItem& candidate) { return candidate.asset == item.asset; });
    if (before == current.items.end()) continue;
    item.set_up = before->set_up;
    item.tear_down = before->tear_down;
    item.rate = before->rate;
    if (item.quantity == before->quantity && item.unit_labels == before->unit_labels) {
      item.units = before->units;
    }
  }
}

// How many are out follows from the units that are named.
void ToPatchedProto(const Outage& outage, v1::Outage& proto) {
  ToProto(outage, proto);
  if (!outage.units.empty()) proto.clear_quantity();
}

// While it stays open it goes on to reach as far as it does.
void KeepOutage(const Outage& current, Outage& next, FieldErrors& errors) {
  KeepTimes(current, next, errors);
  next.hits = current.hits;
  if (next.open && current.open && next.interval.start < current.interval.end) {
    next.interval.end = current.interval.end;
  }
}

void KeepRound(const Round& current, Round& next, FieldErrors& errors) {
  KeepTimes(current, next, errors);
  next.state = current.state;
  next.value = current.value;
  next.bound = current.bound;
  next.granted_count = current.granted_count;
  next.rejected_count = current.rejected_count;
}

void KeepReservation(const Reservation& current, Reservation& next, FieldErrors& errors) {
  KeepOutputs(current, next, errors);
  if (next.organisation.empty() && !current.organisation.empty()) {
    errors.Add("reservation.organisation", "must be set, as organisations/{id}");
  }
}

void KeepSeries(const Series& current, Series& next, FieldErrors& errors) {
  KeepTimes(current, next, errors);
  KeepOutputs(current.draft, next.draft, errors);
  next.draft.interval = current.draft.interval;
  next.id = current.id;
  next.recurrence.zone = current.recurrence.zone;
  next.occurrences = current.occurrences;
  next.cancelled = current.cancelled;
  next.state_reason = current.state_reason;
}

constexpr const char* kSitePaths[] = {"display_name", "time_zone",    "location", "region",
                                      "calendar",     "organisation", "power_kw", "clearance_m",
                                      "labels",       "travel_times"};
constexpr const char* kAssetPaths[] = {
    "display_name",  "kind",         "capacity_kind", "capacity",
    "site",          "mobile",       "parent",        "exclusion_groups",
    "set_up",        "tear_down",    "calendar",      "may_span_closed_time",
    "max_attendees", "organisation", "description",   "labels",
    "travel",        "units",        "rates"};
constexpr const char* kHolidayRegionPaths[] = {"display_name", "valid_from", "valid_through",
                                               "holidays", "attribution"};
constexpr const char* kOrganisationPaths[] = {"display_name", "kind", "region", "identifiers",
                                              "size_class"};
constexpr const char* kUserPaths[] = {"display_name",  "email",      "organisations",
                                      "role_bindings", "unix_login", "qualifications"};
constexpr const char* kGroupPaths[] = {"display_name", "description", "users", "organisations"};
constexpr const char* kPolicyPaths[] = {
    "display_name", "description", "effect",      "applies_to",   "except",   "sleeps",
    "periods",      "overriders",  "approval",    "disabled",     "duration", "granularity",
    "slots",        "notice",      "horizon",     "lock",         "buffer",   "qualification",
    "companion",    "site",        "eligibility", "always",       "hold",     "protection",
    "closed_time",  "reserved",    "grace",       "displacement", "overrun"};
constexpr const char* kOutagePaths[] = {"quantity", "units",    "interval",
                                        "planned",  "category", "description"};
constexpr const char* kRoundPaths[] = {"display_name", "description",   "assets",
                                       "interval",     "deadline_time", "organisation_limit",
                                       "user_limit"};
constexpr const char* kQuotaPaths[] = {
    "display_name", "description", "applies_to",    "except",          "each",
    "measure",      "max_time",    "max_count",     "period",          "rolling_days",
    "prime_time",   "periods",     "counts_set_up", "counts_no_shows", "counts_cancelled_within",
    "hand_back",    "effect",      "overriders",    "approval",        "disabled",
    "max_share",    "rule_set",    "fair_share"};
constexpr const char* kReservationPaths[] = {
    "display_name", "items",        "interval", "site",           "user",
    "organisation", "purpose",      "project",  "priority",       "activity_class",
    "attendees",    "confidential", "labels",   "like_assets",    "firm",
    "access_mode",  "on_behalf_of", "funding",  "activity_reason"};
constexpr const char* kUsePaths[] = {"activity_class", "activity_reason", "access_mode", "purpose",
                                     "project",        "funding",         "on_behalf_of"};
constexpr const char* kIntervalNested[] = {"interval.start_time", "interval.end_time"};

constexpr const char* kSeriesPaths[] = {"reservation.display_name",
                                        "reservation.items",
                                        "reservation.site",
                                        "reservation.purpose",
                                        "reservation.project",
                                        "reservation.priority",
                                        "reservation.activity_class",
                                        "reservation.attendees",
                                        "reservation.confidential",
                                        "reservation.labels",
                                        "reservation.access_mode",
                                        "reservation.on_behalf_of",
                                        "reservation.funding",
                                        "reservation.activity_reason",
                                        "recurrence",
                                        "contract"};

Reservation ReservationOf(const v1::Reservation& proto, absl::string_view, absl::string_view path,
                          FieldErrors& errors) {
  // Empty means the caller only where there is nobody yet.
  if (proto.user().empty()) errors.Add(FieldPath(path, "user"), "must be set, as users/{id}");
  return ReservationFromProto(proto, path, errors);
}

void ReservationToProto(const Reservation& reservation, v1::Reservation& proto) {
  ToProto(reservation, "", proto);
}

Series SeriesOf(const v1::Series& proto, absl::string_view, absl::string_view path,
                FieldErrors& errors) {
  return SeriesFromProto(proto, path, errors);
}

// A mask that names kinds of rule, when none of them is given, would leave the
// policy as it is or take its rule away.
void CheckNamedRule(const v1::Policy& wanted, const FieldMask& mask, FieldErrors& errors) {
  const auto& rule = *v1::Policy::descriptor()->FindOneofByName("rule");
  const auto* given = wanted.GetReflection()->GetOneofFieldDescriptor(wanted, &rule);
  std::string named;
  for (const std::string& path : mask.paths()) {
    if (path == "*" || (given != nullptr && path == given->name())) return;
    const auto& fields = PolicyRuleFields();
    if (std::find(fields.begin(), fields.end(), path) != fields.end()) named = path;
  }
  if (!named.empty()) {
    errors.Add(FieldPath("policy", named), "must be set, as the mask names it");
  }
}

}  // namespace

Patch<Site> PatchFrom(const v1::Site& wanted, const FieldMask& mask, FieldErrors& errors) {
  static constexpr Patching<Site, v1::Site> kPatching = {"site",        kSites,  kSitePaths,     {},
                                                         SiteFromProto, ToProto, KeepTimes<Site>};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Asset> PatchFrom(const v1::Asset& wanted, const FieldMask& mask, FieldErrors& errors) {
  static constexpr Patching<Asset, v1::Asset> kPatching = {"asset",        kAssets, kAssetPaths, {},
                                                           AssetFromProto, ToProto, KeepAsset};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<HolidayRegion> PatchFrom(const v1::HolidayRegion& wanted, const FieldMask& mask,
                               FieldErrors& errors) {
  static constexpr Patching<HolidayRegion, v1::HolidayRegion> kPatching = {
      "holiday_region",       kHolidayRegions, kHolidayRegionPaths, {},
      HolidayRegionFromProto, ToProto,         KeepRegion};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Organisation> PatchFrom(const v1::Organisation& wanted, const FieldMask& mask,
                              FieldErrors& errors) {
  static constexpr Patching<Organisation, v1::Organisation> kPatching = {
      "organisation",        kOrganisations, kOrganisationPaths,     {},
      OrganisationFromProto, ToProto,        KeepTimes<Organisation>};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<User> PatchFrom(const v1::User& wanted, const FieldMask& mask, FieldErrors& errors) {
  static constexpr Patching<User, v1::User> kPatching = {"user",        kUsers,  kUserPaths, {},
                                                         UserFromProto, ToProto, KeepUser};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Group> PatchFrom(const v1::Group& wanted, const FieldMask& mask, FieldErrors& errors) {
  static constexpr Patching<Group, v1::Group> kPatching = {
      "group", kGroups, kGroupPaths, {}, GroupFromProto, ToProto, KeepTimes<Group>};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Policy> PatchFrom(const v1::Policy& wanted, const FieldMask& mask, FieldErrors& errors) {
  static constexpr Patching<Policy, v1::Policy> kPatching = {
      "policy", kPolicies, kPolicyPaths, {}, PolicyFromProto, ToProto, KeepTimes<Policy>};
  CheckNamedRule(wanted, mask, errors);
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Quota> PatchFrom(const v1::Quota& wanted, const FieldMask& mask, FieldErrors& errors) {
  static constexpr Patching<Quota, v1::Quota> kPatching = {
      "quota", kQuotas, kQuotaPaths, {}, QuotaFromProto, ToProto, KeepTimes<Quota>};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Outage> PatchFrom(const v1::Outage& wanted, const FieldMask& mask, FieldErrors& errors) {
  static constexpr Patching<Outage, v1::Outage> kPatching = {
      "outage",        kOutages,       kOutagePaths, kIntervalNested,
      OutageFromProto, ToPatchedProto, KeepOutage};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Round> PatchFrom(const v1::Round& wanted, const FieldMask& mask, FieldErrors& errors) {
  static constexpr Patching<Round, v1::Round> kPatching = {
      "round", kRounds, kRoundPaths, kIntervalNested, RoundFromProto, ToProto, KeepRound};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Reservation> PatchFrom(const v1::Reservation& wanted, const FieldMask& mask,
                             FieldErrors& errors) {
  static constexpr Patching<Reservation, v1::Reservation> kPatching = {
      "reservation", kReservations,      kReservationPaths, kIntervalNested,
      ReservationOf, ReservationToProto, KeepReservation};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Reservation> UsePatchFrom(const v1::Reservation& wanted, const FieldMask& mask,
                                FieldErrors& errors) {
  static constexpr Patching<Reservation, v1::Reservation> kPatching = {
      "reservation", kReservations, kUsePaths, {}, ReservationOf, ReservationToProto, KeepOutputs};
  return MakePatch(kPatching, wanted, mask, errors);
}

Patch<Series> PatchFrom(const v1::Series& wanted, const FieldMask& mask, FieldErrors& errors) {
  static constexpr Patching<Series, v1::Series> kPatching = {"series", kSeries, kSeriesPaths, {},
                                                             SeriesOf, ToProto, KeepSeries};
  return MakePatch(kPatching, wanted, mask, errors);
}

}  // namespace labslot::service
