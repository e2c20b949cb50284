// Measures reports of use on stores of past reservations: a year by month over 1,000
// assets, cold and warm; what a correction costs the next one; and what a heavy report
// does to bookings that are made beside it.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "labslot/v1/admin_service.pb.h"
#include "labslot/v1/reservation_service.pb.h"
#include "labslot/v1/utilisation_service.pb.h"
#include "tests/bench/child.h"
#include "tests/bench/filled_daemon.h"
#include "tests/bench/load.h"
#include "tests/bench/table.h"

ABSL_FLAG(bool, quick, false, "A few seconds, to see that it runs; the figures mean nothing.");
ABSL_FLAG(std::vector<std::string>, sizes, {},
          "Numbers of past reservations; default 100000, 1000000.");

namespace labslot::bench {
namespace {

using v1::QueryUtilisationRequest;
using v1::QueryUtilisationResponse;

constexpr Seconds kDay = 86400;
constexpr Seconds kHour = 3600;
constexpr int64_t kMegabyte = 1 << 20;

QueryUtilisationRequest ByMonth(const Interval& period) {
  return UtilisationByMonth(period.start, period.end);
}

double Report(const Route& route, const QueryUtilisationRequest& request) {
  const auto began = std::chrono::steady_clock::now();
  const auto response = CallOnce<QueryUtilisationRequest, QueryUtilisationResponse>(
      route, "/labslot.v1.UtilisationService/QueryUtilisation", request);
  if (response.rows().size() < kAssets) Fail("the report is too short");
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
      .count();
}

double MedianReport(const Route& route, const QueryUtilisationRequest& request) {
  return Milliseconds(9, [&] { Report(route, request); });
}

// Asks until a report no longer gets faster: then what is read after the start is read.
double Warm(const Route& route, const QueryUtilisationRequest& request) {
  const auto began = std::chrono::steady_clock::now();
  const std::chrono::seconds longest(absl::GetFlag(FLAGS_quick) ? 1 : 120);
  while (Report(route, request) > 60 && std::chrono::steady_clock::now() - began < longest) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

Workload Creates(const Route& route, Instant begin, int64_t& next) {
  return Calls<v1::CreateReservationRequest, v1::Reservation>(
      {route}, "/labslot.v1.ReservationService/CreateReservation",
      [begin, &next](v1::CreateReservationRequest& request) {
        const Instant start = begin + (400 + next / kAssets) * kDay + 8 * kHour;
        v1::Reservation& reservation = *request.mutable_reservation();
        reservation.add_items()->set_asset(absl::StrCat("assets/", AssetId(next % kAssets)));
        *reservation.mutable_interval() = Span(start, start + kHour);
        reservation.set_user("users/alice");
        ++next;
      });
}

// The 99th percentile of creates at 16 in flight, in milliseconds; beside reports by
// day, which read everything, if `heavy` is given.
double CreatesP99(const Route& route, const Child& daemon, const Workload& creates,
                  const QueryUtilisationRequest* heavy) {
  bool done = false;
  absl::Mutex mutex;
  std::thread reports([&] {
    if (heavy == nullptr) return;
    while (true) {
      Report(route, *heavy);
      const absl::MutexLock lock(&mutex);
      if (done) return;
    }
  });
  const auto length = std::chrono::milliseconds(absl::GetFlag(FLAGS_quick) ? 50 : 3000);
  Round round = RunRound(creates, 16, {length}, daemon);
  {
    const absl::MutexLock lock(&mutex);
    done = true;
  }
  reports.join();
  return Quantile(round.latencies_us, 0.99) / 1000;
}

void Measure(int64_t reservations, Table& table) {
  const WorkFolder work;
  const Interval period = LastYear();
  const Instant begin = period.start / kDay * kDay;
  const FilledDaemon daemon(work.path(), {begin, 28, kHour / 2, true}, reservations);
  const Route route = daemon.Connection();
  const QueryUtilisationRequest year = ByMonth(period);
  const double first = Report(route, year);
  const double warm_after = Warm(route, year);
  const double warm = MedianReport(route, year);
  const double cpu = CpuMilliseconds(daemon.child(), 30, [&] { Report(route, year); });
  const int64_t resident = daemon.child().ResidentBytes();
  // Two months are cut, and read.
  const double cut = MedianReport(route, ByMonth({period.start + 5 * kDay, period.end - kDay}));
  QueryUtilisationRequest by_day = year;
  by_day.set_bucket(QueryUtilisationRequest::DAY);
  by_day.mutable_interval()->mutable_end_time()->set_seconds(begin + 190 * kDay);
  const double days = Report(route, by_day);
  int64_t next = 0;
  const Workload creates = Creates(route, begin, next);
  const double alone = CreatesP99(route, daemon.child(), creates, nullptr);
  const double beside = CreatesP99(route, daemon.child(), creates, &by_day);
  table.Add({Whole(static_cast<double>(reservations)), Fixed(daemon.fill_seconds(), 1),
             Fixed(first, 0), Fixed(warm_after, 1), Fixed(warm, 1), AtMost(cpu, 10, 1),
             Whole(static_cast<double>(resident / kMegabyte)), Fixed(cut, 0), Fixed(days, 0),
             Whole(static_cast<double>(daemon.child().PeakBytes() / kMegabyte)), Fixed(alone, 2),
             Fixed(beside, 2)});
}

void Run() {
  std::printf(
      "labslot_use_bench: reports on past reservations, 1,000 assets\n%s"
      "  Times are of one call over the unix socket, encoding and decoding included.\n",
      Surroundings("/var/tmp").c_str());
  Table table({"reservations", "fill s", "first report ms", "warm after s", "year by month ms",
               "in the daemon, CPU ms", "RSS MiB then", "two months cut ms", "190 days by day ms",
               "peak MiB", "create p99 ms", "beside reports ms"});
  std::vector<std::string> sizes = absl::GetFlag(FLAGS_sizes);
  if (sizes.empty()) {
    sizes = absl::GetFlag(FLAGS_quick) ? std::vector<std::string>{"2000"}
                                       : std::vector<std::string>{"100000", "1000000"};
  }
  for (const std::string& size : sizes) Measure(std::stoll(size), table);
  table.Print("By number of past reservations");
}

}  // namespace
}  // namespace labslot::bench

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  absl::ParseCommandLine(argc, argv);
  labslot::bench::Run();
  return 0;
}
