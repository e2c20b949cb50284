#ifndef LABSLOT_CLIENT_MACHINE_TEXT_H_
#define LABSLOT_CLIENT_MACHINE_TEXT_H_

// What a machine said of itself, in words.

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "labslot/v1/machine_report.pb.h"

namespace labslot::client {

// How long it was in that state.
std::int64_t SecondsIn(const v1::MachineReport& report, v1::MachineReport::State state);

// From the start of its first span to the end of its last one. Half-open, as all
// intervals are.
absl::Time StartOf(const v1::MachineReport& report);
absl::Time EndOf(const v1::MachineReport& report);

// "rigs", or "rigs, unit rig-1".
std::string MachineText(const v1::MachineReport& report);

// "running 12 h, down 30 min".
std::string LengthsByState(const v1::MachineReport& report);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_MACHINE_TEXT_H_
