// utilisation.

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/places.h"
#include "client/time_grammar.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::QueryUtilisationRequest;
using v1::UtilisationRow;
using v1::UtilisationService;

// Bars are this long where the line has room for it, and half of it elsewhere.
constexpr int kBarCells = 20;
constexpr int kColumnsForLongBars = 100;

struct UtilisationOptions {
  std::vector<std::string> assets;
  std::string from;
  std::string to;
  std::string bucket = "none";
};

std::string Hours(std::int64_t seconds) {
  return absl::StrFormat("%.1f", static_cast<double>(seconds) / 3600);
}

double Share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string Percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? "-" : absl::StrFormat("%.1f%%", 100 * Share(part, whole));
}

bool IsNarrow(const Output& output) {
  return output.columns() > 0 && output.columns() < kColumnsForLongBars;
}

std::string Bar(double share, const Output& output) {
  const bool utf8 = output.utf8();
  const int length = IsNarrow(output) ? kBarCells / 2 : kBarCells;
  const int cells = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * length));
  std::string bar;
  for (int i = 0; i < length; ++i) {
    absl::StrAppend(&bar, i < cells ? (utf8 ? "█" : "#") : (utf8 ? "·" : "."));
  }
  return bar;
}

// The last day that belongs to the bucket.
std::string PeriodText(absl::Time start, absl::Time end, absl::TimeZone zone) {
  const std::string first = absl::FormatTime("%Y-%m-%d", start, zone);
  const std::string last = absl::FormatTime("%Y-%m-%d", end - absl::Seconds(1), zone);
  return first == last ? first : absl::StrCat(first, "..", last);
}

std::int64_t OutageSeconds(const UtilisationRow& row) {
  return row.planned_outage_seconds() + row.unplanned_outage_seconds();
}

// Both kinds of outage as one number, where there are any; -o wide tells them apart.
void AddOutColumn(const v1::QueryUtilisationResponse& reply, Table* table) {
  table->columns.push_back({"OUT-H", Shown::kPeople, true});
  for (int i = 0; i < reply.rows_size(); ++i) {
    table->rows[static_cast<std::size_t>(i)].push_back(Hours(OutageSeconds(reply.rows(i))));
  }
}

Table UtilisationTable(const v1::QueryUtilisationResponse& reply, const Output& output) {
  Table table;
  const bool travel =
      std::any_of(reply.rows().begin(), reply.rows().end(),
                  [](const UtilisationRow& row) { return row.travel_seconds() > 0; });
  const bool outage = std::any_of(reply.rows().begin(), reply.rows().end(),
                                  [](const UtilisationRow& row) { return OutageSeconds(row) > 0; });
  // There is no room for both.
  const bool bars = !outage || !IsNarrow(output);
  table.columns = {{"ASSET"},
                   {"PERIOD", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE", Shown::kWide},
                   {"BOOKED-OPEN-H", Shown::kAlways, true},
                   {"OPEN-H", Shown::kAlways, true},
                   {"OCCUPANCY", Shown::kPeople, true},
                   {"OCCUPANCY", Shown::kSheet, true},
                   {"", Shown::kPeople},
                   {"BOOKED-H", Shown::kWide, true},
                   {"HELD-H", Shown::kWide, true},
                   {"CHANGEOVER-H", Shown::kWide, true},
                   {"TRAVEL-H", travel ? Shown::kAlways : Shown::kWide, true},
                   {"PLANNED-OUT-H", Shown::kWide, true},
                   {"UNPLANNED-OUT-H", Shown::kWide, true},
                   {"BLOCKED-H", Shown::kWide, true},
                   {"CLOSED-H", Shown::kWide, true},
                   {"AVAILABLE-H", Shown::kWide, true},
                   {"TOTAL-H", Shown::kWide, true}};
  table.when_empty = "nothing to report on";
  for (const UtilisationRow& row : reply.rows()) {
    const absl::TimeZone zone = ZoneOr(row.time_zone(), absl::UTCTimeZone());
    const absl::Time start = ToTime(row.interval().start_time());
    const absl::Time end = ToTime(row.interval().end_time());
    table.rows.push_back(
        {ShortName(row.asset()),
         PeriodText(start, end, zone),
         SheetTime(start, zone),
         SheetTime(end, zone),
         zone.name(),
         Hours(row.booked_open_seconds()),
         Hours(row.open_seconds()),
         Percent(row.booked_open_seconds(), row.open_seconds()),
         absl::StrFormat("%.4f", Share(row.booked_open_seconds(), row.open_seconds())),
         bars ? Bar(Share(row.booked_open_seconds(), row.open_seconds()), output) : "",
         Hours(row.booked_seconds()),
         Hours(row.held_seconds()),
         Hours(row.changeover_seconds()),
         Hours(row.travel_seconds()),
         Hours(row.planned_outage_seconds()),
         Hours(row.unplanned_outage_seconds()),
         Hours(row.blocked_seconds()),
         Hours(row.closed_seconds()),
         Hours(row.available_seconds()),
         Hours(row.total_seconds())});
  }
  if (outage && !output.wide()) AddOutColumn(reply, &table);
  return table;
}

constexpr char kLegend[] =
    "Occupancy is booked hours within opening hours (BOOKED-OPEN-H) by opening hours\n"
    "times capacity (OPEN-H). A pool of 7 has 7 unit-hours in each hour.\n";

// The current month, where nothing else is said.
absl::StatusOr<TimeRange> Period(const UtilisationOptions& options, const TimeContext& times) {
  const absl::CivilMonth month(times.zone.At(times.now).cs);
  TimeRange range{absl::FromCivil(month, times.zone), absl::FromCivil(month + 1, times.zone)};
  if (!options.from.empty()) {
    const absl::StatusOr<absl::Time> from = ParseMoment(options.from, times);
    if (!from.ok()) return from.status();
    range.start = *from;
    if (options.to.empty()) range.end = times.now;
  }
  if (!options.to.empty()) {
    const absl::StatusOr<absl::Time> to = ParseMoment(options.to, times);
    if (!to.ok()) return to.status();
    range.end = *to;
  }
  if (range.start < range.end) return range;
  return absl::InvalidArgumentError("--to is not after --from");
}

absl::Status ShowUtilisation(Session& session, const UtilisationOptions& options) {
  static const std::map<std::string, QueryUtilisationRequest::Bucket> kBuckets = {
      {"none", QueryUtilisationRequest::BUCKET_UNSPECIFIED},
      {"day", QueryUtilisationRequest::DAY},
      {"week", QueryUtilisationRequest::WEEK},
      {"month", QueryUtilisationRequest::MONTH}};
  QueryUtilisationRequest request;
  for (const std::string& name : options.assets) request.add_assets(FullName(kAssets, name));
  const absl::StatusOr<TimeContext> times = request.assets_size() > 0
                                                ? TimesOfAsset(session, request.assets(0), "")
                                                : TimesOfNoPlace(session);
  if (!times.ok()) return times.status();
  const absl::StatusOr<TimeRange> range = Period(options, *times);
  if (!range.ok()) return range.status();
  *request.mutable_interval() = ToInterval(range->start, range->end);
  request.set_bucket(kBuckets.at(options.bucket));
  if (session.zone.has_value()) request.set_time_zone(*session.zone);
  const absl::StatusOr<v1::QueryUtilisationResponse> reply =
      Read(session, &UtilisationService::Stub::QueryUtilisation, request);
  if (!reply.ok()) return reply.status();
  const Table table = UtilisationTable(*reply, session.output);
  return session.output.ShowText(*reply, table, [&]() -> std::string {
    if (table.rows.empty()) return absl::StrCat(table.when_empty, "\n");
    const std::string head =
        absl::StrCat("Period ", SpanTextWithZone(range->start, range->end, times->zone),
                     ", as of revision ", reply->revision(), "\n");
    return absl::StrCat(head, LayOut(table, {session.output.wide(), session.output.columns()}),
                        kLegend);
  });
}

}  // namespace

void AddUtilisationCommand(CLI::App& root, Session& session) {
  CLI::App* command = AddCommand(
      root, "utilisation", "How assets are used: booked, held, blocked, closed and free hours",
      {"labslot utilisation make-lab --from 2027-01-01 --to 2027-04-01 --bucket month",
       "labslot utilisation --from -28d --bucket week -o csv"});
  auto options = std::make_shared<UtilisationOptions>();
  command->add_option("assets", options->assets, "Which (default: all that you may report on)")
      ->type_name("ASSET...");
  command->add_option("--from", options->from, "From (default: the current month)")
      ->type_name("TIME");
  command->add_option("--to", options->to, "Until, exclusive (with --from: now)")
      ->type_name("TIME");
  command->add_option("--bucket", options->bucket, "One row a day, week or month, or none")
      ->check(CLI::IsMember({"none", "day", "week", "month"}));
  command->callback([&session, options] {
    session.action = [&session, options] { return ShowUtilisation(session, *options); };
  });
}

}  // namespace labslot::client
