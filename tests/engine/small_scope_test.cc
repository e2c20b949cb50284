// All short lives over a small world, against a model that anyone can check.

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::kHour;
using support::World;

constexpr int kAssets = 2;
constexpr int kSlots = 4;
constexpr int kIds = 3;

enum class Verb { kCreate, kHold, kMove, kCancel, kExpire };

struct Op {
  Verb verb;
  int id;     // the place in the list of ids
  int asset;  // of kCreate and kHold
  int slot;   // of kCreate, kHold and kMove
};

// Three reservations, each nowhere, held, firm or over. One fits if no other
// that is held or firm has its slot of its asset. When time passes, all holds
// are over.
class NaiveModel {
 public:
  // True if it changed something.
  bool Do(const Op& op) {
    Entry& entry = entries_[static_cast<size_t>(op.id)];
    const bool live = entry.state == 1 || entry.state == 2;
    switch (op.verb) {
      case Verb::kCreate:
      case Verb::kHold:
        if (entry.state != 0 || !Free(op.asset, op.slot, op.id)) return false;
        entry = {op.verb == Verb::kHold ? 1 : 2, op.asset, op.slot};
        return true;
      case Verb::kMove:
        if (!live || entry.slot == op.slot || !Free(entry.asset, op.slot, op.id)) return false;
        entry.slot = op.slot;
        return true;
      case Verb::kCancel:
        if (!live) return false;
        entry = {3, 0, 0};
        return true;
      case Verb::kExpire:
        return ExpireHolds();
    }
    return false;
  }
  int Holder(int asset, int slot) const {
    for (int id = 0; id < kIds; ++id) {
      const Entry& entry = entries_[static_cast<size_t>(id)];
      const bool live = entry.state == 1 || entry.state == 2;
      if (live && entry.asset == asset && entry.slot == slot) return id;
    }
    return -1;
  }
  bool Exists(int id) const { return entries_[static_cast<size_t>(id)].state != 0; }
  // Equal for models that behave in the same way.
  int64_t Key() const {
    int64_t key = 0;
    for (const Entry& entry : entries_) {
      key = key * 64 + entry.state * 16 + entry.asset * kSlots + entry.slot;
    }
    return key;
  }

 private:
  struct Entry {
    int state = 0;
    int asset = 0;
    int slot = 0;
  };
  bool ExpireHolds() {
    bool any = false;
    for (Entry& entry : entries_) {
      if (entry.state != 1) continue;
      entry = {3, 0, 0};
      any = true;
    }
    return any;
  }
  bool Free(int asset, int slot, int but) const {
    const int holder = Holder(asset, slot);
    return holder == -1 || holder == but;
  }
  std::array<Entry, kIds> entries_;
};

Interval SlotOf(int slot) {
  const Instant start = support::At("mon 9:00") + slot * kHour;
  return {start, start + kHour};
}

std::string AssetOf(int asset) { return asset == 0 ? "a" : "b"; }

// All operations; a new reservation always takes the next id, because ids are
// interchangeable.
std::vector<Op> OpsAfter(const NaiveModel& model) {
  std::vector<Op> ops;
  int next = 0;
  while (next < kIds && model.Exists(next)) ++next;
  for (const Verb verb : {Verb::kCreate, Verb::kHold}) {
    const int assets = next == 0 ? 1 : kAssets;  // so are the assets, at first
    for (int asset = 0; next < kIds && asset < assets; ++asset) {
      for (int slot = 0; slot < kSlots; ++slot) ops.push_back({verb, next, asset, slot});
    }
  }
  for (int id = 0; id < next; ++id) {
    for (int slot = 0; slot < kSlots; ++slot) ops.push_back({Verb::kMove, id, 0, slot});
    ops.push_back({Verb::kCancel, id, 0, 0});
  }
  ops.push_back({Verb::kExpire, 0, 0, 0});
  return ops;
}

struct Life {
  World world;
  NaiveModel model;
  std::array<ReservationId, kIds> ids{};
};

// True if it changed something.
bool Do(Life& life, const Op& op) {
  ReservationId& id = life.ids[static_cast<size_t>(op.id)];
  const Revision head = life.world.state().head();
  switch (op.verb) {
    case Verb::kCreate:
    case Verb::kHold: {
      const auto draft = support::Draft({support::Item(AssetOf(op.asset))}, SlotOf(op.slot));
      if (life.world.Book(draft, "ada", op.verb == Verb::kHold ? 60 : 0).ok()) id = head + 1;
      break;
    }
    case Verb::kMove:
      (void)life.world.Move(id, SlotOf(op.slot));
      break;
    case Verb::kCancel:
      (void)life.world.Cancel(id);
      break;
    case Verb::kExpire:
      life.world.now += 60;
      for (const auto& [due, held] : Dues(life.world.state().dues())) {
        EXPECT_TRUE(life.world.Run(DaemonPrincipal(), EndAtDueTime{held}).ok());
      }
      break;
  }
  return life.world.state().head() != head;
}

void ExpectSameSlots(const Life& life) {
  for (int asset = 0; asset < kAssets; ++asset) {
    const Timeline& timeline = life.world.state().timeline(AssetOf(asset));
    for (int slot = 0; slot < kSlots; ++slot) {
      const auto found = timeline.Overlapping(SlotOf(slot), 10);
      const int holder = life.model.Holder(asset, slot);
      ASSERT_EQ(found.size(), holder < 0 ? 0u : 1u);
      ASSERT_EQ(timeline.Peak(SlotOf(slot)), holder < 0 ? 0 : 1);
      if (holder >= 0) {
        ASSERT_EQ(found[0].reservation, life.ids[static_cast<size_t>(holder)]);
      }
    }
  }
}

// Goes through all lives of a number of steps, breadth first. With `merge`,
// lives whose models are equal go on as one.
int64_t Explore(const Life& beginning, int steps, bool merge) {
  int64_t count = 0;
  std::set<int64_t> seen;
  std::vector<Life> lives = {beginning};
  for (int step = 0; step < steps; ++step) {
    std::vector<Life> next_lives;
    for (const Life& life : lives) {
      for (const Op& op : OpsAfter(life.model)) {
        Life next = life;
        const bool expected = next.model.Do(op);
        EXPECT_EQ(Do(next, op), expected)
            << "step " << step << " verb " << static_cast<int>(op.verb) << " id " << op.id
            << " asset " << op.asset << " slot " << op.slot;
        ExpectSameSlots(next);
        if (testing::Test::HasFailure()) return count;
        ++count;
        // What was refused changed nothing: its sequel is explored without it.
        if (!expected || (merge && !seen.insert(next.model.Key()).second)) continue;
        if (step + 1 < steps) next_lives.push_back(std::move(next));
      }
    }
    lives = std::move(next_lives);
  }
  return count;
}

Life Beginning() {
  Life life;
  life.world.now = support::At("mon 6:00");
  life.world.Add(support::MakeSite("lommel"));
  life.world.Add(support::MakeAsset("a"));
  life.world.Add(support::MakeAsset("b"));
  return life;
}

TEST(SmallScopeTest, EveryShortLifeIsThatOfTheModel) {
  EXPECT_GT(Explore(Beginning(), support::LongRun() ? 4 : 3, false), 3000);
}

TEST(SmallScopeTest, EveryLifeOfSixStepsIsThatOfTheModel) {
  EXPECT_GT(Explore(Beginning(), 6, true), 20000);
}

}  // namespace
}  // namespace labslot::engine
