#ifndef LABSLOT_DAEMON_SERVICE_AS_OF_H_
#define LABSLOT_DAEMON_SERVICE_AS_OF_H_

#include "absl/status/statusor.h"
#include "daemon/domain/event.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/time.h"
#include "daemon/storage/store.h"

namespace labslot::service {

// The state of the log that a report is asked for: after an event, or at a time.
// Without either it is the last one.
struct AsOf {
  Revision revision = 0;
  Instant time = 0;
};

// A state of the log, and what has happened by then.
struct Moment {
  Revision revision = 0;
  Instant now = 0;
};

// Violations of what the two fields may be, with the last event and the time of now.
void CheckAsOf(const AsOf& as_of, const Moment& last, FieldErrors& errors);

// Reads `as_of_revision` and `as_of_time` of a request.
template <typename Request>
AsOf AsOfFromProto(const Request& request, const Moment& last, FieldErrors& errors) {
  AsOf as_of;
  as_of.revision = request.as_of_revision();
  if (request.has_as_of_time()) {
    as_of.time = InstantFromProto(request.as_of_time(), "as_of_time", errors);
  }
  CheckAsOf(as_of, last, errors);
  return as_of;
}

// An event was the last until the next one came.
absl::StatusOr<Moment> MomentOf(const AsOf& as_of, const storage::Snapshot& snapshot, Instant now);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_AS_OF_H_
