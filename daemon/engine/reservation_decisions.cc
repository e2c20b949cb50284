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
#include "daemon/engine/alternatives.h"
#include "daemon/engine/masking.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

// Two items that exclude each other can never be had together.
std::optional<Error> ItemsExcludeEachOther(const Catalogue& catalogue, const Reservation& r) {
  const auto pair = ItemsThatExclude(catalogue, r.items);
  if (!pair) return std::nullopt;
  const auto [later, earlier] = *pair;
  return InvalidField(
      absl::StrCat("reservation.items[", later, "].asset"),
      absl::StrCat("excludes ", NameOf(kAssets, r.items[earlier].asset), " of items[", earlier,
                   "]: one is a part of the other, or they share an exclusion "
                   "group; name one of them only"));
}

// Items get the set-up and tear-down that their assets have now; those that
// the reservation had before keep theirs.
void TakeOverChangeoverTimes(const Catalogue& catalogue, const Reservation* current,
                             Reservation& r) {
  for (ReservationItem& item : r.items) {
    const Asset& asset = *catalogue.FindAsset(item.asset);
    item.set_up = asset.set_up;
    item.tear_down = asset.tear_down;
    if (current == nullptr) continue;
    for (const ReservationItem& before : current->items) {
      if (before.asset != item.asset) continue;
      item.set_up = before.set_up;
      item.tear_down = before.tear_down;
    }
  }
}

// The error for a candidate that breaks rules, with ways out; nothing if it
// breaks none.
std::optional<Error> RefusalOf(const DecisionContext& context, const Candidate& candidate) {
  if (Passes(context.state, candidate)) return std::nullopt;
  Refusal refusal;
  refusal.violations = Judge(context.state, candidate);
  WaysOut ways = FindWaysOut(context.state, candidate, [&](const Reservation& variant) {
    return MayBookFor(context.catalogue(), context.principal, variant.user, variant);
  });
  refusal.earliest_start = ways.earliest_start;
  refusal.alternatives = std::move(ways.alternatives);
  Mask(context, refusal.violations);
  return Refused(std::move(refusal));
}

void AddGuards(const Catalogue& catalogue, const Reservation& r, Decision& decision) {
  for (const ReservationItem& item : r.items) {
    decision.guards.push_back(GuardOfAsset(item.asset));
    for (const std::string& other : catalogue.Related(item.asset)) {
      decision.guards.push_back(GuardOfAsset(other));
    }
  }
}

// The decision that makes `next` of `current`.
Decision Changed(const DecisionContext& context, EventType type, Reservation next,
                 const Reservation* current) {
  next.update_time = context.now;
  Decision decision;
  AddGuards(context.catalogue(), next, decision);
  if (current != nullptr) AddGuards(context.catalogue(), *current, decision);
  AddChange(context, type, std::move(next), current, decision);
  decision.result = decision.changes.back().event.resource;
  return decision;
}

// The reservation, if the principal may change it and has its last version.
Result<Reservation> Changeable(const DecisionContext& context, ReservationId id, Revision etag) {
  std::optional<Reservation> current = context.reservations.FindReservation(id);
  if (!current || !MaySee(context.catalogue(), context.principal, *current)) {
    return NotFound(NameOf(id));
  }
  if (!MayChange(context.catalogue(), context.principal, *current)) {
    return RoleRequired(absl::StrCat("change ", NameOf(id),
                                     ": it is for its user, the managers of its assets and "
                                     "administrators"),
                        kAssetManagerRole);
  }
  if (etag != 0 && etag != current->revision) return EtagMismatch(NameOf(id));
  return *std::move(current);
}

Error StateForbids(const Reservation& r, absl::string_view words) {
  return RefusedBy({Rule::kStateForbidsChange,
                    absl::StrCat(NameOf(r.id), " ", words),
                    "",
                    "",
                    std::string(StateWord(r.state)),
                    {}});
}

std::string When(const DecisionContext& context, const Reservation& r, Instant instant) {
  const auto zone = FindTimeZone(ZoneNameOf(context.catalogue(), r));
  return FormatLocal(instant, zone.value_or(absl::UTCTimeZone()));
}

// What must hold before anything of an existing reservation is changed.
std::optional<Error> NotOver(const DecisionContext& context, const Reservation& r) {
  if (!IsBlocking(r.state)) {
    return StateForbids(r, absl::StrCat("is ", StateWord(r.state), " and cannot be changed"));
  }
  if (r.interval.end <= context.now) {
    return StateForbids(
        r, absl::StrCat("ended at ", When(context, r, r.interval.end), " and cannot be changed"));
  }
  return std::nullopt;
}

// True if both have the same assets and quantities, in whatever order.
bool SameQuantities(const Reservation& a, const Reservation& b) {
  std::map<std::string, int32_t> balance;
  for (const ReservationItem& item : a.items) balance[item.asset] += item.quantity;
  for (const ReservationItem& item : b.items) balance[item.asset] -= item.quantity;
  return std::all_of(balance.begin(), balance.end(),
                     [](const auto& entry) { return entry.second == 0; });
}

// Of a run that has begun, only the end may change, and not into the past.
std::optional<Error> KeepsWhatIsPast(const DecisionContext& context, const Reservation& current,
                                     const Reservation& next) {
  const bool begun = current.interval.start <= context.now;
  if (!begun) return std::nullopt;
  const bool same_slot = next.interval.start == current.interval.start &&
                         next.site == current.site && SameQuantities(next, current);
  if (!same_slot) {
    return StateForbids(current,
                        absl::StrCat("began at ", When(context, current, current.interval.start),
                                     "; only its end can be changed"));
  }
  if (next.interval.end < context.now - limits::kPastTolerance) {
    return StateForbids(current, absl::StrCat("cannot end in the past; the earliest end is ",
                                              When(context, current, context.now)));
  }
  return std::nullopt;
}

bool SameClaim(const Reservation& a, const Reservation& b) {
  const auto claim = [](const Reservation& r) {
    return std::tie(r.items, r.interval.start, r.interval.end, r.site, r.user, r.organisation,
                    r.attendees);
  };
  return claim(a) == claim(b);
}

// Fills in what the caller may leave out.
std::optional<Error> Complete(const DecisionContext& context, Reservation& r) {
  if (r.user.empty()) {
    if (context.principal.user == kLocalOperator) {
      return InvalidField("reservation.user",
                          "must name a user: the local operator does not book for himself");
    }
    r.user = context.principal.user;
  }
  const User* user = context.catalogue().FindUser(r.user);
  if (r.organisation.empty() && user != nullptr && !user->organisations.empty()) {
    r.organisation = user->organisations.front();
  }
  return std::nullopt;
}

// The error for the first thing that the reservation names and that does not
// exist, or for whom the caller may not book. That comes before the look at
// the user, so that nobody learns which users exist.
std::optional<Error> Unsound(const DecisionContext& context, const Reservation& r) {
  const Catalogue& catalogue = context.catalogue();
  for (const ReservationItem& item : r.items) {
    if (catalogue.FindAsset(item.asset) == nullptr) return NotFound(NameOf(kAssets, item.asset));
  }
  if (!r.site.empty() && catalogue.FindSite(r.site) == nullptr) {
    return NotFound(NameOf(kSites, r.site));
  }
  if (!MayBookFor(catalogue, context.principal, r.user, r)) {
    return RoleRequired(
        absl::StrCat("book for ", NameOf(kUsers, r.user), ": it takes a manager of all the assets"),
        kAssetManagerRole);
  }
  if (catalogue.FindUser(r.user) == nullptr) return NotFound(NameOf(kUsers, r.user));
  if (!r.organisation.empty() && catalogue.FindOrganisation(r.organisation) == nullptr) {
    return NotFound(NameOf(kOrganisations, r.organisation));
  }
  return ItemsExcludeEachOther(catalogue, r);
}

}  // namespace

Result<Decision> DecideBody(const DecisionContext& context, const CreateReservation& command) {
  Reservation next = command.draft;
  if (auto error = Complete(context, next)) return *std::move(error);
  if (auto error = Unsound(context, next)) return *std::move(error);
  TakeOverChangeoverTimes(context.catalogue(), nullptr, next);
  next.id = context.state.head() + 1;
  next.create_time = context.now;
  next.state = ReservationState::kConfirmed;
  if (command.hold_for > 0) {
    next.state = ReservationState::kHeld;
    // Behind its run a hold holds nothing.
    next.hold_expire_time = std::min(context.now + command.hold_for, next.interval.end);
  }
  if (auto error = RefusalOf(context, {next, nullptr, context.now})) return *std::move(error);
  return Changed(context, EventType::kCreated, std::move(next), nullptr);
}

Result<Decision> DecideBody(const DecisionContext& context, const UpdateReservation& command) {
  Result<Reservation> found = Changeable(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  Result<Reservation> patched = command.patch(current);
  if (!patched.ok()) return std::move(patched).error();
  Reservation next = std::move(patched).value();
  if (auto error = Complete(context, next)) return *std::move(error);
  if (auto error = NotOver(context, current)) return *std::move(error);
  const bool same_claim = SameClaim(current, next);
  if (same_claim && next == current) {
    Decision decision;
    decision.result = current;
    return decision;
  }
  if (!same_claim) {
    if (auto error = Unsound(context, next)) return *std::move(error);
    if (auto error = KeepsWhatIsPast(context, current, next)) return *std::move(error);
    TakeOverChangeoverTimes(context.catalogue(), &current, next);
    if (next.state == ReservationState::kHeld) {
      next.hold_expire_time = std::min(next.hold_expire_time, next.interval.end);
    }
    if (auto error = RefusalOf(context, {next, &current, context.now})) return *std::move(error);
  }
  return Changed(context, EventType::kUpdated, std::move(next), &current);
}

Result<Decision> DecideBody(const DecisionContext& context, const CancelReservation& command) {
  Result<Reservation> found = Changeable(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  if (auto error = NotOver(context, current)) return *std::move(error);
  if (!MayBecome(current.state, ReservationState::kCancelled)) {
    return StateForbids(current,
                        absl::StrCat("is ", StateWord(current.state), " and cannot be cancelled"));
  }
  if (current.interval.start < context.now - limits::kPastTolerance) {
    return StateForbids(current,
                        absl::StrCat("began at ", When(context, current, current.interval.start),
                                     "; to free the rest, move its end to now"));
  }
  Reservation next = current;
  next.state = ReservationState::kCancelled;
  next.state_reason = context.reason;
  next.hold_expire_time = 0;
  return Changed(context, EventType::kCancelled, std::move(next), &current);
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
    return StateForbids(
        current, absl::StrCat("was held until ", When(context, current, current.hold_expire_time)));
  }
  if (auto error = NotOver(context, current)) return *std::move(error);
  Reservation next = current;
  next.state = ReservationState::kConfirmed;
  next.hold_expire_time = 0;
  return Changed(context, EventType::kConfirmed, std::move(next), &current);
}

Result<Decision> DecideBody(const DecisionContext& context, const ExpireHold& command) {
  if (context.principal != DaemonPrincipal()) {
    return RoleRequired("expire a hold: the clock of the daemon does", kAdministratorRole);
  }
  const std::optional<Reservation> current = context.reservations.FindReservation(command.id);
  if (!current || current->state != ReservationState::kHeld ||
      current->hold_expire_time > context.now) {
    return NotFound(NameOf(command.id));
  }
  Reservation next = *current;
  next.state = ReservationState::kExpired;
  next.state_reason = "the hold ran out";
  next.hold_expire_time = 0;
  return Changed(context, EventType::kExpired, std::move(next), &*current);
}

}  // namespace labslot::engine
