// Measures the real daemon by the size of its store: how long it takes to start,
// how much memory it holds, and what the large reads cost over the wire.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "labslot/v1/admin_service.pb.h"
#include "labslot/v1/availability_service.pb.h"
#include "labslot/v1/reservation_service.pb.h"
#include "labslot/v1/utilisation_service.pb.h"
#include "tests/bench/child.h"
#include "tests/bench/filled_daemon.h"
#include "tests/bench/load.h"
#include "tests/bench/table.h"

ABSL_FLAG(bool, quick, false, "A few seconds, to see that it runs; the figures mean nothing.");
ABSL_FLAG(std::vector<std::string>, sizes, {},
          "Numbers of reservations; default 1000, 100000, "
          "1000000.");

namespace labslot::bench {
namespace {

constexpr Seconds kDay = 86400;
constexpr Seconds kHour = 3600;
constexpr int64_t kMegabyte = 1 << 20;

int Times() { return absl::GetFlag(FLAGS_quick) ? 1 : 9; }

double TimeFreeBusy(const Route& route, Instant begin) {
  const v1::QueryFreeBusyRequest request = FreeBusyOfAll(begin);
  return Milliseconds(Times(), [&] {
    CallOnce<v1::QueryFreeBusyRequest, v1::QueryFreeBusyResponse>(
        route, "/labslot.v1.AvailabilityService/QueryFreeBusy", request);
  });
}

double TimeFindSlots(const Route& route, Instant begin) {
  v1::FindSlotsRequest request;
  request.set_kind("microscope");
  request.mutable_duration()->set_seconds(2 * kHour);
  *request.mutable_interval() = Span(begin, begin + 14 * kDay);
  return Milliseconds(Times(), [&] {
    CallOnce<v1::FindSlotsRequest, v1::FindSlotsResponse>(
        route, "/labslot.v1.AvailabilityService/FindSlots", request);
  });
}

// What a report on the twelve months to come costs the daemon, when it was asked for before.
double CpuOfUtilisation(const Route& route, const Child& daemon) {
  const Interval year = NextYear();
  const v1::QueryUtilisationRequest request = UtilisationByMonth(year.start, year.end);
  const auto report = [&] {
    const auto response = CallOnce<v1::QueryUtilisationRequest, v1::QueryUtilisationResponse>(
        route, "/labslot.v1.UtilisationService/QueryUtilisation", request);
    if (response.rows().size() < kAssets * 12) Fail("the report is too short");
  };
  report();
  return CpuMilliseconds(daemon, 3 * Times(), report);
}

// Server CPU of one create at 64 in flight, in microseconds.
double TimeCreates(const Route& route, const Child& daemon, Instant begin) {
  int64_t next = 0;
  const Workload creates = Calls<v1::CreateReservationRequest, v1::Reservation>(
      {route}, "/labslot.v1.ReservationService/CreateReservation",
      [&](v1::CreateReservationRequest& request) {
        const Instant start = begin + (400 + next / kAssets) * kDay + 8 * kHour;
        request.mutable_reservation()->add_items()->set_asset(
            absl::StrCat("assets/", AssetId(next * 7 % kAssets)));
        *request.mutable_reservation()->mutable_interval() = Span(start, start + kHour);
        request.mutable_reservation()->set_user("users/alice");
        request.set_request_id(absl::StrCat("scale-", next++));
      });
  std::vector<double> cost;
  const auto length = std::chrono::milliseconds(absl::GetFlag(FLAGS_quick) ? 30 : 500);
  for (int i = 0; i < (absl::GetFlag(FLAGS_quick) ? 1 : 5); ++i) {
    cost.push_back(RunRound(creates, 64, {length}, daemon).server_cpu_us());
  }
  return Median(cost);
}

// A year of spans of two hours has room for so many.
constexpr int64_t kMostInLongSpans = 2'500'000;

constexpr int64_t kMostOfFreeBusy = 100'000;

Layout LayoutFor(int64_t reservations, Instant begin) {
  return reservations > kMostInLongSpans ? Layout{begin, 28, kHour / 2}
                                         : Layout{begin, 7, 2 * kHour};
}

void Measure(int64_t reservations, Table& table) {
  const WorkFolder work;
  // Tomorrow at midnight.
  const Instant begin = (std::time(nullptr) / kDay + 1) * kDay;
  const FilledDaemon daemon(work.path(), LayoutFor(reservations, begin), reservations);
  const Route route = daemon.Connection();
  const auto info = CallOnce<v1::GetServerInfoRequest, v1::ServerInfo>(
      route, "/labslot.v1.AdminService/GetServerInfo", {});
  if (info.live_occupancy_count() != reservations) Fail("the daemon holds another number");
  const double load = static_cast<double>(info.load_duration().seconds()) +
                      static_cast<double>(info.load_duration().nanos()) * 1e-9;
  const double quiet = AwaitQuiet(daemon.child());
  const auto resident = static_cast<double>(daemon.child().ResidentBytes() / kMegabyte);
  // Of more, the daemon asks to name fewer assets or a shorter time.
  const bool may_ask = reservations * 14 / 365 <= kMostOfFreeBusy;
  const std::string free_busy = may_ask ? Fixed(TimeFreeBusy(route, begin), 1) : "-";
  const double slots = TimeFindSlots(route, begin);
  const double utilisation = CpuOfUtilisation(route, daemon.child());
  const double create = TimeCreates(route, daemon.child(), begin);
  table.Add({Whole(static_cast<double>(reservations)), Fixed(daemon.fill_seconds(), 1),
             AtMost(load, reservations > 1'000'000 ? 8 : 1, 2), Fixed(daemon.ready_seconds(), 2),
             Fixed(quiet, 1), Whole(resident), free_busy, Fixed(slots, 1),
             AtMost(utilisation, 10, 1), Fixed(create, 1)});
}

void Run() {
  std::printf(
      "labslot_scale_bench: the daemon on stores of several sizes, 1,000 assets\n%s"
      "  Times of reads are of one call over the unix socket, encoding and decoding included.\n",
      Surroundings("/var/tmp").c_str());
  Table table({"reservations", "fill s", "load s", "ready s", "then quiet s", "RSS MiB",
               "free/busy 14 d ms", "find slots 14 d ms", "utilisation by month, CPU ms",
               "create, CPU us"});
  std::vector<std::string> sizes = absl::GetFlag(FLAGS_sizes);
  if (sizes.empty()) {
    sizes = absl::GetFlag(FLAGS_quick) ? std::vector<std::string>{"1000", "10000"}
                                       : std::vector<std::string>{"1000", "100000", "1000000"};
  }
  for (const std::string& size : sizes) Measure(std::stoll(size), table);
  table.Print("By number of reservations; reads are of all 1,000 assets");
}

}  // namespace
}  // namespace labslot::bench

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  absl::ParseCommandLine(argc, argv);
  labslot::bench::Run();
  return 0;
}
