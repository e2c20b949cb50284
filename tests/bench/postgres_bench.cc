// Measures the daemon beside what one would take instead: a table of PostgreSQL with
// an exclusion constraint. Both hold a million bookings and are durable; their rounds
// take turns on the same machine.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "absl/synchronization/mutex.h"
#include "labslot/v1/availability_service.pb.h"
#include "labslot/v1/reservation_service.pb.h"
#include "labslot/v1/utilisation_service.pb.h"
#include "tests/bench/child.h"
#include "tests/bench/filled_daemon.h"
#include "tests/bench/load.h"
#include "tests/bench/postgres.h"
#include "tests/bench/table.h"

ABSL_FLAG(bool, quick, false, "A few seconds, to see that it runs; the figures mean nothing.");
ABSL_FLAG(int64_t, size, 1000000, "Bookings that are there before.");
ABSL_FLAG(int, rounds, 5, "Rounds of each variant.");

namespace labslot::bench {
namespace {

constexpr Seconds kDay = 86400;
constexpr Seconds kHour = 3600;
constexpr int kSpansADay = 7;
constexpr int kBatch = 100;
// Behind the year that is full.
constexpr int64_t kFirstNewDay = 400;
// New bookings lie back to back on each asset, an hour each, ten a day.
constexpr int64_t kNewADay = 10;

// The same for both: `number` is that of a booking.
std::string NewAsset(int64_t number) { return AssetId(number * 7 % kAssets); }
Instant NewStart(Instant begin, int64_t number) {
  const int64_t turn = number / kAssets;
  return begin + (kFirstNewDay + turn / kNewADay) * kDay + (8 + turn % kNewADay) * kHour;
}

// The daemon on a store that is full already.
class Labslot {
 public:
  Labslot(const std::string& folder, Instant begin, int64_t bookings)
      : begin_(begin), daemon_(folder, {begin, kSpansADay, 2 * kHour}, bookings) {
    for (int i = 0; i < 4; ++i) routes_.push_back(daemon_.Connection());
  }

  double Singles(int in_flight, std::chrono::duration<double> length) {
    const auto creates = Calls<v1::CreateReservationRequest, v1::Reservation>(
        routes_, "/labslot.v1.ReservationService/CreateReservation",
        [this](v1::CreateReservationRequest& request) {
          request.set_request_id(absl::StrCat("single-", next_));
          Fill(next_++, request);
        });
    return RunRound(creates, static_cast<size_t>(in_flight), {length}, daemon_.child())
        .per_second();
  }

  // Bookings a second in batches, four of which are on their way.
  double Batches(std::chrono::duration<double> length) {
    const auto batches =
        Calls<v1::BatchCreateReservationsRequest, v1::BatchCreateReservationsResponse>(
            routes_, "/labslot.v1.ReservationService/BatchCreateReservations",
            [this](v1::BatchCreateReservationsRequest& request) {
              request.set_request_id(absl::StrCat("batch-", next_));
              for (int i = 0; i < kBatch; ++i) Fill(next_++, *request.add_requests());
            });
    return kBatch * RunRound(batches, 4, {length}, daemon_.child()).per_second();
  }

  double FreeGaps(int times) {
    const v1::QueryFreeBusyRequest request = FreeBusyOfAll(begin_ + 30 * kDay);
    return Milliseconds(times, [&] {
      CallOnce<v1::QueryFreeBusyRequest, v1::QueryFreeBusyResponse>(
          routes_[0], "/labslot.v1.AvailabilityService/QueryFreeBusy", request);
    });
  }

 private:
  void Fill(int64_t number, v1::CreateReservationRequest& request) const {
    const Instant start = NewStart(begin_, number);
    request.mutable_reservation()->add_items()->set_asset("assets/" + NewAsset(number));
    *request.mutable_reservation()->mutable_interval() = Span(start, start + kHour);
    request.mutable_reservation()->set_user("users/alice");
  }

  const Instant begin_;
  const FilledDaemon daemon_;
  std::vector<Route> routes_;
  int64_t next_ = 0;
};

// How long a report on a year that is over takes, by asset and month, in milliseconds. It
// is about as many bookings as the table has.
double TimeUtilisation(int64_t bookings, int times) {
  const WorkFolder work;
  const Interval year = LastYear();
  const FilledDaemon daemon(
      work.path(), {year.start / kDay * kDay, kSpansADay, 2 * kHour, /*over=*/true}, bookings);
  const Route route = daemon.Connection();
  const v1::QueryUtilisationRequest request = UtilisationByMonth(year.start, year.end);
  return Milliseconds(times, [&] {
    CallOnce<v1::QueryUtilisationRequest, v1::QueryUtilisationResponse>(
        route, "/labslot.v1.UtilisationService/QueryUtilisation", request);
  });
}

// A table that cannot be double-booked, and nothing else: no rules, no log, no
// repetition of requests.
class ExclusionTable {
 public:
  ExclusionTable(const std::string& programs, const std::string& folder, Instant begin,
                 int64_t bookings)
      : server_(programs, folder), begin_(begin) {
    server_.Run(absl::Substitute(
        "CREATE EXTENSION btree_gist;\n"
        "CREATE TABLE booking (id bigserial PRIMARY KEY, asset int NOT NULL,\n"
        "  during tstzrange NOT NULL, holder text NOT NULL DEFAULT 'alice');\n"
        "CREATE SEQUENCE slot MINVALUE 0;\n"
        "INSERT INTO booking (asset, during)\n"
        "  SELECT n % $0, tstzrange(s, s + interval '1 hour') FROM (\n"
        "    SELECT n, to_timestamp($1 + span / $2 * 86400 + (6 + 2 * (span % $2)) * 3600) AS s\n"
        "    FROM (SELECT n, n / $0 * $3 / $4 AS span FROM generate_series(0, $5) AS n) AS a\n"
        "  ) AS b ORDER BY random();\n"
        "ALTER TABLE booking ADD EXCLUDE USING gist (asset WITH =, during WITH &&);\n"
        "ANALYZE booking;\n",
        kAssets, begin, kSpansADay, 365 * kSpansADay, std::max<int64_t>(1, bookings / kAssets),
        bookings - 1));
  }

  const Postgres& server() const { return server_; }

  double Singles(int clients, std::chrono::seconds length) const {
    return server_.PerSecond(Insert("nextval('slot')"), clients, length);
  }

  double Batches(std::chrono::seconds length) const {
    const std::string hundred =
        absl::StrCat("nextval('slot') FROM generate_series(1, ", kBatch, ")");
    return kBatch * server_.PerSecond(Insert(hundred), 4, length);
  }

  double FreeGaps(int times) const {
    return server_.Milliseconds(
        absl::Substitute(
            "SELECT asset, until, next FROM (SELECT asset,\n"
            "  coalesce(max(upper(during)) OVER w, to_timestamp($0)) AS until,\n"
            "  lower(during) AS next FROM booking\n"
            "  WHERE during && tstzrange(to_timestamp($0), to_timestamp($1))\n"
            "  WINDOW w AS (PARTITION BY asset ORDER BY lower(during)\n"
            "               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS gap\n"
            "WHERE next - until >= interval '2 hours'",
            begin_ + 30 * kDay, begin_ + 44 * kDay),
        times);
  }

  double Utilisation(int times) const {
    return server_.Milliseconds(
        absl::Substitute(
            "SELECT asset, date_trunc('month', lower(during)) AS month,\n"
            "  sum(extract(epoch FROM upper(during) - lower(during)))\n"
            "FROM booking WHERE during && tstzrange(to_timestamp($0), to_timestamp($1))\n"
            "GROUP BY asset, month",
            begin_, begin_ + 365 * kDay),
        times);
  }

 private:
  // Inserts the slots whose numbers are `numbers`, where NewStart puts them.
  std::string Insert(const std::string& numbers) const {
    return absl::Substitute(
        "INSERT INTO booking (asset, during)\n"
        "  SELECT n * 7 % $0, tstzrange(s, s + interval '1 hour') FROM (\n"
        "    SELECT n, to_timestamp($1 + ($2 + n / $0 / $3) * 86400\n"
        "                           + (8 + n / $0 % $3) * 3600) AS s\n"
        "    FROM (SELECT $4) AS a (n)) AS b;\n",
        kAssets, begin_, kFirstNewDay, kNewADay, numbers);
  }

  Postgres server_;
  const Instant begin_;
};

void Run() {
  const bool quick = absl::GetFlag(FLAGS_quick);
  const int64_t size = quick ? 10000 : absl::GetFlag(FLAGS_size);
  const int rounds = quick ? 1 : absl::GetFlag(FLAGS_rounds);
  // Of which 64 clients of pgbench take one to connect on a busy machine.
  const std::chrono::seconds length(quick ? 3 : 5);
  std::printf("labslot_postgres_bench: the daemon beside a table with an exclusion constraint\n");
  const std::optional<std::string> programs = Postgres::FindPrograms();
  if (!programs) {
    std::printf("SKIPPED: PostgreSQL is not installed (packages postgresql, with pgbench)\n");
    return;
  }
  const WorkFolder work;
  const WorkFolder table_work;
  const Instant begin = (std::time(nullptr) / kDay + 1) * kDay;
  const ExclusionTable table(*programs, table_work.path(), begin, size);
  Labslot labslot(work.path(), begin, size);
  std::printf("%s  %s\n", Surroundings(work.path()).c_str(), table.server().Version().c_str());

  Table figures({"what", "labslot", "PostgreSQL", "ratio"});
  for (const int clients : {1, 16, 64}) {
    std::vector<double> ours, theirs, ratios;
    for (int i = 0; i < rounds; ++i) {
      ours.push_back(labslot.Singles(clients, length));
      theirs.push_back(table.Singles(clients, length));
      ratios.push_back(ours.back() / theirs.back());
    }
    figures.Add({absl::StrCat("bookings a second, ", clients, " clients"), Whole(Median(ours)),
                 Whole(Median(theirs)),
                 clients == 64 ? AtLeast(Median(ratios), 3.5, 1) : Fixed(Median(ratios), 1)});
  }
  std::vector<double> ours, theirs, single, ratios, of_single;
  for (int i = 0; i < rounds; ++i) {
    ours.push_back(labslot.Batches(length));
    theirs.push_back(table.Batches(length));
    single.push_back(table.Singles(64, length));
    ratios.push_back(ours.back() / theirs.back());
    of_single.push_back(ours.back() / single.back());
  }
  figures.Add({"bookings a second, 4 clients, batches of 100", Whole(Median(ours)),
               Whole(Median(theirs)), Fixed(Median(ratios), 1)});
  figures.Add({"batches of 100 against single ones of 64 clients", Whole(Median(ours)),
               Whole(Median(single)), AtLeast(Median(of_single), 20, 1)});
  const int times = quick ? 1 : 7;
  const double our_gaps = labslot.FreeGaps(times);
  const double their_gaps = table.FreeGaps(times);
  figures.Add({"free time of 1,000 assets in 14 days, ms", Fixed(our_gaps, 1), Fixed(their_gaps, 1),
               Fixed(their_gaps / our_gaps, 1)});
  const double our_use = TimeUtilisation(size, times);
  const double their_use = table.Utilisation(times);
  figures.Add({"utilisation by asset and month of a year that is over, ms", Fixed(our_use, 1),
               Fixed(their_use, 1), Fixed(their_use / our_use, 1)});
  figures.Print(absl::StrCat("With ", Whole(static_cast<double>(size)),
                             " bookings on 1,000 assets, over unix sockets"));
}

}  // namespace
}  // namespace labslot::bench

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  absl::ParseCommandLine(argc, argv);
  labslot::bench::Run();
  return 0;
}
