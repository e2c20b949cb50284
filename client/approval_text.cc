#include "client/approval_text.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/explain_rule.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/refusal_text.h"

namespace labslot::client {
namespace {

using v1::Note;
using v1::Reservation;

std::string NoteText(const Note& note) {
  const std::string text = WithSource(Printable(note.message()), note.source());
  const std::string by = Printable(ShortName(note.settled_by()));
  if (note.kind() == Note::OVERRIDDEN) return absl::StrCat("overridden by ", by, ": ", text);
  if (note.kind() != Note::NEEDS_APPROVAL) return text;
  return by.empty() ? absl::StrCat("needs approval: ", text)
                    : absl::StrCat("approved by ", by, ": ", text);
}

// Those who may approve what the notes ask for.
std::vector<std::string> Approvers(Session& session, const Reservation& reservation) {
  std::set<std::string> rules;
  std::vector<std::string> words;
  for (const Note& note : reservation.notes()) {
    const bool open = note.kind() == Note::NEEDS_APPROVAL && note.settled_by().empty();
    if (!open || !rules.insert(note.source()).second) continue;
    const v1::Actors approvers = ReadRule(session, note.source()).approval.approvers();
    google::protobuf::RepeatedPtrField<std::string> names;
    const bool unsaid = approvers.users().empty() && approvers.groups().empty();
    if (approvers.managers() || unsaid) names.Add("managers");
    names.MergeFrom(approvers.users());
    names.MergeFrom(approvers.groups());
    const std::string text = ActorsText(names);
    words.push_back(
        note.source().empty() ? text : absl::StrCat(text, " (", ShortName(note.source()), ")"));
  }
  return words;
}

std::string CompetingText(const Reservation& reservation) {
  return absl::StrCat("It competes in round ", Printable(ShortName(reservation.round())),
                      " and blocks nothing until that is cleared.");
}

std::string PendingText(Session& session, const Reservation& reservation, absl::TimeZone zone) {
  const std::vector<std::string> approvers = Approvers(session, reservation);
  std::string text = "It awaits approval";
  for (std::size_t i = 0; i < approvers.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? " by " : ", and by ", Printable(approvers[i]));
  }
  if (reservation.has_hold_expire_time()) {
    absl::StrAppend(&text, ", until ",
                    TimeTextWithZone(ToTime(reservation.hold_expire_time()), zone));
  }
  absl::StrAppend(&text, ".");
  if (reservation.leaves_slot_free()) {
    absl::StrAppend(&text, " Meanwhile the slot stays free for others.");
  }
  return text;
}

}  // namespace

std::string ApprovalText(Session& session, const Reservation& reservation, absl::TimeZone zone) {
  std::string text;
  for (const Note& note : reservation.notes()) {
    absl::StrAppend(&text,
                    Wrap(absl::StrCat("note: ", NoteText(note)), session.output.columns(), ""));
  }
  const bool pending = reservation.state() == Reservation::STATE_PENDING;
  if (pending && !reservation.round().empty()) {
    absl::StrAppend(&text, Wrap(CompetingText(reservation), session.output.columns(), ""));
  } else if (pending) {
    absl::StrAppend(&text,
                    Wrap(PendingText(session, reservation, zone), session.output.columns(), ""));
  }
  return text;
}

}  // namespace labslot::client
