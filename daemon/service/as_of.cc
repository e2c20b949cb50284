#include "daemon/service/as_of.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/record_history.h"

namespace labslot::service {

void CheckAsOf(const AsOf& as_of, const Moment& last, FieldErrors& errors) {
  if (as_of.revision < 0 || as_of.revision > last.revision) {
    errors.Add("as_of_revision", absl::StrCat("must be 0 to that of the last event, ",
                                              last.revision, ", not ", as_of.revision));
  }
  if (as_of.time == 0) return;
  if (as_of.revision != 0) errors.Add("as_of_time", "must be unset with as_of_revision");
  if (as_of.time > last.now) errors.Add("as_of_time", "must not be in the future");
}

absl::StatusOr<Moment> MomentOf(const AsOf& as_of, const storage::Snapshot& snapshot, Instant now) {
  if (as_of.time != 0) {
    LABSLOT_ASSIGN_OR_RETURN(const Revision revision, storage::RevisionAt(snapshot, as_of.time));
    return Moment{revision, as_of.time};
  }
  if (as_of.revision == 0) return Moment{snapshot.revision(), now};
  LABSLOT_ASSIGN_OR_RETURN(const std::optional<Instant> end,
                           storage::EndOf(snapshot, as_of.revision));
  return Moment{as_of.revision, std::min(end.value_or(now), now)};
}

}  // namespace labslot::service
