// Random lives of a pool whose units differ, held against every way to hand out every
// unit.

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "absl/strings/str_cat.h"
#include "daemon/domain/names.h"
#include "daemon/engine/allocation.h"
#include "daemon/engine/displacement.h"
#include "daemon/engine/earliest_start.h"
#include "daemon/engine/rule_scope.h"
#include "daemon/engine/slots.h"
#include "daemon/engine/unit_uses.h"
#include "tests/engine/naive_units.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::World;

constexpr Seconds kHour = 3600;

Asset Rigs() {
  Asset rigs = support::MakePool("rigs", 4);
  rigs.units = {{"a", "", {{"eds", "yes"}, {"hot", "yes"}}},
                {"b", "", {{"eds", "yes"}}},
                {"c", "", {{"hot", "yes"}}},
                {"d", "", {}}};
  return rigs;
}

UnitUse UseOfRigs(const Reservation& r) {
  const ReservationItem& item = r.items.front();
  return UseOf(Rigs(), OccupancyOf(r, item), item.quantity, item.unit_labels, item.units);
}

class UnitWorld {
 public:
  explicit UnitWorld(unsigned seed) : random_(seed) {
    world.Add(support::MakeSite("lommel"));
    world.Add(Rigs());
    start = At("2027-03-01 00:00");
  }

  unsigned Roll(unsigned n) { return static_cast<unsigned>(random_() % n); }

  Interval RandomInterval(unsigned hours) {
    const Instant from = start + Roll(hours) * kHour;
    return {from, from + (1 + Roll(6)) * kHour};
  }

  Reservation RandomDraft(unsigned hours) {
    ReservationItem item = support::Item("rigs", Roll(5) == 0 ? 2 : 1);
    if (Roll(2) == 0) item.unit_labels[Roll(2) == 0 ? "eds" : "hot"] = "yes";
    if (Roll(8) == 0) item.unit_labels = {{"eds", "yes"}, {"hot", "yes"}};
    Reservation draft = support::Draft({item}, RandomInterval(hours));
    draft.user = "ada";
    draft.priority = static_cast<int32_t>(Roll(6));
    return draft;
  }

  // Everybody who has, or will have, something from now on, and what is out of service.
  std::vector<UnitUse> LiveUses() const {
    std::vector<UnitUse> uses;
    for (const auto& [id, r] : world.reservations()) {
      if (Blocks(r)) uses.push_back(UseOfRigs(r));
    }
    for (const auto& [id, outage] : world.catalogue().outages()) {
      uses.push_back(UseOf(Rigs(), outage->interval, outage->quantity, {}, outage->units));
    }
    for (UnitUse& use : uses) use.interval.start = std::max(use.interval.start, world.now);
    uses.erase(std::remove_if(uses.begin(), uses.end(),
                              [](const UnitUse& use) { return use.interval.empty(); }),
               uses.end());
    return uses;
  }

  World world;
  Instant start = 0;

 private:
  std::mt19937 random_;
};

bool FitsWith(std::vector<UnitUse> uses, const Reservation& wanted) {
  uses.push_back(UseOfRigs(wanted));
  return NaiveUnitsFit(Rigs().units.size(), uses);
}

TEST(UnitsPropertyTest, WhatFitsIsGrantedAndWhatDoesNotIsNot) {
  int granted = 0;
  int refused_for_units = 0;
  for (unsigned seed = 1; seed <= support::Seeds(150, 5000); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    UnitWorld w(seed);
    for (int i = 0; i < 14; ++i) {
      const Reservation draft = w.RandomDraft(16);
      const bool fits = FitsWith(w.LiveUses(), draft);
      const auto result = w.world.Book(draft);
      ASSERT_EQ(result.ok(), fits) << "booking " << i;
      if (fits) {
        ++granted;
      } else if (result.error().refusal->violations.front().rule == Rule::kNoFittingUnit) {
        ++refused_for_units;
      }
    }
  }
  EXPECT_GT(granted, 300);
  EXPECT_GT(refused_for_units, 100);
}

TEST(UnitsPropertyTest, TheEarliestStartIsTheFirstThatFits) {
  int found = 0;
  for (unsigned seed = 1; seed <= support::Seeds(60, 2000); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    UnitWorld w(seed);
    for (int i = 0; i < 12; ++i) (void)w.world.Book(w.RandomDraft(12));
    Reservation wanted = w.RandomDraft(1);
    if (wanted.items.front().unit_labels.size() == 2) wanted.items.front().quantity = 1;
    SlotQuery query;
    query.items = wanted.items;
    query.duration = wanted.interval.length();
    query.window = {w.start, w.start + 48 * kHour};
    query.limit = 1;
    const std::vector<Slot> slots = FindSlots(w.world.state(), query, w.world.now);
    ASSERT_EQ(slots.size(), 1u);
    Reservation first = wanted;
    first.interval = {w.start, w.start + query.duration};
    while (!FitsWith(w.LiveUses(), first)) {
      first.interval = {first.interval.start + 900, first.interval.end + 900};
    }
    EXPECT_EQ(slots[0].interval.start, first.interval.start);
    found += first.interval.start > w.start;
  }
  EXPECT_GT(found, 10);
}

// Bookings, moves, outages and hand-outs in any order.
class UnitLife : public UnitWorld {
 public:
  explicit UnitLife(unsigned seed) : UnitWorld(seed) { world.now = start; }

  void Step() {
    GiveBackWhatIsOver();
    switch (Roll(9)) {
      case 0:
        TakeOut();
        break;
      case 1:
        Move();
        break;
      case 2:
        Cancel();
        break;
      case 3:
      case 4:
        world.now += kHour / 2;
        history += " wait;";
        break;
      default:
        Book();
    }
    GiveBackWhatIsOver();
    world.EndWhatIsDue();
    HandOut();
    ASSERT_TRUE(NaiveUnitsFit(Rigs().units.size(), LiveUses())) << history;
  }

  std::string history;
  int handed_out = 0;
  int hits = 0;

 private:
  void Book() {
    const Reservation draft = RandomDraft(20);
    const bool expected = draft.interval.start >= world.now && FitsWith(LiveUses(), draft);
    const auto result = world.Book(draft);
    absl::StrAppend(&history, " book +", (draft.interval.start - start) / kHour, "h ",
                    draft.interval.length() / kHour, "h *", draft.items.front().quantity, "[",
                    LabelsInWords(draft.items.front().unit_labels), "]",
                    result.ok() ? " ok;" : ";");
    ASSERT_EQ(result.ok(), expected) << history;
  }

  template <typename Wanted>
  std::optional<Reservation> Pick(Wanted wanted) {
    std::vector<Reservation> found;
    for (const auto& [id, r] : world.reservations()) {
      if (wanted(r)) found.push_back(r);
    }
    if (found.empty()) return std::nullopt;
    return found[Roll(static_cast<unsigned>(found.size()))];
  }

  void Move() {
    const auto picked = Pick([&](const Reservation& r) {
      return r.state == ReservationState::kConfirmed && r.interval.start > world.now;
    });
    if (!picked) return;
    (void)world.Move(picked->id, RandomInterval(20));
    absl::StrAppend(&history, " move ", picked->id, ";");
  }

  void Cancel() {
    const auto picked =
        Pick([](const Reservation& r) { return r.state == ReservationState::kConfirmed; });
    if (!picked) return;
    (void)world.Cancel(picked->id);
    absl::StrAppend(&history, " cancel ", picked->id, ";");
  }

  void TakeOut() {
    if (world.catalogue().outages().size() >= 2) return;
    Outage outage;
    outage.asset = "rigs";
    outage.quantity = 1;
    if (Roll(3) != 0) outage.units = {std::string(1, static_cast<char>('a' + Roll(4)))};
    for (const auto& [id, other] : world.catalogue().outages()) {
      // The model would take the unit twice.
      if (!outage.units.empty() && other->units == outage.units) return;
    }
    outage.interval = RandomInterval(20);
    outage.interval.start = std::max(outage.interval.start, world.now);
    if (outage.interval.empty()) return;
    const auto result = world.Run(CreateRecord{outage});
    absl::StrAppend(&history, " outage ", outage.units.empty() ? "" : outage.units[0], " +",
                    (outage.interval.start - start) / kHour, "h ", outage.interval.length() / kHour,
                    "h;");
    ASSERT_TRUE(result.ok()) << history;
    hits += static_cast<int>(std::get<Outage>(result.value().result).hits.size());
  }

  void GiveBackWhatIsOver() {
    for (const auto& [id, r] : std::map(world.reservations())) {
      if (r.state != ReservationState::kCheckedIn || r.interval.end > world.now) continue;
      ASSERT_TRUE(world.Run(CheckOut{id, 0, {}}).ok()) << history;
    }
  }

  // Whoever's time has come gets units that have what he asked for.
  void HandOut() {
    for (const auto& [id, r] : std::map(world.reservations())) {
      const bool now = r.interval.Contains(world.now);
      if (r.state != ReservationState::kConfirmed || !now) continue;
      absl::StrAppend(&history, " check in ", id, ";");
      const auto result = world.Run(CheckIn{id, 0, {}});
      ASSERT_TRUE(result.ok()) << support::Describe(result.error()) << history;
      const ReservationItem& item = world.reservation(id).items.front();
      ASSERT_EQ(item.units.size(), static_cast<size_t>(item.quantity));
      for (const std::string& unit : item.units) {
        const Asset rigs = Rigs();
        const auto known = std::find_if(rigs.units.begin(), rigs.units.end(),
                                        [&](const Unit& u) { return u.id == unit; });
        ASSERT_TRUE(HasLabels(item.unit_labels, known->labels)) << unit << history;
      }
      ++handed_out;
    }
  }
};

TEST(UnitsPropertyTest, EverybodyGetsUnitsThatDoWheneverHisTimeComes) {
  int handed_out = 0;
  int hits = 0;
  for (unsigned seed = 1; seed <= support::Seeds(60, 3000); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    UnitLife life(seed);
    for (int step = 0; step < 60 && !testing::Test::HasFailure(); ++step) life.Step();
    if (testing::Test::HasFailure()) return;
    handed_out += life.handed_out;
    hits += life.hits;
  }
  EXPECT_GT(handed_out, 150);
  EXPECT_GT(hits, 10);
}

// Somebody who is of more weight than all asks for units; counts who had to go.
void ExpectLeastHarm(unsigned seed, int& displaced) {
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  const DisplacementRule rule = {.priority_gap = 1, .least_gain = 0.01, .priority_weight = 0.5};
  UnitWorld w(seed);
  Policy policy;
  policy.id = "displacement";
  policy.rule = rule;
  w.world.Add(policy);
  for (int i = 0; i < 12; ++i) (void)w.world.Book(w.RandomDraft(10));
  Reservation wanted = w.RandomDraft(10);
  if (wanted.items.front().unit_labels.size() == 2) wanted.items.front().quantity = 1;
  wanted.priority = 1000;
  State state = w.world.state();
  const Principal ada{"ada"};
  const std::string none;
  const auto plan = PlanAdmission({state, w.world, ada, none, none, w.world.now}, wanted);
  ASSERT_TRUE(plan.ok());
  ASSERT_TRUE(plan.value().reservation) << plan.value().refusal->violations.front().message;

  std::vector<Reservation> there;
  for (const auto& [id, r] : w.world.reservations()) {
    if (Blocks(r)) there.push_back(r);
  }
  int64_t least = std::numeric_limits<int64_t>::max();
  for (unsigned gone = 0; gone < 1u << there.size(); ++gone) {
    int64_t harm = 0;
    std::vector<UnitUse> uses;
    for (size_t i = 0; i < there.size(); ++i) {
      if ((gone >> i & 1) != 0) {
        harm += HarmOf(rule, there[i], w.world.now, absl::UTCTimeZone());
      } else {
        uses.push_back(UseOfRigs(there[i]));
      }
    }
    if (harm < least && FitsWith(std::move(uses), wanted)) least = harm;
  }
  EXPECT_EQ(plan.value().harm, least);
  displaced += static_cast<int>(plan.value().displaced.size());
}

TEST(UnitsPropertyTest, TheHarmOfDisplacementIsTheLeastThereIs) {
  int displaced = 0;
  for (unsigned seed = 1; seed <= support::Seeds(60, 2000); ++seed) {
    ASSERT_NO_FATAL_FAILURE(ExpectLeastHarm(seed, displaced));
  }
  EXPECT_GT(displaced, 20);
}

TEST(UnitsPropertyTest, WhoIsFurtherAroundGivesWayIfThoseNearDoNotStandInTheWay) {
  int displaced = 0;
  for (const unsigned seed : {1270u, 1436u, 1479u, 1780u}) {
    ASSERT_NO_FATAL_FAILURE(ExpectLeastHarm(seed, displaced));
  }
  EXPECT_GT(displaced, 0);
}

TEST(UnitsPropertyTest, ARoundIsWorthAsMuchAsTheBestChoice) {
  int rejected = 0;
  for (unsigned seed = 1; seed <= support::Seeds(40, 1000); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    UnitWorld w(seed);
    for (int i = 0; i < 3; ++i) (void)w.world.Book(w.RandomDraft(8));
    Round round;
    round.id = "spring";
    round.assets = {"rigs"};
    round.interval = {w.start, w.start + 48 * kHour};
    round.deadline = w.world.now + kHour;
    w.world.Add(round);
    std::vector<Reservation> requests;
    for (int i = 0; i < 11; ++i) {
      Reservation draft = w.RandomDraft(8);
      draft.round = "spring";
      draft.value = 1 + w.Roll(50);
      const auto result = w.world.Book(draft);
      if (result.ok()) requests.push_back(std::get<Reservation>(result.value().result));
    }
    const std::vector<UnitUse> there = w.LiveUses();
    int64_t best = 0;
    for (unsigned chosen = 0; chosen < 1u << requests.size(); ++chosen) {
      int64_t value = 0;
      std::vector<UnitUse> uses = there;
      for (size_t i = 0; i < requests.size(); ++i) {
        if ((chosen >> i & 1) == 0) continue;
        value += requests[i].value;
        uses.push_back(UseOfRigs(requests[i]));
      }
      if (value > best && NaiveUnitsFit(Rigs().units.size(), uses)) best = value;
    }
    const AllocationPlan plan = PlanAllocation(
        GatherCall(w.world.state(), w.world, *w.world.catalogue().FindRound("spring"), w.world.now),
        {});
    EXPECT_EQ(plan.value, best);
    EXPECT_EQ(plan.bound, best);
    rejected += static_cast<int>(plan.rejections.size());
    ApplyAllocation command;
    command.round = "spring";
    for (const PlannedGrant& grant : plan.grants) {
      command.grants[grant.reservation] = grant.option.choice;
    }
    w.world.now = round.deadline;
    const auto applied = w.world.Run(command);
    ASSERT_TRUE(applied.ok()) << support::Describe(applied.error());
  }
  EXPECT_GT(rejected, 40);
}

}  // namespace
}  // namespace labslot::engine
