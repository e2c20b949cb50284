#include "tests/bench/filled_daemon.h"

#include <chrono>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "daemon/domain/calendar.h"
#include "tests/bench/table.h"

namespace labslot::bench {
namespace {

constexpr Seconds kFortnight = 14 * 86400;

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

// Whole months of the assets' zone, counted from the present one.
Interval Months(int from, int to) {
  const absl::TimeZone zone = *FindTimeZone("Europe/Brussels");
  const absl::CivilMonth month(absl::ToCivilDay(absl::Now(), zone));
  return {StartOfDay(absl::CivilDay(month + from), zone),
          StartOfDay(absl::CivilDay(month + to), zone)};
}

}  // namespace

FilledDaemon::FilledDaemon(const std::string& folder, const Layout& layout, int64_t reservations)
    : folder_(folder),
      fill_seconds_(FillStore(folder + "/data", layout, reservations)),
      began_(Clock::now()),
      child_({SiblingProgram("labslotd"), "--data_dir=" + folder + "/data", "--listen=127.0.0.1:0",
              "--port_file=" + folder + "/port", "--log_level=warning"}) {
  AwaitFile(folder + "/port");
  ready_seconds_ = SecondsSince(began_);
}

Route FilledDaemon::Connection() const {
  return {Connect("unix:" + folder_ + "/data/labslotd.sock"), ""};
}

Interval LastYear() { return Months(-12, 0); }

Interval NextYear() { return Months(1, 13); }

google::type::Interval Span(Instant start, Instant end) {
  google::type::Interval interval;
  interval.mutable_start_time()->set_seconds(start);
  interval.mutable_end_time()->set_seconds(end);
  return interval;
}

v1::QueryFreeBusyRequest FreeBusyOfAll(Instant begin) {
  v1::QueryFreeBusyRequest request;
  for (int i = 0; i < kAssets; ++i) request.add_assets("assets/" + AssetId(i));
  *request.mutable_interval() = Span(begin, begin + kFortnight);
  return request;
}

v1::QueryUtilisationRequest UtilisationByMonth(Instant start, Instant end) {
  v1::QueryUtilisationRequest request;
  *request.mutable_interval() = Span(start, end);
  request.set_bucket(v1::QueryUtilisationRequest::MONTH);
  return request;
}

double Milliseconds(int times, const std::function<void()>& call) {
  std::vector<double> took;
  for (int i = 0; i < times; ++i) {
    const auto began = Clock::now();
    call();
    took.push_back(1000 * SecondsSince(began));
  }
  return Median(took);
}

double AwaitQuiet(const Child& daemon) {
  constexpr auto kLook = std::chrono::milliseconds(200);
  constexpr double kIdleShare = 0.02;
  const Clock::time_point began = Clock::now();
  double worked = 1;
  while (worked > kIdleShare * std::chrono::duration<double>(kLook).count()) {
    const double before = daemon.CpuSeconds();
    std::this_thread::sleep_for(kLook);
    worked = daemon.CpuSeconds() - before;
  }
  return SecondsSince(began);
}

double CpuMilliseconds(const Child& daemon, int times, const std::function<void()>& call) {
  const double before = daemon.CpuSeconds();
  for (int i = 0; i < times; ++i) call();
  return 1000 * (daemon.CpuSeconds() - before) / times;
}

}  // namespace labslot::bench
