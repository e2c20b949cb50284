#ifndef LABSLOT_DAEMON_ENGINE_USED_PART_H_
#define LABSLOT_DAEMON_ENGINE_USED_PART_H_

#include <cstdint>

#include "absl/numeric/int128.h"

namespace labslot::engine {

// The part of a limit that is used, compared exactly. Neither number is negative. Of a
// limit of 0 everything is used: more than any part of another one.
struct UsedPart {
  int64_t used = 0;
  int64_t limit = 1;
};

inline bool operator<(const UsedPart& a, const UsedPart& b) {
  if (a.limit == 0 || b.limit == 0) return a.limit != 0 && b.limit == 0;
  // Unit-seconds times unit-seconds do not fit 64 bits.
  return absl::int128(a.used) * b.limit < absl::int128(b.used) * a.limit;
}

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_USED_PART_H_
