#include "daemon/engine/granting.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/alternatives.h"
#include "daemon/engine/masking.h"
#include "daemon/engine/place.h"
#include "daemon/engine/quota_rules.h"
#include "daemon/engine/rule_scope.h"

namespace labslot::engine {
namespace {

// Two items that exclude each other can never be had together.
std::optional<Error> ItemsExcludeEachOther(const Catalogue& catalogue, const Reservation& r,
                                           absl::string_view draft_field) {
  const auto pair = ItemsThatExclude(catalogue, r.items);
  if (!pair) return std::nullopt;
  const auto [later, earlier] = *pair;
  return InvalidField(
      absl::StrCat(draft_field, ".items[", later, "].asset"),
      absl::StrCat("excludes ", NameOf(kAssets, r.items[earlier].asset), " of items[", earlier,
                   "]: one is a part of the other, or they share an exclusion "
                   "group; name one of them only"));
}

Note NoteOf(NoteKind kind, const Violation& violation, std::string settled_by) {
  return {kind,
          violation.rule,
          violation.source,
          violation.asset,
          violation.message,
          std::move(settled_by)};
}

// Nobody overrides silently: who did, and why, stays with the reservation.
Note OverrideOf(const DecisionContext& context, const Violation& violation) {
  Note note = NoteOf(NoteKind::kOverridden, violation, context.principal.user);
  absl::StrAppend(&note.message, "; overridden because: ", context.override_reason);
  return note;
}

// True if all of `after` was granted with `before` already.
bool IsPartOf(const Reservation& after, const Reservation& before) {
  if (!before.interval.Contains(after.interval) || before.user != after.user ||
      before.organisation != after.organisation || before.site != after.site) {
    return false;
  }
  return std::all_of(after.items.begin(), after.items.end(), [&](const ReservationItem& item) {
    return std::any_of(before.items.begin(), before.items.end(), [&](const auto& had) {
      return had.asset == item.asset && had.quantity >= item.quantity;
    });
  });
}

bool IsForTheSame(const Reservation& after, const Reservation& before) {
  return std::tie(before.purpose, before.project, before.activity_class) ==
             std::tie(after.purpose, after.project, after.activity_class) &&
         before.attendees >= after.attendees;
}

// An approval that was given holds for a part of what it was given for, and for what has begun
// whatever it is said to be for: that cannot be asked for any more.
std::string ApprovedBefore(const Reservation& next, const Reservation* current, bool may_ask,
                           const Violation& violation) {
  if (current == nullptr || !IsPartOf(next, *current)) return "";
  if (may_ask && !IsForTheSame(next, *current)) return "";
  for (const Note& note : current->notes) {
    if (note.kind == NoteKind::kNeedsApproval && note.source == violation.source &&
        note.asset == violation.asset) {
      return note.settled_by;
    }
  }
  return "";
}

// The notes that the violations leave behind; nothing if one of them refuses
// the reservation.
std::optional<std::vector<Note>> NotesFor(const DecisionContext& context, const Reservation& next,
                                          const Reservation* current,
                                          const std::vector<Violation>& violations) {
  // What is in use, or has begun, cannot wait for an approval.
  const bool may_wait = current == nullptr || IsToCome(context, *current);
  std::vector<Note> notes;
  for (const Violation& violation : violations) {
    if (violation.effect == Effect::kWarn) {
      notes.push_back(NoteOf(NoteKind::kWarning, violation, ""));
    } else if (MayOverride(context, violation)) {
      notes.push_back(OverrideOf(context, violation));
    } else if (violation.effect == Effect::kNeedsApproval) {
      Note note = NoteOf(NoteKind::kNeedsApproval, violation,
                         ApprovedBefore(next, current, may_wait, violation));
      if (IsOpenRequest(note) && !may_wait) return std::nullopt;
      notes.push_back(std::move(note));
    } else {
      return std::nullopt;
    }
  }
  if (notes.size() > limits::kMaxNotes) notes.resize(limits::kMaxNotes);
  return notes;
}

}  // namespace

void TakeOverTerms(const Catalogue& catalogue, const Reservation* current, Reservation& r) {
  for (ReservationItem& item : r.items) {
    const Asset& asset = *catalogue.FindAsset(item.asset);
    item.set_up = asset.set_up;
    item.tear_down = asset.tear_down;
    item.rate = RateFor(asset.rates, r.activity_class);
    if (current == nullptr) continue;
    for (const ReservationItem& before : current->items) {
      if (before.asset != item.asset) continue;
      item.set_up = before.set_up;
      item.tear_down = before.tear_down;
      if (r.activity_class == current->activity_class) item.rate = before.rate;
    }
  }
}

bool MayOverride(const DecisionContext& context, const Violation& violation) {
  return !context.override_reason.empty() &&
         engine::MayOverride(context.catalogue(), context.principal, violation.source,
                             violation.asset);
}

Reservation CalledOff(const DecisionContext& context, const Reservation& current) {
  Reservation next = current;
  next.state = ReservationState::kCancelled;
  next.state_reason = context.reason;
  next.hold_expire_time = 0;
  next.leaves_slot_free = false;
  next.check_in_by = 0;
  // An offer that nobody took was nobody's yet.
  const bool was_his = Blocks(current) && current.state != ReservationState::kOffered;
  if (was_his) next.use.freed = context.now;
  return next;
}

Result<Reservation> CallOff(const DecisionContext& context, const Reservation& current) {
  Reservation next = CalledOff(context, current);
  const bool by_its_user = current.user == context.principal.user;
  const Candidate candidate{next, &current, context.now, 0, by_its_user};
  std::vector<Violation> violations = JudgeCancelling(context.state, candidate);
  for (const Violation& violation : violations) {
    const bool overridden = MayOverride(context, violation);
    if (violation.effect != Effect::kWarn && !overridden) {
      return Refused(RefusalFor(context, candidate, std::move(violations), false));
    }
    if (next.notes.size() == limits::kMaxNotes) continue;
    next.notes.push_back(violation.effect == Effect::kWarn
                             ? NoteOf(NoteKind::kWarning, violation, "")
                             : OverrideOf(context, violation));
  }
  return next;
}

Refusal RefusalFor(const State& state, const ReservationSource& reservations,
                   const Principal& principal, const Candidate& candidate,
                   std::vector<Violation> violations, bool with_ways_out) {
  Refusal refusal;
  refusal.violations = std::move(violations);
  if (with_ways_out) {
    WaysOut ways = FindWaysOut(state, candidate, [&](const Reservation& variant) {
      return MayBookFor(state.catalogue(), principal, variant.user, variant);
    });
    refusal.earliest_start = ways.earliest_start;
    refusal.alternatives = std::move(ways.alternatives);
  }
  Mask(state.catalogue(), reservations, principal, refusal.violations);
  return refusal;
}

bool IsToCome(const DecisionContext& context, const Reservation& r) {
  return r.interval.start > context.now && r.state != ReservationState::kCheckedIn;
}

bool LeavesSlotFree(const Catalogue& catalogue, const Reservation& r) {
  return std::all_of(r.notes.begin(), r.notes.end(), [&](const Note& note) {
    if (!IsOpenRequest(note)) return true;
    const RuleTerms terms = TermsOf(catalogue, note.source);
    return terms.approval != nullptr && terms.approval->leaves_slot_free;
  });
}

void Settle(const DecisionContext& context, Reservation& r) {
  r.leaves_slot_free = false;
  r.hold_expire_time = 0;
  if (std::none_of(r.notes.begin(), r.notes.end(), IsOpenRequest)) {
    r.state = ReservationState::kConfirmed;
    r.check_in_by = CheckInBy(context.state, r, context.now);
    return;
  }
  r.state = ReservationState::kPending;
  r.check_in_by = 0;
  r.leaves_slot_free = LeavesSlotFree(context.catalogue(), r);
  // Behind its run a request asks for nothing.
  r.hold_expire_time = r.interval.end;
  for (const Note& note : r.notes) {
    if (!IsOpenRequest(note)) continue;
    const RuleTerms terms = TermsOf(context.catalogue(), note.source);
    if (terms.approval == nullptr || terms.approval->time_out == 0) continue;
    r.hold_expire_time = std::min(r.hold_expire_time, context.now + terms.approval->time_out);
  }
}

Result<Reservation> Grant(const DecisionContext& context, Reservation next,
                          const Reservation* current, Seconds hold_for, bool with_ways_out) {
  const bool by_its_user = current == nullptr || current->user == context.principal.user;
  const Candidate candidate{next, current, context.now, hold_for, by_its_user};
  next.notes.clear();
  if (!Assess(context.state, candidate).clean) {
    std::vector<Violation> violations = Judge(context.state, candidate);
    std::optional<std::vector<Note>> notes = NotesFor(context, next, current, violations);
    if (!notes) {
      return Refused(RefusalFor(context, candidate, std::move(violations), with_ways_out));
    }
    next.notes = *std::move(notes);
  }
  next.rule_sets = RuleSetsFor(context.state, next);
  if (hold_for > 0) {
    next.state = ReservationState::kHeld;
    // Behind its run a hold holds nothing.
    next.hold_expire_time = std::min(context.now + hold_for, next.interval.end);
  } else if (next.state == ReservationState::kHeld) {
    next.hold_expire_time = std::min(next.hold_expire_time, next.interval.end);
  } else if (next.state != ReservationState::kCheckedIn) {
    const Instant check_in_by = next.check_in_by;
    Settle(context, next);
    // Who came late once does not get a second chance by a change.
    const bool begun = current != nullptr && current->interval.start <= context.now;
    if (begun) next.check_in_by = check_in_by;
  }
  return next;
}

void AddGuards(const Catalogue& catalogue, const Reservation& r, Decision& decision) {
  for (const ReservationItem& item : r.items) {
    decision.guards.push_back(GuardOfAsset(item.asset));
    for (const std::string& other : catalogue.Related(item.asset)) {
      decision.guards.push_back(GuardOfAsset(other));
    }
  }
}

void AddReservationChange(const DecisionContext& context, EventType type, Reservation next,
                          const Reservation* current, Decision& decision) {
  if (current == nullptr) {
    next.id = NextRevision(context, decision);
    next.create_time = context.now;
  }
  next.update_time = context.now;
  AddGuards(context.catalogue(), next, decision);
  if (current != nullptr) AddGuards(context.catalogue(), *current, decision);
  AddChange(context, type, std::move(next), current, decision);
}

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

std::string WhenAt(const DecisionContext& context, const Reservation& r, Instant instant) {
  const auto zone = FindTimeZone(ZoneNameOf(context.catalogue(), r));
  return FormatLocal(instant, zone.value_or(absl::UTCTimeZone()));
}

std::optional<Error> NotOver(const DecisionContext& context, const Reservation& r) {
  if (!IsBlocking(r.state)) {
    return StateForbids(r, absl::StrCat("is ", StateWord(r.state), " and cannot be changed"));
  }
  if (r.interval.end <= context.now) {
    return StateForbids(
        r, absl::StrCat("ended at ", WhenAt(context, r, r.interval.end), " and cannot be changed"));
  }
  return std::nullopt;
}

std::optional<Error> Complete(const Catalogue& catalogue, const Principal& principal,
                              Reservation& r, absl::string_view user_field) {
  if (r.user.empty()) {
    if (principal.user == kLocalOperator) {
      return InvalidField(std::string(user_field),
                          "must name a user: the local operator does not book for himself");
    }
    r.user = principal.user;
  }
  const User* user = catalogue.FindUser(r.user);
  if (r.organisation.empty() && user != nullptr && !user->organisations.empty()) {
    r.organisation = user->organisations.front();
  }
  return std::nullopt;
}

std::optional<Error> UnknownOrForbidden(const Catalogue& catalogue, const Principal& principal,
                                        const Reservation& r) {
  for (const ReservationItem& item : r.items) {
    if (catalogue.FindAsset(item.asset) == nullptr) return NotFound(NameOf(kAssets, item.asset));
  }
  if (!r.site.empty() && catalogue.FindSite(r.site) == nullptr) {
    return NotFound(NameOf(kSites, r.site));
  }
  if (!MayBookFor(catalogue, principal, r.user, r)) {
    return RoleRequired(
        absl::StrCat("book for ", NameOf(kUsers, r.user), ": it takes a manager of all the assets"),
        kAssetManagerRole);
  }
  // Last, so that nobody learns which users exist.
  if (catalogue.FindUser(r.user) == nullptr) return NotFound(NameOf(kUsers, r.user));
  if (!r.organisation.empty() && catalogue.FindOrganisation(r.organisation) == nullptr) {
    return NotFound(NameOf(kOrganisations, r.organisation));
  }
  if (!r.on_behalf_of.empty() && catalogue.FindOrganisation(r.on_behalf_of) == nullptr) {
    return NotFound(NameOf(kOrganisations, r.on_behalf_of));
  }
  return std::nullopt;
}

std::optional<Error> Unsound(const Catalogue& catalogue, const Principal& principal,
                             const Reservation& r, absl::string_view draft_field) {
  if (auto error = UnknownOrForbidden(catalogue, principal, r)) return error;
  return ItemsExcludeEachOther(catalogue, r, draft_field);
}

}  // namespace labslot::engine
