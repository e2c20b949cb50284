// utilisation.

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/utilisation_changes.h"
#include "client/commands/utilisation_query.h"
#include "client/output/time_text.h"
#include "client/period_grammar.h"
#include "client/utilisation_pictures.h"
#include "client/utilisation_tables.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::QueryUtilisationResponse;
using v1::UtilisationService;

constexpr int kLeastColumns = 60;
// Bars beside the table, where the line has room for them.
constexpr int kBarCells = 20;
constexpr int kColumnsForBars = 104;

absl::StatusOr<QueryUtilisationResponse> Ask(Session& session, const UtilisationQuery& query) {
  return Read(session, &UtilisationService::Stub::QueryUtilisation, query.request);
}

PictureStyle StyleOf(const Output& output) {
  PictureStyle style;
  if (output.columns() > 0) style.columns = std::max(kLeastColumns, output.columns());
  style.utf8 = output.utf8();
  style.colours = output.Colours();
  return style;
}

std::string Headline(const UtilisationQuery& query, const QueryUtilisationResponse& reply) {
  return absl::StrCat("Period ",
                      SpanTextWithZone(query.period.start, query.period.end, query.times.zone),
                      ", as of revision ", reply.revision(), "\n");
}

std::string Picture(const UtilisationReport& report, const UtilisationOptions& options,
                    const PictureStyle& style) {
  if (options.heat_map) return HeatMap(report, options.by.empty(), style);
  return options.spark ? Sparks(report, style) : StateBars(report, style);
}

// Below the others, where it was asked for.
std::string Extras(const UtilisationReport& report, const UtilisationOptions& options,
                   const TableLayout& layout) {
  std::string text;
  if (options.lead_times) absl::StrAppend(&text, "\n", LayOut(DemandTable(report), layout));
  if (options.ratios.empty()) return text;
  return absl::StrCat(text, "\n", LayOut(RatioTable(report), layout));
}

Table TableFor(const UtilisationReport& report, const Output& output) {
  if (output.format() == Format::kCsv) return SheetTable(report);
  if (output.wide()) return StateTable(report);
  const bool wide = output.columns() == 0 || output.columns() >= kColumnsForBars;
  return UseTable(report, wide ? kBarCells : 0, output.utf8());
}

// Leaves those who used most, the first of them first.
void KeepTop(int top, QueryUtilisationResponse* reply) {
  const auto used = [](const v1::UtilisationRow& row) {
    return row.used_seconds() + row.overrun_seconds();
  };
  auto& rows = *reply->mutable_rows();
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const auto& a, const auto& b) { return used(a) > used(b); });
  const auto idle =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return used(row) == 0; });
  const int most = std::min(top, static_cast<int>(idle - rows.begin()));
  rows.DeleteSubrange(most, rows.size() - most);
}

absl::Status ShowReport(Session& session, const UtilisationOptions& options,
                        const UtilisationQuery& query) {
  absl::StatusOr<QueryUtilisationResponse> reply = Ask(session, query);
  if (!reply.ok()) return reply.status();
  if (options.top > 0) KeepTop(options.top, &*reply);
  const UtilisationReport report{*reply, query.grouping, query.request.bucket()};
  const Table table = TableFor(report, session.output);
  return session.output.ShowText(*reply, table, [&]() -> std::string {
    if (table.rows.empty()) return absl::StrCat(table.when_empty, "\n");
    const std::string head = Headline(query, *reply);
    if (options.heat_map || options.spark || options.bars) {
      return absl::StrCat(head, Picture(report, options, StyleOf(session.output)));
    }
    const TableLayout layout{session.output.wide(), session.output.columns()};
    return absl::StrCat(head, LayOut(table, layout), session.output.wide() ? "" : UseLegend(report),
                        Extras(report, options, layout));
  });
}

absl::Status Compare(Session& session, const UtilisationOptions& options,
                     const UtilisationQuery& query) {
  const Format format = session.output.format();
  if (format == Format::kJson || format == Format::kYaml) {
    return absl::InvalidArgumentError(
        "--compare: it has no JSON; ask for each period by itself, or take -o csv");
  }
  const absl::StatusOr<TimeRange> other =
      ParseOtherPeriod(options.compare, query.period, query.times);
  if (!other.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--compare: ", other.status().message()));
  }
  const absl::StatusOr<QueryUtilisationResponse> now = Ask(session, query);
  if (!now.ok()) return now.status();
  UtilisationQuery earlier = query;
  earlier.period = *other;
  *earlier.request.mutable_interval() = ToInterval(other->start, other->end);
  const absl::StatusOr<QueryUtilisationResponse> before = Ask(session, earlier);
  if (!before.ok()) return before.status();
  const Bucket bucket = query.request.bucket();
  const Table table = CompareTable({*now, query.grouping, bucket},
                                   {*before, query.grouping, bucket}, session.output.ForPeople());
  return session.output.ShowText(*now, table, [&]() -> std::string {
    if (table.rows.empty()) return absl::StrCat(table.when_empty, "\n");
    return absl::StrCat(Headline(query, *now), "Before ", Headline(earlier, *before).substr(7),
                        LayOut(table, {session.output.wide(), session.output.columns()}),
                        "Hours. OCCUPANCY: reserved hours by opening hours. POINTS: percentage "
                        "points.\n");
  });
}

absl::Status ShowUtilisation(Session& session, const UtilisationOptions& options) {
  const absl::StatusOr<UtilisationQuery> query = ReadUtilisation(session, options);
  if (!query.ok()) return query.status();
  return options.compare.empty() ? ShowReport(session, options, *query)
                                 : Compare(session, options, *query);
}

void AddPictures(CLI::App* command, CLI::Option* bucket, UtilisationOptions* options) {
  CLI::Option* heat_map = command->add_flag("--heat-map", options->heat_map,
                                            "By hour of the week: how much was used or is booked");
  CLI::Option* spark = command->add_flag("--spark", options->spark,
                                         "A line for each group, with the course of its occupancy");
  CLI::Option* bars =
      command->add_flag("--bars", options->bars, "A bar for each bucket, with all its states");
  CLI::Option* compare =
      command
          ->add_option("--compare", options->compare,
                       "Beside another period: last-year, last-month and so on for the same dates "
                       "then, before for as many days just before, or a period")
          ->type_name("PERIOD");
  CLI::Option* top = command
                         ->add_option("--top", options->top,
                                      "Only so many groups: those who used most, the first first")
                         ->type_name("N")
                         ->check(CLI::Range(1, 1000).description(""));
  top->excludes(bucket)->excludes(heat_map)->excludes(compare);
  heat_map->excludes(spark)->excludes(bars)->excludes(compare)->excludes(bucket);
  spark->excludes(bars)->excludes(compare);
  bars->excludes(compare);
  compare->excludes(bucket);
}

}  // namespace

void AddUtilisationCommand(CLI::App& root, Session& session) {
  CLI::App* command = AddCommand(
      root, "utilisation", "How assets are used, second by second: tables, pictures, ratios",
      {"labslot utilisation make-lab --period 2027-Q1 --bucket month",
       "labslot utilisation --by organisation-kind,access-mode --period last-year --ratio all",
       "labslot utilisation sem --heat-map --from -91d",
       "labslot utilisation --where 'kind = \"sem\"' --spark --period this-year",
       "labslot utilisation sem --bars --period last-month --bucket week",
       "labslot utilisation --period 2027-Q1 --compare last-year",
       "labslot utilisation --by user --top 10 --period last-month",
       "labslot utilisation --by quota,asset --quota rdi-sem --period 2027",
       "labslot utilisation --period 2026 --as-of 48211 -o csv    # the report of that day again",
       "labslot utilisation changes 2026 --from-revision 48211"});
  auto options = std::make_shared<UtilisationOptions>();
  AddPictures(command, AddUtilisationOptions(command, options.get()), options.get());
  AddUtilisationChanges(*command, session);
  command->callback([&session, options, command] {
    if (!command->get_subcommands().empty()) {
      for (const CLI::Option* option : command->get_options()) {
        if (option->count() == 0) continue;
        throw CLI::ValidationError(option->get_name(),
                                   "does not go with `utilisation changes`; write it as in "
                                   "`labslot utilisation changes 2027-Q1 --from-revision 813`");
      }
      return;
    }
    session.action = [&session, options] { return ShowUtilisation(session, *options); };
  });
}

}  // namespace labslot::client
