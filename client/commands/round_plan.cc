#include "client/commands/round_plan.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/commands/common.h"
#include "client/environment.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/settings.h"
#include "client/time_grammar.h"
#include "labslot/v1/planning_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::PlanAllocationResponse;
using Stub = v1::PlanningService::Stub;

// Of what the daemon needs beyond its search.
constexpr absl::Duration kPlanningMargin = absl::Seconds(10);
constexpr absl::Duration kUsualLimit = absl::Seconds(10);

struct RoundPlanOptions {
  std::string round;
  int seed = 0;
  std::string time_limit;
  bool apply = false;
  std::string plan_file;
  std::string reason;
  WriteFlags write;
};

double Share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string Percent(double share) { return absl::StrFormat("%.1f%%", 100 * share); }

std::string MethodText(PlanAllocationResponse::Method method) {
  switch (method) {
    case PlanAllocationResponse::NO_CONFLICT:
      return "all requests fit together";
    case PlanAllocationResponse::MINIMUM_COST_FLOW:
      return "minimum-cost flow, exact";
    case PlanAllocationResponse::INTEGER_PROGRAM:
      return "integer program";
    default:
      return "not told";
  }
}

Table PlanTable(const PlanAllocationResponse& plan, absl::TimeZone zone) {
  Table table;
  table.columns = {{"REQUEST"},
                   {"OUTCOME"},
                   {"VALUE", Shown::kAlways, true},
                   {"CHOICE", Shown::kWide, true},
                   {"WHEN", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"REASON", Shown::kAlways, false, false, true}};
  table.when_empty = "nobody asked for anything";
  for (const v1::Grant& grant : plan.grants()) {
    table.rows.push_back({ShortName(grant.reservation()), "granted", absl::StrCat(grant.value()),
                          absl::StrCat(grant.choice()), SpanText(grant.interval(), zone),
                          SheetTime(ToTime(grant.interval().start_time()), zone),
                          SheetTime(ToTime(grant.interval().end_time()), zone), zone.name(), ""});
  }
  for (const v1::Rejection& rejection : plan.rejections()) {
    table.rows.push_back({ShortName(rejection.reservation()), "rejected",
                          absl::StrCat(rejection.value()), "", "", "", "", zone.name(),
                          rejection.reason()});
  }
  return table;
}

Table SharesTable(const PlanAllocationResponse& plan) {
  Table table;
  table.columns = {{"ORGANISATION"},
                   {"REQUESTED", Shown::kAlways, true},
                   {"GRANTED", Shown::kAlways, true},
                   {"SHARE", Shown::kAlways, true}};
  for (const v1::OrganisationShare& share : plan.shares()) {
    const std::string name = ShortName(share.organisation());
    table.rows.push_back({name.empty() ? "(none)" : name, absl::StrCat(share.requested_value()),
                          absl::StrCat(share.granted_value()),
                          Percent(Share(share.granted_value(), share.requested_value()))});
  }
  return table;
}

// "Value 240 of at most 240, gap 0.0%, by minimum-cost flow, exact."
std::string FiguresText(const PlanAllocationResponse& plan) {
  const double gap = Share(plan.bound() - plan.value(), plan.bound());
  const double price = plan.value() == 0 ? 0 : 1 - Share(plan.fair_value(), plan.value());
  return absl::StrCat(
      Count(plan.grants_size(), "request", "requests"), " granted, ", plan.rejections_size(),
      " rejected.\n", "Value ", plan.value(), " of at most ", plan.bound(), ", gap ", Percent(gap),
      ": ", MethodText(plan.method()), ".\n", "Fairness ", absl::StrFormat("%.3f", plan.fairness()),
      "; the fairest choice has ", absl::StrFormat("%.3f", plan.fair_fairness()),
      ", at a price of ", Percent(price), " of the value.\n");
}

std::string PlanText(const Session& session, const PlanAllocationResponse& plan,
                     absl::TimeZone zone) {
  const TableLayout layout{session.output.wide(), session.output.columns()};
  const Table table = PlanTable(plan, zone);
  if (table.rows.empty()) return absl::StrCat(table.when_empty, "\n");
  std::string text = absl::StrCat(LayOut(table, layout), FiguresText(plan));
  if (!plan.shares().empty()) absl::StrAppend(&text, "\n", LayOut(SharesTable(plan), layout));
  return text;
}

absl::StatusOr<absl::TimeZone> ZoneOfRound(Session& session, const v1::Round& round) {
  return round.assets().empty() ? session.ZoneFor("") : ZoneOfAsset(session, round.assets(0), "");
}

// Waits for as long as the search may take.
absl::StatusOr<PlanAllocationResponse> AskForPlan(Session& session, const v1::Round& round,
                                                  const RoundPlanOptions& options) {
  v1::PlanAllocationRequest request;
  request.set_name(round.name());
  request.set_seed(options.seed);
  absl::Duration limit = kUsualLimit;
  if (!options.time_limit.empty()) {
    const absl::StatusOr<absl::Duration> read = ParseDuration(options.time_limit);
    if (!read.ok()) return read.status();
    limit = *read;
    *request.mutable_time_limit() = ToProtoDuration(limit);
  }
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<absl::Duration> usual = ParseDuration(session.timeout);
  if (!usual.ok()) return usual.status();
  (*connection)->set_timeout(std::max(*usual, limit + kPlanningMargin));
  return (*connection)->Read(&Stub::PlanAllocation, request);
}

absl::Status Plan(Session& session, const RoundPlanOptions& options) {
  const absl::StatusOr<v1::Round> round = GetRound(session, options.round);
  if (!round.ok()) return round.status();
  const absl::StatusOr<absl::TimeZone> zone = ZoneOfRound(session, *round);
  if (!zone.ok()) return zone.status();
  const absl::StatusOr<PlanAllocationResponse> plan = AskForPlan(session, *round, options);
  if (!plan.ok()) return plan.status();
  return session.output.ShowText(*plan, PlanTable(*plan, *zone),
                                 [&] { return PlanText(session, *plan, *zone); });
}

absl::Status Apply(Session& session, const v1::Round& round, const PlanAllocationResponse& plan,
                   absl::TimeZone zone, const std::string& before,
                   const RoundPlanOptions& options) {
  v1::ApplyAllocationRequest request;
  request.set_name(round.name());
  request.set_etag(plan.etag());
  for (const v1::Grant& grant : plan.grants()) {
    v1::Grant* added = request.add_grants();
    added->set_reservation(grant.reservation());
    added->set_choice(grant.choice());
  }
  for (const v1::Rejection& rejection : plan.rejections()) {
    v1::Rejection* added = request.add_rejections();
    added->set_reservation(rejection.reservation());
    added->set_reason(rejection.reason());
  }
  request.set_bound(plan.bound());
  request.set_reason(options.reason);
  const absl::StatusOr<v1::Round> cleared =
      Write(session, &Stub::ApplyAllocation, request, options.write);
  if (!cleared.ok()) return cleared.status();
  return session.output.ShowText(*cleared, RoundTable(*cleared, zone), [&] {
    return absl::StrCat(before, "Round ", Printable(ShortName(cleared->name())),
                        options.write.dry_run ? " would be " : " is ", "cleared.",
                        DryRunNote(options.write), "\n", RoundText(*cleared, zone));
  });
}

// How to go on from a plan that was only shown.
std::string NextText(const v1::Round& round, absl::Time now, absl::TimeZone zone) {
  const std::string id = Printable(ShortName(round.name()));
  const absl::Time deadline = ToTime(round.deadline_time());
  if (now < deadline) {
    return absl::StrCat("Nothing was changed. It takes requests until\n",
                        TimeTextWithZone(deadline, zone), ", and can be cleared after that.\nTo ",
                        "end that now: labslot round close ", id, "\n");
  }
  return absl::StrCat("Nothing was changed. To clear the round so: labslot round clear ", id,
                      " --apply\n");
}

absl::Status Clear(Session& session, const RoundPlanOptions& options) {
  const absl::StatusOr<v1::Round> round = GetRound(session, options.round);
  if (!round.ok()) return round.status();
  const absl::StatusOr<absl::TimeZone> zone = ZoneOfRound(session, *round);
  if (!zone.ok()) return zone.status();
  const absl::StatusOr<PlanAllocationResponse> plan = AskForPlan(session, *round, options);
  if (!plan.ok()) return plan.status();
  const std::string text = PlanText(session, *plan, *zone);
  if (options.apply) {
    return Apply(session, *round, *plan, *zone, absl::StrCat(text, "\n"), options);
  }
  return session.output.ShowText(*plan, PlanTable(*plan, *zone), [&] {
    return absl::StrCat(text, NextText(*round, session.environment.now(), *zone));
  });
}

absl::Status ApplyFile(Session& session, const RoundPlanOptions& options) {
  const absl::StatusOr<std::string> text = ReadWholeFile(options.plan_file);
  if (!text.ok()) return text.status();
  PlanAllocationResponse plan;
  const auto read = google::protobuf::util::JsonStringToMessage(*text, &plan);
  if (!read.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.plan_file,
        " is no plan as `labslot round plan -o json` writes it: ", std::string(read.message())));
  }
  const absl::StatusOr<v1::Round> round = GetRound(session, options.round);
  if (!round.ok()) return round.status();
  const absl::StatusOr<absl::TimeZone> zone = ZoneOfRound(session, *round);
  if (!zone.ok()) return zone.status();
  return Apply(session, *round, plan, *zone, "", options);
}

using Act = absl::Status (*)(Session&, const RoundPlanOptions&);

std::pair<CLI::App*, std::shared_ptr<RoundPlanOptions>> AddAct(
    CLI::App& group, Session& session, const std::string& name, const std::string& help,
    const std::vector<std::string>& examples, Act act) {
  CLI::App* command = AddCommand(group, name, help, examples);
  auto options = std::make_shared<RoundPlanOptions>();
  command->add_option("round", options->round, "Its id")->type_name("ROUND")->required();
  command->callback([&session, options, act] {
    session.action = [&session, options, act] { return act(session, *options); };
  });
  return {command, options};
}

void AddSearch(CLI::App* command, RoundPlanOptions* options) {
  command->add_option("--seed", options->seed, "Decides between choices that are worth the same")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--time-limit", options->time_limit,
                   "Most time for the search, up to 1m (default: 10s)")
      ->type_name("LENGTH");
}

void AddWrite(CLI::App* command, RoundPlanOptions* options) {
  command->add_option("--reason", options->reason, "Why; kept with the change");
  AddWriteFlags(command, &options->write);
}

}  // namespace

absl::StatusOr<v1::Round> GetRound(Session& session, const std::string& id) {
  v1::GetRoundRequest request;
  request.set_name(FullName(kRounds, id));
  return Read(session, &Stub::GetRound, request);
}

void AddRoundPlanCommands(CLI::App& group, Session& session) {
  const auto [plan, plan_options] = AddAct(
      group, session, "plan", "Which requests are worth most together; changes nothing",
      {"labslot round plan spring", "labslot round plan spring --seed 7 -o json > plan.json"},
      Plan);
  AddSearch(plan, plan_options.get());
  const auto [clear, clear_options] =
      AddAct(group, session, "clear", "Plan it, show the plan, and with --apply do it",
             {"labslot round clear spring", "labslot round clear spring --apply"}, Clear);
  AddSearch(clear, clear_options.get());
  clear->add_flag("--apply", clear_options->apply, "Grant and reject as planned");
  AddWrite(clear, clear_options.get());
  const auto [apply, apply_options] =
      AddAct(group, session, "apply", "Clear it by a plan that was saved, and perhaps edited",
             {"labslot round plan spring -o json > plan.json",
              "labslot round apply spring --plan plan.json --dry-run"},
             ApplyFile);
  apply->add_option("--plan", apply_options->plan_file, "The plan, as JSON")
      ->type_name("FILE")
      ->required();
  AddWrite(apply, apply_options.get());
}

}  // namespace labslot::client
