#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_PATCH_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_PATCH_H_

#include <functional>

#include "daemon/domain/catalogue.h"
#include "daemon/domain/directory.h"
#include "daemon/domain/error.h"
#include "daemon/domain/outage.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/reservation.h"
#include "daemon/domain/round.h"
#include "daemon/domain/series.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/field_mask.pb.h"
#include "labslot/v1/calendar.pb.h"
#include "labslot/v1/catalogue.pb.h"
#include "labslot/v1/directory.pb.h"
#include "labslot/v1/policy.pb.h"
#include "labslot/v1/quota.pb.h"
#include "labslot/v1/reservation.pb.h"
#include "labslot/v1/round.pb.h"
#include "labslot/v1/series.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// An update, to be applied to the record as it is when its turn comes: the
// record with the masked fields replaced, or the violations that the whole
// then has. Owns what it needs, has no state, and may run on any thread. Id,
// revision, times, state and whatever else callers may not set are those of
// `current`.
template <typename Record>
using Patch = std::function<Result<Record>(const Record& current)>;

// The patch of an update request with the fields `{resource}` (such as
// `site`) and `update_mask`, which the paths of violations begin with.
//
// An empty mask, or `*`, means all that may be changed. A path that is unknown
// or may not be changed is a violation. Lists, maps and messages are replaced
// whole, except that the ends of `interval` may be named alone. The masked
// values are checked at once, as far as they can be without the record; where
// that adds a violation the patch must not be used.
Patch<Site> PatchFrom(const v1::Site& wanted, const google::protobuf::FieldMask& mask,
                      FieldErrors& errors);
Patch<Asset> PatchFrom(const v1::Asset& wanted, const google::protobuf::FieldMask& mask,
                       FieldErrors& errors);
Patch<HolidayRegion> PatchFrom(const v1::HolidayRegion& wanted,
                               const google::protobuf::FieldMask& mask, FieldErrors& errors);
Patch<Organisation> PatchFrom(const v1::Organisation& wanted,
                              const google::protobuf::FieldMask& mask, FieldErrors& errors);
Patch<User> PatchFrom(const v1::User& wanted, const google::protobuf::FieldMask& mask,
                      FieldErrors& errors);
Patch<Group> PatchFrom(const v1::Group& wanted, const google::protobuf::FieldMask& mask,
                       FieldErrors& errors);

// The rule is named by its kind, such as `duration`, and replaces the one that
// is there, of whatever kind. A mask that names kinds needs one of them given.
Patch<Outage> PatchFrom(const v1::Outage& wanted, const google::protobuf::FieldMask& mask,
                        FieldErrors& errors);
Patch<Round> PatchFrom(const v1::Round& wanted, const google::protobuf::FieldMask& mask,
                       FieldErrors& errors);
Patch<Policy> PatchFrom(const v1::Policy& wanted, const google::protobuf::FieldMask& mask,
                        FieldErrors& errors);
Patch<Quota> PatchFrom(const v1::Quota& wanted, const google::protobuf::FieldMask& mask,
                       FieldErrors& errors);

// An item of an asset that the reservation has already keeps its set-up and
// tear-down; those of other items are 0, to be filled in from the asset. User
// and organisation may be changed, but not emptied.
Patch<Reservation> PatchFrom(const v1::Reservation& wanted, const google::protobuf::FieldMask& mask,
                             FieldErrors& errors);

// Of what a use was, such as its activity class, and nothing else.
Patch<Reservation> UsePatchFrom(const v1::Reservation& wanted,
                                const google::protobuf::FieldMask& mask, FieldErrors& errors);

// What may be changed of the reservation is named one by one, such as
// `reservation.items`; user and organisation stay.
Patch<Series> PatchFrom(const v1::Series& wanted, const google::protobuf::FieldMask& mask,
                        FieldErrors& errors);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_PATCH_H_
