#ifndef LABSLOT_TESTS_RUNTIME_SAME_STATE_H_
#define LABSLOT_TESTS_RUNTIME_SAME_STATE_H_

#include <string>

#include "daemon/engine/state.h"

namespace labslot::runtime {

// Everything that decisions are made from, in lines: head, records, occupants
// by asset, holds. Two states that decide alike have the same picture. The time
// of the last event is left out: it may have been seen before it was taken back.
std::string PictureOf(const engine::State& state);

}  // namespace labslot::runtime

#endif  // LABSLOT_TESTS_RUNTIME_SAME_STATE_H_
