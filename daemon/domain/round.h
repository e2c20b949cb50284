#ifndef LABSLOT_DAEMON_DOMAIN_ROUND_H_
#define LABSLOT_DAEMON_DOMAIN_ROUND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/interval.h"

namespace labslot {

enum class RoundState { kOpen = 1, kCleared = 2 };

// A call for requests that are decided together. See the API's Round for the
// meaning of each field.
struct Round {
  std::string id;
  std::string display_name;
  std::string description;
  std::vector<std::string> assets;
  Interval interval;
  Instant deadline = 0;
  Seconds organisation_limit = 0;  // 0: no limit
  int32_t user_limit = 0;          // 0: no limit
  RoundState state = RoundState::kOpen;
  int64_t value = 0;
  int64_t bound = 0;
  int32_t granted_count = 0;
  int32_t rejected_count = 0;
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Round&, const Round&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_ROUND_H_
