#include "tests/support/script.h"

#include <iterator>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "daemon/base/log.h"
#include "daemon/domain/names.h"
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

// `rigs`, `rigs*2` or `rigs*2[eds+hot]`: of units with the labels `eds: yes`, `hot: yes`.
ReservationItem ItemOf(absl::string_view text) {
  const Words asked = absl::StrSplit(text, absl::ByAnyChar("[]"), absl::SkipEmpty());
  const Words words = absl::StrSplit(asked[0], '*');
  ReservationItem item = Item(words[0], words.size() > 1 ? NumberOf(words[1]) : 1);
  if (asked.size() < 2) return item;
  for (const auto label : absl::StrSplit(asked[1], '+')) {
    item.unit_labels[std::string(label)] = "yes";
  }
  return item;
}

std::vector<ReservationItem> ItemsOf(absl::string_view text) {
  std::vector<ReservationItem> items;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    items.push_back(ItemOf(absl::StripAsciiWhitespace(part)));
  }
  return items;
}

ActivityClass ClassOf(const std::string& word) {
  if (word == "education") return ActivityClass::kEducation;
  if (word == "rental") return ActivityClass::kRental;
  if (word == "0") return ActivityClass::kUnspecified;
  Die(absl::StrCat("the script knows no class ", word));
}

// Words that have a value behind them.
bool IsKeyword(const std::string& word) {
  static const std::set<std::string>& keywords = *new std::set<std::string>{
      "at",      "because", "by",    "class", "displace", "etag",  "firm",   "for",     "hold",
      "like",    "nearest", "of",    "open",  "or",       "parts", "people", "planned", "priority",
      "project", "purpose", "round", "units", "value",    "wait",  "within"};
  return keywords.count(word) > 0;
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
    } else if (IsKeyword(word)) {
      keyword = word;
    } else {
      span_words.push_back(word);
    }
  }
  span = absl::StrJoin(span_words, " ");
}

// `mon` or `mon..wed`: whole days.
Interval WindowOf(const std::string& days, const std::string& zone) {
  if (days.empty()) return {};
  const Words ends = absl::StrSplit(days, absl::MaxSplits("..", 1));
  return Span(absl::StrCat(ends.front(), " 0:00-", ends.back(), " 24:00"), zone);
}

std::string Take(const std::map<std::string, std::string>& words, const std::string& key,
                 const std::string& otherwise = "") {
  const auto found = words.find(key);
  return found == words.end() ? otherwise : found->second;
}

// `rigs*2+oven` (0 of an asset: all), and the units of the first of them.
std::vector<engine::ReturnedItem> PartsOf(const std::map<std::string, std::string>& words) {
  std::vector<engine::ReturnedItem> parts;
  const auto split = [&](const char* key) -> Words {
    return absl::StrSplit(Take(words, key), '+', absl::SkipEmpty());
  };
  for (const std::string& part : split("parts")) {
    const Words asset = absl::StrSplit(part, '*');
    parts.push_back({asset[0], asset.size() > 1 ? NumberOf(asset[1]) : 0, {}});
  }
  for (const std::string& unit : split("units")) parts.at(0).units.push_back(unit);
  return parts;
}

}  // namespace

std::string RuleWord(Rule rule) {
  // By number, from 1.
  static constexpr const char* kWords[] = {
      "asset_retired",
      "quantity_above_capacity",
      "attendees_above_limit",
      "site_required",
      "site_mismatch",
      "start_in_past",
      "beyond_horizon",
      "outside_opening_hours",
      "capacity_exceeded",
      "related_asset_busy",
      "state_forbids_change",
      "breaks_reservations",
      "still_referenced",
      "not_a_member",
      "user_disabled",
      "not_open_for_holder",
      "too_short",
      "too_long",
      "off_grid",
      "not_a_slot",
      "too_late",
      "locked",
      "too_close",
      "not_qualified",
      "companion_missing",
      "site_unsuitable",
      "not_eligible",
      "approval_required",
      "hold_too_long",
      "protected",
      "reserved_for_others",
      "quota_exceeded",
      "holidays_unknown",
      "local_time_skipped",
      "local_time_repeated",
      "companion_needed",
      "travel_does_not_fit",
      "tour_too_long",
      "wait_list_full",
      "out_of_service",
      "may_not_displace",
      "not_in_round",
      "unit_not_free",
      "in_use_beyond_end",
      "no_fitting_unit",
  };
  const auto number = static_cast<size_t>(rule);
  return number == 0 || number > std::size(kWords) ? "no_such_rule" : kWords[number - 1];
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
    if (absl::StartsWith(line, "clock ")) {
      world_.now = At(line.substr(6), zone_);
      world_.EndWhatIsDue();
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
  if (verb == "see") return Seen(world_.reservation(IdOf(Tidy(rest))));
  if (verb == "use") return UseOf(world_.reservation(IdOf(Tidy(rest))));
  if (verb == "wake") {
    (void)world_.Run(engine::DaemonPrincipal(), engine::OfferToWaiting{});
    return "ok";
  }
  if (verb == "where") {
    const Reservation& r = world_.reservation(IdOf(Tidy(rest)));
    return absl::StrCat(r.items.front().asset, " ", Seen(r));
  }
  if (verb == "outage") return TakeOut(rest);
  if (verb == "mend") return Mend(rest);
  return verb == "book" ? Book(label, rest) : Change(verb, rest);
}

std::string Script::TakeOut(absl::string_view text) {
  const Words parts = absl::StrSplit(text, absl::MaxSplits('@', 1));
  std::string span;
  std::map<std::string, std::string> words;
  SplitSpan(parts.at(1), span, words);
  const Words subject = WordsOf(parts[0]);
  const std::vector<ReservationItem> items = ItemsOf(subject.at(1));
  Outage outage;
  outage.id = subject[0];
  outage.asset = items.front().asset;
  outage.quantity = absl::StrContains(subject[1], "*") ? items.front().quantity : 0;
  outage.interval = Span(span, zone_);
  outage.open = Take(words, "open") == "yes";
  outage.planned = Take(words, "planned") == "yes";
  for (const auto& unit : WordsOf(absl::StrReplaceAll(Take(words, "units"), {{"+", " "}}))) {
    outage.units.push_back(unit);
    outage.quantity = static_cast<int32_t>(outage.units.size());
  }
  return HitsOf(
      world_.Run({Take(words, "by", engine::LocalOperator().user)}, engine::CreateRecord{outage}));
}

std::string Script::Mend(absl::string_view text) {
  const Words parts = absl::StrSplit(text, absl::MaxSplits('@', 1));
  const std::string id = Tidy(parts[0]);
  if (parts.size() == 1) return HitsOf(world_.Run(engine::DeleteRecord{kOutages, id}));
  const Interval interval = Span(Tidy(parts[1]), zone_);
  engine::UpdateRecord<Outage> update;
  update.id = id;
  update.patch = [interval](const Outage& current) -> Result<Outage> {
    Outage next = current;
    next.interval = interval;
    next.open = false;
    return next;
  };
  return HitsOf(world_.Run(update));
}

std::string Script::HitsOf(const Result<engine::Decision>& decided) const {
  static constexpr const char* kWords[] = {"",          "rebound",     "moved",
                                           "cut short", "wait-listed", "cancelled"};
  if (!decided.ok()) return Word(decided.error());
  Words hits;
  for (const Hit& hit : std::get<Outage>(decided.value().result).hits) {
    hits.push_back(
        absl::StrCat(LabelOf(hit.reservation), " ", kWords[static_cast<int>(hit.outcome)]));
  }
  return hits.empty() ? "ok" : absl::StrCat("ok: ", absl::StrJoin(hits, ", "));
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
  command.draft.purpose = Take(words, "purpose");
  command.draft.project = Take(words, "project");
  command.draft.activity_class = ClassOf(Take(words, "class", "0"));
  command.hold_for = NumberOf(Take(words, "hold", "0"));
  command.draft.priority = NumberOf(Take(words, "priority", "0"));
  if (Take(words, "wait") == "yes") command.on_conflict = engine::OnConflict::kWaitList;
  if (Take(words, "displace") == "yes") command.on_conflict = engine::OnConflict::kDisplace;
  if (Take(words, "nearest") == "yes") command.on_conflict = engine::OnConflict::kNearest;
  command.draft.firm = Take(words, "firm") == "yes";
  command.draft.like_assets = Take(words, "like") == "yes";
  if (words.count("or") > 0) command.draft.choices.push_back({ItemsOf(Take(words, "or")), {}});
  command.draft.round = Take(words, "round");
  command.draft.value = NumberOf(Take(words, "value", "0"));
  command.draft.window = WindowOf(Take(words, "within"), zone_);
  const auto result = world_.Run({Take(words, "by", "ada")}, command, "", Take(words, "because"));
  if (!result.ok()) return Word(result.error());
  const auto& made = std::get<Reservation>(result.value().result);
  if (!label.empty()) ids_[label] = made.id;
  return Word(made);
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
    body = engine::EndAtDueTime{id};
  } else if (verb == "approve") {
    body = engine::ApproveReservation{id, etag};
  } else if (verb == "reject") {
    body = engine::RejectReservation{id, etag};
  } else if (verb == "accept") {
    body = engine::AcceptOffer{id, etag};
  } else if (verb == "checkin") {
    engine::CheckIn check_in{id, etag, {}};
    if (words.count("units") > 0) {
      const Words named = absl::StrSplit(Take(words, "units"), absl::ByAnyChar("=+"));
      check_in.units[named[0]] = {named.begin() + 1, named.end()};
    }
    body = check_in;
  } else if (verb == "checkout") {
    body = engine::CheckOut{id, etag, PartsOf(words)};
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
  const auto result = world_.Run(principal, body, "", Take(words, "because"));
  return result.ok() ? Word(std::get<Reservation>(result.value().result)) : Word(result.error());
}

std::string Script::Clock(Instant instant) const {
  return absl::AsciiStrToLower(
      absl::FormatTime("%a %H:%M", absl::FromUnixSeconds(instant), Zone(zone_)));
}

std::string Script::Seen(const Reservation& r) const {
  std::string seen = absl::StrCat(StateWord(r.state), " ", Clock(r.interval.start), "-",
                                  Clock(r.interval.end).substr(4));
  if (r.hold_expire_time != 0) absl::StrAppend(&seen, " until ", Clock(r.hold_expire_time));
  return seen;
}

std::string Script::UseOf(const Reservation& r) const {
  Words seen = {std::string(StateWord(r.state))};
  const auto add = [&](const char* word, Instant instant) {
    if (instant != 0) seen.push_back(absl::StrCat(word, " ", Clock(instant)));
  };
  add("in", r.use.check_in);
  for (const Return& part : r.returns) {
    add(absl::StrCat(part.item.asset, "*", part.item.quantity, " back").c_str(), part.time);
  }
  add("out", r.use.check_out);
  add("freed", r.use.freed);
  add("overdue until", r.use.close_by);
  if (r.use.problem == Problem::kForgottenCheckOut) seen.push_back("forgotten");
  for (const Note& note : r.notes) {
    if (note.kind == NoteKind::kWarning) seen.push_back("warned " + RuleWord(note.rule));
  }
  return absl::StrJoin(seen, ", ");
}

std::string Script::Word(const Reservation& granted) const {
  const bool usual =
      granted.state == ReservationState::kConfirmed || granted.state == ReservationState::kHeld ||
      granted.state == ReservationState::kCancelled ||
      granted.state == ReservationState::kRejected || granted.state == ReservationState::kExpired ||
      granted.state == ReservationState::kNoShow || granted.state == ReservationState::kCheckedIn ||
      granted.state == ReservationState::kCompleted;
  std::string word = usual ? "ok" : std::string(StateWord(granted.state));
  for (const Note& note : granted.notes) {
    if (note.kind == NoteKind::kNeedsApproval) continue;
    absl::StrAppend(&word, note.kind == NoteKind::kWarning ? ", warned " : ", overrode ",
                    RuleWord(note.rule));
  }
  return word;
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
