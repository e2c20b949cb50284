#ifndef LABSLOT_DAEMON_ENGINE_DECISION_H_
#define LABSLOT_DAEMON_ENGINE_DECISION_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/error.h"
#include "daemon/domain/event.h"
#include "daemon/engine/command.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// An event, and the same resource before it (nothing if it is new).
struct Change {
  Event event;
  std::optional<Resource> before;

  const Resource* before_or_null() const { return before ? &*before : nullptr; }
};

// What a command comes to: the changes that make it so, and the answer.
struct Decision {
  std::vector<Change> changes;      // empty if everything is already as asked for
  Resource result;                  // the resource concerned, as it is afterwards
  int unchanged_count = 0;          // of an import: records that are already as given
  std::vector<std::string> guards;  // names whose versions the decision relied on
};

// What decisions need beyond the state: current records that are too many for
// memory.
class ReservationSource {
 public:
  virtual ~ReservationSource() = default;
  // The reservation, or the series, as of the events decided so far; nothing if
  // there is none.
  virtual std::optional<Reservation> FindReservation(ReservationId id) const = 0;
  virtual std::optional<Series> FindSeries(SeriesId id) const = 0;
  // Visits those whose run starts at or after `from`, in any state.
  virtual void VisitReservations(Instant from,
                                 const std::function<void(const Reservation&)>& visitor) const = 0;
};

// Decides one command at `now`: pure and deterministic. `state` is as it was
// when it returns: changes that build on each other are tried out on it and
// taken back. State::Apply makes the changes so. `now` is never before
// state.last_time(). validate_only and request_id are the caller's business.
Result<Decision> Decide(State& state, const ReservationSource& reservations, const Command& command,
                        Instant now);

// The names of guards: what a commit must find unchanged.
std::string GuardOfAsset(absl::string_view id);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_DECISION_H_
