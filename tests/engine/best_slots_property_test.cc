// The best slots against trying every start of every asset, and the earliest of many
// assets against those of each by itself.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/engine/admission.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/slot_score.h"
#include "daemon/engine/slots.h"
#include "tests/engine/naive.h"
#include "tests/engine/random_world.h"
#include "tests/engine/ruled_world.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kDay;
using support::kHour;
using support::kMinute;
using support::World;

constexpr Seconds kQuarter = 15 * kMinute;

// A slot as far as its place in the order goes.
struct Ranked {
  double score = 0;
  Instant start = 0;
  std::string asset;

  bool operator<(const Ranked& other) const {
    return std::make_tuple(-score, start, asset) <
           std::make_tuple(-other.score, other.start, other.asset);
  }
  bool operator==(const Ranked&) const = default;
};

void PrintTo(const Ranked& slot, std::ostream* out) {
  *out << slot.asset << " " << FormatLocal(slot.start, support::Zone(support::kBrussels)) << " "
       << slot.score;
}

std::vector<Ranked> RankedOf(const std::vector<Slot>& slots) {
  std::vector<Ranked> ranked;
  for (const Slot& slot : slots) {
    ranked.push_back({slot.score, slot.interval.start, slot.items.front().asset});
  }
  return ranked;
}

// What stands in the crowded world, with labels, kinds, regions and ways at random. Ways
// of the mobile asset would be new to the naive model, so it has no label `stands`.
class ManyWorld : public RandomWorld {
 public:
  explicit ManyWorld(unsigned seed) : RandomWorld(seed) {
    for (int i = 0; i < 60; ++i) Step();
    for (const std::string& id : assets()) {
      Asset asset = *world().catalogue().FindAsset(id);
      asset.kind = Roll(3) == 0 ? "rig" : "lab";
      if (!asset.mobile) asset.labels = {{"stands", "yes"}};
      if (Roll(3) == 0) asset.labels["vendor"] = "x";
      if (Roll(3) == 0) asset.labels["class"] = "1";
      EXPECT_TRUE(world().Replace(asset).ok());
    }
    Site lommel = *world().catalogue().FindSite("lommel");
    lommel.region = "BE22";
    EXPECT_TRUE(world().Replace(lommel).ok());
    Site tartu = *world().catalogue().FindSite("tartu");
    tartu.region = "EE00";
    tartu.travel_times = {{"lommel", 3 * kHour}};
    EXPECT_TRUE(world().Replace(tartu).ok());
  }

  SlotQuery AnyQuery() {
    SlotQuery query;
    query.labels = {{"stands", "yes"}};
    if (Roll(3) == 0) query.labels["vendor"] = "x";
    if (Roll(2) == 0) query.kind = "lab";
    if (Roll(3) == 0) query.site = Roll(2) == 0 ? "lommel" : "tartu";
    if (Roll(3) == 0) query.region = Roll(2) == 0 ? "BE2" : "EE";
    if (Roll(2) == 0) query.from_site = Roll(2) == 0 ? "lommel" : "tartu";
    if (!query.from_site.empty() && Roll(2) == 0) query.max_travel = (1 + Roll(4)) * kHour;
    query.quantity = 1 + static_cast<int32_t>(Roll(2));
    query.duration = 10 * kMinute * (1 + static_cast<int>(Roll(12)));
    // Of an odd length, so that no two starts are as good as each other.
    const Instant start = world().now + kMinute * Roll(300);
    query.window = {start, start + 30 * kHour + 1};
    query.limit = 1 + Roll(12);
    return query;
  }
};

bool NaivelyMatches(const Catalogue& catalogue, const SlotQuery& query, const Asset& asset) {
  const std::string& region = catalogue.FindSite(asset.site)->region;
  for (const auto& [key, value] : query.labels) {
    if (asset.labels.count(key) == 0 || asset.labels.at(key) != value) return false;
  }
  const Seconds way = query.from_site == asset.site ? 0 : 3 * kHour;
  return (query.kind.empty() || asset.kind == query.kind) &&
         (query.site.empty() || asset.site == query.site) &&
         region.substr(0, query.region.size()) == query.region &&
         (query.from_site.empty() || !query.max_travel || way <= *query.max_travel);
}

// The stretches of starts that pass, found second by second where anything can change:
// on the grid of ten minutes, and right beside it.
IntervalSet StretchesOf(const World& world, const Reservation& draft, const Interval& starts) {
  std::vector<Instant> tried = {starts.start, starts.end - 1};
  for (Instant at = starts.start - starts.start % 600; at < starts.end; at += 600) {
    for (const Instant near : {at - 1, at, at + 1}) {
      if (starts.Contains(near)) tried.push_back(near);
    }
  }
  std::sort(tried.begin(), tried.end());
  IntervalSet stretches;
  bool goes_on = false;
  for (const Instant start : tried) {
    Reservation run = draft;
    run.interval = {start, start + draft.interval.length()};
    const bool passes = NaivelyPasses(world, run, nullptr);
    if (passes && !goes_on) stretches.push_back({start, start});
    if (passes) stretches.back().end = start + 1;
    goes_on = passes;
  }
  return stretches;
}

// The best of all starts on a quarter of an hour, of the last, and of the first if there
// is no quarter.
std::optional<Ranked> BestOf(const Interval& stretch, const Interval& usable, Seconds needed,
                             const Interval& window, SlotTerms terms, const std::string& asset) {
  if (usable.empty()) return std::nullopt;
  std::vector<Instant> starts = {usable.end - 1};
  const Instant first = usable.start + (kQuarter - usable.start % kQuarter) % kQuarter;
  for (Instant at = first; at < usable.end; at += kQuarter) starts.push_back(at);
  if (first >= usable.end) starts.push_back(usable.start);
  std::optional<Ranked> best;
  for (const Instant start : starts) {
    terms.soon = Soon(window, start);
    terms.snug = Snug(stretch, start, needed);
    const Ranked ranked = {ScoreOf(terms), start, asset};
    if (!best || ranked < *best) best = ranked;
  }
  return best;
}

std::vector<Ranked> NaivelyBest(const World& world, const SlotQuery& query) {
  const Catalogue& catalogue = world.catalogue();
  std::vector<const Asset*> matching;
  Seconds longest = 0;
  for (const auto& [id, asset] : catalogue.assets()) {
    if (!NaivelyMatches(catalogue, query, *asset)) continue;
    matching.push_back(asset.get());
    if (asset->site != query.from_site) longest = 3 * kHour;
  }
  std::vector<Ranked> all;
  for (const Asset* asset : matching) {
    Reservation draft =
        support::Draft({support::Item(asset->id, query.quantity)}, {0, query.duration});
    draft = WithChangeover(catalogue, draft);
    SlotTerms terms = {0, 0, std::nullopt, Modest(*asset, query.quantity, query.labels)};
    const Seconds way = query.from_site == asset->site ? 0 : 3 * kHour;
    if (!query.from_site.empty()) terms.near = Near(way, query.max_travel.value_or(longest));
    const Seconds needed = query.duration + asset->set_up + asset->tear_down;
    const Interval usable = {query.window.start, query.window.end - query.duration + 1};
    const Interval around = {std::max(world.now, usable.start - needed), usable.end + needed};
    for (const Interval& stretch : StretchesOf(world, draft, around)) {
      const auto best =
          BestOf(stretch, stretch.Intersect(usable), needed, query.window, terms, asset->id);
      if (best) all.push_back(*best);
    }
  }
  std::sort(all.begin(), all.end());
  if (all.size() > query.limit) all.resize(query.limit);
  return all;
}

TEST(BestSlotsPropertyTest, AreTheBestOfAllThatPass) {
  size_t found = 0;
  size_t cut = 0;
  for (unsigned seed = 0; seed < support::Seeds(30, 1500); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    ManyWorld random(seed);
    const World& world = random.world();
    for (int i = 0; i < 2; ++i) {
      SlotQuery query = random.AnyQuery();
      query.order = SlotOrder::kBest;
      const auto slots = FindSlots(world.state(), query, world.now);
      ASSERT_EQ(RankedOf(slots), NaivelyBest(world, query));
      found += slots.size();
      cut += slots.size() == query.limit ? 1 : 0;
      for (const Slot& slot : slots) {
        for (const Seconds shift : {Seconds{0}, slot.start_slack}) {
          Reservation draft = support::Draft(slot.items, slot.interval, slot.site);
          draft.interval = {slot.interval.start + shift, slot.interval.end + shift};
          const auto tried = world.Try({"ada"}, CreateReservation{draft, 0});
          ASSERT_TRUE(tried.ok()) << support::Describe(tried.error());
        }
      }
    }
  }
  EXPECT_GT(found, 150u);
  EXPECT_GT(cut, 15u);
}

TEST(EarliestSlotsPropertyTest, OfManyAssetsAreTheFirstOfEach) {
  size_t found = 0;
  for (unsigned seed = 0; seed < support::Seeds(40, 2000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    ManyWorld random(seed);
    const World& world = random.world();
    const SlotQuery query = random.AnyQuery();
    std::vector<Ranked> each;
    for (const auto& [id, asset] : world.catalogue().assets()) {
      if (!NaivelyMatches(world.catalogue(), query, *asset)) continue;
      SlotQuery of_one;
      of_one.items = {{id, query.quantity}};
      of_one.duration = query.duration;
      of_one.window = query.window;
      of_one.limit = query.limit;
      for (const Ranked& slot : RankedOf(FindSlots(world.state(), of_one, world.now))) {
        each.push_back(slot);
      }
    }
    std::sort(each.begin(), each.end());
    if (each.size() > query.limit) each.resize(query.limit);
    ASSERT_EQ(RankedOf(FindSlots(world.state(), query, world.now)), each);
    found += each.size();
  }
  EXPECT_GT(found, 100u);
}

// The score of a start of the query's items, which must pass.
double ScoreAt(const World& world, const SlotQuery& query, const Slot& slot) {
  Seconds needed = query.duration;
  for (const ReservationItem& item : slot.items) {
    needed = std::max(needed, query.duration + item.set_up + item.tear_down);
  }
  const Interval window = {std::max(world.now, query.window.start), query.window.end};
  Reservation run = support::Draft(slot.items, slot.interval, slot.site);
  run.user = query.user;
  run.organisation = query.organisation;
  const IntervalSet stretches =
      FeasibleStarts(world.state(), DemandOf(run, nullptr), query.duration,
                     {std::max(world.now, window.start - needed), window.end + needed});
  for (const Interval& stretch : stretches) {
    if (!stretch.Contains(slot.interval.start)) continue;
    const Instant start = slot.interval.start;
    return ScoreOf({Soon(window, start), Snug(stretch, start, needed), {}, {}});
  }
  return -1;
}

TEST(BestSlotsPropertyTest, UnderRulesAreGrantedInOrderAndNoWorseThanTheEarliest) {
  size_t found = 0;
  size_t better = 0;
  for (unsigned seed = 0; seed < support::Seeds(16, 1000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RuledWorld random(seed);
    const World& world = random.world();
    for (int i = 0; i < 8; ++i) {
      Reservation draft = random.AnyRequest();
      SlotQuery query;
      query.items = draft.items;
      query.site = draft.site;
      query.user = draft.user;
      query.organisation = draft.organisation;
      query.duration = draft.interval.length();
      query.window = {draft.interval.start, draft.interval.start + 6 * kDay};
      query.limit = 12;
      const auto earliest = FindSlots(world.state(), query, world.now);
      query.order = SlotOrder::kBest;
      const auto best = FindSlots(world.state(), query, world.now);
      ASSERT_EQ(best.empty(), earliest.empty());
      if (best.empty()) continue;
      ASSERT_GE(best[0].score, ScoreAt(world, query, earliest[0]));
      better += best[0].interval != earliest[0].interval ? 1 : 0;
      const std::vector<Ranked> ranked = RankedOf(best);
      ASSERT_TRUE(std::is_sorted(ranked.begin(), ranked.end()));
      for (const Slot& slot : best) {
        ASSERT_EQ(slot.score, ScoreAt(world, query, slot));
        Reservation run = support::Draft(slot.items, slot.interval, slot.site);
        run.user = query.user;
        run.organisation = query.organisation;
        const auto booked = world.Try({query.user}, CreateReservation{run, 0});
        ASSERT_TRUE(booked.ok()) << support::Describe(booked.error());
        ASSERT_EQ(std::get<Reservation>(booked.value().result).state,
                  slot.needs_approval ? ReservationState::kPending : ReservationState::kConfirmed);
        ++found;
      }
    }
  }
  EXPECT_GT(found, 150u);
  EXPECT_GT(better, 10u);
}

}  // namespace
}  // namespace labslot::engine
