#include <algorithm>

#include "tests/sim/model.h"

// The part of the model about requests that await approval.

namespace labslot::sim {
namespace {

bool Collide(const Books& books, const Reservation& a, const Reservation& b) {
  for (const ReservationItem& ours : a.items) {
    for (const ReservationItem& theirs : b.items) {
      const bool related = ours.asset == theirs.asset || books.Related(ours.asset, theirs.asset);
      if (related && OccupancyOf(a, ours).Overlaps(OccupancyOf(b, theirs))) return true;
    }
  }
  return false;
}

Reservation Rejected(const Reservation& current) {
  Reservation next = current;
  next.state = ReservationState::kRejected;
  next.hold_expire_time = 0;
  next.leaves_slot_free = false;
  return next;
}

}  // namespace

// Granted, or asked for if a rule demands an approval that nobody gave.
void Model::Settle(Reservation& next, Instant now) const {
  next.hold_expire_time = 0;
  next.leaves_slot_free = false;
  next.check_in_by = 0;
  next.state = ReservationState::kConfirmed;
  if (!AwaitsApproval(next)) {
    next.check_in_by = books_.CheckInBy(next, now);
    return;
  }
  next.state = ReservationState::kPending;
  next.leaves_slot_free = books_.LeavesSlotFree(next);
  next.hold_expire_time = books_.RunsOutAt(next, now);
}

std::optional<Outcome> Model::MayNotDecide(const Request& request, Instant now) const {
  const auto found = books_.reservations.find(request.reservation);
  if (found == books_.reservations.end()) return Failed(ErrorKind::kNotFound);
  const Reservation& r = found->second;
  const bool may_approve = books_.MayApproveSome(request.principal, r);
  if (!may_approve && !MaySee(request.principal, r)) return Failed(ErrorKind::kNotFound);
  if (r.state != ReservationState::kPending || Competes(r)) return Failed(ErrorKind::kRefused);
  if (!may_approve) return Failed(ErrorKind::kRoleRequired);
  if (r.interval.end <= now) return Failed(ErrorKind::kRefused);
  return std::nullopt;
}

Outcome Model::Approve(const Request& request, Instant now) {
  if (auto failed = MayNotDecide(request, now)) return *failed;
  const Reservation current = books_.reservations.at(request.reservation);
  Reservation next = current;
  for (Note& note : next.notes) {
    const bool is_his = IsOpenRequest(note) && books_.MayApprove(request.principal, note);
    if (is_his) note.settled_by = request.principal;
  }
  if (AwaitsApproval(next)) {
    next.leaves_slot_free = current.leaves_slot_free || books_.LeavesSlotFree(next);
    return Commit(std::move(next), current, now);
  }
  if (!Blocks(current) && !books_.StillFits(current, now)) return Failed(ErrorKind::kRefused);
  Settle(next, now);
  const Outcome outcome = Commit(std::move(next), current, now);
  RejectOthers(outcome.reservation, now);
  return outcome;
}

// Requests for the same time that left it free, and cannot have it any more.
void Model::RejectOthers(const Reservation& approved, Instant now) {
  std::vector<Reservation> others;
  for (const auto& [id, r] : books_.reservations) {
    const bool asks = r.state == ReservationState::kPending && !Blocks(r) && !Competes(r);
    if (!asks || id == approved.id || !Collide(books_, approved, r)) continue;
    if (!books_.StillFits(r, now)) others.push_back(r);
  }
  for (const Reservation& other : others) Commit(Rejected(other), other, now);
}

Outcome Model::Reject(const Request& request, Instant now) {
  if (auto failed = MayNotDecide(request, now)) return *failed;
  const Reservation current = books_.reservations.at(request.reservation);
  return Commit(Rejected(current), current, now);
}

}  // namespace labslot::sim
