#include "client/machine_spans.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/output/time_text.h"
#include "client/suggest.h"

namespace labslot::client {
namespace {

using v1::MachineReport;

constexpr std::size_t kMostErrors = 20;
constexpr absl::Duration kLongestSpan = absl::Hours(24 * 31);
constexpr absl::string_view kHeader = "start,end,state";
constexpr absl::string_view kExample =
    "2027-03-01T08:00:00+01:00,2027-03-01T09:30:00+01:00,running";

// What spreadsheets put before the first line.
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Without blanks, and without the quotes that some programs put around everything.
std::string Field(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(absl::StripAsciiWhitespace(text));
}

std::vector<std::string> Fields(absl::string_view line) {
  std::vector<std::string> fields;
  for (const absl::string_view field : absl::StrSplit(line, ',')) fields.push_back(Field(field));
  return fields;
}

absl::StatusOr<absl::Time> ReadTime(const std::string& text) {
  absl::Time time;
  std::string error;
  // The library takes "infinite-future" as well, which is no time of a machine.
  const bool begins_well =
      !text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text[0]));
  if (!begins_well || !absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot read \"", text, "\": write a time with its offset, as 2027-03-01T08:00:00+01:00"));
  }
  if (time != absl::FromUnixSeconds(absl::ToUnixSeconds(time))) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" has parts of a second: round it to whole seconds"));
  }
  return time;
}

absl::StatusOr<MachineReport::Span> ReadSpan(absl::string_view line, absl::Time now) {
  const std::vector<std::string> fields = Fields(line);
  if (fields.size() != 3) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected start, end and state with commas between them, as ", kExample));
  }
  const absl::StatusOr<absl::Time> start = ReadTime(fields[0]);
  if (!start.ok()) return start.status();
  const absl::StatusOr<absl::Time> end = ReadTime(fields[1]);
  if (!end.ok()) return end.status();
  const absl::StatusOr<MachineReport::State> state = ReadMachineState(fields[2]);
  if (!state.ok()) return state.status();
  return MakeSpan(*start, *end, *state, now);
}

absl::Status CheckOrder(const std::vector<SpanLine>& before, const MachineReport::Span& span) {
  if (before.empty()) return absl::OkStatus();
  const SpanLine& last = before.back();
  if (span.interval().start_time().seconds() >= last.span.interval().end_time().seconds()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("it begins before the end of line ", last.line,
                                                 ": sort the lines by time, and let none overlap"));
}

std::string Told(std::vector<std::string> errors) {
  if (errors.size() > kMostErrors) {
    errors.resize(kMostErrors);
    errors.push_back("... and more");
  }
  return absl::StrJoin(errors, "\n");
}

}  // namespace

absl::StatusOr<std::vector<SpanLine>> ReadSpanLines(absl::string_view text,
                                                    const std::string& source, absl::Time now) {
  absl::ConsumePrefix(&text, kByteOrderMark);
  std::vector<SpanLine> spans;
  std::vector<std::string> errors;
  std::size_t number = 0;
  bool may_be_header = true;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    const bool is_header = std::exchange(may_be_header, false) &&
                           absl::EqualsIgnoreCase(absl::StrJoin(Fields(line), ","), kHeader);
    if (is_header) continue;
    const absl::StatusOr<MachineReport::Span> span = ReadSpan(line, now);
    absl::Status status = span.status();
    if (status.ok()) status = CheckOrder(spans, *span);
    if (status.ok()) {
      spans.push_back({*span, number});
    } else {
      errors.push_back(absl::StrCat(source, ":", number, ": ", status.message()));
    }
  }
  if (!errors.empty()) return absl::InvalidArgumentError(Told(std::move(errors)));
  if (!spans.empty()) return spans;
  return absl::InvalidArgumentError(
      absl::StrCat(source, " has no states in it: write one a line, as ", kExample));
}

absl::StatusOr<MachineReport::Span> MakeSpan(absl::Time start, absl::Time end,
                                             MachineReport::State state, absl::Time now) {
  if (end <= start) {
    return absl::InvalidArgumentError(
        "the end is not after the start: swap them, or write a later end");
  }
  if (end - start > kLongestSpan) {
    return absl::InvalidArgumentError(
        "it is longer than 31 days, the most that is taken at once: say it in parts");
  }
  if (end > now) {
    return absl::InvalidArgumentError(
        "it ends in the future: a machine tells what was; end it now or earlier");
  }
  MachineReport::Span span;
  *span.mutable_interval() = ToInterval(start, end);
  span.set_state(state);
  return span;
}

absl::StatusOr<MachineReport::State> ReadMachineState(absl::string_view word) {
  const std::string lower = absl::AsciiStrToLower(word);
  if (lower == "running") return MachineReport::RUNNING;
  if (lower == "idle") return MachineReport::IDLE;
  if (lower == "down") return MachineReport::DOWN;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", word, "\" is no state of a machine.",
                   DidYouMean(Suggest(word, {"running", "idle", "down"})),
                   " There are running, idle (it could run) and down (it is broken)."));
}

}  // namespace labslot::client
