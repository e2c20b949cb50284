// Measures what it costs to judge a booking of a pool whose units differ, by how many
// there are, of how many kinds, and how full the pool is.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/findings.h"
#include "daemon/engine/state.h"
#include "daemon/engine/unit_uses.h"
#include "tests/bench/table.h"

ABSL_FLAG(bool, quick, false, "A few seconds, to see that it runs; the figures mean nothing.");

namespace labslot::bench {
namespace {

constexpr Seconds kHour = 3600;
constexpr Instant kBegin = 1800000000;  // 2027-01-15

// A pool of `units`, of which unit i carries the labels below i mod `kinds`, and a
// month of bookings for it, of which half ask for a label.
class Pool {
 public:
  Pool(size_t units, size_t kinds, bool asks, unsigned seed)
      : kinds_(kinds), asks_(asks), random_(seed) {
    Site site;
    site.id = "lommel";
    site.time_zone = "Europe/Brussels";
    state_.LoadRecord(site);
    Asset rigs;
    rigs.id = "rigs";
    rigs.site = "lommel";
    rigs.capacity_kind = CapacityKind::kPool;
    rigs.capacity = static_cast<int32_t>(units);
    for (size_t i = 0; i < units; ++i) {
      Unit unit = {absl::StrCat("rig-", i), "", {}};
      for (size_t kind = 1; kind <= i % kinds; ++kind) unit.labels[Label(kind)] = "yes";
      rigs.units.push_back(unit);
    }
    state_.LoadRecord(rigs);
  }

  Reservation Draft() {
    Reservation draft;
    draft.items = {{"rigs"}};
    if (asks_ && random_() % 2 == 0) {
      draft.items[0].unit_labels[Label(1 + random_() % (kinds_ - 1))] = "yes";
    }
    const Instant start = kBegin + static_cast<Instant>(random_() % 720) * kHour;
    draft.interval = {start, start + static_cast<Seconds>(1 + random_() % 8) * kHour};
    draft.state = ReservationState::kConfirmed;
    return draft;
  }

  // Books whatever fits until the share of the units' time is reached, or seldom
  // anything fits.
  void Fill(double share) {
    const double wanted = share * 720 * kHour * state_.catalogue().FindAsset("rigs")->capacity;
    double booked = 0;
    for (int refused = 0; booked < wanted && refused < 500;) {
      Reservation draft = Draft();
      if (!Passes(draft)) {
        ++refused;
        continue;
      }
      refused = 0;
      draft.id = ++bookings_;
      booked += static_cast<double>(draft.interval.length());
      state_.LoadOccupancy(OccupancyOfItem(draft, draft.items[0]));
    }
  }

  bool Passes(const Reservation& draft) {
    return engine::Passes(state_, {draft, nullptr, kBegin - kHour});
  }

  // How the units would be handed out to all and the draft.
  engine::UnitFit Fit(const Reservation& draft) const {
    const Asset& rigs = *state_.catalogue().FindAsset("rigs");
    return engine::FitWith(state_, rigs,
                           engine::UseOf(rigs, draft.interval, 1, draft.items[0].unit_labels, {}),
                           kBegin - kHour, {});
  }

  // How they are handed out to all if nothing is known of it, as after a start.
  engine::UnitSeats SeatAnew() const {
    return engine::SeatsAsIf(state_, state_.catalogue(), *state_.catalogue().FindAsset("rigs"),
                             kBegin - kHour);
  }

  int64_t bookings() const { return bookings_; }

 private:
  static std::string Label(size_t kind) { return absl::StrCat("ability-", kind); }

  const size_t kinds_;
  const bool asks_;
  std::mt19937 random_;
  engine::State state_;
  int64_t bookings_ = 0;
};

void Measure(size_t units, size_t kinds, bool asks, double share, Table& table) {
  Pool pool(units, kinds, asks, 1);
  pool.Fill(share);
  std::vector<float> micros;
  int granted = 0;
  int undecided = 0;
  const int tries = absl::GetFlag(FLAGS_quick) ? 20 : 500;
  for (int i = 0; i < tries; ++i) {
    const Reservation draft = pool.Draft();
    const auto began = std::chrono::steady_clock::now();
    const bool passes = pool.Passes(draft);
    const std::chrono::duration<float, std::micro> took = std::chrono::steady_clock::now() - began;
    micros.push_back(took.count());
    granted += passes ? 1 : 0;
    undecided += asks && !passes && pool.Fit(draft) == engine::UnitFit::kUndecided ? 1 : 0;
  }
  const auto began = std::chrono::steady_clock::now();
  const engine::UnitSeats anew = pool.SeatAnew();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  const double half = Quantile(micros, 0.5);
  const double nearly_all = Quantile(micros, 0.99);
  table.Add({absl::StrCat(units, " of ", kinds), asks ? "half" : "nobody",
             Whole(static_cast<double>(pool.bookings())), Fixed(100.0 * granted / tries, 0),
             Fixed(half, 1), Fixed(nearly_all, 1), absl::StrCat(undecided, " of ", tries),
             Fixed(took.count(), 1), absl::StrCat(anew.WithoutUnits({0, engine::kNever}).size())});
}

void Run() {
  std::printf(
      "labslot_units_bench: a month of a pool whose units differ, in memory, one thread\n%s",
      Surroundings("/var/tmp").c_str());
  for (const double share : {0.5, 0.75, 0.9}) {
    Table table({"units of kinds", "who asks", "bookings", "granted %", "us, half", "us, 99 %",
                 "undecided", "ms, anew", "left out"});
    for (const auto& [units, kinds] :
         std::vector<std::pair<size_t, size_t>>{{7, 3}, {20, 5}, {100, 5}}) {
      for (const bool asks : {false, true}) Measure(units, kinds, asks, share, table);
    }
    table.Print(absl::StrCat("To judge one more booking, filled to ", Whole(100 * share), " %"));
  }
}

}  // namespace
}  // namespace labslot::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  labslot::bench::Run();
  return 0;
}
