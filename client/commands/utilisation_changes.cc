#include "client/commands/utilisation_changes.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/common.h"
#include "client/commands/utilisation_query.h"
#include "client/machine_text.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/period_grammar.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Event;
using v1::ListUseChangesRequest;
using v1::ListUseChangesResponse;

// What one answer holds at most.
constexpr int kMostEvents = 1000;

struct ChangesOptions {
  std::vector<std::string> period;
  std::vector<std::string> assets;
  std::int64_t from_revision = 0;
  std::int64_t to_revision = 0;
};

bool IsMore(const ListUseChangesRequest& request, const ListUseChangesResponse& page) {
  if (page.revision() <= request.from_revision()) return false;
  if (request.to_revision() > 0) return page.revision() < request.to_revision();
  return page.events_size() >= kMostEvents;
}

// Reads on until the end.
absl::StatusOr<ListUseChangesResponse> ReadAll(Session& session, ListUseChangesRequest request) {
  ListUseChangesResponse all;
  while (true) {
    const absl::StatusOr<ListUseChangesResponse> page =
        Read(session, &v1::UtilisationService::Stub::ListUseChanges, request);
    if (!page.ok()) return page.status();
    all.MergeFrom(*page);
    if (!IsMore(request, *page)) return all;
    request.set_from_revision(page->revision());
  }
}

// "rigs:2  Sat 2027-03-27 09:00-11:00", where it is a reservation.
std::string UseText(const Event& event, absl::TimeZone zone) {
  if (event.has_outage()) return ShortName(event.outage().asset());
  if (event.has_machine_report()) {
    const v1::MachineReport& report = event.machine_report();
    return absl::StrCat(MachineText(report), ", ", LengthsByState(report), ", ",
                        SpanText(StartOf(report), EndOf(report), zone));
  }
  if (!event.has_reservation()) return "";
  const v1::Reservation& one = event.reservation();
  return absl::StrCat(ItemsText(one.items()), ", ", SpanText(one.interval(), ZoneOf(one, zone)));
}

Table ChangesTable(const ListUseChangesResponse& reply, absl::TimeZone zone) {
  Table table;
  table.columns = {{"REVISION", Shown::kAlways, true},
                   {"TIME"},
                   {"ZONE", Shown::kSheet},
                   {"WHO"},
                   {"WHAT"},
                   {"RECORD"},
                   {"OF", Shown::kWide},
                   {"WHY", Shown::kAlways, false, false, true}};
  table.when_empty = "nothing that the report is made from has changed";
  for (const Event& event : reply.events()) {
    table.rows.push_back({absl::StrCat(event.revision()), SheetTime(ToTime(event.time()), zone),
                          zone.name(), ShortName(event.actor()),
                          EnumWords(Event::Type_Name(event.type()), ""), event.resource_name(),
                          UseText(event, zone), event.reason()});
  }
  return table;
}

absl::Status ShowChanges(Session& session, const ChangesOptions& options) {
  if (options.to_revision > 0 && options.to_revision < options.from_revision) {
    return absl::InvalidArgumentError(absl::StrCat("--to-revision: ", options.to_revision,
                                                   " is before --from-revision ",
                                                   options.from_revision));
  }
  const absl::StatusOr<TimeContext> times = TimesOfAssets(session, options.assets);
  if (!times.ok()) return times.status();
  TimeRange period = CurrentMonth(*times);
  if (!options.period.empty()) {
    const absl::StatusOr<TimeRange> read = ParsePeriod(absl::StrJoin(options.period, " "), *times);
    if (!read.ok()) return read.status();
    period = *read;
  }
  ListUseChangesRequest request;
  for (const std::string& name : options.assets) request.add_assets(FullName(kAssets, name));
  *request.mutable_interval() = ToInterval(period.start, period.end);
  request.set_from_revision(options.from_revision);
  request.set_to_revision(options.to_revision);
  const absl::StatusOr<ListUseChangesResponse> reply = ReadAll(session, request);
  if (!reply.ok()) return reply.status();
  const Table table = ChangesTable(*reply, times->zone);
  return session.output.ShowText(*reply, table, [&] {
    const std::string head = absl::StrCat(
        "Uses in ", SpanTextWithZone(period.start, period.end, times->zone),
        ", changed after revision ", options.from_revision, " and up to ", reply->revision(), "\n");
    if (table.rows.empty()) return absl::StrCat(head, table.when_empty, "\n");
    return absl::StrCat(head, LayOut(table, {session.output.wide(), session.output.columns()}));
  });
}

}  // namespace

void AddUtilisationChanges(CLI::App& utilisation, Session& session) {
  CLI::App* command = AddCommand(
      utilisation, "changes", "Why the same report differs from an earlier one",
      {"labslot utilisation changes 2026 --from-revision 48211",
       "labslot utilisation changes 2027-Q1 --asset sem --from-revision 813 --to-revision 990"});
  auto options = std::make_shared<ChangesOptions>();
  command
      ->add_option("period", options->period,
                   "Of the report, such as 2027-Q1 (default: the current month)")
      ->type_name("PERIOD");
  command->add_option("--asset", options->assets, "Of this asset; may be repeated")
      ->type_name("ASSET")
      ->allow_extra_args(false);
  command
      ->add_option("--from-revision", options->from_revision,
                   "That of the earlier report, as its first line says")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber)
      ->required();
  command->add_option("--to-revision", options->to_revision, "That of the later one (default: now)")
      ->type_name("M")
      ->check(CLI::PositiveNumber);
  command->callback([&session, options] {
    session.action = [&session, options] { return ShowChanges(session, *options); };
  });
}

}  // namespace labslot::client
