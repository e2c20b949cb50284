// Visits in small crowded worlds, against a model that tries everything.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/engine/visit_decisions.h"
#include "tests/engine/quotas_fixture.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Draft;
using support::Item;
using support::kDay;
using support::kHour;
using support::MakeAsset;
using support::MakeSite;
using support::World;

constexpr int kSites = 3;
constexpr int kAssetsOfSite = 3;
constexpr int kDays = 2;
constexpr int kHours = kDays * 24;

// Everything is on full hours, so that the model can try each of them. The sites are in two
// zones, an hour apart.
class VisitWorld {
 public:
  explicit VisitWorld(unsigned seed) : random_(seed) {
    start_ = support::At("mon 0:00");
    for (int i = 0; i < kSites; ++i) AddSite(i);
    for (int asset = 0; asset < kSites * kAssetsOfSite; ++asset) {
      Asset record = MakeAsset(absl::StrCat("a", asset), absl::StrCat("s", SiteOf(asset)));
      world_.Add(record);
      Crowd(asset);
    }
  }

  int Roll(int sides) { return static_cast<int>(random_() % static_cast<unsigned>(sides)); }

  // Each asset is an option of one stop at most, unless they `share`.
  CreateVisit AnyVisit(bool share) {
    std::vector<int> assets(kSites * kAssetsOfSite);
    std::iota(assets.begin(), assets.end(), 0);
    std::shuffle(assets.begin(), assets.end(), random_);
    CreateVisit visit;
    const int stops = 1 + Roll(3);
    for (int i = 0; i < stops; ++i) {
      VisitStop& stop = visit.stops.emplace_back();
      stop.duration = (1 + Roll(3)) * kHour;
      const int options = 1 + Roll(3);
      for (int j = 0; j < options; ++j) {
        stop.options.push_back({{Item(absl::StrCat("a", share ? assets[0] : assets.back()))}, ""});
        if (share) std::shuffle(assets.begin(), assets.end(), random_);
        if (!share) assets.pop_back();
      }
    }
    visit.windows.push_back({start_, start_ + kHours * kHour});
    visit.in_order = Roll(2) == 0;
    visit.same_day = Roll(2) == 0;
    return visit;
  }

  Instant At(int hour) const { return start_ + hour * kHour; }
  bool IsFree(int asset, int hour) const {
    return hour >= 0 && hour < kHours &&
           free_[static_cast<size_t>(asset)][static_cast<size_t>(hour)];
  }
  int Way(int from, int to) const {
    return ways_[static_cast<size_t>(SiteOf(from))][static_cast<size_t>(SiteOf(to))];
  }
  static int SiteOf(int asset) { return asset / kAssetsOfSite; }
  // The last site is an hour ahead.
  static int Day(int asset, int hour) {
    return (hour + 24 + (SiteOf(asset) == kSites - 1 ? 1 : 0)) / 24;
  }

  World& world() { return world_; }

 private:
  void AddSite(int i) {
    Site site =
        MakeSite(absl::StrCat("s", i), i == kSites - 1 ? "Europe/Tallinn" : support::kBrussels);
    for (int j = 0; j < i; ++j) {
      const int way = Roll(4);
      ways_[static_cast<size_t>(i)][static_cast<size_t>(j)] = way;
      ways_[static_cast<size_t>(j)][static_cast<size_t>(i)] = way;
      site.travel_times[absl::StrCat("s", j)] = way * kHour;
    }
    world_.Add(site);
  }

  // Books most of its time, in pieces.
  void Crowd(int asset) {
    auto& free = free_[static_cast<size_t>(asset)];
    free.fill(true);
    for (int hour = Roll(6); hour < kHours;) {
      const int length = std::min(4 + Roll(14), kHours - hour);
      world_.MustBook(Draft({Item(absl::StrCat("a", asset))}, {At(hour), At(hour + length)}));
      std::fill_n(free.begin() + hour, length, false);
      hour += length + Roll(5);
    }
  }

  World world_;
  std::mt19937 random_;
  Instant start_ = 0;
  std::array<std::array<bool, kHours>, kSites * kAssetsOfSite> free_{};
  std::array<std::array<int, kSites>, kSites> ways_{};
};

// Tries every order, every option and every hour.
class EveryVisit {
 public:
  EveryVisit(const VisitWorld& world, const CreateVisit& visit) : world_(world), visit_(visit) {
    chosen_.resize(visit.stops.size());
    Try(0, 0, -1, 0);
  }

  // The hour at which the best one is over, and its options by stop.
  std::optional<std::pair<int, std::vector<size_t>>> best;

 private:
  void Try(unsigned done, int from, int before, int day) {
    const size_t count = visit_.stops.size();
    if (done == (1u << count) - 1) {
      const auto found = std::make_pair(from, chosen_);
      if (!best || found < *best) best = found;
      return;
    }
    for (size_t stop = 0; stop < count; ++stop) {
      if ((done >> stop & 1) != 0 || (visit_.in_order && done != (1u << stop) - 1)) continue;
      for (size_t option = 0; option < visit_.stops[stop].options.size(); ++option) {
        chosen_[stop] = option;
        TryHours(done | 1u << stop, visit_.stops[stop], option, from, before, day);
      }
    }
  }

  void TryHours(unsigned done, const VisitStop& stop, size_t option, int from, int before,
                int day) {
    const int asset = std::stoi(stop.options[option].items[0].asset.substr(1));
    const int length = static_cast<int>(stop.duration / kHour);
    for (int hour = from + (before < 0 ? 0 : world_.Way(before, asset)); hour + length <= kHours;
         ++hour) {
      const int own_day = before < 0 ? DayOfFirst(asset, hour) : day;
      const int last = hour + length - 1;
      if (visit_.same_day && OfFirst(asset, before, last) != own_day) continue;
      bool free = true;
      for (int i = hour; i <= last; ++i) free = free && world_.IsFree(asset, i);
      if (!free) continue;
      const int first = first_;
      if (before < 0) first_ = asset;
      Try(done, hour + length, asset, own_day);
      first_ = first;
    }
  }

  static int DayOfFirst(int asset, int hour) { return VisitWorld::Day(asset, hour); }
  int OfFirst(int asset, int before, int hour) const {
    return VisitWorld::Day(before < 0 ? asset : first_, hour);
  }

  const VisitWorld& world_;
  const CreateVisit& visit_;
  std::vector<size_t> chosen_;
  int first_ = 0;  // the asset of the first stop
};

std::vector<Reservation> Made(const Decision& decision) {
  std::vector<Reservation> made;
  for (const Change& change : decision.changes) {
    made.push_back(std::get<Reservation>(change.event.resource));
  }
  return made;
}

// Which option of which stop it is; each asset belongs to one.
std::pair<size_t, size_t> PlaceIn(const CreateVisit& visit, const Reservation& r) {
  for (size_t stop = 0; stop < visit.stops.size(); ++stop) {
    for (size_t option = 0; option < visit.stops[stop].options.size(); ++option) {
      if (visit.stops[stop].options[option].items[0].asset == r.items[0].asset) {
        return {stop, option};
      }
    }
  }
  return {visit.stops.size(), 0};
}

TEST(VisitPropertyTest, NoVisitEndsEarlierOrHasBetterOptions) {
  int found = 0;
  int refused = 0;
  for (unsigned seed = 0; seed < support::Seeds(400, 20000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    VisitWorld world(seed);
    const CreateVisit visit = world.AnyVisit(false);
    const EveryVisit model(world, visit);
    const auto decided = world.world().Run({"ada"}, visit);
    ASSERT_EQ(decided.ok(), model.best.has_value())
        << (decided.ok() ? "" : support::Describe(decided.error()));
    if (!decided.ok()) {
      EXPECT_EQ(decided.error().kind, ErrorKind::kRefused);
      EXPECT_LT(decided.error().stop.value_or(99), visit.stops.size());
      ++refused;
      continue;
    }
    const std::vector<Reservation> made = Made(decided.value());
    ASSERT_EQ(made.size(), visit.stops.size());
    EXPECT_EQ(made.back().interval.end, world.At(model.best->first));
    std::vector<size_t> options(made.size());
    for (const Reservation& r : made) {
      const auto [stop, option] = PlaceIn(visit, r);
      ASSERT_LT(stop, visit.stops.size());
      EXPECT_EQ(r.interval.length(), visit.stops[stop].duration);
      options[stop] = option;
    }
    EXPECT_EQ(options, model.best->second);
    for (size_t i = 1; i < made.size(); ++i) {
      const int way = world.Way(std::stoi(made[i - 1].items[0].asset.substr(1)),
                                std::stoi(made[i].items[0].asset.substr(1)));
      EXPECT_GE(made[i].interval.start, made[i - 1].interval.end + way * kHour);
    }
    ++found;
  }
  EXPECT_GT(found, 100);
  EXPECT_GT(refused, 20);
}

// Where stops share assets, or a quota counts them, the first time is not promised. What is
// made keeps all rules, because it is decided as a batch; and it is refused only if no
// visit of the model passes one by one.
TEST(VisitPropertyTest, StopsThatShareAssetsAreMadeWhereTheModelMakesThem) {
  int found = 0;
  int counted = 0;
  for (unsigned seed = 0; seed < support::Seeds(200, 10000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    VisitWorld world(seed);
    const CreateVisit visit = world.AnyVisit(true);
    const EveryVisit model(world, visit);
    const bool with_quota = world.Roll(2) == 0;
    if (with_quota) {
      Quota quota = CountQuota(1, QuotaPeriod::kDay, {Dimension::kProject});
      world.world().Add(quota);
      ++counted;
    }
    CreateVisit of_project = visit;
    if (with_quota) of_project.common.project = "p";
    const auto decided = world.world().Run({"ada"}, of_project);
    if (!decided.ok()) {
      EXPECT_TRUE(with_quota || !model.best) << support::Describe(decided.error());
      continue;
    }
    ASSERT_TRUE(model.best);
    EXPECT_GE(Made(decided.value()).back().interval.end, world.At(model.best->first));
    if (!with_quota) {
      EXPECT_EQ(Made(decided.value()).back().interval.end, world.At(model.best->first));
    }
    ++found;
  }
  EXPECT_GT(found, 40);
  EXPECT_GT(counted, 40);
}

}  // namespace
}  // namespace labslot::engine
