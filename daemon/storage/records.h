#ifndef LABSLOT_DAEMON_STORAGE_RECORDS_H_
#define LABSLOT_DAEMON_STORAGE_RECORDS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"
#include "daemon/domain/occupancy.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// The bridge between the values of the domain and the bytes of a store: what
// an event writes, and how records are read back. All readers return DATA_LOSS,
// naming the key, for bytes that do not parse.

// What is remembered of an answered write, under its request_id.
struct Outcome {
  std::string fingerprint;  // of the request's body
  Revision first = 0;       // the events that it made, both inclusive;
  Revision last = 0;        // last < first if there were none
  Instant time = 0;
  Revision result = 0;  // the one about the resource of the answer
};

// Adds to `out` what makes the event durable: its place in the log, the
// current record, and the index rows. `before` is the same resource before the
// event, null if it is new. Several events of one resource may go into one write
// set, in order. The items of a reservation name different assets.
void AppendEvent(const Event& event, const Resource* before, WriteSet& out);

// The key of the current record of a resource.
std::string KeyOf(const Resource& resource);

// True of the creation of a reservation or a series, which is found by its number.
bool IsCreationByNumber(const Event& event);

// The rows of table A of a reservation.
std::vector<Put> AssetRows(const Reservation& reservation);

void AppendOutcome(absl::string_view user, absl::string_view request_id, const Outcome& outcome,
                   WriteSet& out);

// Point reads, from the head of a store.
absl::StatusOr<std::optional<Reservation>> ReadReservation(const Store& store, ReservationId id);
absl::StatusOr<std::optional<Series>> ReadSeries(const Store& store, SeriesId id);
absl::StatusOr<std::optional<Outcome>> ReadOutcome(const Store& store, absl::string_view user,
                                                   absl::string_view request_id);
absl::StatusOr<std::optional<Event>> ReadEvent(const Store& store, Revision revision);

// The same, of a snapshot.
absl::StatusOr<std::optional<Reservation>> ReadReservation(const Snapshot& snapshot,
                                                           ReservationId id);
absl::StatusOr<std::optional<Series>> ReadSeries(const Snapshot& snapshot, SeriesId id);
absl::StatusOr<std::optional<Event>> ReadEvent(const Snapshot& snapshot, Revision revision);

// Visits all records of the catalogue and the directory, and all policies and
// quotas.
absl::Status VisitRecords(const Snapshot& snapshot, const std::function<void(Resource)>& visitor);

// Visits the occupancies of an asset (or of all, by asset, if `asset` is
// empty) whose run starts in [from, to), by start. Return false to stop.
absl::Status VisitOccupancies(const Snapshot& snapshot, absl::string_view asset, Instant from,
                              Instant to, const std::function<bool(const Occupancy&)>& visitor);

// Visits all reservations whose run starts in [from, to), by start. Return
// false to stop.
absl::Status VisitStarts(const Snapshot& snapshot, Instant from, Instant to,
                         const std::function<bool(Instant start, ReservationId id)>& visitor);

// The same with the whole reservation, which takes a read for each. One that is
// missing is DATA_LOSS.
absl::Status VisitReservations(const Snapshot& snapshot, Instant from, Instant to,
                               const std::function<bool(const Reservation&)>& visitor);

// Visits series whose number is greater than `after`, by number. Return false
// to stop.
absl::Status VisitSeries(const Snapshot& snapshot, SeriesId after,
                         const std::function<bool(Series)>& visitor);

// Visits events after a revision, oldest first. Return false to stop.
absl::Status VisitEvents(const Snapshot& snapshot, Revision after,
                         const std::function<bool(Event)>& visitor);

// Adds to `out` the deletion of up to `limit` outcomes older than `before`,
// and returns how many.
absl::StatusOr<size_t> CollectExpiredOutcomes(const Snapshot& snapshot, Instant before,
                                              size_t limit, WriteSet& out);

// Checks that the log is gap-free from `after` up to the head, ends there, and
// that its last event parses. DATA_LOSS if not.
absl::Status CheckLog(const Snapshot& snapshot, Revision after = 0);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_RECORDS_H_
