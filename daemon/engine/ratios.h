#ifndef LABSLOT_DAEMON_ENGINE_RATIOS_H_
#define LABSLOT_DAEMON_ENGINE_RATIOS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/engine/partition.h"
#include "daemon/engine/use_statistics.h"

namespace labslot::engine {

// Ratios of use, each by name with what it is made of: "utilisation" alone may mean
// either base, so nothing here is called that.

// What a row is of, and what the whole group of assets is, of which it may be a part.
struct RatioTerms {
  const UseSeconds& use;
  const UseStatistics& statistics;
  const UseSeconds& whole;  // of all who used the same assets
};

struct Ratio {
  const char* name;
  const char* base;     // in words
  const char* meaning;  // of the numerator, in words
  int64_t (*numerator)(const RatioTerms&);
  int64_t (*denominator)(const RatioTerms&);
};

// All of them. Those of SEMI E10 use its states: closed is non-scheduled time, planned
// outage, changeover and travel are scheduled downtime, a breakdown is unscheduled
// downtime, use and overrun are productive (or engineering, if it was method
// development), the rest is standby.
const std::vector<Ratio>& Ratios();

// Null if there is none of that name.
const Ratio* FindRatio(absl::string_view name);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_RATIOS_H_
