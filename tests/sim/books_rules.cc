#include <algorithm>

#include "daemon/domain/names.h"
#include "tests/sim/books.h"
#include "tests/sim/house.h"

// The part of the books about rules that do not refuse: what they note, and who approves.

namespace labslot::sim {
namespace {

// All of it was granted, or asked for, with `before` already.
bool IsPartOf(const Reservation& after, const Reservation& before) {
  return before.interval.Contains(after.interval) && before.site == after.site &&
         std::all_of(after.items.begin(), after.items.end(), [&](const ReservationItem& item) {
           return std::any_of(before.items.begin(), before.items.end(), [&](const auto& had) {
             return had.asset == item.asset && had.quantity >= item.quantity;
           });
         });
}

// Who leaves early is not asked again, unless nobody has let him yet.
bool EndsEarly(const Reservation& after, const Reservation* before, Instant now) {
  return before != nullptr && !AwaitsApproval(*before) && before->interval.start <= now &&
         after.interval.start == before->interval.start &&
         after.interval.end < before->interval.end && after.items == before->items;
}

Note NoteOf(Effect effect, Rule rule, const std::string& source, const std::string& asset) {
  Note note;
  note.kind = effect == Effect::kWarn ? NoteKind::kWarning : NoteKind::kNeedsApproval;
  note.rule = rule;
  note.source = source;
  note.asset = asset;
  return note;
}

// What was approved holds for a part of it.
void KeepApproval(const Reservation& after, const Reservation* before, Note& note) {
  if (before == nullptr || note.kind == NoteKind::kWarning || !IsPartOf(after, *before)) return;
  for (const Note& had : before->notes) {
    const bool same = had.kind == note.kind && had.source == note.source;
    if (same && had.asset == note.asset) note.settled_by = had.settled_by;
  }
}

}  // namespace

bool AwaitsApproval(const Reservation& r) {
  return std::any_of(r.notes.begin(), r.notes.end(), IsOpenRequest);
}

std::vector<Note> Books::NotesOn(const Reservation& candidate, const Reservation* current,
                                 Instant now) const {
  std::vector<Note> notes;
  for (const ReservationItem& item : candidate.items) {
    const std::vector<std::string>& asks = things.at(item.asset).asks;
    const bool must_ask = std::count(asks.begin(), asks.end(), candidate.user) > 0;
    if (!must_ask || EndsEarly(candidate, current, now)) continue;
    notes.push_back(NoteOf(Effect::kNeedsApproval, Rule::kApprovalRequired,
                           NameOf(kPolicies, ApprovalOf(item.asset)), item.asset));
  }
  for (const auto& [id, quota] : quotas) {
    if (quota.effect == Effect::kReject) continue;
    const Note note = NoteOf(quota.effect, Rule::kQuotaExceeded, NameOf(kQuotas, id),
                             candidate.items.front().asset);
    notes.insert(notes.end(), Exceeded(quota, candidate, current, now).size(), note);
  }
  for (Note& note : notes) KeepApproval(candidate, current, note);
  return notes;
}

// Of the rule of that name, as it is now; nothing if it is gone.
std::optional<ApprovalTerms> Books::TermsOf(const std::string& source) const {
  for (const auto& [id, thing] : things) {
    if (source == NameOf(kPolicies, ApprovalOf(id))) return thing.approval;
  }
  for (const auto& [id, quota] : quotas) {
    if (source == NameOf(kQuotas, id)) return quota.approval;
  }
  return std::nullopt;
}

bool Books::MayApprove(const std::string& principal, const Note& note) const {
  const Actors who = TermsOf(note.source).value_or(ApprovalTerms()).approvers;
  if (who.empty()) return principal == "sam";
  return std::count(who.users.begin(), who.users.end(), principal) > 0 ||
         std::any_of(who.groups.begin(), who.groups.end(),
                     [&](const std::string& group) { return IsUserOf(group, principal); });
}

bool Books::MayApproveSome(const std::string& principal, const Reservation& r) const {
  return std::any_of(r.notes.begin(), r.notes.end(), [&](const Note& note) {
    return IsOpenRequest(note) && MayApprove(principal, note);
  });
}

bool Books::LeavesSlotFree(const Reservation& r) const {
  return std::all_of(r.notes.begin(), r.notes.end(), [&](const Note& note) {
    return !IsOpenRequest(note) || TermsOf(note.source).value_or(ApprovalTerms()).leaves_slot_free;
  });
}

// When a request of now is not approved in time.
Instant Books::RunsOutAt(const Reservation& r, Instant now) const {
  Instant at = r.interval.end;
  for (const Note& note : r.notes) {
    const Seconds time_out = TermsOf(note.source).value_or(ApprovalTerms()).time_out;
    if (IsOpenRequest(note) && time_out != 0) at = std::min(at, now + time_out);
  }
  return at;
}

// As it stands, by the rules that are built in.
bool Books::StillFits(const Reservation& r, Instant now) const {
  return FitsRules(r, &r, now) && IsFree(r, &r, now) && GetsAround(r, &r, now);
}

}  // namespace labslot::sim
