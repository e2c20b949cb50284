#include "tests/support/script.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "daemon/base/log.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::support {
namespace {

using Words = std::vector<std::string>;

Words WordsOf(absl::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
}

std::string Tidy(absl::string_view text) { return absl::StrJoin(WordsOf(text), " "); }

int NumberOf(absl::string_view text) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number)) Die(absl::StrCat("the script wants a number: ", text));
  return number;
}

std::vector<ReservationItem> ItemsOf(absl::string_view text) {
  std::vector<ReservationItem> items;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    const Words words = absl::StrSplit(absl::StripAsciiWhitespace(part), '*');
    items.push_back(Item(words[0], words.size() > 1 ? NumberOf(words[1]) : 1));
  }
  return items;
}

// Splits a span from the words that follow it: the span is what comes before
// the first keyword.
void SplitSpan(absl::string_view text, std::string& span,
               std::map<std::string, std::string>& rest) {
  Words span_words;
  std::string keyword;
  for (const std::string& word : WordsOf(text)) {
    if (!keyword.empty()) {
      rest[keyword] = word;
      keyword.clear();
    } else if (word == "by" || word == "for" || word == "of" || word == "at" || word == "hold" ||
               word == "people" || word == "etag") {
      keyword = word;
    } else {
      span_words.push_back(word);
    }
  }
  span = absl::StrJoin(span_words, " ");
}

std::string Take(const std::map<std::string, std::string>& words, const std::string& key,
                 const std::string& otherwise = "") {
  const auto found = words.find(key);
  return found == words.end() ? otherwise : found->second;
}

}  // namespace

std::string RuleWord(Rule rule) {
  switch (rule) {
    case Rule::kAssetRetired:
      return "asset_retired";
    case Rule::kQuantityAboveCapacity:
      return "quantity_above_capacity";
    case Rule::kAttendeesAboveLimit:
      return "attendees_above_limit";
    case Rule::kSiteRequired:
      return "site_required";
    case Rule::kSiteMismatch:
      return "site_mismatch";
    case Rule::kStartInPast:
      return "start_in_past";
    case Rule::kBeyondHorizon:
      return "beyond_horizon";
    case Rule::kOutsideOpeningHours:
      return "outside_opening_hours";
    case Rule::kCapacityExceeded:
      return "capacity_exceeded";
    case Rule::kRelatedAssetBusy:
      return "related_asset_busy";
    case Rule::kStateForbidsChange:
      return "state_forbids_change";
    case Rule::kBreaksReservations:
      return "breaks_reservations";
    case Rule::kStillReferenced:
      return "still_referenced";
    case Rule::kNotAMember:
      return "not_a_member";
    case Rule::kUserDisabled:
      return "user_disabled";
  }
  return "no_such_rule";
}

std::string ErrorWord(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidFields:
      return "invalid";
    case ErrorKind::kRefused:
      return "refused";
    case ErrorKind::kNotFound:
      return "not_found";
    case ErrorKind::kIdInUse:
      return "id_in_use";
    case ErrorKind::kRequestIdReused:
      return "request_id_reused";
    case ErrorKind::kEtagMismatch:
      return "etag_mismatch";
    case ErrorKind::kRoleRequired:
      return "role_required";
    case ErrorKind::kNoValidIdentity:
      return "no_valid_identity";
    default:
      return absl::StrCat("error_", static_cast<int>(kind));
  }
}

std::vector<std::string> Script::Run(absl::string_view table) {
  std::vector<std::string> failures;
  for (absl::string_view line : absl::StrSplit(table, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    if (absl::StartsWith(line, "now ")) {
      world_.now = At(line.substr(4), zone_);
      continue;
    }
    const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits("->", 1));
    if (parts.size() != 2) Die(absl::StrCat("the script has a line without outcome: ", line));
    const std::string outcome = Outcome(parts[0]);
    if (outcome != Tidy(parts[1])) {
      failures.push_back(absl::StrCat(Tidy(line), "   BUT: ", outcome));
    }
  }
  return failures;
}

std::string Script::Outcome(absl::string_view request) {
  request = absl::StripAsciiWhitespace(request);
  std::string label;
  const Words first = WordsOf(request);
  if (absl::EndsWith(first[0], ":")) {
    label = first[0].substr(0, first[0].size() - 1);
    request = absl::StripAsciiWhitespace(request.substr(first[0].size()));
  }
  const std::string verb = WordsOf(request)[0];
  const absl::string_view rest = request.substr(verb.size());
  return verb == "book" ? Book(label, rest) : Change(verb, rest);
}

std::string Script::Book(const std::string& label, absl::string_view text) {
  const Words parts = absl::StrSplit(text, absl::MaxSplits('@', 1));
  if (parts.size() != 2) Die(absl::StrCat("the script books without a time: ", text));
  std::string span;
  std::map<std::string, std::string> words;
  SplitSpan(parts[1], span, words);
  engine::CreateReservation command;
  command.draft = Draft(ItemsOf(parts[0]), Span(span, zone_), Take(words, "at"));
  command.draft.user = Take(words, "for");
  command.draft.organisation = Take(words, "of");
  command.draft.attendees = NumberOf(Take(words, "people", "0"));
  command.hold_for = NumberOf(Take(words, "hold", "0"));
  const auto result = world_.Run({Take(words, "by", "ada")}, command);
  if (!result.ok()) return Word(result.error());
  if (!label.empty()) ids_[label] = std::get<Reservation>(result.value().result).id;
  return "ok";
}

std::string Script::Change(const std::string& verb, absl::string_view text) {
  const Words parts = absl::StrSplit(text, absl::MaxSplits('@', 1));
  std::string subject;
  std::map<std::string, std::string> words;
  SplitSpan(parts[0], subject, words);
  std::string span;
  if (parts.size() == 2) SplitSpan(parts[1], span, words);
  const Words subject_words = WordsOf(subject);
  const ReservationId id = IdOf(subject_words.at(0));
  const Revision etag = words.count("etag") ? NumberOf(words["etag"]) : 0;
  engine::CommandBody body;
  if (verb == "cancel") {
    body = engine::CancelReservation{id, etag};
  } else if (verb == "confirm") {
    body = engine::ConfirmReservation{id, etag};
  } else if (verb == "expire") {
    body = engine::ExpireHold{id};
  } else if (verb == "move") {
    body = engine::UpdateReservation{id, etag, SetInterval(Span(span, zone_))};
  } else if (verb == "items") {
    const auto items = ItemsOf(
        absl::StripAsciiWhitespace(absl::string_view(subject).substr(subject_words[0].size())));
    body = engine::UpdateReservation{id, etag, [items](const Reservation& current) {
                                       Reservation changed = current;
                                       changed.items = items;
                                       return Result<Reservation>(changed);
                                     }};
  } else {
    Die(absl::StrCat("the script has an unknown verb: ", verb));
  }
  engine::Principal principal{Take(words, "by", verb == "expire" ? kDaemonActor : "ada")};
  const auto result = world_.Run(principal, body);
  return result.ok() ? "ok" : Word(result.error());
}

std::string Script::LabelOf(ReservationId id) const {
  for (const auto& [label, known] : ids_) {
    if (known == id) return label;
  }
  return id == 0 ? "?" : absl::StrCat(id);
}

ReservationId Script::IdOf(const std::string& label) const {
  const auto found = ids_.find(label);
  if (found != ids_.end()) return found->second;
  int64_t number = 0;
  if (!absl::SimpleAtoi(label, &number)) {
    Die(absl::StrCat("the script has no reservation ", label));
  }
  return number;
}

std::string Script::Word(const Error& error) const {
  std::string word = ErrorWord(error.kind);
  for (const FieldViolation& field : error.fields) absl::StrAppend(&word, " ", field.field);
  if (!error.refusal) return word;
  Words parts;
  for (const Violation& violation : error.refusal->violations) {
    std::string part = RuleWord(violation.rule);
    if (!violation.asset.empty()) absl::StrAppend(&part, " ", violation.asset);
    if (!violation.conflicts.empty()) {
      Words labels;
      for (const Conflict& conflict : violation.conflicts) {
        labels.push_back(LabelOf(conflict.reservation));
      }
      absl::StrAppend(&part, " [", absl::StrJoin(labels, " "), "]");
    }
    parts.push_back(part);
  }
  return absl::StrJoin(parts, "; ");
}

}  // namespace labslot::support
