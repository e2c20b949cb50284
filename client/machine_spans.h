#ifndef LABSLOT_CLIENT_MACHINE_SPANS_H_
#define LABSLOT_CLIENT_MACHINE_SPANS_H_

// What a machine did, as people and gateways write it: one span a line,
//
//   2027-03-01T08:00:00+01:00,2027-03-01T09:30:00+01:00,running
//
// in order of time. The line `start,end,state` may stand first, and lines may be empty.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "labslot/v1/machine_report.pb.h"

namespace labslot::client {

// A span and the line that it was read from.
struct SpanLine {
  v1::MachineReport::Span span;
  std::size_t line = 0;
};

// Reads the lines of `source`. All errors are told, each with its line and the mend.
absl::StatusOr<std::vector<SpanLine>> ReadSpanLines(absl::string_view text,
                                                    const std::string& source, absl::Time now);

// Makes a span. What no machine can say is an error: too long, or of the future.
absl::StatusOr<v1::MachineReport::Span> MakeSpan(absl::Time start, absl::Time end,
                                                 v1::MachineReport::State state, absl::Time now);

// Reads "running", "idle" or "down".
absl::StatusOr<v1::MachineReport::State> ReadMachineState(absl::string_view word);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_MACHINE_SPANS_H_
