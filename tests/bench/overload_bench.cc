// Measures what the daemon makes of more calls than it can serve: how much of the work
// still comes to something, how long what is let in takes, and how much memory it holds.

#include <algorithm>
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
#include "grpcpp/impl/codegen/proto_utils.h"
#include "labslot/v1/reservation_service.pb.h"
#include "tests/bench/child.h"
#include "tests/bench/filled_daemon.h"
#include "tests/bench/load.h"
#include "tests/bench/open_load.h"
#include "tests/bench/table.h"

ABSL_FLAG(bool, quick, false, "A few seconds, to see that it runs; the figures mean nothing.");
ABSL_FLAG(double, seconds, 5, "How long each load is offered.");
ABSL_FLAG(int, batch, 10, "Bookings of a call; with more, one thread can offer more of them.");
ABSL_FLAG(std::vector<std::string>, times, std::vector<std::string>({"0.5", "1", "2", "5", "10"}),
          "Loads, as multiples of what it can serve.");
ABSL_FLAG(int, soak, 0, "Instead, twice what it can serve for so many seconds, and its memory.");

namespace labslot::bench {
namespace {

constexpr Seconds kDay = 86400;
constexpr Seconds kHour = 3600;
constexpr int64_t kMegabyte = 1 << 20;
// Each has as many streams as the daemon allows, so that calls wait there and not here.
constexpr int kConnections = 16;
constexpr char kMethod[] = "/labslot.v1.ReservationService/BatchCreateReservations";

using Batch = v1::BatchCreateReservationsRequest;

class Overload {
 public:
  explicit Overload(const std::string& folder)
      : begin_((std::time(nullptr) / kDay + 1) * kDay),
        daemon_(folder, {begin_, 7, 2 * kHour}, /*reservations=*/0) {
    Reconnect();
  }

  const Child& child() const { return daemon_.child(); }

  // Calls a second with as many on their way as it likes.
  double Sustainable(std::chrono::duration<double> length) {
    const auto calls = Calls<Batch, v1::BatchCreateReservationsResponse>(
        routes_, kMethod, [this](Batch& request) { Fill(request); });
    // No more than the daemon queues of one user.
    const auto in_flight = static_cast<size_t>(std::clamp(900 / absl::GetFlag(FLAGS_batch), 1, 32));
    return RunRound(calls, in_flight, {length}, child()).per_second();
  }

  OpenLoadResult At(double calls_a_second, std::chrono::duration<double> length,
                    int give_up_every) {
    OpenLoad load;
    load.routes = routes_;
    load.method = kMethod;
    load.request = [this] { return NextRequest(); };
    load.calls_a_second = calls_a_second;
    load.length = length;
    load.give_up_every = give_up_every;
    return Offer(load);
  }

  // Drops all connections and makes others.
  void Reconnect() {
    routes_.clear();
    for (int i = 0; i < kConnections; ++i) routes_.push_back(daemon_.Connection());
  }

 private:
  void Fill(Batch& request) {
    request.set_request_id(absl::StrCat("overload-", next_));
    for (int i = 0; i < absl::GetFlag(FLAGS_batch); ++i) {
      // A minute each, so that there is room for as many as can be wished for.
      const int64_t number = next_++;
      const Instant start = begin_ + 8 * kHour + number / kAssets % (14 * 60) * 60 +
                            number / kAssets / (14 * 60) * kDay;
      v1::Reservation& wanted = *request.add_requests()->mutable_reservation();
      wanted.add_items()->set_asset(absl::StrCat("assets/", AssetId(number % kAssets)));
      *wanted.mutable_interval() = Span(start, start + 60);
      wanted.set_user("users/alice");
    }
  }

  grpc::ByteBuffer NextRequest() {
    Batch request;
    Fill(request);
    grpc::ByteBuffer bytes;
    bool own_buffer = false;
    const grpc::Status status = grpc::SerializationTraits<google::protobuf::Message>::Serialize(
        request, &bytes, &own_buffer);
    if (!status.ok()) Fail(status.error_message());
    return bytes;
  }

  const Instant begin_;
  const FilledDaemon daemon_;
  std::vector<Route> routes_;
  int64_t next_ = 0;
};

double Megabytes(int64_t bytes) { return static_cast<double>(bytes) / kMegabyte; }

void MeasureLoads(Overload& overload, std::chrono::duration<double> length) {
  const double sustainable = overload.Sustainable(length);
  std::printf(
      "  It serves %s calls a second, of %d bookings each, to those who wait for answers.\n",
      Whole(sustainable).c_str(), absl::GetFlag(FLAGS_batch));
  Table table({"times", "offered/s", "served/s", "of the most", "refused/s", "too late/s",
               "other/s", "p50 ms", "p99 ms", "CPU of a second", "RSS MiB"});
  double most = 0;
  for (const std::string& times : absl::GetFlag(FLAGS_times)) {
    const double cpu_before = overload.child().CpuSeconds();
    OpenLoadResult result = overload.At(std::stod(times) * sustainable, length, 0);
    const double cpu = overload.child().CpuSeconds() - cpu_before;
    const double served = result.PerSecond(grpc::OK);
    const double refused = result.PerSecond(grpc::RESOURCE_EXHAUSTED);
    const double late = result.PerSecond(grpc::DEADLINE_EXCEEDED);
    most = std::max(most, served);
    table.Add({times, Whole(result.offered_per_second()), Whole(served),
               AtLeast(served / most, std::stod(times) < 1 ? 0 : 0.8, 2), Whole(refused),
               Whole(late), Whole(result.offered_per_second() - served - refused - late),
               Fixed(Quantile(result.ok_ms, 0.5), 1), Fixed(Quantile(result.ok_ms, 0.99), 1),
               Fixed(cpu / result.seconds, 2), Whole(Megabytes(overload.child().ResidentBytes()))});
  }
  table.Print("Calls that have a second, whether or not earlier ones were answered");
}

// Its bookings stay in memory, so what counts is the growth beyond theirs.
void Soak(Overload& overload, int seconds) {
  const double sustainable = overload.Sustainable(std::chrono::seconds(2));
  Table table({"second", "offered/s", "served/s", "bookings", "RSS MiB", "bytes a booking"});
  const double at_first = static_cast<double>(overload.child().ResidentBytes());
  double bookings = 0;
  for (int second = 0; second < seconds; second += 10) {
    const OpenLoadResult result = overload.At(2 * sustainable, std::chrono::seconds(10), 20);
    overload.Reconnect();
    bookings += result.PerSecond(grpc::OK) * result.seconds * absl::GetFlag(FLAGS_batch);
    const auto resident = static_cast<double>(overload.child().ResidentBytes());
    table.Add({Whole(second + 10), Whole(result.offered_per_second()),
               Whole(result.PerSecond(grpc::OK)), Whole(bookings), Whole(resident / kMegabyte),
               Whole((resident - at_first) / bookings)});
  }
  table.Print("Twice what it serves; every 20th call is given up, all reconnect every 10 s");
}

void Run() {
  const bool quick = absl::GetFlag(FLAGS_quick);
  const std::chrono::duration<double> length(quick ? 0.5 : absl::GetFlag(FLAGS_seconds));
  const WorkFolder work;
  std::printf("labslot_overload_bench: the daemon under more than it can serve\n%s",
              Surroundings(work.path()).c_str());
  Overload overload(work.path());
  if (const int seconds = absl::GetFlag(FLAGS_soak); seconds > 0) return Soak(overload, seconds);
  MeasureLoads(overload, length);
}

}  // namespace
}  // namespace labslot::bench

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  absl::ParseCommandLine(argc, argv);
  labslot::bench::Run();
  return 0;
}
