#ifndef LABSLOT_TESTS_BENCH_FILLED_DAEMON_H_
#define LABSLOT_TESTS_BENCH_FILLED_DAEMON_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "daemon/domain/interval.h"
#include "labslot/v1/availability_service.pb.h"
#include "labslot/v1/utilisation_service.pb.h"
#include "tests/bench/child.h"
#include "tests/bench/load.h"
#include "tests/bench/store_filler.h"

namespace labslot::bench {

// The daemon on a store that was filled before it began; ready when it is made.
class FilledDaemon {
 public:
  // `folder` must be empty.
  FilledDaemon(const std::string& folder, const Layout& layout, int64_t reservations);

  const Child& child() const { return child_; }
  double fill_seconds() const { return fill_seconds_; }
  // From its start until it answers.
  double ready_seconds() const { return ready_seconds_; }

  // A way of the local operator, with a connection of its own.
  Route Connection() const;

 private:
  const std::string folder_;
  const double fill_seconds_;
  const std::chrono::steady_clock::time_point began_;
  const Child child_;
  double ready_seconds_ = 0;
};

// The twelve months that are over, and those to come, in the zone of the assets.
Interval LastYear();
Interval NextYear();

google::type::Interval Span(Instant start, Instant end);

// All assets of the store, for 14 days.
v1::QueryFreeBusyRequest FreeBusyOfAll(Instant begin);

v1::QueryUtilisationRequest UtilisationByMonth(Instant start, Instant end);

// Milliseconds of one call, the middle one of `times`.
double Milliseconds(int times, const std::function<void()>& call);

// Waits until it does nothing by itself any more: behind its start it reads months ahead of
// the first report, which would be charged to what is measured. Returns the seconds it took.
double AwaitQuiet(const Child& daemon);

// What a call costs the daemon, its answer included, on the average of `times`.
double CpuMilliseconds(const Child& daemon, int times, const std::function<void()>& call);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_FILLED_DAEMON_H_
