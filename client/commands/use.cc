// correct and problems: what is on record of uses that are over.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/outcome.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/time_grammar.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::CorrectUseRequest;
using v1::Reservation;
using v1::ReservationService;

struct CorrectOptions {
  std::string reservation;
  std::string reason;
  std::string from;
  std::string to;
  bool used = false;
  bool nobody_came = false;
  // What is not given stays as it is.
  std::optional<std::string> activity_class;
  std::optional<std::string> activity_reason;
  std::optional<std::string> access;
  std::optional<std::string> purpose;
  std::optional<std::string> project;
  std::optional<std::string> funding;
  std::optional<std::string> on_behalf_of;
  WriteFlags write;
};

// A time of day alone is the first one at or after midnight of the day of `base`,
// or after `base` itself.
absl::StatusOr<absl::Time> ReadMoment(absl::string_view flag, const std::string& text,
                                      absl::Time base, bool after_base, const TimeContext& times) {
  for (const absl::Duration later : {absl::ZeroDuration(), absl::Hours(24)}) {
    const std::string day = absl::FormatTime("%Y-%m-%d", base + later, times.zone);
    const absl::StatusOr<absl::Time> on_day = ParseMoment(absl::StrCat(day, " ", text), times);
    if (on_day.ok() && (!after_base || *on_day > base)) return *on_day;
  }
  const absl::StatusOr<absl::Time> moment = ParseMoment(text, times);
  if (moment.ok()) return *moment;
  return absl::InvalidArgumentError(absl::StrCat(flag, ": ", moment.status().message()));
}

absl::Status ReadTimes(const CorrectOptions& options, const Reservation& before,
                       const TimeContext& times, CorrectUseRequest* request) {
  absl::Time start = ToTime(before.interval().start_time());
  if (!options.from.empty()) {
    const absl::StatusOr<absl::Time> from = ReadMoment("--from", options.from, start, false, times);
    if (!from.ok()) return from.status();
    start = *from;
    *request->mutable_check_in_time() = ToTimestamp(start);
  } else if (before.has_check_in_time()) {
    start = ToTime(before.check_in_time());
  }
  if (options.to.empty()) return absl::OkStatus();
  const absl::StatusOr<absl::Time> to = ReadMoment("--to", options.to, start, true, times);
  if (!to.ok()) return to.status();
  if (*to <= start) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--to: ", TimeTextWithZone(*to, times.zone), " is not after the begin of the use, ",
        TimeText(start, times.zone), "; say when it began with --from, or a later end"));
  }
  *request->mutable_check_out_time() = ToTimestamp(*to);
  return absl::OkStatus();
}

// Sets the field, if its option was given, and names it in the mask.
void SetWord(const std::optional<std::string>& word, const std::string& field,
             CorrectUseRequest* request) {
  if (!word.has_value()) return;
  Reservation* use = request->mutable_reservation();
  use->GetReflection()->SetString(use, use->GetDescriptor()->FindFieldByName(field), *word);
  request->mutable_update_mask()->add_paths(field);
}

absl::Status ReadWords(const CorrectOptions& options, CorrectUseRequest* request) {
  Reservation* use = request->mutable_reservation();
  if (options.activity_class.has_value()) {
    if (absl::Status status = ReadClass(*options.activity_class, use); !status.ok()) return status;
    request->mutable_update_mask()->add_paths("activity_class");
  }
  SetWord(options.activity_reason, "activity_reason", request);
  if (options.access.has_value()) {
    if (absl::Status status = ReadAccess(*options.access, use); !status.ok()) return status;
    request->mutable_update_mask()->add_paths("access_mode");
  }
  SetWord(options.purpose, "purpose", request);
  SetWord(options.project, "project", request);
  SetWord(options.funding, "funding", request);
  if (options.on_behalf_of.has_value()) {
    SetWord(FullName(kOrganisations, *options.on_behalf_of), "on_behalf_of", request);
  }
  return absl::OkStatus();
}

absl::StatusOr<Reservation> GetReservation(Session& session, const std::string& name) {
  v1::GetReservationRequest request;
  request.set_name(FullName(kReservations, name));
  return Read(session, &ReservationService::Stub::GetReservation, request);
}

// At the version that was seen.
absl::Status Correct(Session& session, const CorrectOptions& options) {
  const absl::StatusOr<Reservation> before = GetReservation(session, options.reservation);
  if (!before.ok()) return before.status();
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(before->time_zone());
  if (!zone.ok()) return zone.status();
  CorrectUseRequest request;
  request.set_name(before->name());
  request.set_etag(before->etag());
  request.set_reason(options.reason);
  if (options.used) request.set_outcome(CorrectUseRequest::USED);
  if (options.nobody_came) request.set_outcome(CorrectUseRequest::NOBODY_CAME);
  const TimeContext times{session.environment.now(), *zone};
  if (absl::Status status = ReadTimes(options, *before, times, &request); !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadWords(options, &request); !status.ok()) return status;
  const absl::StatusOr<Reservation> corrected =
      Write(session, &ReservationService::Stub::CorrectUse, request, options.write);
  if (!corrected.ok()) return corrected.status();
  const bool as_it_is = options.from.empty() && options.to.empty() && !options.used &&
                        !options.nobody_came && request.update_mask().paths().empty();
  return ShowOutcome(session, *corrected, as_it_is ? "settled as it is" : "corrected",
                     options.write);
}

void AddCorrectWords(CLI::App* command, CorrectOptions* options) {
  const auto add = [&](const char* name, std::optional<std::string>* word, const char* type,
                       const char* help) {
    // An optional of its own would take an empty word for none at all.
    command
        ->add_option_function<std::string>(
            name, [word](const std::string& text) { *word = text; }, help)
        ->type_name(type);
  };
  add("--class", &options->activity_class, "CLASS",
      "Activity class for funding, such as education or contract-research");
  add("--activity-reason", &options->activity_reason, "TEXT",
      "Why it is of that class (default for a new class: --reason)");
  add("--access", &options->access, "MODE", "How access was given: excellence, market or wide");
  add("--purpose", &options->purpose, "TEXT", "What it was for, in words");
  add("--project", &options->project, "TEXT", "The project it is charged to");
  add("--funding", &options->funding, "TEXT", "The programme that pays");
  add("--on-behalf-of", &options->on_behalf_of, "ORG", "For which other organisation it was");
}

void AddCorrect(CLI::App& root, Session& session) {
  CLI::App* command = AddCommand(
      root, "correct", "Set right what is on record of a use that is over",
      {"labslot correct 1042 --reason \"asked anna\"       # settles the problem as it is",
       "labslot correct 1042 --to 15:30 --reason \"the door log says so\"",
       "labslot correct 1042 --nobody-came --reason \"it was never switched on\"",
       "labslot correct 1042 --class contract-research --funding \"\" --reason \"invoice 77\""});
  auto options = std::make_shared<CorrectOptions>();
  command->add_option("reservation", options->reservation, "Its id, such as 1042")
      ->type_name("RESERVATION")
      ->required();
  command->add_option("--reason", options->reason, "Why; kept with the change")->required();
  CLI::Option* from =
      command
          ->add_option("--from", options->from,
                       "When the use began; a time alone is of the day on which the run starts")
          ->type_name("TIME");
  CLI::Option* to =
      command
          ->add_option("--to", options->to, "When it ended; a time alone is the first after that")
          ->type_name("TIME");
  CLI::Option* used = command->add_flag("--used", options->used, "It was used after all");
  command->add_flag("--nobody-came", options->nobody_came, "It was not used: nobody came")
      ->excludes(used)
      ->excludes(from)
      ->excludes(to);
  AddCorrectWords(command, options.get());
  AddWriteFlags(command, &options->write);
  command->callback([&session, options] {
    session.action = [&session, options] { return Correct(session, *options); };
  });
}

Table ProblemTable(const v1::ListProblemsResponse& reply, absl::TimeZone fallback) {
  Table table;
  table.columns = {{"RESERVATION"},
                   {"ASSET", Shown::kAlways, false, false, true},
                   {"WHO"},
                   {"WHEN", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"PROBLEM", Shown::kAlways, false, false, true}};
  table.when_empty = "no problems: everything on record is clear";
  for (const Reservation& one : reply.reservations()) {
    const absl::TimeZone zone = ZoneOf(one, fallback);
    const absl::Time start = ToTime(one.interval().start_time());
    const absl::Time end = ToTime(one.interval().end_time());
    table.rows.push_back({ShortName(one.name()), ItemsText(one.items()),
                          ShortName(one.user().empty() ? one.organisation() : one.user()),
                          SpanText(start, end, zone), SheetTime(start, zone), SheetTime(end, zone),
                          zone.name(), ProblemText(one.problem())});
  }
  return table;
}

absl::Status ListProblems(Session& session) {
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto reply =
      (*connection)
          ->ReadPages(
              &ReservationService::Stub::ListProblems, v1::ListProblemsRequest(),
              std::function<int(const v1::ListProblemsResponse&)>(
                  [](const v1::ListProblemsResponse& page) { return page.reservations_size(); }));
  if (!reply.ok()) return reply.status();
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor("");
  if (!zone.ok()) return zone.status();
  const Table table = ProblemTable(*reply, *zone);
  return session.output.ShowText(*reply, table, [&]() -> std::string {
    if (table.rows.empty()) return absl::StrCat(table.when_empty, "\n");
    return absl::StrCat(LayOut(table, {session.output.wide(), session.output.columns()}),
                        "To settle one: labslot correct ", Printable(table.rows[0][0]),
                        " --reason \"...\", with --to TIME or --nobody-came if it was so.\n");
  });
}

void AddProblems(CLI::App& root, Session& session) {
  CLI::App* command =
      AddCommand(root, "problems", "Uses about which something is not clear, oldest first",
                 {"labslot problems", "labslot problems -o csv"});
  command->callback([&session] { session.action = [&session] { return ListProblems(session); }; });
}

}  // namespace

void AddUseCommands(CLI::App& root, Session& session) {
  AddCorrect(root, session);
  AddProblems(root, session);
}

}  // namespace labslot::client
