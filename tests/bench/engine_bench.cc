// Measures the engine alone, in memory: what a decision, a search and a
// reservation cost, by how many reservations there are and on how many assets.

#include <malloc.h>

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/decision.h"
#include "daemon/engine/free_busy.h"
#include "daemon/engine/slots.h"
#include "daemon/engine/state.h"
#include "tests/bench/child.h"
#include "tests/bench/table.h"

ABSL_FLAG(bool, searches, false, "Only the searches over all assets.");
ABSL_FLAG(bool, quick, false, "A few seconds, to see that it runs; the figures mean nothing.");

namespace labslot::bench {
namespace {

constexpr Seconds kSlot = 1800;
constexpr Seconds kDay = 86400;
constexpr Instant kBegin = 1800000000;  // 2027-01-15

constexpr char kAlice[] = "alice";

// The same number stand at each site.
constexpr size_t kAssetsOfASite = 100;

std::string AssetId(size_t number) { return absl::StrCat("microscope-", number); }
std::string SiteId(size_t number) { return absl::StrCat("site-", number); }

// Reservations on assets, drawn at random: runs of half an hour to two hours,
// most gaps shorter than that, one in fifty of six hours.
class World : public engine::ReservationSource {
 public:
  World(size_t reservations, size_t assets) : assets_(assets), length_(assets, kBegin) {
    AddRecords();
    const size_t before = HeapBytes();
    for (size_t i = 0; i < reservations; ++i) state_.LoadOccupancy(NextOccupancy(i % assets));
    bytes_each_ = static_cast<double>(HeapBytes() - before) / static_cast<double>(reservations);
    state_.FinishLoad(static_cast<Revision>(reservations), 0, 0);
  }

  const engine::State& state() const { return state_; }
  engine::State& state() { return state_; }
  double bytes_each() const { return bytes_each_; }

  // Never asked for more than the holder of a conflict.
  std::optional<Reservation> FindReservation(ReservationId id) const override {
    Reservation reservation = Draft(0, {kBegin, kBegin + kSlot});
    reservation.id = id;
    return reservation;
  }
  std::optional<Series> FindSeries(SeriesId) const override { return std::nullopt; }
  void VisitReservations(Instant, const std::function<void(const Reservation&)>&) const override {}

  Reservation Draft(size_t asset, const Interval& interval) const {
    Reservation draft;
    draft.items = {{AssetId(asset)}};
    draft.interval = interval;
    draft.user = kAlice;
    draft.organisation = "acme";
    draft.state = ReservationState::kConfirmed;
    return draft;
  }

  // A span of `length` on a random asset at a random time.
  Reservation AnyDraft(Seconds length) {
    const size_t asset = random_() % assets_;
    const auto slots = static_cast<uint64_t>((length_[asset] - kBegin) / kSlot);
    const Instant start = kBegin + static_cast<Instant>(random_() % slots) * kSlot;
    return Draft(asset, {start, start + length});
  }

  // Like AnyDraft, but such that it passes, or that it does not.
  Reservation DraftThat(bool passes, Seconds length) {
    while (true) {
      Reservation draft = AnyDraft(length);
      if (engine::Passes(state_, {draft, nullptr, draft.interval.start - kDay}) == passes) {
        return draft;
      }
    }
  }

 private:
  static size_t HeapBytes() {
    const struct mallinfo2 heap = ::mallinfo2();
    return heap.uordblks + heap.hblkhd;
  }

  // Somewhere in Europe, one of forty regions.
  void AddSite(size_t number) {
    Site site;
    site.id = SiteId(number);
    site.time_zone = "Europe/Brussels";
    site.latitude = 40 + static_cast<double>(number % 20);
    site.longitude = static_cast<double>(number / 20 % 20);
    site.region = absl::StrCat("BE", 10 + number % 40);
    // Open at all times, but only a look at the calendar tells.
    site.calendar.emplace();
    site.calendar->weekly.push_back({0x7f, {0, 86400, {}}});
    state_.LoadRecord(site);
  }

  void AddRecords() {
    for (size_t i = 0; i * kAssetsOfASite < assets_; ++i) AddSite(i);
    Organisation organisation;
    organisation.id = "acme";
    state_.LoadRecord(organisation);
    User user;
    user.id = kAlice;
    user.organisations = {"acme"};
    state_.LoadRecord(user);
    for (size_t i = 0; i < assets_; ++i) {
      Asset asset;
      asset.id = AssetId(i);
      asset.display_name = absl::StrCat("Microscope ", i);
      asset.kind = "microscope";
      asset.site = SiteId(i / kAssetsOfASite);
      state_.LoadRecord(asset);
    }
  }

  Occupancy NextOccupancy(size_t asset) {
    Instant& end = length_[asset];
    const Seconds gap = random_() % 50 == 0 ? 12 : static_cast<Seconds>(random_() % 3);
    const Instant start = end + gap * kSlot;
    end = start + static_cast<Seconds>(1 + random_() % 4) * kSlot;
    Occupancy occupancy;
    occupancy.reservation = ++last_id_;
    occupancy.asset = AssetId(asset);
    occupancy.run = {start, end};
    return occupancy;
  }

  const size_t assets_;
  std::vector<Instant> length_;  // end of the last reservation, by asset
  engine::State state_;
  ReservationId last_id_ = 0;
  double bytes_each_ = 0;
  std::mt19937_64 random_{1};
};

// Seconds of CPU that this thread has had: what else runs on the machine has its own.
double CpuSeconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Nanoseconds of one call of `step`, the best of three runs.
double Time(const std::function<void()>& step) {
  const double least = absl::GetFlag(FLAGS_quick) ? 0.002 : 0.1;
  double best = 0;
  for (int run = 0; run < 3; ++run) {
    const double began = CpuSeconds();
    double took = 0;
    int64_t steps = 0;
    do {
      step();
      ++steps;
      took = CpuSeconds() - began;
    } while (took < least);
    const double each = took * 1e9 / static_cast<double>(steps);
    if (run == 0 || each < best) best = each;
  }
  return best;
}

// Times a step over drafts that were made before the clock started.
double TimeOver(const std::vector<Reservation>& drafts,
                const std::function<void(const Reservation&)>& step) {
  size_t next = 0;
  return Time([&] { step(drafts[next++ % drafts.size()]); });
}

Result<engine::Decision> DecideCreate(World& world, const Reservation& draft) {
  engine::Command command;
  command.principal = {kAlice};
  command.body = engine::CreateReservation{draft, 0};
  return engine::Decide(world.state(), world, command, draft.interval.start - kDay);
}

constexpr size_t kDrafts = 4096;

std::vector<Reservation> Drafts(const std::function<Reservation()>& make) {
  std::vector<Reservation> drafts;
  const size_t count = absl::GetFlag(FLAGS_quick) ? kDrafts / 64 : kDrafts;
  for (size_t i = 0; i < count; ++i) drafts.push_back(make());
  return drafts;
}

// Adds each draft and takes it away again, so that the size stays.
double TimeInsert(World& world, const std::vector<Reservation>& drafts) {
  return TimeOver(drafts, [&](const Reservation& draft) {
    if (!engine::Passes(world.state(), {draft, nullptr, draft.interval.start - kDay})) {
      Fail("a draft that passed does not any more");
    }
    Event event;
    event.revision = world.state().head() + 1;
    event.resource = draft;
    world.state().Apply(event, nullptr);
    world.state().Revert(event, nullptr);
  });
}

double TimeSearch(World& world, const std::vector<Reservation>& drafts, Seconds duration,
                  Seconds look_ahead) {
  return TimeOver(drafts, [&](const Reservation& draft) {
    engine::FeasibleStarts(world.state(), engine::DemandOf(draft, nullptr), duration,
                           {draft.interval.start, draft.interval.start + look_ahead});
  });
}

void MeasureOne(size_t reservations, size_t assets, Table& table) {
  World world(reservations, assets);
  const std::vector<Reservation> any = Drafts([&] { return world.AnyDraft(kSlot); });
  const std::vector<Reservation> good = Drafts([&] { return world.DraftThat(true, kSlot); });
  const std::vector<Reservation> bad = Drafts([&] { return world.DraftThat(false, kSlot); });
  const auto check = [&](const Reservation& draft) {
    engine::Passes(world.state(), {draft, nullptr, draft.interval.start - kDay});
  };
  const auto timeline_check = [&](const Reservation& draft) {
    volatile int32_t peak = world.state().timeline(draft.items[0].asset).Peak(draft.interval);
    (void)peak;
  };
  const auto decide = [&](const Reservation& draft) {
    if (!DecideCreate(world, draft).ok()) Fail("a draft that passed was refused");
  };
  const auto refuse = [&](const Reservation& draft) {
    if (DecideCreate(world, draft).ok()) Fail("a draft that was refused passed");
  };
  table.Add({absl::StrCat(Whole(static_cast<double>(reservations)), " on ",
                          Whole(static_cast<double>(assets))),
             Whole(TimeOver(any, timeline_check)), Whole(TimeOver(any, check)),
             Whole(TimeInsert(world, good)), Whole(TimeOver(good, decide)),
             Whole(TimeSearch(world, any, kSlot, 4 * kDay)),
             Whole(TimeSearch(world, any, 10 * kSlot, 4 * kDay)),
             Whole(TimeSearch(world, any, 10 * kSlot, 90 * kDay)), Whole(TimeOver(bad, refuse)),
             AtMost(world.bytes_each(), 120, 0)});
}

constexpr Seconds kRun = 7200;

// The four searches that are timed, each for ten slots.
engine::SlotQuery SearchOf(const Interval& window) {
  engine::SlotQuery query;
  query.kind = "microscope";
  query.duration = kRun;
  query.window = window;
  query.limit = 10;
  return query;
}

engine::SlotQuery BestOf(const Interval& window) {
  engine::SlotQuery query = SearchOf(window);
  query.order = engine::SlotOrder::kBest;
  return query;
}

engine::SlotQuery BestNear(const Interval& window) {
  engine::SlotQuery query = BestOf(window);
  query.from_site = SiteId(0);
  return query;
}

engine::SlotQuery OfARegion(const Interval& window) {
  engine::SlotQuery query = SearchOf(window);
  query.kind.clear();
  query.region = "BE1";
  return query;
}

// Searches over all assets at once: milliseconds of one.
void MeasureMany(size_t reservations, size_t assets, Table& table) {
  const World world(reservations, assets);
  // With few bookings an asset they end on the first day.
  const Interval fortnight = {kBegin + kDay / 4, kBegin + kDay / 4 + 14 * kDay};
  // As of people who ask for what is free from now on.
  const Interval from_now = {fortnight.start + 433, fortnight.end};
  const engine::Catalogue& catalogue = world.state().catalogue();
  const auto free_busy = [&] {
    for (const auto& [id, asset] : catalogue.assets()) {
      engine::FreeBusyOf(
          catalogue,
          [&](absl::string_view name) -> const engine::Timeline& {
            return world.state().timeline(name);
          },
          *asset, *catalogue.FindSite(asset->site), fortnight);
    }
  };
  const auto busy = [&] {
    for (const auto& [id, asset] : catalogue.assets()) {
      engine::BusyTimes(world.state(), *asset, 1, fortnight, nullptr);
    }
  };
  const auto gaps = [&] {
    Reservation run = world.Draft(0, fortnight);
    engine::StartFinder finder(world.state(), run, kRun, fortnight);
    for (const auto& [id, asset] : catalogue.assets()) {
      run.items.front().asset = id;
      finder.Find(engine::DemandOf(run, nullptr), fortnight);
    }
  };
  const auto find = [&](const engine::SlotQuery& query) {
    return Time([&] {
      if (engine::FindSlots(world.state(), query, kBegin).empty()) Fail("no slot was found");
    });
  };
  // A target for 1,000 assets and one for more.
  const bool few = assets <= 1000;
  const auto milliseconds = [](double nanoseconds, double most) {
    return AtMost(nanoseconds * 1e-6, most, 2);
  };
  table.Add({absl::StrCat(Whole(static_cast<double>(reservations)), " on ",
                          Whole(static_cast<double>(assets))),
             milliseconds(Time(busy), few ? 5 : 100), milliseconds(Time(gaps), few ? 5 : 100),
             Fixed(Time(free_busy) * 1e-6, 1),
             milliseconds(find(SearchOf(fortnight)), few ? 1 : 100),
             milliseconds(find(SearchOf(from_now)), few ? 1 : 100),
             milliseconds(find(BestOf(fortnight)), few ? 1 : 100),
             milliseconds(find(BestOf(from_now)), few ? 1 : 100),
             milliseconds(find(BestNear(fortnight)), few ? 1 : 100),
             milliseconds(find(OfARegion(fortnight)), few ? 1 : 100)});
}

void Run() {
  std::printf("labslot_engine_bench: the engine in memory, one thread\n%s",
              Surroundings("/var/tmp").c_str());
  Table one({"reservations on assets", "peak", "check", "check + insert + erase", "decide create",
             "free 30 min in 4 d", "free 5 h in 4 d", "free 5 h in 90 d", "refusal, 3 ways out",
             "bytes each"});
  Table many({"reservations on assets", "busy times", "free gaps of 2 h", "free/busy",
              "10 earliest of a kind", "the same, from 7 past", "10 best", "from 7 past",
              "10 best, ways counted", "10 earliest of a quarter of the regions"});
  const std::vector<size_t> sizes = absl::GetFlag(FLAGS_quick)
                                        ? std::vector<size_t>{1000, 10000}
                                        : std::vector<size_t>{1000, 100000, 1000000};
  for (const size_t assets : {size_t{1}, size_t{1000}}) {
    if (absl::GetFlag(FLAGS_searches)) break;
    for (const size_t size : sizes) MeasureOne(size, assets, one);
  }
  for (const size_t size : sizes) MeasureMany(size, 1000, many);
  if (!absl::GetFlag(FLAGS_quick)) {
    MeasureMany(1'000'000, 10'000, many);
    MeasureMany(1'000, 100'000, many);
    MeasureMany(1'000'000, 100'000, many);
  }
  if (!absl::GetFlag(FLAGS_searches)) one.Print("One decision or search, nanoseconds of CPU");
  many.Print("All assets, 14 days, milliseconds of CPU");
}

}  // namespace
}  // namespace labslot::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  labslot::bench::Run();
  return 0;
}
