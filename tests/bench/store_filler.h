#ifndef LABSLOT_TESTS_BENCH_STORE_FILLER_H_
#define LABSLOT_TESTS_BENCH_STORE_FILLER_H_

#include <cstdint>
#include <string>

#include "daemon/base/clock.h"

namespace labslot::bench {

inline constexpr int kAssets = 1000;

std::string AssetId(int64_t number);

// Where reservations lie: spread over a year, in turns on the assets, from 6:00 UTC on.
struct Layout {
  Instant begin = 0;  // of the year, at midnight
  int spans_a_day = 7;
  Seconds span = 7200;  // each has one reservation, of half-hours
  bool over = false;    // true: they were used, from some minutes after their start on
};

// Writes a new store with 1,000 assets at one site and so many reservations of one user,
// in no order of time; the seconds that it took.
double FillStore(const std::string& folder, const Layout& layout, int64_t reservations);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_STORE_FILLER_H_
