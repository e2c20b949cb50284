#ifndef LABSLOT_DAEMON_DOMAIN_MACHINE_REPORT_H_
#define LABSLOT_DAEMON_DOMAIN_MACHINE_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/interval.h"

namespace labslot {

// What a machine does. Numbers are those of the API.
enum class MachineState { kRunning = 1, kIdle = 2, kDown = 3 };

struct MachineSpan {
  Interval interval;
  MachineState state = MachineState::kRunning;
  friend bool operator==(const MachineSpan&, const MachineSpan&) = default;
};

// One span of a report, as the store gives it.
struct MachineEntry {
  std::string unit;
  MachineSpan span;
  int64_t revision = 0;
  friend bool operator==(const MachineEntry&, const MachineEntry&) = default;
};

// What a machine said of itself. Of what several reports say of one time the last one
// holds.
struct MachineReport {
  int64_t id = 0;  // the revision of its event
  std::string asset;
  std::string unit;                // of a pool, else empty
  std::vector<MachineSpan> spans;  // by start, without overlap
  Instant create_time = 0;
  int64_t revision = 0;
  friend bool operator==(const MachineReport&, const MachineReport&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_MACHINE_REPORT_H_
