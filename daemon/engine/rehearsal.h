#ifndef LABSLOT_DAEMON_ENGINE_REHEARSAL_H_
#define LABSLOT_DAEMON_ENGINE_REHEARSAL_H_

#include <string>
#include <utility>

#include "daemon/engine/granting.h"

namespace labslot::engine {

// The context of what the daemon does of itself within a decision of somebody else.
class DaemonContext {
 public:
  DaemonContext(const DecisionContext& caller, std::string reason)
      : reason_(std::move(reason)), context_{caller.state, caller.reservations, principal_,
                                             reason_,      no_override_,        caller.now} {}
  DaemonContext(const DaemonContext&) = delete;
  DaemonContext& operator=(const DaemonContext&) = delete;

  const DecisionContext& get() const { return context_; }

 private:
  const Principal principal_ = DaemonPrincipal();
  const std::string reason_;
  const std::string no_override_;
  const DecisionContext context_;
};

// A decision whose changes build on each other: each is tried out as soon as it is
// added, so that the next one is judged behind it. The state is as it was when
// the rehearsal ends.
class Rehearsal {
 public:
  // Goes on behind the changes of `decision`, which must outlive the rehearsal, as
  // must the state.
  Rehearsal(State& state, Decision& decision) : decision_(decision), trial_(state) {
    for (const Change& change : decision.changes) Try(change);
  }

  // As AddReservationChange.
  void Add(const DecisionContext& context, EventType type, Reservation next,
           const Reservation* current) {
    AddReservationChange(context, type, std::move(next), current, decision_);
    Try(decision_.changes.back());
  }

  // As AddChange.
  template <typename T>
  void AddRecord(const DecisionContext& context, EventType type, T record, const T* before) {
    AddChange(context, type, std::move(record), before, decision_);
    Try(decision_.changes.back());
  }

  const Decision& decision() const { return decision_; }

 private:
  void Try(const Change& change) { trial_.Apply(change.event, change.before_or_null()); }

  Decision& decision_;
  Trial trial_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_REHEARSAL_H_
