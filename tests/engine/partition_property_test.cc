// The partition of time held against a model that looks at every second of every unit.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "daemon/engine/partition.h"
#include "tests/support/seeds.h"

namespace labslot::engine {
namespace {

using State = ReservationState;

// Instants are small numbers above this: 0 means none.
constexpr Instant kOrigin = 1000;
constexpr Instant kEnd = kOrigin + 100;

struct Reserved {
  Occupancy occupancy;
  int32_t group = 0;
};

struct Case {
  Instant now = 0;
  AssetUse use;  // claims: outages and ways only
  std::vector<Reserved> reserved;
};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int Roll(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  Interval Any(int longest) {
    const Instant start = kOrigin - 15 + Roll(120);
    return {start, start + Roll(longest)};
  }
  void Shuffle(std::vector<Claim>& claims) { std::shuffle(claims.begin(), claims.end(), random_); }

 private:
  std::mt19937 random_;
};

Occupancy AnyOccupancy(Instant now, Dice& dice) {
  Occupancy o;
  o.run = dice.Any(30);
  o.run.end = std::max(o.run.end, o.run.start + 1);
  o.quantity = 1 + dice.Roll(3);
  o.set_up = dice.Roll(6);
  o.tear_down = dice.Roll(6);
  o.state = static_cast<State>(1 + dice.Roll(12));
  o.engineering = dice.Roll(3) == 0;
  o.leaves_slot_free = o.state == State::kPending && dice.Roll(3) == 0;
  o.competes = o.state == State::kPending && dice.Roll(3) == 0;
  if (o.state == State::kConfirmed && dice.Roll(2) == 0) o.check_in_by = o.run.start + 1;
  const bool came =
      o.state == State::kCheckedIn || (o.state == State::kCompleted && dice.Roll(4) != 0);
  if (!came) return o;
  o.check_in = std::min({o.run.start - 3 + dice.Roll(8), now, o.run.end - 1});
  const auto later = [&] { return std::min(now, o.check_in + dice.Roll(35)); };
  if (o.state == State::kCompleted) o.check_out = later();
  for (int i = dice.Roll(3); i > 0; --i) {
    const Instant back = o.check_out != 0 ? std::min(later(), o.check_out) : later();
    o.returns.push_back({1 + dice.Roll(2), back});
  }
  if (o.state == State::kCheckedIn && dice.Roll(4) == 0 && !o.returns.empty()) o.quantity = 0;
  return o;
}

Case AnyCase(Dice& dice) {
  Case c;
  c.now = kOrigin + dice.Roll(110);
  int32_t capacity = 1 + dice.Roll(6);
  Instant at = kOrigin - 10 + dice.Roll(20);
  for (int steps = 1 + dice.Roll(3); steps > 0; --steps) {
    const Instant until = steps == 1 ? kEnd - 10 + dice.Roll(20) : at + 1 + dice.Roll(50);
    if (until > at) c.use.capacity.push_back({{at, until}, capacity});
    at = std::max(at, until) + (dice.Roll(4) == 0 ? 3 : 0);
    capacity = 1 + dice.Roll(6);
  }
  c.use.open = Union({dice.Any(40), dice.Any(40), dice.Any(40)});
  c.use.blocked = Union({dice.Any(20), dice.Any(20)});
  for (int i = dice.Roll(3); i > 0; --i) {
    const UseState states[] = {UseState::kUnplannedOutage, UseState::kPlannedOutage,
                               UseState::kTravel};
    c.use.claims.push_back({dice.Any(30), states[dice.Roll(3)], 1 + dice.Roll(2)});
  }
  for (int i = dice.Roll(2) == 0 ? dice.Roll(6) : 0; i > 0; --i) {
    c.use.machines.push_back({dice.Any(40), static_cast<MachineState>(1 + dice.Roll(3))});
  }
  c.use.groups = 4;
  for (int i = dice.Roll(7); i > 0; --i) {
    c.reserved.push_back({AnyOccupancy(c.now, dice), 1 + dice.Roll(3)});
  }
  return c;
}

AssetUse Claimed(const Case& c, bool grouped = true) {
  AssetUse use = c.use;
  if (!grouped) use.groups = 1;
  for (const Reserved& r : c.reserved) {
    AddClaims(r.occupancy, c.now, grouped ? r.group : 0, use.claims);
  }
  return use;
}

std::vector<std::vector<UseSeconds>> RowsOf(const AssetUse& use,
                                            const std::vector<Interval>& buckets) {
  std::vector<std::vector<UseSeconds>> all;
  Partition(use, buckets, [&](size_t bucket, const std::vector<UseSeconds>& rows) {
    EXPECT_EQ(bucket, all.size());
    all.push_back(rows);
  });
  return all;
}

UseSeconds SumOf(const std::vector<UseSeconds>& rows) {
  UseSeconds sum;
  for (const UseSeconds& row : rows) sum += row;
  return sum;
}

bool Covers(const IntervalSet& set, Instant at) {
  return std::any_of(set.begin(), set.end(), [at](const Interval& i) { return i.Contains(at); });
}

// What a unit is in at a second, if it was given back at `back` (0: not yet): the first
// of all that can be said of it.
std::optional<UseState> StateOfUnit(const Occupancy& o, Instant back, Instant at, Instant now) {
  const bool past = at < now;
  const bool in_run = o.run.Contains(at);
  const auto preparing = [&] { return at >= o.run.start - o.set_up && at < o.run.start; };
  const auto cleaning = [&](Instant from) { return at >= from && at < from + o.tear_down; };
  switch (o.state) {
    case State::kPending:
      if (o.leaves_slot_free || o.competes) return std::nullopt;
      [[fallthrough]];
    case State::kHeld:
    case State::kOffered:
      if (preparing() || cleaning(o.run.end)) return UseState::kChangeover;
      return in_run ? std::optional(UseState::kHeld) : std::nullopt;
    case State::kConfirmed:
      if (preparing() || cleaning(o.run.end)) return UseState::kChangeover;
      if (!in_run) return std::nullopt;
      if (!past) return UseState::kBooked;
      return o.check_in_by != 0 ? UseState::kIdle : UseState::kUsed;
    case State::kNoShow:
      if (preparing()) return UseState::kChangeover;
      return in_run && past ? std::optional(UseState::kNoShow) : std::nullopt;
    case State::kCheckedIn:
    case State::kCompleted:
      break;
    default:
      return std::nullopt;
  }
  if (o.check_in == 0) {
    if (in_run) return UseState::kUsed;
    return preparing() || cleaning(back != 0 ? std::max(back, o.run.start) : o.run.end)
               ? std::optional(UseState::kChangeover)
               : std::nullopt;
  }
  const Instant until = back != 0 ? back : now;
  if (at >= o.check_in && at < until) {
    if (in_run) return UseState::kUsed;
    if (at >= o.run.end) return UseState::kOverrun;
  }
  if (preparing()) return UseState::kChangeover;
  if (cleaning(back != 0 ? std::max(back, o.run.start) : o.run.end)) return UseState::kChangeover;
  if (!in_run) return std::nullopt;
  if (back == 0 && !past) return UseState::kBooked;
  return past || at < o.check_in ? std::optional(UseState::kIdle) : std::nullopt;
}

// State, assumed and engineering, group.
using Unit = std::tuple<int, int, int32_t>;

// What the machines say at a second, told to one unit after the other.
class ByTheMachines {
 public:
  ByTheMachines(const Case& c, Instant at, int32_t capacity, bool open) : open_(open) {
    silent_ = capacity;
    for (const MachineTime& machine : c.use.machines) {
      if (!machine.interval.Contains(at)) continue;
      --silent_;
      if (machine.state == MachineState::kRunning) ++running_;
      if (machine.state == MachineState::kDown) ++broken_;
    }
  }

  bool TakeBroken() { return open_ && broken_ > 0 && broken_-- > 0; }

  // Makes of a unit in use what it was. True if it is measured.
  bool SayOfUse(Unit& unit) {
    auto& [state, kind, group] = unit;
    if (running_ > 0) {
      --running_;
      kind &= 2;
      return true;
    }
    if (silent_ > 0) {
      --silent_;
      return false;
    }
    const bool broken = TakeBroken();
    unit = broken ? Unit{static_cast<int>(UseState::kUnplannedOutage), 0, 0}
                  : Unit{static_cast<int>(UseState::kIdle), 0, group};
    return false;
  }

 private:
  const bool open_;
  int32_t silent_ = 0;
  int32_t running_ = 0;
  int32_t broken_ = 0;
};

// One second of all units, with the claims on them in the order of precedence.
void CountSecond(const Case& c, Instant at, std::vector<UseSeconds>& rows) {
  std::vector<Unit> units;
  const auto add = [&](UseState state, bool assumed, bool engineering, int32_t group, int32_t n) {
    const int kind = state != UseState::kUsed ? 0 : (assumed ? 1 : 0) + (engineering ? 2 : 0);
    for (; n > 0; --n) units.emplace_back(static_cast<int>(state), kind, group);
  };
  const bool open = Covers(c.use.open, at);
  for (const Claim& claim : c.use.claims) {
    const bool counts = claim.state == UseState::kTravel || open;
    if (counts && claim.interval.Contains(at)) add(claim.state, false, false, 0, claim.quantity);
  }
  for (const auto& [o, group] : c.reserved) {
    const auto part = [&, group = group, &o = o](int32_t quantity, Instant back) {
      const auto state = StateOfUnit(o, back, at, c.now);
      if (state) add(*state, o.check_in == 0, o.engineering, group, quantity);
    };
    part(o.quantity, o.check_out);
    for (const ReturnedPart& returned : o.returns) part(returned.quantity, returned.time);
  }
  std::sort(units.begin(), units.end());
  int32_t capacity = 0;
  for (const Quantity& span : c.use.capacity) {
    if (span.interval.Contains(at)) capacity += span.quantity;
  }
  ByTheMachines machines(c, at, capacity, open);
  const UseState rest = !open                       ? UseState::kClosed
                        : Covers(c.use.blocked, at) ? UseState::kBlocked
                                                    : UseState::kAvailable;
  constexpr int kOutage = static_cast<int>(UseState::kUnplannedOutage);
  for (int32_t left = capacity; left > 0; --left) {
    Unit unit = {static_cast<int>(rest), 0, 0};
    const bool told_broken = units.empty() || std::get<0>(units.front()) > kOutage;
    if (told_broken && machines.TakeBroken()) {
      unit = {kOutage, 0, 0};
    } else if (!units.empty()) {
      unit = units.front();
      units.erase(units.begin());
      if (std::get<0>(unit) == kOutage) machines.TakeBroken();
    }
    const bool measured = std::get<0>(unit) == 0 && machines.SayOfUse(unit);
    const auto [state, kind, group] = unit;
    UseSeconds& row = rows[static_cast<size_t>(group)];
    ++row.by_state[static_cast<size_t>(state)];
    ++row.total;
    row.assumed += kind & 1;
    row.engineering += kind >> 1;
    row.measured += measured ? 1 : 0;
    const auto is = static_cast<UseState>(state);
    const bool reserved = is == UseState::kUsed || is == UseState::kBooked ||
                          is == UseState::kIdle || is == UseState::kNoShow;
    if (open && reserved) ++row.reserved_open;
  }
  if (open) rows[0].open += capacity;
}

std::string Words(const Case& c, const Interval& bucket) {
  std::string words = absl::StrCat("now ", c.now, " bucket ", bucket.start, "-", bucket.end);
  for (const Quantity& q : c.use.capacity) {
    absl::StrAppend(&words, " capacity ", q.interval.start, "-", q.interval.end, "*", q.quantity);
  }
  for (const Claim& claim : Claimed(c).claims) {
    absl::StrAppend(&words, "; ", claim.interval.start, "-", claim.interval.end, " state ",
                    static_cast<int>(claim.state), "*", claim.quantity, " of ", claim.group);
  }
  for (const MachineTime& machine : c.use.machines) {
    absl::StrAppend(&words, "; machine ", machine.interval.start, "-", machine.interval.end, " ",
                    static_cast<int>(machine.state));
  }
  return words;
}

template <typename Property>
void ForAnyCase(Property property) {
  for (unsigned seed = 1; seed <= support::Seeds(1500, 60000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Dice dice(seed);
    const Case c = AnyCase(dice);
    property(c, dice);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(PartitionPropertyTest, EverySecondOfEveryUnitIsInTheStateThatItIsIn) {
  ForAnyCase([](const Case& c, Dice& dice) {
    std::vector<Interval> buckets;
    for (Instant start = kOrigin; start < kEnd;) {
      start += dice.Roll(5);  // with holes
      const Instant end = start + 1 + dice.Roll(40);
      buckets.push_back({start, end});
      start = end;
    }
    const auto rows = RowsOf(Claimed(c), buckets);
    ASSERT_EQ(rows.size(), buckets.size());
    for (size_t i = 0; i < buckets.size(); ++i) {
      std::vector<UseSeconds> expected(4);
      for (Instant at = buckets[i].start; at < buckets[i].end; ++at) CountSecond(c, at, expected);
      for (size_t group = 0; group < 4; ++group) {
        ASSERT_EQ(rows[i][group].by_state, expected[group].by_state)
            << "bucket " << i << " group " << group << " " << Words(c, buckets[i]);
        ASSERT_TRUE(rows[i][group] == expected[group]) << "bucket " << i << " group " << group;
      }
    }
  });
}

TEST(PartitionPropertyTest, TheStatesAreAllOfTheCapacity) {
  ForAnyCase([](const Case& c, Dice&) {
    const UseSeconds sum = SumOf(RowsOf(Claimed(c), {{kOrigin, kEnd}}).at(0));
    Seconds whole = 0;
    for (const Quantity& span : c.use.capacity) {
      whole +=
          std::max<Seconds>(0, span.interval.Intersect({kOrigin, kEnd}).length()) * span.quantity;
    }
    Seconds of_states = 0;
    for (const Seconds seconds : sum.by_state) {
      ASSERT_GE(seconds, 0);
      of_states += seconds;
    }
    ASSERT_EQ(of_states, whole);
    ASSERT_EQ(sum.total, whole);
  });
}

TEST(PartitionPropertyTest, GroupsAndBucketsAndTheOrderOfClaimsChangeNoSum) {
  ForAnyCase([](const Case& c, Dice& dice) {
    const std::vector<Interval> whole = {{kOrigin, kEnd}};
    const UseSeconds sum = RowsOf(Claimed(c, false), whole).at(0).at(0);
    ASSERT_TRUE(SumOf(RowsOf(Claimed(c), whole).at(0)) == sum);
    std::vector<Interval> buckets;
    for (Instant start = kOrigin; start < kEnd;) {
      const Instant end = std::min(kEnd, start + 1 + dice.Roll(30));
      buckets.push_back({start, end});
      start = end;
    }
    UseSeconds of_buckets;
    for (const auto& rows : RowsOf(Claimed(c), buckets)) of_buckets += SumOf(rows);
    ASSERT_TRUE(of_buckets == sum);
    AssetUse shuffled = Claimed(c);
    dice.Shuffle(shuffled.claims);
    ASSERT_EQ(RowsOf(shuffled, buckets), RowsOf(Claimed(c), buckets));
  });
}

}  // namespace
}  // namespace labslot::engine
