#ifndef LABSLOT_TESTS_BENCH_OPEN_LOAD_H_
#define LABSLOT_TESTS_BENCH_OPEN_LOAD_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"
#include "tests/bench/load.h"

namespace labslot::bench {

// Calls that come whether or not the earlier ones were answered, as those of many
// clients do who know nothing of one another.
struct OpenLoad {
  std::vector<Route> routes;
  std::string method;
  std::function<grpc::ByteBuffer()> request;
  double calls_a_second = 0;
  std::chrono::duration<double> length{1};
  std::chrono::milliseconds deadline{1000};
  int give_up_every = 0;  // so many calls are cancelled by their client at once; 0: none
};

// What became of them.
struct OpenLoadResult {
  double seconds = 0;
  int64_t offered = 0;
  std::map<grpc::StatusCode, int64_t> by_code;
  std::vector<float> ok_ms;  // of those that were answered in time

  double offered_per_second() const { return static_cast<double>(offered) / seconds; }
  double PerSecond(grpc::StatusCode code) const;
};

// Offers the load from one thread, less of it if the thread cannot keep up, and waits
// until each call has come to something.
OpenLoadResult Offer(const OpenLoad& load);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_OPEN_LOAD_H_
