#include "client/commands/series_text.h"

#include <algorithm>
#include <functional>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/refusal_text.h"
#include "client/yaml/scalars.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Occurrence;
using v1::Series;

// Reservations of a series by name, as they are now.
using Runs = std::map<std::string, v1::Reservation>;

std::string FilterTime(absl::Time time) {
  return absl::FormatTime("\"%Y-%m-%dT%H:%M:%SZ\"", time, absl::UTCTimeZone());
}

// In one list, because a call for each day would be up to 400.
Runs ReadRuns(Session& session, const Series& series) {
  Runs runs;
  absl::Time first = absl::InfiniteFuture();
  absl::Time last = absl::InfinitePast();
  for (const Occurrence& one : series.occurrences()) {
    if (one.reservation().empty()) continue;
    first = std::min(first, ToTime(one.interval().start_time()));
    last = std::max(last, ToTime(one.interval().end_time()));
  }
  if (last < first || series.reservation().items().empty()) return runs;
  v1::ListReservationsRequest request;
  request.set_page_size(1000);
  request.set_filter(absl::StrCat("asset = \"", series.reservation().items(0).asset(),
                                  "\" AND start_time < ", FilterTime(last), " AND end_time > ",
                                  FilterTime(first)));
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return runs;
  const auto reply = (*connection)
                         ->ReadPages(&v1::ReservationService::Stub::ListReservations, request,
                                     std::function<int(const v1::ListReservationsResponse&)>(
                                         [](const v1::ListReservationsResponse& page) {
                                           return page.reservations_size();
                                         }));
  if (!reply.ok()) return runs;
  for (const v1::Reservation& run : reply->reservations()) {
    if (run.series() == series.name()) runs[run.name()] = run;
  }
  return runs;
}

// All reasons in one cell, without those that alone would have refused nothing.
std::string WhyText(const v1::Refusal& refusal) {
  std::vector<std::string> reasons;
  for (const v1::Violation& violation : refusal.violations()) {
    const bool refuses = violation.effect() == v1::RULE_EFFECT_UNSPECIFIED ||
                         violation.effect() == v1::RULE_EFFECT_REJECT;
    if (refuses) reasons.push_back(ViolationLine(violation));
  }
  return absl::StrJoin(reasons, "; ");
}

std::string StateOf(const Occurrence& one, const Runs& runs) {
  if (one.has_refusal()) return "refused";
  const auto run = runs.find(one.reservation());
  return run == runs.end() ? "granted" : StateText(run->second.state());
}

Table DayTable(const Series& series, const Runs& runs, absl::TimeZone zone) {
  Table table;
  table.columns = {{"DAY"},
                   {"STATE"},
                   {"WHEN", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"ID"},
                   {"WHY", Shown::kAlways, false, false, true}};
  table.when_empty = "no days";
  for (const Occurrence& one : series.occurrences()) {
    const auto run = runs.find(one.reservation());
    // One that was moved by hand is where it was moved to.
    const google::type::Interval& interval =
        run == runs.end() ? one.interval() : run->second.interval();
    const bool real = interval.has_start_time();
    const absl::Time start = ToTime(interval.start_time());
    const absl::Time end = ToTime(interval.end_time());
    table.rows.push_back({WriteDate(one.date()), StateOf(one, runs),
                          real ? SpanText(start, end, zone) : "",
                          real ? SheetTime(start, zone) : "", real ? SheetTime(end, zone) : "",
                          zone.name(), ShortName(one.reservation()),
                          one.has_refusal()   ? WhyText(one.refusal())
                          : run == runs.end() ? ""
                                              : run->second.state_reason()});
  }
  return table;
}

int RefusedIn(const Series& series) {
  return static_cast<int>(std::count_if(series.occurrences().begin(), series.occurrences().end(),
                                        [](const Occurrence& one) { return one.has_refusal(); }));
}

std::string ContractText(const v1::SeriesContract& contract) {
  if (contract.kind() == v1::SeriesContract::SKIP_CONFLICTS) return "refused days are skipped";
  if (contract.kind() != v1::SeriesContract::AT_MOST) return "all days or none";
  std::vector<std::string> limits;
  if (contract.max_refused() > 0 || contract.max_refused_percent() == 0) {
    limits.push_back(absl::StrCat(contract.max_refused()));
  }
  if (contract.max_refused_percent() > 0) {
    limits.push_back(absl::StrCat(contract.max_refused_percent(), " %"));
  }
  return absl::StrCat("at most ", absl::StrJoin(limits, " or "), " of the days refused");
}

std::string Headline(const Series& series, const std::string& done, const WriteFlags& write) {
  const int refused = RefusedIn(series);
  const std::string state = series.cancelled() ? "cancelled" : "active";
  std::string text =
      series.name().empty() ? "The series" : absl::StrCat("Series ", ShortName(series.name()));
  absl::StrAppend(&text, write.dry_run ? " would be " : " is ", done.empty() ? state : done, ": ",
                  Count(series.occurrences_size(), "day", "days"));
  if (refused > 0) absl::StrAppend(&text, ", ", refused, " of them refused");
  return absl::StrCat(text, ".", DryRunNote(write), "\n");
}

void AddLine(std::string* text, absl::string_view what, const std::string& value) {
  if (!value.empty()) absl::StrAppendFormat(text, "  %-13s %s\n", what, Printable(value));
}

std::string SeriesText(const Series& series) {
  const v1::Reservation& one = series.reservation();
  const v1::Recurrence& recurrence = series.recurrence();
  std::string text;
  AddLine(&text, "what", ItemsText(one.items()));
  AddLine(&text, "repeats", recurrence.rrule());
  AddLine(&text, "first",
          absl::StrCat(recurrence.start(), " to ", recurrence.end(), " ", recurrence.time_zone()));
  AddLine(&text, "where", ShortName(one.site()));
  AddLine(&text, "title", one.display_name());
  AddLine(&text, "user", ShortName(one.user()));
  AddLine(&text, "organisation", ShortName(one.organisation()));
  AddLine(&text, "purpose", one.purpose());
  AddLine(&text, "contract", ContractText(series.contract()));
  AddLine(&text, "reason", series.state_reason());
  return text;
}

std::string RetryHint(const Series& series, const WriteFlags& write) {
  if (series.cancelled() || write.dry_run || series.name().empty() || RefusedIn(series) == 0) {
    return "";
  }
  return absl::StrCat("To try the refused days again: labslot series retry ",
                      ShortName(series.name()), "\n");
}

}  // namespace

absl::Status ShowSeries(Session& session, const Series& series, const std::string& done,
                        const WriteFlags& write) {
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(series.recurrence().time_zone());
  if (!zone.ok()) return zone.status();
  const bool as_table = session.output.ForPeople() || session.output.format() == Format::kCsv;
  // A dry run has made none that could be read.
  const Runs runs = as_table && !write.dry_run ? ReadRuns(session, series) : Runs();
  const Table table = DayTable(series, runs, *zone);
  if (session.output.quiet() && session.output.ForPeople() && !series.name().empty() &&
      !done.empty()) {
    session.output.Print(absl::StrCat(ShortName(series.name()), "\n"));
    return absl::OkStatus();
  }
  return session.output.ShowText(series, table, [&] {
    return absl::StrCat(Headline(series, done, write), SeriesText(series), "\n",
                        LayOut(table, {session.output.wide(), session.output.columns()}),
                        RetryHint(series, write));
  });
}

Table SeriesTable(const std::vector<Series>& all) {
  Table table;
  table.columns = {{"ID"},
                   {"STATE"},
                   {"FIRST"},
                   {"LAST"},
                   {"DAYS", Shown::kAlways, true},
                   {"REFUSED", Shown::kAlways, true},
                   {"ASSETS", Shown::kAlways, false, true},
                   {"TITLE", Shown::kAlways, false, true},
                   {"RULE", Shown::kWide},
                   {"START", Shown::kWide},
                   {"ZONE", Shown::kWide},
                   {"USER", Shown::kWide},
                   {"ORGANISATION", Shown::kWide}};
  table.when_empty = "no series found";
  for (const Series& series : all) {
    const bool empty = series.occurrences().empty();
    table.rows.push_back(
        {ShortName(series.name()), series.cancelled() ? "cancelled" : "active",
         empty ? "" : WriteDate(series.occurrences(0).date()),
         empty ? "" : WriteDate(series.occurrences(series.occurrences_size() - 1).date()),
         absl::StrCat(series.occurrences_size()), absl::StrCat(RefusedIn(series)),
         ItemsText(series.reservation().items()), series.reservation().display_name(),
         series.recurrence().rrule(), series.recurrence().start(), series.recurrence().time_zone(),
         ShortName(series.reservation().user()), ShortName(series.reservation().organisation())});
  }
  return table;
}

}  // namespace labslot::client
