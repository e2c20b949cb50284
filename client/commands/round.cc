// round open, list, show, submit and delete.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/flexible_wish.h"
#include "client/commands/reservation_filter.h"
#include "client/commands/round_plan.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/time_grammar.h"
#include "labslot/v1/planning_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Reservation;
using v1::Round;
using Stub = v1::PlanningService::Stub;

struct RoundOptions {
  std::string round;
  std::vector<std::string> assets;
  std::string period;
  std::string deadline;
  std::string per_organisation;
  int per_user = 0;
  std::string name;
  std::string note;
  std::string reason;
  WriteFlags write;
};

std::string StateWords(const Round& round) {
  return EnumWords(Round::State_Name(round.state()), "STATE_");
}

std::string AssetsText(const Round& round, absl::string_view separator) {
  return absl::StrJoin(round.assets(), separator, [](std::string* out, const std::string& name) {
    absl::StrAppend(out, ShortName(name));
  });
}

void AddLine(absl::string_view what, const std::string& value, std::string* text) {
  if (value.empty()) return;
  absl::StrAppend(text, "  ", what, std::string(14 - what.size(), ' '), Printable(value), "\n");
}

Table RoundsTable(const std::vector<Round>& rounds,
                  const std::function<absl::TimeZone(const Round&)>& zone_of) {
  Table table;
  table.columns = {{"ROUND"},
                   {"STATE"},
                   {"PERIOD", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"DEADLINE", Shown::kPeople},
                   {"DEADLINE", Shown::kSheet},
                   {"ZONE"},
                   {"ASSETS", Shown::kAlways, false, true},
                   {"GRANTED", Shown::kWide, true},
                   {"REJECTED", Shown::kWide, true},
                   {"VALUE", Shown::kWide, true},
                   {"BOUND", Shown::kWide, true},
                   {"NAME", Shown::kWide, false, true}};
  table.when_empty = "no rounds";
  for (const Round& round : rounds) {
    const absl::TimeZone zone = zone_of(round);
    const absl::Time deadline = ToTime(round.deadline_time());
    table.rows.push_back(
        {ShortName(round.name()), StateWords(round), SpanText(round.interval(), zone),
         SheetTime(ToTime(round.interval().start_time()), zone),
         SheetTime(ToTime(round.interval().end_time()), zone), TimeText(deadline, zone),
         SheetTime(deadline, zone), zone.name(), AssetsText(round, ", "),
         absl::StrCat(round.granted_count()), absl::StrCat(round.rejected_count()),
         absl::StrCat(round.value()), absl::StrCat(round.bound()), round.display_name()});
  }
  return table;
}

absl::Status ShowOutcome(Session& session, const Round& round, absl::TimeZone zone,
                         const std::string& done, const WriteFlags& write) {
  return session.output.ShowText(round, RoundTable(round, zone), [&] {
    return absl::StrCat("Round ", Printable(ShortName(round.name())),
                        write.dry_run ? " would be " : " is ", done, ".", DryRunNote(write), "\n",
                        RoundText(round, zone));
  });
}

absl::Status ReadLimits(const RoundOptions& options, Round* round) {
  round->set_user_limit(options.per_user);
  if (options.per_organisation.empty()) return absl::OkStatus();
  const absl::StatusOr<absl::Duration> most = ParseDuration(options.per_organisation);
  if (!most.ok()) return most.status();
  *round->mutable_organisation_limit() = ToProtoDuration(*most);
  return absl::OkStatus();
}

absl::Status Open(Session& session, const RoundOptions& options) {
  v1::CreateRoundRequest request;
  request.set_round_id(ShortName(options.round));
  Round* round = request.mutable_round();
  for (const std::string& asset : options.assets) round->add_assets(FullName(kAssets, asset));
  const absl::StatusOr<TimeContext> times = TimesOfAsset(session, round->assets(0), "");
  if (!times.ok()) return times.status();
  const absl::StatusOr<TimeRange> period = ParseRange(options.period, *times, BareDay::kIsWholeDay);
  if (!period.ok()) return period.status();
  *round->mutable_interval() = ToInterval(period->start, period->end);
  const absl::StatusOr<absl::Time> deadline = ParseMoment(options.deadline, *times);
  if (!deadline.ok()) return deadline.status();
  *round->mutable_deadline_time() = ToTimestamp(*deadline);
  if (absl::Status status = ReadLimits(options, round); !status.ok()) return status;
  round->set_display_name(options.name);
  round->set_description(options.note);
  const absl::StatusOr<Round> made = Write(session, &Stub::CreateRound, request, options.write);
  if (!made.ok()) return made.status();
  return ShowOutcome(session, *made, times->zone, "open", options.write);
}

absl::Status List(Session& session, const RoundOptions&) {
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto reply =
      (*connection)
          ->ReadPages(&Stub::ListRounds, v1::ListRoundsRequest(),
                      std::function<int(const v1::ListRoundsResponse&)>(
                          [](const v1::ListRoundsResponse& page) { return page.rounds_size(); }));
  if (!reply.ok()) return reply.status();
  ZoneCache zones(session);
  return session.output.Show(
      *reply,
      RoundsTable({reply->rounds().begin(), reply->rounds().end()}, [&zones](const Round& round) {
        return zones.Of(round.assets().empty() ? "" : round.assets(0));
      }));
}

std::string FilterTime(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("\"%Y-%m-%dT%H:%M:%SZ\"", ToTime(time), absl::UTCTimeZone());
}

// The daemon lists reservations by asset, not by round. What others asked for is
// seen by those who manage the assets.
absl::StatusOr<std::vector<Reservation>> RequestsOf(Session& session, const Round& round) {
  std::vector<Reservation> requests;
  std::set<std::string> seen;
  for (const std::string& asset : round.assets()) {
    std::vector<std::string> terms;
    if (absl::Status status = AddNameTerm("asset", asset, &terms); !status.ok()) return status;
    terms.push_back(absl::StrCat("end_time > ", FilterTime(round.interval().start_time())));
    terms.push_back(absl::StrCat("start_time < ", FilterTime(round.interval().end_time())));
    terms.emplace_back("state = PENDING");
    const auto page = ListReservations(session, absl::StrJoin(terms, " AND "));
    if (!page.ok()) return page.status();
    for (const Reservation& one : page->reservations()) {
      if (one.round() == round.name() && seen.insert(one.name()).second) requests.push_back(one);
    }
  }
  return requests;
}

absl::Status Show(Session& session, const RoundOptions& options) {
  const absl::StatusOr<Round> round = GetRound(session, options.round);
  if (!round.ok()) return round.status();
  ZoneCache zones(session);
  const absl::TimeZone zone = zones.Of(round->assets().empty() ? "" : round->assets(0));
  const bool open = round->state() == Round::STATE_OPEN;
  absl::StatusOr<std::vector<Reservation>> requests = std::vector<Reservation>();
  if (open && session.output.ForPeople()) requests = RequestsOf(session, *round);
  if (!requests.ok()) return requests.status();
  return session.output.ShowText(*round, RoundTable(*round, zone), [&] {
    std::string text = absl::StrCat("Round ", Printable(ShortName(round->name())), " is ",
                                    StateWords(*round), ".\n", RoundText(*round, zone));
    if (!open) return text;
    if (requests->empty()) return absl::StrCat(text, "No requests that you may see.\n");
    const TableLayout layout{session.output.wide(), session.output.columns()};
    return absl::StrCat(text, LayOut(ReservationTable(*requests, zone, &zone), layout),
                        Count(static_cast<std::int64_t>(requests->size()), "request", "requests"),
                        " that you may see.\n");
  });
}

absl::Status Delete(Session& session, const RoundOptions& options) {
  const absl::StatusOr<Round> round = GetRound(session, options.round);
  if (!round.ok()) return round.status();
  v1::DeleteRoundRequest request;
  request.set_name(round->name());
  request.set_reason(options.reason);
  const absl::StatusOr<Round> deleted = Write(session, &Stub::DeleteRound, request, options.write);
  if (!deleted.ok()) return deleted.status();
  ZoneCache zones(session);
  return ShowOutcome(session, *deleted, zones.Of(round->assets().empty() ? "" : round->assets(0)),
                     "deleted", options.write);
}

// The deadline is now: no more requests, and it can be cleared.
absl::Status Close(Session& session, const RoundOptions& options) {
  const absl::StatusOr<Round> round = GetRound(session, options.round);
  if (!round.ok()) return round.status();
  v1::UpdateRoundRequest request;
  request.mutable_round()->set_name(round->name());
  request.mutable_round()->set_etag(round->etag());
  *request.mutable_round()->mutable_deadline_time() =
      ToTimestamp(absl::FromUnixSeconds(absl::ToUnixSeconds(session.environment.now())));
  request.mutable_update_mask()->add_paths("deadline_time");
  request.set_reason(options.reason);
  const absl::StatusOr<Round> changed = Write(session, &Stub::UpdateRound, request, options.write);
  if (!changed.ok()) return changed.status();
  ZoneCache zones(session);
  return ShowOutcome(session, *changed, zones.Of(round->assets().empty() ? "" : round->assets(0)),
                     "closed for requests", options.write);
}

using Act = absl::Status (*)(Session&, const RoundOptions&);

std::pair<CLI::App*, std::shared_ptr<RoundOptions>> AddAct(CLI::App& group, Session& session,
                                                           const std::string& name,
                                                           const std::string& help,
                                                           const std::vector<std::string>& examples,
                                                           Act act) {
  CLI::App* command = AddCommand(group, name, help, examples);
  auto options = std::make_shared<RoundOptions>();
  if (name != "list") {
    command->add_option("round", options->round, "Its id")->type_name("ROUND")->required();
  }
  command->callback([&session, options, act] {
    session.action = [&session, options, act] { return act(session, *options); };
  });
  return {command, options};
}

void AddOpen(CLI::App& group, Session& session) {
  const auto [open, options] =
      AddAct(group, session, "open", "Call for requests that are decided together",
             {"labslot round open spring sem tem --period 2027-04-01..2027-05-01 --deadline "
              "\"2027-03-20 17:00\"",
              "labslot round open rigs-june rigs --period \"2027-06-01..2027-07-01\" --deadline "
              "2027-05-20 --per-organisation 80h --per-user 3 --dry-run"},
             Open);
  open->add_option("assets", options->assets, "What it is about")
      ->type_name("ASSET...")
      ->required();
  open->add_option("--period", options->period, "When the runs lie")->type_name("TIME")->required();
  open->add_option("--deadline", options->deadline, "Until when requests are taken")
      ->type_name("TIME")
      ->required();
  open->add_option("--per-organisation", options->per_organisation,
                   "Most time that one organisation gets, times units (default: no limit)")
      ->type_name("LENGTH");
  open->add_option("--per-user", options->per_user,
                   "Most requests of one user that are granted (default: no limit)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  open->add_option("--name", options->name, "What people call it");
  open->add_option("--note", options->note, "What it is for and how it is decided");
  AddWriteFlags(open, &options->write);
}

void AddSubmit(CLI::App& group, Session& session) {
  CLI::App* submit =
      AddCommand(group, "submit", "Ask for something in a round, as book --round",
                 {"labslot round submit spring sem \"2027-04-05 9:00..17:00\" --value 500",
                  "labslot round submit spring sem \"2027-04-05 9:00..17:00\" --or fib-sem"});
  auto options = std::make_shared<BookOptions>();
  submit->add_option("round", options->round, "Which round")->type_name("ROUND")->required();
  AddWishOptions(submit, options.get());
  AddChoiceOptions(submit, options.get());
  AddValueOption(submit, options.get());
  AddRefusalOptions(submit, session, &options->override_reason);
  AddWriteFlags(submit, &options->write);
  submit->callback([&session, options] {
    session.action = [&session, options] { return Book(session, "book", *options); };
  });
}

}  // namespace

std::string RoundText(const Round& round, absl::TimeZone zone) {
  std::string text;
  const auto& interval = round.interval();
  AddLine("name", round.display_name(), &text);
  AddLine("assets", AssetsText(round, ", "), &text);
  AddLine("period",
          SpanTextWithZone(ToTime(interval.start_time()), ToTime(interval.end_time()), zone),
          &text);
  AddLine("deadline", TimeTextWithZone(ToTime(round.deadline_time()), zone), &text);
  if (round.has_organisation_limit()) {
    AddLine(
        "organisation",
        absl::StrCat(HoursText(ToDuration(round.organisation_limit())), " at most, times units"),
        &text);
  }
  if (round.user_limit() > 0) {
    AddLine("user", absl::StrCat(Count(round.user_limit(), "request", "requests"), " at most"),
            &text);
  }
  AddLine("note", round.description(), &text);
  if (round.state() == Round::STATE_CLEARED) {
    AddLine("outcome",
            absl::StrCat(round.granted_count(), " granted, ", round.rejected_count(),
                         " rejected; value ", round.value(), " of at most ", round.bound()),
            &text);
  }
  return text;
}

Table RoundTable(const Round& round, absl::TimeZone zone) {
  return RoundsTable({round}, [zone](const Round&) { return zone; });
}

void AddRoundCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddCommand(
      root, "round", "Requests that compete, decided together",
      {"labslot round list", "labslot round show spring", "labslot round clear spring --apply"});
  group->require_subcommand(1);
  AddOpen(*group, session);
  AddAct(*group, session, "list", "List rounds, by name",
         {"labslot round list", "labslot round list -o csv"}, List);
  AddAct(*group, session, "show", "Show a round and its requests",
         {"labslot round show spring", "labslot round show spring -o yaml"}, Show);
  AddSubmit(*group, session);
  AddRoundPlanCommands(*group, session);
  for (const auto& [name, help, act] : std::vector<std::tuple<std::string, std::string, Act>>{
           {"close", "Take no more requests: its deadline is now", Close},
           {"delete", "Remove a round that no request waits for", Delete}}) {
    const auto [command, options] =
        AddAct(*group, session, name, help,
               {absl::StrCat("labslot round ", name, " spring"),
                absl::StrCat("labslot round ", name, " spring --dry-run")},
               act);
    command->add_option("--reason", options->reason, "Why; kept with the change");
    AddWriteFlags(command, &options->write);
  }
}

}  // namespace labslot::client
