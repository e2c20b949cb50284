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
#include "daemon/service/convert/holiday_region.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/reservation.h"
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

// No rule of reservations asks for the id.
absl::string_view IdOf(const Reservation&) { return ""; }

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

void KeepReservation(const Reservation& current, Reservation& next, FieldErrors& errors) {
  KeepTimes(current, next, errors);
  next.id = current.id;
  next.state = current.state;
  next.hold_expire_time = current.hold_expire_time;
  next.state_reason = current.state_reason;
  for (ReservationItem& item : next.items) {
    const auto before = std::find_if(
        current.items.begin(), current.items.end(),
        [&](const ReservationItem& candidate) { return candidate.asset == item.asset; });
    if (before == current.items.end()) continue;
    item.set_up = before->set_up;
    item.tear_down = before->tear_down;
  }
  if (next.organisation.empty() && !current.organisation.empty()) {
    errors.Add("reservation.organisation", "must be set, as organisations/{id}");
  }
}

constexpr const char* kSitePaths[] = {"display_name", "time_zone",   "location",
                                      "region",       "calendar",    "organisation",
                                      "power_kw",     "clearance_m", "labels"};
constexpr const char* kAssetPaths[] = {
    "display_name",  "kind",         "capacity_kind", "capacity",
    "site",          "mobile",       "parent",        "exclusion_groups",
    "set_up",        "tear_down",    "calendar",      "may_span_closed_time",
    "max_attendees", "organisation", "description",   "labels"};
constexpr const char* kHolidayRegionPaths[] = {"display_name", "valid_from", "valid_through",
                                               "holidays", "attribution"};
constexpr const char* kOrganisationPaths[] = {"display_name", "kind", "region", "identifiers"};
constexpr const char* kUserPaths[] = {"display_name", "email", "organisations", "role_bindings",
                                      "unix_login"};
constexpr const char* kReservationPaths[] = {
    "display_name", "items",        "interval", "site",     "user",
    "organisation", "purpose",      "project",  "priority", "activity_class",
    "attendees",    "confidential", "labels"};
constexpr const char* kReservationNested[] = {"interval.start_time", "interval.end_time"};

Reservation ReservationOf(const v1::Reservation& proto, absl::string_view, absl::string_view path,
                          FieldErrors& errors) {
  // Empty means the caller only where there is nobody yet.
  if (proto.user().empty()) errors.Add(FieldPath(path, "user"), "must be set, as users/{id}");
  return ReservationFromProto(proto, path, errors);
}

void ReservationToProto(const Reservation& reservation, v1::Reservation& proto) {
  ToProto(reservation, "", proto);
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

Patch<Reservation> PatchFrom(const v1::Reservation& wanted, const FieldMask& mask,
                             FieldErrors& errors) {
  static constexpr Patching<Reservation, v1::Reservation> kPatching = {
      "reservation", kReservations,      kReservationPaths, kReservationNested,
      ReservationOf, ReservationToProto, KeepReservation};
  return MakePatch(kPatching, wanted, mask, errors);
}

}  // namespace labslot::service
