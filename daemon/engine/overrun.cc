#include "daemon/engine/overrun.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/giving_way.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/units.h"

namespace labslot::engine {
namespace {

// When others need an asset of the reservation again, set-up included, looked for up
// to `until`.
std::optional<Instant> NeededAgain(const DecisionContext& context, const Reservation& r,
                                   Instant until) {
  const Interval ahead = {r.interval.end, until};
  std::optional<Instant> first;
  const auto consider = [&](const IntervalSet& times) {
    if (!times.empty()) first = std::min(first.value_or(until), times.front().start);
  };
  for (const ReservationItem& item : r.items) {
    const Asset* asset = context.catalogue().FindAsset(item.asset);
    if (asset == nullptr) continue;
    const Occupant own = OccupantOf(OccupancyOfItem(r, item));
    consider(context.state.timeline(item.asset)
                 .TimesAbove(asset->capacity - item.quantity, ahead, &own));
    for (const std::string& other : context.catalogue().Related(item.asset)) {
      consider(context.state.timeline(other).TimesAbove(0, ahead));
    }
  }
  return first;
}

// Why and when an overdue use is closed.
struct Closing {
  Instant at = 0;
  bool for_next = false;
};

Closing ClosingOf(const DecisionContext& context, const Reservation& r) {
  const OverrunRule rule = OverrunRuleFor(context.state, r);
  const Closing forgotten = {r.interval.end + rule.close_after, false};
  if (!rule.ends_for_next) return forgotten;
  const std::optional<Instant> needed = NeededAgain(context, r, forgotten.at);
  if (!needed) return forgotten;
  Seconds tear_down = 0;
  for (const ReservationItem& item : r.items) tear_down = std::max(tear_down, item.tear_down);
  return {std::max(r.interval.end, *needed - tear_down), true};
}

Reservation Closed(const Reservation& current, const Closing& closing) {
  Reservation next = GivenBack(current, closing.for_next ? closing.at : current.interval.end);
  if (!closing.for_next) next.use.problem = Problem::kForgottenCheckOut;
  return next;
}

std::string WhyClosed(const Closing& closing) {
  return closing.for_next ? "the next reservation needs it" : "nobody checked out";
}

bool IsWarning(const Note& note) { return note.rule == Rule::kInUseBeyondEnd; }

// The reservation as the decision leaves it so far.
std::optional<Reservation> Latest(const DecisionContext& context, const Decision& decision,
                                  ReservationId id) {
  if (const Reservation* last = LastVersion(decision, id)) return *last;
  return context.reservations.FindReservation(id);
}

// Others who have something of what the reservation reserved, or of what cannot be used
// beside it, in some time.
std::vector<Reservation> Others(const DecisionContext& context, const Decision& decision,
                                const Reservation& r, const Interval& time) {
  std::set<ReservationId> ids;
  const auto look = [&](const std::string& asset) {
    const Timeline& timeline = context.state.timeline(asset);
    for (const Occupant& occupant : timeline.Overlapping(time, timeline.size())) {
      if (occupant.blocked.start >= time.start) ids.insert(occupant.reservation);
    }
  };
  for (const Occupancy& occupancy : OccupanciesOf(r)) {
    look(occupancy.asset);
    for (const std::string& other : context.catalogue().Related(occupancy.asset)) look(other);
  }
  ids.erase(r.id);
  std::vector<Reservation> others;
  for (const ReservationId id : ids) {
    if (auto other = Latest(context, decision, id)) others.push_back(*std::move(other));
  }
  return others;
}

// Those who are the next to have what the reservation uses, if they come soon.
std::vector<Reservation> NextHolders(const DecisionContext& context, const Decision& decision,
                                     const Reservation& r) {
  const Instant until = r.interval.end + OverrunRuleFor(context.state, r).close_after;
  const std::optional<Instant> needed = NeededAgain(context, r, until);
  if (!needed) return {};
  return Others(context, decision, r, {*needed, *needed + 1});
}

void TellNext(const DecisionContext& caller, const Reservation& overdue, Rehearsal& rehearsal) {
  const DaemonContext daemon(caller, "whoever had it before still uses it");
  for (const Reservation& holder : NextHolders(caller, rehearsal.decision(), overdue)) {
    const bool told = std::any_of(holder.notes.begin(), holder.notes.end(), IsWarning);
    if (told || holder.notes.size() == limits::kMaxNotes) continue;
    Reservation next = holder;
    next.notes.push_back({NoteKind::kWarning, Rule::kInUseBeyondEnd, "",
                          overdue.items.front().asset,
                          absl::StrCat("still in use: it was to be back at ",
                                       WhenAt(caller, overdue, overdue.interval.end)),
                          ""});
    rehearsal.Add(daemon.get(), EventType::kUpdated, std::move(next), &holder);
  }
}

// Units of the asset that are in use by others than `r`, and who is overdue with them.
struct InUse {
  int32_t quantity = 0;
  std::vector<Reservation> overdue;
};

InUse InUseOf(const DecisionContext& context, const std::string& asset, const Reservation& r) {
  InUse in_use;
  for (const ReservationId id : context.state.in_use(asset)) {
    const auto other = context.reservations.FindReservation(id);
    if (!other || id == r.id) continue;
    for (const ReservationItem& item : other->items) {
      if (item.asset == asset) in_use.quantity += item.quantity;
    }
    if (other->interval.end <= context.now) in_use.overdue.push_back(*other);
  }
  return in_use;
}

int32_t InService(const DecisionContext& context, const Asset& asset) {
  int32_t in_service = asset.capacity;
  VisitService(context.catalogue(), asset, {context.now, context.now + 1},
               [&](const Interval&, int32_t left) { in_service = left; });
  return in_service;
}

bool HasSameOf(const ReservationItem& a, const ReservationItem& b) {
  return a.asset == b.asset && a.quantity == b.quantity;
}

// True if the change gives its reservation a slot that it did not have.
bool GivesSlot(const Change& change, Instant now) {
  const auto* after = std::get_if<Reservation>(&change.event.resource);
  if (after == nullptr || !Blocks(*after) || after->interval.end <= now) return false;
  if (!change.before) return true;
  const auto& before = std::get<Reservation>(*change.before);
  return !Blocks(before) || before.interval != after->interval ||
         !std::equal(before.items.begin(), before.items.end(), after->items.begin(),
                     after->items.end(), HasSameOf);
}

// Adds who has something of the asset in use though the run is over.
void AddOverdue(const DecisionContext& context, const std::string& asset,
                std::set<ReservationId>& overdue) {
  const auto& in_use = context.state.in_use(asset);
  if (in_use.empty()) return;
  std::set<ReservationId> late(in_use.begin(), in_use.end());
  const Timeline& timeline = context.state.timeline(asset);
  const Interval now = {context.now, context.now + 1};
  for (const Occupant& occupant : timeline.Overlapping(now, timeline.size())) {
    if (occupant.run().end > context.now) late.erase(occupant.reservation);
  }
  overdue.insert(late.begin(), late.end());
}

// Those who still use what the decision gives to others.
std::set<ReservationId> StillThere(const DecisionContext& context, const Decision& decision) {
  std::set<ReservationId> overdue;
  for (const Change& change : decision.changes) {
    if (!GivesSlot(change, context.now)) continue;
    for (const ReservationItem& item : std::get<Reservation>(change.event.resource).items) {
      AddOverdue(context, item.asset, overdue);
      for (const std::string& other : context.catalogue().Related(item.asset)) {
        AddOverdue(context, other, overdue);
      }
    }
  }
  return overdue;
}

}  // namespace

Reservation GivenBack(const Reservation& current, Instant at) {
  Reservation next = current;
  next.state = ReservationState::kCompleted;
  next.use.check_out = at;
  next.use.close_by = 0;
  if (at < current.interval.end) next.use.freed = at;
  return next;
}

Decision EndOverdueUse(const DecisionContext& context, const Reservation& current) {
  Decision decision;
  Rehearsal rehearsal(context.state, decision);
  const Closing closing = ClosingOf(context, current);
  if (closing.at <= context.now) {
    const DaemonContext daemon(context, WhyClosed(closing));
    rehearsal.Add(daemon.get(), EventType::kCheckedOut, Closed(current, closing), &current);
    TellItIsOver(context, current, rehearsal);
  } else {
    const bool known = current.use.close_by != 0;
    Reservation next = current;
    next.use.close_by = closing.at;
    const DaemonContext daemon(context, "nobody checked out by the end of the run");
    rehearsal.Add(daemon.get(), known ? EventType::kUpdated : EventType::kOverdue, std::move(next),
                  &current);
    if (!known) TellNext(context, current, rehearsal);
  }
  decision.result = decision.changes.front().event.resource;
  return decision;
}

void EndOverdueFor(const DecisionContext& context, const Reservation& next, Rehearsal& rehearsal) {
  const DaemonContext daemon(context, absl::StrCat(NameOf(next.id), " was taken into use"));
  const auto end = [&](const Reservation& in_use) {
    // The end of another one may have changed it.
    const Reservation overdue = Latest(context, rehearsal.decision(), in_use.id).value_or(in_use);
    Closing closing = ClosingOf(context, overdue);
    closing.at = context.now;
    rehearsal.Add(daemon.get(), EventType::kCheckedOut, Closed(overdue, closing), &overdue);
    TellItIsOver(context, overdue, rehearsal, next.id);
  };
  for (const ReservationItem& item : next.items) {
    const Asset& asset = *context.catalogue().FindAsset(item.asset);
    InUse in_use = InUseOf(context, item.asset, next);
    int32_t free = InService(context, asset) - in_use.quantity;
    for (const Reservation& overdue : in_use.overdue) {
      const bool enough = free >= item.quantity;
      if (enough && HasFreeUnits(context, next, item)) break;
      if (enough && !HoldsUnitsFor(asset, overdue, item)) continue;
      end(overdue);
      free = InService(context, asset) - InUseOf(context, item.asset, next).quantity;
    }
    for (const std::string& other : context.catalogue().Related(item.asset)) {
      for (const Reservation& overdue : InUseOf(context, other, next).overdue) end(overdue);
    }
  }
}

void MindOverdueUse(const DecisionContext& context, Decision& decision) {
  for (const ReservationId id : StillThere(context, decision)) {
    const std::optional<Reservation> overdue = Latest(context, decision, id);
    if (!overdue || overdue->use.close_by == 0) continue;
    Rehearsal rehearsal(context.state, decision);
    const Closing closing = ClosingOf(context, *overdue);
    if (closing.at < overdue->use.close_by) {
      const DaemonContext daemon(context, WhyClosed(closing));
      Reservation next = *overdue;
      next.use.close_by = closing.at;
      rehearsal.Add(daemon.get(), EventType::kUpdated, std::move(next), &*overdue);
    }
    TellNext(context, *overdue, rehearsal);
  }
  const auto* result = std::get_if<Reservation>(&decision.result);
  if (result == nullptr) return;
  if (const Reservation* last = LastVersion(decision, result->id)) decision.result = *last;
}

void ForgetWarning(Reservation& reservation) {
  std::vector<Note>& notes = reservation.notes;
  notes.erase(std::remove_if(notes.begin(), notes.end(), IsWarning), notes.end());
}

void TellItIsOver(const DecisionContext& context, const Reservation& over, Rehearsal& rehearsal,
                  ReservationId taker) {
  if (over.use.close_by == 0) return;
  const DaemonContext daemon(context, "whoever had it before gave it back");
  // Parts may have come back since they were told, so that others would be next now.
  const Interval told = {over.interval.end, over.interval.end + limits::kLongestOverrun};
  for (const Reservation& holder : Others(context, rehearsal.decision(), over, told)) {
    if (holder.id == taker || LastVersion(rehearsal.decision(), holder.id) != nullptr) continue;
    Reservation next = holder;
    ForgetWarning(next);
    if (next == holder) continue;
    rehearsal.Add(daemon.get(), EventType::kUpdated, std::move(next), &holder);
  }
}

}  // namespace labslot::engine
