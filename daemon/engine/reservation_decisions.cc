#include "daemon/engine/reservation_decisions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/displacement.h"
#include "daemon/engine/granting.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/overrun.h"
#include "daemon/engine/placing.h"
#include "daemon/engine/round_decisions.h"
#include "daemon/engine/wait_list.h"

namespace labslot::engine {
namespace {

// The decision that makes `next` of `current`.
Decision Changed(const DecisionContext& context, EventType type, Reservation next,
                 const Reservation* current) {
  Decision decision;
  AddReservationChange(context, type, std::move(next), current, decision);
  decision.result = decision.changes.back().event.resource;
  return decision;
}

// True if both have as much of the same, in whatever order.
bool SameItems(const Reservation& a, const Reservation& b) {
  const auto items = [](const Reservation& r) {
    std::map<std::string, std::pair<int32_t, Labels>> by_asset;
    for (const ReservationItem& item : r.items) {
      by_asset[item.asset] = {item.quantity, item.unit_labels};
    }
    return by_asset;
  };
  return items(a) == items(b);
}

// True if it was handed out units that have names.
bool HasUnits(const Reservation& r) {
  return r.state == ReservationState::kCheckedIn &&
         std::any_of(r.items.begin(), r.items.end(),
                     [](const ReservationItem& item) { return !item.units.empty(); });
}

// Of a run that has begun, only the end may change, and not into the past.
std::optional<Error> KeepsWhatIsPast(const DecisionContext& context, const Reservation& current,
                                     const Reservation& next) {
  if (HasUnits(current) && !SameItems(next, current)) {
    return StateForbids(current,
                        "has its units; what it has can only be given back, with a check-out");
  }
  const bool begun = current.interval.start <= context.now;
  if (!begun) return std::nullopt;
  const bool same_slot = next.interval.start == current.interval.start &&
                         next.site == current.site && SameItems(next, current);
  if (!same_slot) {
    return StateForbids(current,
                        absl::StrCat("began at ", WhenAt(context, current, current.interval.start),
                                     "; only its end can be changed"));
  }
  if (next.interval.end < context.now - limits::kPastTolerance) {
    return StateForbids(current, absl::StrCat("cannot end in the past; the earliest end is ",
                                              WhenAt(context, current, context.now)));
  }
  return std::nullopt;
}

// What rules are about. A change of anything else is not judged by them.
bool SameClaim(const Reservation& a, const Reservation& b) {
  const auto claim = [](const Reservation& r) {
    return std::tie(r.items, r.interval.start, r.interval.end, r.site, r.user, r.organisation,
                    r.attendees, r.purpose, r.project, r.activity_class);
  };
  return claim(a) == claim(b);
}

const char* WhatRanOut(ReservationState state) {
  switch (state) {
    case ReservationState::kHeld:
      return "the hold ran out";
    case ReservationState::kOffered:
      return "the offer was not taken in time";
    case ReservationState::kWaitlisted:
    case ReservationState::kDisplaced:
      return "nothing was freed in time";
    default:
      return "the request was not approved in time";
  }
}

// True if there was not enough in service, at some time since its start, for all that it
// reserves.
bool WasOutOfService(const DecisionContext& context, const Reservation& reservation) {
  const Interval since = {reservation.interval.start, context.now + 1};
  return std::any_of(reservation.items.begin(), reservation.items.end(), [&](const auto& item) {
    const Asset* asset = context.catalogue().FindAsset(item.asset);
    if (asset == nullptr) return false;
    const Occupant own = OccupantOf(OccupancyOfItem(reservation, item));
    return !ShortTimes(context.catalogue(), *asset, context.state.timeline(item.asset),
                       item.quantity, since, &own)
                .empty();
  });
}

// The best of the ways out that the refusal names.
Result<Reservation> NearestGranted(const DecisionContext& context, const CreateReservation& command,
                                   Reservation next, Result<Reservation> refused) {
  const std::vector<Alternative>& ways = refused.error().refusal->alternatives;
  if (ways.empty()) return refused;
  next.items = ways.front().items;
  next.interval = ways.front().interval;
  next.site = ways.front().site;
  return Grant(context, std::move(next), nullptr, command.hold_for);
}

// What becomes of a request that was refused as it was wanted: another place that
// will do, or what the command says of conflicts; else it stays refused.
Result<Decision> OtherwiseCreated(const DecisionContext& context, const CreateReservation& command,
                                  Reservation next, Result<Reservation> refused) {
  if (refused.error().kind != ErrorKind::kRefused) return std::move(refused).error();
  const std::optional<Reservation> place =
      FirstPlace(context.state, next, context.now, context.now, Preference::kEarliest,
                 MayBookAs(context), command.hold_for);
  if (place) {
    refused = Grant(context, *place, nullptr, command.hold_for);
  } else if (command.on_conflict == OnConflict::kNearest) {
    refused = NearestGranted(context, command, std::move(next), std::move(refused));
  } else if (IsForOthersOnly(*refused.error().refusal)) {
    if (command.on_conflict == OnConflict::kDisplace) {
      return Displace(context, next, command.hold_for, *refused.error().refusal);
    }
    if (command.on_conflict == OnConflict::kWaitList) refused = Waiting(context, std::move(next));
  }
  if (!refused.ok()) return std::move(refused).error();
  return Changed(context, EventType::kCreated, std::move(refused).value(), nullptr);
}

// What its holder said would do must exist and be bookable by him.
std::optional<Error> UnsoundChoice(const DecisionContext& context, const Reservation& next) {
  for (size_t i = 0; i < next.choices.size(); ++i) {
    Reservation variant = next;
    if (!next.choices[i].items.empty()) variant.items = next.choices[i].items;
    if (auto error = Unsound(context.catalogue(), context.principal, variant,
                             absl::StrCat("reservation.choices[", i, "]"))) {
      return error;
    }
  }
  return std::nullopt;
}

std::optional<Error> MayNotMakeFirm(const DecisionContext& context, const Reservation& next) {
  if (!next.firm || MayBookFor(context.catalogue(), context.principal, "", next)) {
    return std::nullopt;
  }
  return RoleRequired("make a reservation firm: it takes a manager of all its assets",
                      kAssetManagerRole);
}

}  // namespace

Result<Decision> DecideBody(const DecisionContext& context, const CreateReservation& command) {
  Reservation next = command.draft;
  if (auto error = Complete(context.catalogue(), context.principal, next)) return *std::move(error);
  if (auto error = Unsound(context.catalogue(), context.principal, next)) return *std::move(error);
  if (auto error = UnsoundChoice(context, next)) return *std::move(error);
  if (auto error = MayNotMakeFirm(context, next)) return *std::move(error);
  TakeOverTerms(context.catalogue(), nullptr, next);
  if (!next.round.empty()) return SubmitToRound(context, std::move(next));
  Result<Reservation> granted = Grant(context, next, nullptr, command.hold_for);
  if (!granted.ok()) return OtherwiseCreated(context, command, next, std::move(granted));
  return Changed(context, EventType::kCreated, std::move(granted).value(), nullptr);
}

Result<Decision> DecideBody(const DecisionContext& context, const UpdateReservation& command) {
  Result<Reservation> found = Changeable(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  Result<Reservation> patched = command.patch(current);
  if (!patched.ok()) return std::move(patched).error();
  Reservation next = std::move(patched).value();
  if (auto error = Complete(context.catalogue(), context.principal, next)) return *std::move(error);
  if (auto error = NotOver(context, current)) return *std::move(error);
  if (next.firm && !current.firm) {
    if (auto error = MayNotMakeFirm(context, next)) return *std::move(error);
  }
  if (Competes(current)) {
    return StateForbids(current, "competes in a round; cancel it and submit another one instead");
  }
  const bool same_claim = SameClaim(current, next);
  if (!same_claim && current.state == ReservationState::kOffered) {
    return StateForbids(current, "is offered; accept it first, then change it");
  }
  if (same_claim && next == current) {
    Decision decision;
    decision.result = current;
    return decision;
  }
  if (!same_claim) {
    if (auto error = Unsound(context.catalogue(), context.principal, next))
      return *std::move(error);
    if (auto error = KeepsWhatIsPast(context, current, next)) return *std::move(error);
    TakeOverTerms(context.catalogue(), &current, next);
    Result<Reservation> granted = Grant(context, std::move(next), &current, 0);
    if (!granted.ok()) return std::move(granted).error();
    next = std::move(granted).value();
  }
  return Changed(context, EventType::kUpdated, std::move(next), &current);
}

Result<Decision> DecideBody(const DecisionContext& context, const CancelReservation& command) {
  Result<Reservation> found = Changeable(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  if (Waits(current.state) || current.state == ReservationState::kOffered || Competes(current)) {
    // It is nobody's yet: there is nothing to judge.
    return Changed(context, EventType::kCancelled, CalledOff(context, current), &current);
  }
  if (auto error = NotOver(context, current)) return *std::move(error);
  if (!MayBecome(current.state, ReservationState::kCancelled)) {
    return StateForbids(current,
                        absl::StrCat("is ", StateWord(current.state), " and cannot be cancelled"));
  }
  if (current.interval.start < context.now - limits::kPastTolerance) {
    return StateForbids(current,
                        absl::StrCat("began at ", WhenAt(context, current, current.interval.start),
                                     "; to free the rest, move its end to now"));
  }
  Result<Reservation> next = CallOff(context, current);
  if (!next.ok()) return std::move(next).error();
  return Changed(context, EventType::kCancelled, std::move(next).value(), &current);
}

Result<Decision> DecideBody(const DecisionContext& context, const ConfirmReservation& command) {
  Result<Reservation> found = Changeable(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  if (current.state != ReservationState::kHeld) {
    return StateForbids(current, absl::StrCat("is ", StateWord(current.state),
                                              "; only what is held can be confirmed"));
  }
  if (current.hold_expire_time <= context.now) {
    return StateForbids(current, absl::StrCat("was held until ",
                                              WhenAt(context, current, current.hold_expire_time)));
  }
  if (auto error = NotOver(context, current)) return *std::move(error);
  Reservation next = current;
  Settle(context, next);
  return Changed(context, EventType::kConfirmed, std::move(next), &current);
}

Result<Decision> DecideBody(const DecisionContext& context, const AcceptOffer& command) {
  Result<Reservation> found = Changeable(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  if (current.state != ReservationState::kOffered) {
    return StateForbids(
        current, absl::StrCat("is ", StateWord(current.state), "; only an offer can be accepted"));
  }
  if (current.hold_expire_time <= context.now) {
    return StateForbids(current, absl::StrCat("was offered until ",
                                              WhenAt(context, current, current.hold_expire_time)));
  }
  Reservation next = current;
  Settle(context, next);
  return Changed(context, EventType::kConfirmed, std::move(next), &current);
}

Result<Decision> DecideBody(const DecisionContext& context, const OfferToWaiting&) {
  if (context.principal != DaemonPrincipal()) {
    return RoleRequired("offer freed time: the daemon does", kAdministratorRole);
  }
  Decision decision;
  OfferAll(context, decision);
  return decision;
}

Result<Decision> DecideBody(const DecisionContext& context, const EndAtDueTime& command) {
  if (context.principal != DaemonPrincipal()) {
    return RoleRequired("end what is due: the clock of the daemon does", kAdministratorRole);
  }
  const std::optional<Reservation> current = context.reservations.FindReservation(command.id);
  const std::optional<Instant> due = current ? DueTime(*current) : std::nullopt;
  if (!due || *due > context.now) return NotFound(NameOf(command.id));
  if (current->state == ReservationState::kCheckedIn) return EndOverdueUse(context, *current);
  Reservation next = *current;
  next.hold_expire_time = 0;
  next.leaves_slot_free = false;
  next.check_in_by = 0;
  if (current->state == ReservationState::kConfirmed) {
    // While the daemon was away, or the asset out of service, nobody could check in.
    if (context.now > *due + limits::kLateClock || WasOutOfService(context, *current)) {
      return Changed(context, EventType::kUpdated, std::move(next), &*current);
    }
    next.state = ReservationState::kNoShow;
    next.use.freed = context.now;
    next.state_reason = absl::StrCat("nobody had checked in by ", WhenAt(context, *current, *due));
    return Changed(context, EventType::kNoShow, std::move(next), &*current);
  }
  next.state = ReservationState::kExpired;
  next.state_reason = WhatRanOut(current->state);
  return Changed(context, EventType::kExpired, std::move(next), &*current);
}

}  // namespace labslot::engine
