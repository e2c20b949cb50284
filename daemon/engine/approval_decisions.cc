#include "daemon/engine/approval_decisions.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/granting.h"

namespace labslot::engine {
namespace {

// The request, if the principal may approve some of it.
Result<Reservation> Request(const DecisionContext& context, ReservationId id, Revision etag) {
  std::optional<Reservation> found = context.reservations.FindReservation(id);
  const bool may_approve = found && MayApproveSome(context.catalogue(), context.principal, *found);
  if (!found || (!may_approve && !MaySee(context.catalogue(), context.principal, *found))) {
    return NotFound(NameOf(id));
  }
  if (etag != 0 && etag != found->revision) return EtagMismatch(NameOf(id));
  if (found->state != ReservationState::kPending) {
    return StateForbids(*found, absl::StrCat("is ", StateWord(found->state),
                                             "; only what is pending awaits approval"));
  }
  if (Competes(*found)) {
    return StateForbids(*found, "competes in a round; it is decided when the round is cleared");
  }
  if (!may_approve) {
    return RoleRequired(
        absl::StrCat("approve or reject ", NameOf(id),
                     ": it is for those whom the rules name, else for the managers of its assets"),
        kAssetManagerRole);
  }
  if (auto error = NotOver(context, *found)) return *std::move(error);
  return *std::move(found);
}

// What others made of the slot while a request left it free.
std::optional<Error> NoLongerFits(const DecisionContext& context, const Reservation& next,
                                  const Reservation& current) {
  if (Blocks(current)) return std::nullopt;
  Candidate candidate{next, &current, context.now};
  candidate.stands = true;
  std::vector<Violation> violations = Judge(context.state, candidate);
  const bool refused = std::any_of(violations.begin(), violations.end(), [](const auto& v) {
    return v.effect == Effect::kReject && v.source.empty();
  });
  if (!refused) return std::nullopt;
  return Refused(RefusalFor(context, candidate, std::move(violations), /*with_ways_out=*/true));
}

// The requests that overlap what was approved and do not block: those that no
// longer fit beside it are rejected.
void RejectOthers(const DecisionContext& context, const Reservation& approved, const Trial& trial,
                  Decision& decision) {
  std::vector<ReservationId> others;
  for (const ReservationItem& item : approved.items) {
    std::vector<std::string> assets = context.catalogue().Related(item.asset);
    assets.push_back(item.asset);
    for (const std::string& asset : assets) {
      const Timeline& requests = trial.state().requests(asset);
      for (const Occupant& occupant :
           requests.Overlapping(OccupancyOf(approved, item), limits::kMaxConflictsShown * 10)) {
        others.push_back(occupant.reservation);
      }
    }
  }
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  for (const ReservationId id : others) {
    const std::optional<Reservation> other = context.reservations.FindReservation(id);
    if (!other || other->id == approved.id || other->state != ReservationState::kPending) continue;
    if (Competes(*other)) continue;
    if (!NoLongerFits(context, *other, *other)) continue;
    Reservation next = *other;
    next.state = ReservationState::kRejected;
    next.state_reason = "another request for the same time was approved";
    next.hold_expire_time = 0;
    next.leaves_slot_free = false;
    AddReservationChange(context, EventType::kRejected, std::move(next), &*other, decision);
  }
}

}  // namespace

Result<Decision> DecideBody(const DecisionContext& context, const ApproveReservation& command) {
  Result<Reservation> found = Request(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  Reservation next = current;
  for (Note& note : next.notes) {
    if (!IsOpenRequest(note)) continue;
    if (MayApprove(context.catalogue(), context.principal, note)) {
      note.settled_by = context.principal.user;
    }
  }
  const bool done = std::none_of(next.notes.begin(), next.notes.end(), IsOpenRequest);
  if (done) {
    if (auto error = NoLongerFits(context, next, current)) return *std::move(error);
    Settle(context, next);
    next.state_reason = context.reason;
  } else {
    // What left its slot free does so until it is granted: others may have taken it.
    next.leaves_slot_free = current.leaves_slot_free || LeavesSlotFree(context.catalogue(), next);
  }
  Decision decision;
  AddReservationChange(context, EventType::kApproved, std::move(next), &current, decision);
  decision.result = decision.changes.back().event.resource;
  if (done) {
    Trial trial(context.state);
    const Change& change = decision.changes.back();
    trial.Apply(change.event, change.before_or_null());
    RejectOthers(context, std::get<Reservation>(decision.result), trial, decision);
  }
  return decision;
}

Result<Decision> DecideBody(const DecisionContext& context, const RejectReservation& command) {
  Result<Reservation> found = Request(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  Reservation next = current;
  next.state = ReservationState::kRejected;
  next.state_reason = context.reason;
  next.hold_expire_time = 0;
  next.leaves_slot_free = false;
  Decision decision;
  AddReservationChange(context, EventType::kRejected, std::move(next), &current, decision);
  decision.result = decision.changes.back().event.resource;
  return decision;
}

}  // namespace labslot::engine
