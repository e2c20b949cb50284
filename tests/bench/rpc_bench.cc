// Measures the real daemon over the wire: durable creates and reads beside null
// calls, at several numbers of calls in flight. The variants take turns in
// short rounds, so that what else the machine does hits all of them alike.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "labslot/v1/admin_service.pb.h"
#include "labslot/v1/availability_service.pb.h"
#include "labslot/v1/catalogue_service.pb.h"
#include "labslot/v1/directory_service.pb.h"
#include "labslot/v1/reservation_service.pb.h"
#include "tests/bench/child.h"
#include "tests/bench/disk.h"
#include "tests/bench/load.h"
#include "tests/bench/null_server.h"
#include "tests/bench/table.h"
#include "tests/bench/workshop.h"

ABSL_FLAG(bool, quick, false, "A few seconds, to see that it runs; the figures mean nothing.");
ABSL_FLAG(int, rounds, 7, "Rounds of each variant.");
ABSL_FLAG(int, round_ms, 300, "Length of a round.");
ABSL_FLAG(std::vector<std::string>, in_flight, std::vector<std::string>({"1", "16", "64", "256"}),
          "Numbers of calls in flight.");
ABSL_FLAG(std::vector<std::string>, transports, std::vector<std::string>({"unix", "tcp"}),
          "Of unix and tcp.");
ABSL_FLAG(std::vector<std::string>, calls,
          std::vector<std::string>({"null", "create", "batch", "ruled", "free-busy", "get"}),
          "Calls of the daemon to measure; the null call always is.");
ABSL_FLAG(std::vector<std::string>, daemons, std::vector<std::string>(),
          "Programs to compare, each with rounds of its own; the first is the base. Default: the "
          "labslotd beside this program.");
ABSL_FLAG(std::string, null_server, "", "For the program itself: serve nothing in this folder.");

namespace labslot::bench {
namespace {

constexpr char kServerInfo[] = "/labslot.v1.AdminService/GetServerInfo";
constexpr size_t kChannels = 4;
constexpr int kBatch = 100;
// More of them than this at a time would be more than the queue of the daemon takes.
constexpr size_t kBatchesInFlight = 16;

// A server under load, and the ways to it.
struct Target {
  explicit Target(const std::vector<std::string>& command, const std::string& at)
      : folder(at), child(command), port(AwaitFile(at + "/port")) {
    absl::StripAsciiWhitespace(&port);
  }

  std::string Address(const std::string& transport) const {
    return transport == "unix" ? absl::StrCat("unix:", folder, "/labslotd.sock")
                               : absl::StrCat("127.0.0.1:", port);
  }

  std::vector<Route> Routes(const std::string& transport) const {
    std::vector<Route> routes;
    for (size_t i = 0; i < kChannels; ++i) {
      routes.push_back({Connect(Address(transport)), bearers.empty() ? "" : bearers[i % kUsers]});
    }
    return routes;
  }

  std::string folder;
  Child child;
  std::string port;
  std::vector<std::string> bearers;
};

// The daemon with its catalogue and the crowded week.
class DaemonTarget : public Target {
 public:
  DaemonTarget(const std::string& program, const std::string& at)
      : Target({program, "--data_dir=" + at, "--listen=127.0.0.1:0", "--port_file=" + at + "/port",
                "--log_level=warning"},
               at),
        operator_{Connect(Address("unix")), ""} {
    v1::ImportCatalogueRequest import;
    *import.mutable_catalogue() = WorkshopCatalogue();
    CallOnce<v1::ImportCatalogueRequest, v1::ImportCatalogueResponse>(
        operator_, "/labslot.v1.CatalogueService/ImportCatalogue", import);
    for (int i = 0; i < kUsers; ++i) {
      v1::CreateTokenRequest request;
      request.mutable_token()->set_user(UserName(i));
      request.mutable_token()->set_display_name("bench");
      bearers.push_back(CallOnce<v1::CreateTokenRequest, v1::Token>(
                            operator_, "/labslot.v1.DirectoryService/CreateToken", request)
                            .secret());
    }
    FillCrowdedWeek();
  }

  v1::ServerInfo Info() const {
    return CallOnce<v1::GetServerInfoRequest, v1::ServerInfo>(operator_, kServerInfo, {});
  }

  Workload Null(const std::vector<Route>& routes) const {
    return Calls<v1::GetServerInfoRequest, v1::ServerInfo>(routes, kServerInfo, [](auto&) {});
  }

  // Books the next slots, each with a request_id of its own.
  Workload Create(const std::vector<Route>& routes) {
    return Creates(routes, [this](v1::CreateReservationRequest& request) {
      const int64_t number = next_slot_++;
      request.mutable_reservation()->add_items()->set_asset(SlotAsset(number));
      *request.mutable_reservation()->mutable_interval() = SlotTime(number);
      request.set_request_id(absl::StrCat("bench-slot-", number));
    });
  }

  // The same, so many in one call.
  Workload CreateBatch(const std::vector<Route>& routes) {
    return Calls<v1::BatchCreateReservationsRequest, v1::BatchCreateReservationsResponse>(
        routes, "/labslot.v1.ReservationService/BatchCreateReservations",
        [this](v1::BatchCreateReservationsRequest& request) {
          request.set_request_id(absl::StrCat("bench-batch-", next_slot_));
          for (int i = 0; i < kBatch; ++i) {
            const int64_t number = next_slot_++;
            v1::Reservation& wanted = *request.add_requests()->mutable_reservation();
            wanted.add_items()->set_asset(SlotAsset(number));
            *wanted.mutable_interval() = SlotTime(number);
          }
        });
  }

  // The same on assets under 20 policies and 10 quotas.
  Workload CreateRuled(const std::vector<Route>& routes) {
    return Creates(routes, [this](v1::CreateReservationRequest& request) {
      const int64_t number = next_ruled_slot_++;
      request.mutable_reservation()->add_items()->set_asset(RuledSlotAsset(number));
      *request.mutable_reservation()->mutable_interval() = SlotTime(number);
      request.set_request_id(absl::StrCat("bench-ruled-slot-", number));
    });
  }

  // One asset, one day, eight reservations.
  Workload FreeBusy(const std::vector<Route>& routes) {
    return Calls<v1::QueryFreeBusyRequest, v1::QueryFreeBusyResponse>(
        routes, "/labslot.v1.AvailabilityService/QueryFreeBusy",
        [this](v1::QueryFreeBusyRequest& request) {
          request.add_assets(CrowdedAsset(static_cast<int64_t>(random_() % kCrowdedAssets)));
          *request.mutable_interval() = CrowdedDay(static_cast<int64_t>(random_() % kCrowdedDays));
        });
  }

  Workload Get(const std::vector<Route>& routes) {
    return Calls<v1::GetReservationRequest, v1::Reservation>(
        routes, "/labslot.v1.ReservationService/GetReservation",
        [this](v1::GetReservationRequest& request) {
          const auto place = static_cast<int64_t>(random_() % kCrowdedSlots);
          request.set_name(absl::StrCat("reservations/", first_reservation_ + place));
        });
  }

 private:
  Workload Creates(const std::vector<Route>& routes,
                   std::function<void(v1::CreateReservationRequest&)> fill) const {
    return Calls<v1::CreateReservationRequest, v1::Reservation>(
        routes, "/labslot.v1.ReservationService/CreateReservation", std::move(fill));
  }

  void FillCrowdedWeek() {
    first_reservation_ = Info().revision() + 1;
    int64_t next = 0;
    const Workload fill = Creates(Routes("unix"), [&next](v1::CreateReservationRequest& request) {
      request.mutable_reservation()->add_items()->set_asset(CrowdedAsset(next));
      *request.mutable_reservation()->mutable_interval() = CrowdedTime(next++);
    });
    RunRound(fill, 64, {std::chrono::seconds(60), kCrowdedSlots}, child);
  }

  Route operator_;
  int64_t next_slot_ = 0;
  int64_t next_ruled_slot_ = 0;
  int64_t first_reservation_ = 0;
  std::mt19937 random_{1};
};

// What the rounds of one variant came to.
struct Series {
  std::vector<double> per_second;
  std::vector<double> server_cpu_us;
  std::vector<float> latencies_us;
  std::vector<double> of_null;      // throughput, against the null call of the same turn
  std::vector<double> cpu_of_null;  // server CPU of the null call, against this one's
  std::vector<double> bookings_per_sync;
};

struct Variant {
  std::string name;
  Workload workload;
  const Child* server;
  const DaemonTarget* counts;  // whose syncs are counted; null for none
  size_t null;                 // index of the variant to compare with
  std::map<size_t, double> targets;
  Series series;
  double per_call = 1;  // bookings
  size_t most_in_flight = SIZE_MAX;
};

void RunTurn(std::vector<Variant>& variants, size_t in_flight,
             std::chrono::duration<double> length) {
  std::vector<Round> rounds;
  for (Variant& variant : variants) {
    v1::ServerInfo before;
    if (variant.counts != nullptr) before = variant.counts->Info();
    rounds.push_back(RunRound(variant.workload, std::min(in_flight, variant.most_in_flight),
                              {length}, *variant.server));
    if (variant.counts != nullptr) {
      const v1::ServerInfo after = variant.counts->Info();
      variant.series.bookings_per_sync.push_back(
          static_cast<double>(after.command_count() - before.command_count()) /
          static_cast<double>(after.commit_count() - before.commit_count()));
    }
  }
  for (size_t i = 0; i < variants.size(); ++i) {
    Series& series = variants[i].series;
    Round& round = rounds[i];
    const Round& null = rounds[variants[i].null];
    const double per_call = variants[i].per_call;
    series.per_second.push_back(per_call * round.per_second());
    series.server_cpu_us.push_back(round.server_cpu_us() / per_call);
    series.of_null.push_back(per_call * round.per_second() / null.per_second());
    series.cpu_of_null.push_back(per_call * null.server_cpu_us() / round.server_cpu_us());
    series.latencies_us.insert(series.latencies_us.end(), round.latencies_us.begin(),
                               round.latencies_us.end());
  }
}

std::vector<std::string> RowOf(Variant& variant, size_t in_flight) {
  Series& series = variant.series;
  const auto target = variant.targets.find(in_flight);
  const double ratio = Median(series.of_null);
  return {variant.name,
          absl::StrCat(in_flight),
          Whole(Median(series.per_second)),
          Whole(Quantile(series.latencies_us, 0.5)),
          Whole(Quantile(series.latencies_us, 0.99)),
          Fixed(Median(series.server_cpu_us), 1),
          target == variant.targets.end() ? Fixed(ratio, 2) : AtLeast(ratio, target->second, 2),
          Fixed(Median(series.cpu_of_null), 2),
          series.bookings_per_sync.empty()
              ? "-"
              : (in_flight == 64 ? AtLeast(Median(series.bookings_per_sync), 40, 1)
                                 : Fixed(Median(series.bookings_per_sync), 1))};
}

// What a durable call at 1 in flight comes to where nothing but a null call and a bare
// sync is paid for: the best that there can be on this disk.
std::vector<std::string> FloorRow(Series& null, std::vector<float>& syncs_us) {
  const double null_us = Quantile(null.latencies_us, 0.5);
  const double both_us = null_us + Quantile(syncs_us, 0.5);
  return {"null call and a bare sync",
          "1",
          Whole(1e6 / both_us),
          Whole(both_us),
          "-",
          "-",
          Fixed(null_us / both_us, 2),
          "-",
          "1.0"};
}

std::map<size_t, double> ForAll(double target) {
  return {{1, target}, {16, target}, {64, target}, {256, target}};
}

bool IsWanted(const std::string& call) {
  const std::vector<std::string> calls = absl::GetFlag(FLAGS_calls);
  return std::find(calls.begin(), calls.end(), call) != calls.end();
}

// The variants of one daemon. The null call comes first among them.
void AddVariants(DaemonTarget& daemon, const std::string& transport, const std::string& suffix,
                 std::vector<Variant>& variants) {
  const std::vector<Route> routes = daemon.Routes(transport);
  const size_t null = variants.size();
  const auto add = [&](const std::string& name, Workload workload, size_t against,
                       std::map<size_t, double> targets) {
    variants.push_back({name + suffix,
                        std::move(workload),
                        &daemon.child,
                        nullptr,
                        against,
                        std::move(targets),
                        {},
                        1,
                        SIZE_MAX});
  };
  add("null call", daemon.Null(routes), 0, ForAll(0.9));
  if (IsWanted("create")) {
    add("create, durable", daemon.Create(routes), null,
        {{1, 0.25}, {16, 0.5}, {64, 0.7}, {256, 0.9}});
    variants.back().counts = &daemon;
  }
  // What creates otherwise is compared with this, where it is measured.
  const size_t base = IsWanted("create") ? variants.size() - 1 : null;
  if (IsWanted("batch")) {
    add("create, batch of 100, per booking", daemon.CreateBatch(routes), base,
        base == null ? std::map<size_t, double>() : std::map<size_t, double>{{64, 8}});
    variants.back().per_call = kBatch;
    variants.back().most_in_flight = kBatchesInFlight;
  }
  if (IsWanted("ruled")) {
    add("create, 20 policies, 10 quotas", daemon.CreateRuled(routes), base, {});
    variants.back().counts = &daemon;
  }
  if (IsWanted("free-busy")) {
    add("free-busy, 1 asset, 1 day", daemon.FreeBusy(routes), null, ForAll(0.95));
  }
  if (IsWanted("get")) add("get reservation", daemon.Get(routes), null, ForAll(0.95));
}

void Measure(const Target& null_server, const std::vector<std::unique_ptr<DaemonTarget>>& daemons,
             const std::string& transport) {
  Table table({"call", "in flight", "calls/s", "p50 us", "p99 us", "server CPU us", "/ null",
               "null CPU / its", "bookings a sync"});
  const bool quick = absl::GetFlag(FLAGS_quick);
  const auto length = std::chrono::milliseconds(quick ? 40 : absl::GetFlag(FLAGS_round_ms));
  for (const std::string& word : absl::GetFlag(FLAGS_in_flight)) {
    size_t in_flight = 0;
    if (!absl::SimpleAtoi(word, &in_flight)) Fail("--in_flight takes numbers");
    std::vector<Variant> variants;
    const std::vector<Route> routes = null_server.Routes(transport);
    variants.push_back(
        {"bare null server",
         Calls<v1::GetServerInfoRequest, v1::ServerInfo>(routes, kServerInfo, [](auto&) {}),
         &null_server.child,
         nullptr,
         0,
         {},
         {},
         1,
         SIZE_MAX});
    for (size_t i = 0; i < daemons.size(); ++i) {
      AddVariants(*daemons[i], transport, i == 0 ? "" : absl::StrCat(" [", i, "]"), variants);
    }
    std::vector<float> syncs_us;
    for (int turn = 0; turn < (quick ? 1 : absl::GetFlag(FLAGS_rounds)); ++turn) {
      RunTurn(variants, in_flight, length);
      for (const float sync : TimeBareSyncs(null_server.folder, quick ? 10 : 200)) {
        syncs_us.push_back(sync);
      }
    }
    for (Variant& variant : variants) table.Add(RowOf(variant, in_flight));
    // Behind the bare null server comes the null call of the first daemon.
    if (in_flight == 1) table.Add(FloorRow(variants[1].series, syncs_us));
  }
  table.Print("Over " + transport + ", " + std::to_string(kChannels) + " connections");
}

void Run() {
  const WorkFolder work;
  std::printf("labslot_rpc_bench: the daemon over the wire, the load from one thread beside it\n%s",
              Surroundings(work.path()).c_str());
  std::printf(
      "  Null call: GetServerInfo of a member, the cheapest call through the gate of the daemon.\n"
      "  Its own null is the bare server: one completion queue, one thread, constant answer.\n"
      "  Ratios are medians of rounds that took turns; `!` marks a missed target.\n");
  std::vector<std::string> programs = absl::GetFlag(FLAGS_daemons);
  if (programs.empty()) programs.push_back(SiblingProgram("labslotd"));
  const std::string null_folder = work.path() + "/null";
  std::filesystem::create_directory(null_folder);
  const Target null_server({SiblingProgram("labslot_rpc_bench"), "--null_server=" + null_folder},
                           null_folder);
  std::vector<std::unique_ptr<DaemonTarget>> daemons;
  for (size_t i = 0; i < programs.size(); ++i) {
    daemons.push_back(
        std::make_unique<DaemonTarget>(programs[i], absl::StrCat(work.path(), "/", i)));
  }
  for (const std::string& transport : absl::GetFlag(FLAGS_transports)) {
    Measure(null_server, daemons, transport);
  }
}

}  // namespace
}  // namespace labslot::bench

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  absl::ParseCommandLine(argc, argv);
  if (const std::string folder = absl::GetFlag(FLAGS_null_server); !folder.empty()) {
    return labslot::bench::RunNullServer(folder + "/labslotd.sock", folder + "/port");
  }
  labslot::bench::Run();
  return 0;
}
