// machine: what machines say of themselves.

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/machine_spans.h"
#include "client/machine_text.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/period_grammar.h"
#include "client/places.h"
#include "client/settings.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::MachineReport;
using v1::ReportMachineStatesRequest;

// What one call takes.
constexpr std::size_t kMostSpans = 1000;

struct MachineOptions {
  std::string asset;
  std::string state;
  std::vector<std::string> period;
  std::string file;
  std::string unit;
  std::string reason;
  WriteFlags write;
};

absl::StatusOr<std::vector<SpanLine>> SpansOfFile(Session& session, const std::string& file) {
  const absl::Time now = session.environment.now();
  if (file == "-") {
    const std::string text(std::istreambuf_iterator<char>(*session.environment.in), {});
    return ReadSpanLines(text, "standard input", now);
  }
  const absl::StatusOr<std::string> text = ReadWholeFile(file);
  if (!text.ok()) return text.status();
  return ReadSpanLines(*text, file, now);
}

absl::StatusOr<std::vector<SpanLine>> SpanOfWords(const MachineOptions& options,
                                                  const TimeContext& times) {
  const absl::StatusOr<MachineReport::State> state = ReadMachineState(options.state);
  if (!state.ok()) return state.status();
  const std::string words = absl::StrJoin(options.period, " ");
  const absl::StatusOr<TimeRange> period = ParsePeriod(words, times);
  if (!period.ok()) return period.status();
  absl::StatusOr<MachineReport::Span> span =
      MakeSpan(period->start, period->end, *state, times.now);
  if (!span.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", words, "\": ", span.status().message()));
  }
  return std::vector<SpanLine>{{*std::move(span), 0}};
}

absl::Status CheckWords(const MachineOptions& options) {
  const std::string asset = ShellWord(options.asset);
  if (!options.file.empty()) {
    if (options.state.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(
        "--file: its lines say the states and when; leave out \"", options.state, "\""));
  }
  if (options.state.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("say what it did and when, as in `labslot machine ", asset,
                     " running 8:00..9:30`, or give --file"));
  }
  if (!options.period.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("say when, as in `labslot machine ", asset, " ", options.state, " 8:00..9:30`"));
}

// What failed among several, so that nobody has to guess what is on record.
void NoteFailure(Session& session, const std::vector<SpanLine>& lines, std::size_t first,
                 std::size_t end) {
  if (lines[first].line == 0) return;
  session.output.Note(absl::StrCat(
      "Lines ", lines[first].line, " to ", lines[end - 1].line, " failed",
      first == 0 ? "" : "; those before are on record",
      ". To send the whole file again does no harm: what is said last of a time holds."));
}

// Sends what one call takes at a time, and returns what was taken in.
absl::StatusOr<std::vector<MachineReport>> Send(Session& session, const MachineOptions& options,
                                                const std::vector<SpanLine>& lines) {
  std::vector<MachineReport> reports;
  for (std::size_t first = 0; first < lines.size(); first += kMostSpans) {
    const std::size_t end = std::min(lines.size(), first + kMostSpans);
    ReportMachineStatesRequest request;
    MachineReport* report = request.mutable_report();
    report->set_asset(FullName(kAssets, options.asset));
    report->set_unit(options.unit);
    for (std::size_t i = first; i < end; ++i) *report->add_spans() = lines[i].span;
    request.set_reason(options.reason);
    WriteFlags write = options.write;
    // One id for all would make the second a repetition of the first.
    if (!write.request_id.empty() && lines.size() > kMostSpans) {
      absl::StrAppend(&write.request_id, "-", reports.size() + 1);
    }
    absl::StatusOr<MachineReport> taken = Write(
        session, &v1::UtilisationService::Stub::ReportMachineStates, std::move(request), write);
    if (!taken.ok()) {
      NoteFailure(session, lines, first, end);
      return taken.status();
    }
    reports.push_back(*std::move(taken));
  }
  return reports;
}

Table ReportTable(const std::vector<MachineReport>& reports, absl::TimeZone zone) {
  Table table;
  for (const char* header : {"report", "asset", "unit", "start", "end", "zone", "spans",
                             "running_seconds", "idle_seconds", "down_seconds"}) {
    table.columns.push_back({header});
  }
  for (const MachineReport& report : reports) {
    table.rows.push_back({ShortName(report.name()), ShortName(report.asset()), report.unit(),
                          SheetTime(StartOf(report), zone), SheetTime(EndOf(report), zone),
                          zone.name(), absl::StrCat(report.spans_size()),
                          absl::StrCat(SecondsIn(report, MachineReport::RUNNING)),
                          absl::StrCat(SecondsIn(report, MachineReport::IDLE)),
                          absl::StrCat(SecondsIn(report, MachineReport::DOWN))});
  }
  return table;
}

// Several reports as one: it has all spans, and no name.
MachineReport Together(const std::vector<MachineReport>& reports) {
  MachineReport all = reports.front();
  for (std::size_t i = 1; i < reports.size(); ++i) {
    all.mutable_spans()->MergeFrom(reports[i].spans());
    all.clear_name();
  }
  return all;
}

std::string ReportText(const MachineReport& report, const MachineOptions& options,
                       absl::TimeZone zone) {
  std::string text = Printable(MachineText(report));
  absl::StrAppend(&text, report.unit().empty() ? "" : ",");
  absl::StrAppend(&text, options.write.dry_run ? " would be on record as " : " is on record as ",
                  LengthsByState(report), ", ",
                  SpanTextWithZone(StartOf(report), EndOf(report), zone));
  if (report.spans_size() > 1) absl::StrAppend(&text, ", in ", report.spans_size(), " spans");
  return absl::StrCat(text, ".", DryRunNote(options.write), "\n");
}

absl::Status ReportStates(Session& session, const MachineOptions& options) {
  if (absl::Status status = CheckWords(options); !status.ok()) return status;
  // A file says its times in full; it is read before the daemon is asked anything.
  absl::StatusOr<std::vector<SpanLine>> lines = std::vector<SpanLine>();
  if (!options.file.empty()) lines = SpansOfFile(session, options.file);
  if (!lines.ok()) return lines.status();
  const absl::StatusOr<TimeContext> times =
      TimesOfAsset(session, FullName(kAssets, options.asset), "");
  if (!times.ok()) return times.status();
  if (options.file.empty()) lines = SpanOfWords(options, *times);
  if (!lines.ok()) return lines.status();
  const absl::StatusOr<std::vector<MachineReport>> reports = Send(session, options, *lines);
  if (!reports.ok()) return reports.status();
  const MachineReport all = Together(*reports);
  return session.output.ShowText(all, ReportTable(*reports, times->zone),
                                 [&] { return ReportText(all, options, times->zone); });
}

}  // namespace

void AddMachineCommand(CLI::App& root, Session& session) {
  CLI::App* command = AddCommand(
      root, "machine", "Report what a machine says of itself, so that its use is measured",
      {"labslot machine sem running 8:00..9:30",
       "labslot machine sem down now-2h..now --reason \"the gun is dead\"",
       "labslot machine rigs idle 2027-03-01 --unit rig-1 --dry-run",
       "labslot machine sem --file states.csv    # lines start,end,state; - is standard input"});
  auto options = std::make_shared<MachineOptions>();
  command->add_option("asset", options->asset, "An asset of capacity 1, or a pool with --unit")
      ->type_name("ASSET")
      ->required();
  command
      ->add_option("state", options->state,
                   "What it did: running, idle (it could run) or down (it is broken)")
      ->type_name("STATE");
  command
      ->add_option("period", options->period,
                   "When, at most 31 days and not in the future, as `8:00..9:30` or a day")
      ->type_name("PERIOD");
  command->add_option("--unit", options->unit, "Which unit of a pool that names them")
      ->type_name("UNIT");
  command
      ->add_option("--file", options->file,
                   "Many at once: a line `start,end,state` each, in order of time, times as in "
                   "2027-03-01T08:00:00+01:00; - is standard input")
      ->type_name("FILE");
  command->add_option("--reason", options->reason, "Why; kept with the change");
  AddWriteFlags(command, &options->write);
  command->callback([&session, options] {
    session.action = [&session, options] { return ReportStates(session, *options); };
  });
}

}  // namespace labslot::client
