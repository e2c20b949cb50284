#include "daemon/engine/batch_decisions.h"

#include <iterator>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "daemon/engine/reservation_decisions.h"
#include "daemon/engine/state.h"

namespace labslot::engine {
namespace {

// Reservations as the changes of a decision leave them.
class ChangedReservations : public ReservationSource {
 public:
  // `source` must outlive it.
  explicit ChangedReservations(const ReservationSource& source) : source_(source) {}

  void Note(const Change& change) {
    const auto* reservation = std::get_if<Reservation>(&change.event.resource);
    if (reservation != nullptr) changed_[reservation->id] = *reservation;
  }

  std::optional<Reservation> FindReservation(ReservationId id) const override {
    const auto it = changed_.find(id);
    return it == changed_.end() ? source_.FindReservation(id) : it->second;
  }

  std::optional<Series> FindSeries(SeriesId id) const override { return source_.FindSeries(id); }

  void VisitReservations(Instant from,
                         const std::function<void(const Reservation&)>& visitor) const override {
    source_.VisitReservations(from, [&](const Reservation& reservation) {
      if (!changed_.contains(reservation.id)) visitor(reservation);
    });
    for (const auto& [id, reservation] : changed_) {
      if (reservation.interval.start >= from) visitor(reservation);
    }
  }

 private:
  const ReservationSource& source_;
  absl::flat_hash_map<ReservationId, Reservation> changed_;
};

void Append(Decision decision, Decision& whole) {
  whole.changes.insert(whole.changes.end(), std::make_move_iterator(decision.changes.begin()),
                       std::make_move_iterator(decision.changes.end()));
  whole.guards.insert(whole.guards.end(), std::make_move_iterator(decision.guards.begin()),
                      std::make_move_iterator(decision.guards.end()));
  whole.result = std::move(decision.result);
}

// What an earlier request would have got has no name: it is not there.
void ForgetUnmade(Revision head, absl::string_view earlier, Error& error) {
  if (!error.refusal) return;
  bool among_themselves = false;
  for (Violation& violation : error.refusal->violations) {
    for (Conflict& conflict : violation.conflicts) {
      if (conflict.reservation <= head) continue;
      conflict.reservation = 0;
      among_themselves = true;
    }
  }
  if (among_themselves) absl::StrAppend(&error.message, "; ", earlier, " is in the way");
}

}  // namespace

Result<Decision> DecideOneBehindTheOther(const DecisionContext& context,
                                         const std::vector<CreateReservation>& requests,
                                         const std::function<Error(size_t, Error)>& name,
                                         absl::string_view earlier) {
  const Revision head = context.state.head();
  Decision whole;
  ChangedReservations reservations(context.reservations);
  Trial trial(context.state);
  const DecisionContext behind{context.state,           reservations,
                               context.principal,       context.reason,
                               context.override_reason, context.now};
  for (size_t i = 0; i < requests.size(); ++i) {
    Result<Decision> decision = DecideBody(behind, requests[i]);
    if (!decision.ok()) {
      Error error = std::move(decision).error();
      ForgetUnmade(head, earlier, error);
      return name(i, std::move(error));
    }
    for (const Change& change : decision.value().changes) {
      reservations.Note(change);
      trial.Apply(change.event, change.before_or_null());
    }
    Append(std::move(decision).value(), whole);
  }
  return whole;
}

Result<Decision> DecideBody(const DecisionContext& context, const CreateReservations& command) {
  return DecideOneBehindTheOther(context, command.requests, OfRequest,
                                 "an earlier request of the batch");
}

}  // namespace labslot::engine
