// plan displacement.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/flexible_wish.h"
#include "client/commands/hits_text.h"
#include "client/explain_rule.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/refusal_text.h"
#include "labslot/v1/planning_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::PlanDisplacementResponse;
using v1::PlannedDisplacement;

std::string NumberText(double number) { return absl::StrFormat("%.4g", number); }

Table DisplacedTable(const PlanDisplacementResponse& plan, absl::TimeZone zone) {
  Table table;
  table.columns = {{"RESERVATION"},
                   {"OUTCOME"},
                   {"HARM", Shown::kAlways, true},
                   {"ASSETS", Shown::kSheet},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"MESSAGE", Shown::kAlways, false, false, true}};
  table.when_empty = "nobody would have to give way";
  for (const PlannedDisplacement& one : plan.displaced()) {
    const bool moves = one.has_interval();
    table.rows.push_back({HitName(one.hit()), OutcomeText(one.hit().outcome()),
                          NumberText(one.harm()), ItemsText(one.items()),
                          moves ? SheetTime(ToTime(one.interval().start_time()), zone) : "",
                          moves ? SheetTime(ToTime(one.interval().end_time()), zone) : "",
                          zone.name(), one.hit().message()});
  }
  return table;
}

std::string PlanText(Session& session, const PlanDisplacementResponse& plan, const Table& table,
                     absl::TimeZone zone) {
  if (plan.has_refusal()) {
    return absl::StrCat("It would be refused:\n",
                        RefusalText(plan.refusal(), zone, session.alternative_command,
                                    RemarkFor(session), session.output.columns()));
  }
  const v1::Reservation& made = plan.reservation();
  std::string text =
      absl::StrCat("It would be ", StateText(made.state()), ": ", ItemsText(made.items()), ", ",
                   SpanText(made.interval(), zone), " ", zone.name(), ".\n");
  if (table.rows.empty()) return absl::StrCat(text, "Nobody would have to give way.\n");
  return absl::StrCat(text, LayOut(table, {session.output.wide(), session.output.columns()}),
                      "Harm ", NumberText(plan.harm()), ", worth ", NumberText(plan.worth()),
                      ", in weighted unit-hours.\n");
}

absl::Status PlanDisplacement(Session& session, const BookOptions& options) {
  absl::StatusOr<Wish> wish = ReadWish(session, "plan displacement", options);
  if (!wish.ok()) return wish.status();
  v1::PlanDisplacementRequest request;
  *request.mutable_reservation() = std::move(wish->reservation);
  const absl::TimeZone zone = wish->times.zone;
  session.alternative_command = [&options, zone](const v1::Alternative& alternative) {
    return PasteLine("book", options, alternative, zone);
  };
  const absl::StatusOr<PlanDisplacementResponse> plan =
      Read(session, &v1::PlanningService::Stub::PlanDisplacement, request);
  if (!plan.ok()) return plan.status();
  const Table table = DisplacedTable(*plan, zone);
  return session.output.ShowText(*plan, table,
                                 [&] { return PlanText(session, *plan, table, zone); });
}

}  // namespace

void AddPlanCommands(CLI::App& root, Session& session) {
  CLI::App* plan = AddCommand(root, "plan", "What would become of others",
                              {"labslot plan displacement sem mon 9:00..12:00 --priority 9",
                               "labslot plan displacement rigs:3 \"tue 8:00 +8h\" -o json"});
  plan->require_subcommand(1);
  CLI::App* displacement =
      AddCommand(*plan, "displacement", "Whom a request would displace, and with how much harm",
                 {"labslot plan displacement sem mon 9:00..12:00 --priority 9",
                  "labslot plan displacement rigs:3 \"tue 8:00 +8h\" --user anna -o json"});
  auto options = std::make_shared<BookOptions>();
  AddWishOptions(displacement, options.get());
  AddWindowOptions(displacement, options.get());
  AddChoiceOptions(displacement, options.get());
  displacement->add_flag("--explain", session.explain,
                         "If it would be refused, tell each rule in words for a newcomer");
  displacement->callback([&session, options] {
    session.action = [&session, options] { return PlanDisplacement(session, *options); };
  });
}

}  // namespace labslot::client
