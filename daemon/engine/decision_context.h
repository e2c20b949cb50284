#ifndef LABSLOT_DAEMON_ENGINE_DECISION_CONTEXT_H_
#define LABSLOT_DAEMON_ENGINE_DECISION_CONTEXT_H_

#include <string>
#include <utility>

#include "daemon/engine/decision.h"

namespace labslot::engine {

// What every decision is given.
struct DecisionContext {
  // As it was when the decision is done; changed only through a Trial.
  State& state;
  const ReservationSource& reservations;
  const Principal& principal;
  const std::string& reason;
  const std::string& override_reason;
  Instant now;

  const Catalogue& catalogue() const { return state.catalogue(); }
};

// The revision that the next change of the decision gets. Not counted from the
// state, which may be tried out.
inline Revision NextRevision(const DecisionContext& context, const Decision& decision) {
  return decision.changes.empty() ? context.state.head() + 1
                                  : decision.changes.back().event.revision + 1;
}

// Adds the change that makes `record` the current one, and gives it its
// revision and times. `before` is null for a new record.
template <typename T>
void AddChange(const DecisionContext& context, EventType type, T record, const T* before,
               Decision& decision) {
  Event event;
  event.revision = NextRevision(context, decision);
  event.time = context.now;
  event.actor = context.principal.user;
  event.type = type;
  event.reason = context.reason;
  record.revision = event.revision;
  event.resource = std::move(record);
  decision.changes.push_back(
      {std::move(event), before == nullptr ? std::nullopt : std::optional<Resource>(*before)});
}

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_DECISION_CONTEXT_H_
