#include "client/machine_text.h"

#include "absl/strings/str_cat.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"

namespace labslot::client {

using v1::MachineReport;

std::int64_t SecondsIn(const MachineReport& report, MachineReport::State state) {
  std::int64_t seconds = 0;
  for (const MachineReport::Span& span : report.spans()) {
    if (span.state() != state) continue;
    seconds += span.interval().end_time().seconds() - span.interval().start_time().seconds();
  }
  return seconds;
}

absl::Time StartOf(const MachineReport& report) {
  return report.spans().empty() ? absl::Time() : ToTime(report.spans(0).interval().start_time());
}

absl::Time EndOf(const MachineReport& report) {
  return report.spans().empty()
             ? absl::Time()
             : ToTime(report.spans(report.spans_size() - 1).interval().end_time());
}

std::string MachineText(const MachineReport& report) {
  const std::string asset = ShortName(report.asset());
  return report.unit().empty() ? asset : absl::StrCat(asset, ", unit ", report.unit());
}

std::string LengthsByState(const MachineReport& report) {
  std::string text;
  for (const MachineReport::State state :
       {MachineReport::RUNNING, MachineReport::IDLE, MachineReport::DOWN}) {
    const std::int64_t seconds = SecondsIn(report, state);
    if (seconds == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ",
                    EnumWords(MachineReport::State_Name(state), ""), " ",
                    LengthText(absl::Seconds(seconds)));
  }
  return text;
}

}  // namespace labslot::client
