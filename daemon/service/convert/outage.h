#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_OUTAGE_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_OUTAGE_H_

#include "absl/strings/string_view.h"
#include "daemon/domain/outage.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/catalogue.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// An outage of the API, with the id `id`. Without end it is open, and its interval
// is but its first second. Mistakes are added to `errors` under `path`.
Outage OutageFromProto(const v1::Outage& proto, absl::string_view id, absl::string_view path,
                       FieldErrors& errors);
void ToProto(const Outage& outage, v1::Outage& proto);

void ToProto(const Hit& hit, v1::Hit& proto);

// Takes the names of reservations out of what is shown to those who may not see
// them.
void HideHits(v1::Outage& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_OUTAGE_H_
