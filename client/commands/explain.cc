// explain.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/explain_rule.h"
#include "client/names.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/refusal_text.h"
#include "client/rule_words.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::ReservationService;
using v1::RuleVerdict;

std::string MarkOf(const RuleVerdict& verdict) {
  if (!verdict.broken()) return "ok";
  switch (verdict.rule().effect()) {
    case v1::RULE_EFFECT_WARN:
      return "warning";
    case v1::RULE_EFFECT_NEEDS_APPROVAL:
      return "approval";
    default:
      return "BROKEN";
  }
}

Table VerdictTable(const v1::ExplainResponse& answer) {
  Table table;
  table.columns = {{"RULE", Shown::kAlways, false, false, true},
                   {"VERDICT"},
                   {"ASSET"},
                   {"LIMIT", Shown::kAlways, false, false, true},
                   {"FOUND", Shown::kAlways, false, false, true},
                   {"FROM"},
                   {"SCOPE", Shown::kWide},
                   {"OVERRIDABLE-BY", Shown::kWide},
                   {"REASON", Shown::kWide}};
  table.when_empty = "no rules apply";
  for (const RuleVerdict& verdict : answer.verdicts()) {
    const v1::Violation& rule = verdict.rule();
    table.rows.push_back({std::string(WordsOf(rule.rule()).title), MarkOf(verdict),
                          ShortName(rule.asset()), rule.limit(), rule.found(),
                          ShortName(rule.source()), rule.scope(),
                          absl::StrJoin(rule.overridable_by(), ", "), rule.message()});
  }
  return table;
}

std::string Conclusion(Session& session, const v1::ExplainResponse& answer, absl::TimeZone zone) {
  if (answer.has_refusal()) {
    return absl::StrCat("It would be refused:\n",
                        RefusalText(answer.refusal(), zone, session.alternative_command,
                                    RemarkFor(session), session.output.columns()));
  }
  return answer.needs_approval() ? "It would pass, and await approval.\n" : "It would pass.\n";
}

// One word without a time is a reservation.
bool NamesReservation(const BookOptions& options) {
  return options.words.size() == 1 && options.at.empty() &&
         (CollectionOf(options.words[0]) == kReservations ||
          absl::ascii_isdigit(static_cast<unsigned char>(options.words[0][0])));
}

absl::StatusOr<absl::TimeZone> ReadTarget(Session& session, const BookOptions& options,
                                          v1::ExplainRequest* request) {
  if (!NamesReservation(options)) {
    absl::StatusOr<Wish> wish = ReadWish(session, "explain", options);
    if (!wish.ok()) return wish.status();
    *request->mutable_reservation() = std::move(wish->reservation);
    const absl::TimeZone zone = wish->times.zone;
    session.alternative_command = [&options, zone](const v1::Alternative& alternative) {
      return PasteLine("book", options, alternative, zone);
    };
    return zone;
  }
  request->set_name(FullName(kReservations, options.words[0]));
  v1::GetReservationRequest get;
  get.set_name(request->name());
  const absl::StatusOr<v1::Reservation> found =
      Read(session, &ReservationService::Stub::GetReservation, get);
  if (!found.ok()) return found.status();
  return session.ZoneFor(found->time_zone());
}

absl::Status Explain(Session& session, const BookOptions& options) {
  v1::ExplainRequest request;
  const absl::StatusOr<absl::TimeZone> zone = ReadTarget(session, options, &request);
  if (!zone.ok()) return zone.status();
  const absl::StatusOr<v1::ExplainResponse> answer =
      Read(session, &ReservationService::Stub::Explain, request);
  if (!answer.ok()) return answer.status();
  const Table table = VerdictTable(*answer);
  return session.output.ShowText(*answer, table, [&] {
    return absl::StrCat(table.rows.empty()
                            ? absl::StrCat(table.when_empty, "\n")
                            : LayOut(table, {session.output.wide(), session.output.columns()}),
                        Conclusion(session, *answer, *zone));
  });
}

}  // namespace

void AddExplainCommand(CLI::App& root, Session& session) {
  CLI::App* command =
      AddCommand(root, "explain", "What every rule says of a reservation, made or only wished for",
                 {"labslot explain 1042", "labslot explain sem tomorrow 9:00..18:00",
                  "labslot explain rigs:3 \"mon 14:00 +2h\" --user bob --explain"});
  auto options = std::make_shared<BookOptions>();
  AddWishOptions(command, options.get());
  command->add_flag("--explain", session.explain, "Tell each broken rule in words for a newcomer");
  command->callback([&session, options] {
    session.action = [&session, options] { return Explain(session, *options); };
  });
}

}  // namespace labslot::client
