#ifndef LABSLOT_TESTS_BENCH_ONLINE_H_
#define LABSLOT_TESTS_BENCH_ONLINE_H_

#include <cstdint>
#include <vector>

#include "daemon/domain/interval.h"

namespace labslot::bench {

// A request for one unit of a pool.
struct Asked {
  Interval interval;   // from the beginning of the month
  int64_t weight = 1;  // of its class
  int64_t value = 0;
};

// What is had in the end if each books in turn and takes the place of others as the
// engine lets him.
struct OnlineOutcome {
  int64_t value = 0;
  int64_t displaced = 0;  // reservations that lost a place, each time counted
};

OnlineOutcome BookInTurn(const std::vector<Asked>& requests, int32_t units, double least_gain);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_ONLINE_H_
