// Random lives with outages, displacement, choices and check-ins, held against rules
// that a loop over everything can check.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/displacement.h"
#include "daemon/engine/giving_way.h"
#include "daemon/engine/outage_decisions.h"
#include "daemon/engine/placing.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kHour;
using support::World;

constexpr int kHours = 48;
constexpr double kPriorityWeight = 0.5;
constexpr double kLeastGain = 1.5;

class Life {
 public:
  explicit Life(unsigned seed) : random_(seed) {
    world_.Add(support::MakeSite("lommel"));
    for (const char* id : {"oven", "spare", "line"}) {
      Asset asset = support::MakeAsset(id);
      asset.kind = std::string(id) == "line" ? "line" : "oven";
      if (Roll(2) == 0) asset.set_up = kHour / 2;
      world_.Add(asset);
    }
    world_.Add(support::MakeChild("cell", "line"));
    Asset rigs = support::MakePool("rigs", 3);
    rigs.units = {{"a", ""}, {"b", ""}, {"c", ""}};
    world_.Add(rigs);
    Policy policy;
    policy.id = "displacement";
    policy.rule = DisplacementRule{
        .priority_gap = 1, .least_gain = kLeastGain, .priority_weight = kPriorityWeight};
    world_.Add(policy);
    start_ = world_.now;
  }

  void Step() {
    const size_t before = world_.events().size();
    const unsigned roll = Roll(12);
    if (roll < 6) {
      Book();
    } else if (roll == 6) {
      Cancel();
    } else if (roll == 7) {
      TakeOut();
    } else if (roll == 8) {
      Mend();
    } else if (roll == 9) {
      CheckInSomebody();
    } else {
      world_.now += static_cast<Seconds>(Roll(3)) * kHour / 2;
      history_ += " wait;";
    }
    world_.EndWhatIsDue();
    CheckEvents(before);
    CheckNobodyIsAboveWhatIsInService();
    CheckNobodyStarves();
  }

  const std::string& history() const { return history_; }

 private:
  unsigned Roll(unsigned n) { return static_cast<unsigned>(random_() % n); }

  Interval RandomInterval() {
    const Instant start = start_ + static_cast<Instant>(Roll(kHours)) * kHour;
    return {start, start + static_cast<Seconds>(1 + Roll(5)) * kHour};
  }

  std::string RandomAsset() {
    static const char* const kAssets[] = {"oven", "spare", "line", "cell", "rigs", "rigs"};
    return kAssets[Roll(6)];
  }

  void Book() {
    CreateReservation command;
    const std::string asset = RandomAsset();
    const int32_t quantity = asset == "rigs" && Roll(4) == 0 ? 2 : 1;
    command.draft = support::Draft({support::Item(asset, quantity)}, RandomInterval());
    if (Roll(5) == 0 && asset != "rigs") {
      command.draft.items.push_back(support::Item("rigs"));
    }
    command.draft.priority = static_cast<int32_t>(Roll(6));
    command.draft.firm = Roll(8) == 0;
    command.draft.like_assets = Roll(3) == 0;
    if (Roll(4) == 0) command.draft.window = command.draft.interval.Widened(0, 12 * kHour);
    if (Roll(5) == 0) command.draft.choices = {{{support::Item("spare")}, {}}};
    command.on_conflict = static_cast<OnConflict>(1 + Roll(4));
    if (Roll(8) == 0 && command.on_conflict != OnConflict::kWaitList) command.hold_for = kHour;
    command.draft.user = "ada";
    const auto result = world_.Run(command);
    absl::StrAppend(&history_, " book ", asset, " +",
                    (command.draft.interval.start - start_) / kHour, "h ",
                    command.draft.interval.length() / kHour, "h p", command.draft.priority, " c",
                    static_cast<int>(command.on_conflict), result.ok() ? " ok;" : " no;");
  }

  std::optional<Reservation> Pick(const std::function<bool(const Reservation&)>& fits) {
    std::vector<Reservation> found;
    for (const auto& [id, reservation] : world_.reservations()) {
      if (fits(reservation)) found.push_back(reservation);
    }
    if (found.empty()) return std::nullopt;
    return found[Roll(static_cast<unsigned>(found.size()))];
  }

  void Cancel() {
    const auto picked = Pick([](const Reservation& r) { return !IsFinal(r.state); });
    if (!picked) return;
    absl::StrAppend(&history_, " cancel ", picked->id, ";");
    (void)world_.Run(CancelReservation{picked->id, 0});
  }

  void CheckInSomebody() {
    const auto picked = Pick([&](const Reservation& r) {
      return r.state == ReservationState::kConfirmed && r.interval.start <= world_.now + 900 &&
             r.interval.end > world_.now;
    });
    if (!picked) return;
    absl::StrAppend(&history_, " check in ", picked->id, ";");
    (void)world_.Run(CheckIn{picked->id, 0, {}});
  }

  void TakeOut() {
    Outage outage;
    outage.asset = RandomAsset();
    if (outage.asset == "rigs" && Roll(2) == 0) {
      outage.units = {std::string(1, static_cast<char>('a' + Roll(3)))};
      outage.quantity = 1;
    } else if (outage.asset == "rigs") {
      outage.quantity = static_cast<int32_t>(Roll(4));
    }
    outage.interval = RandomInterval();
    if (outage.interval.start < world_.now) outage.interval.start = world_.now - kHour / 2;
    outage.open = Roll(6) == 0;
    if (outage.interval.empty()) return;
    const auto result = world_.Run(CreateRecord{outage});
    absl::StrAppend(&history_, " outage ", outage.asset, "*", outage.quantity, " +",
                    (outage.interval.start - start_) / kHour, "h ",
                    outage.interval.length() / kHour, "h", outage.open ? " open;" : ";");
    ASSERT_TRUE(result.ok()) << support::Describe(result.error()) << history_;
    for (const Hit& hit : std::get<Outage>(result.value().result).hits) CheckHit(hit);
  }

  void CheckHit(const Hit& hit) {
    const Reservation& after = world_.reservation(hit.reservation);
    switch (hit.outcome) {
      case HitOutcome::kWaitListed:
        EXPECT_TRUE(Waits(after.state)) << history_;
        break;
      case HitOutcome::kCancelled:
        EXPECT_EQ(after.state, ReservationState::kCancelled) << history_;
        break;
      case HitOutcome::kMoved:
      case HitOutcome::kCutShort:
      case HitOutcome::kRebound:
        EXPECT_TRUE(Blocks(after)) << history_;
        break;
    }
    EXPECT_FALSE(hit.message.empty());
  }

  void Mend() {
    const auto& outages = world_.catalogue().outages();
    if (outages.empty()) return;
    auto it = outages.begin();
    std::advance(it, Roll(static_cast<unsigned>(outages.size())));
    const Outage outage = *it->second;
    absl::StrAppend(&history_, " mend ", outage.id, ";");
    if (Roll(2) == 0) {
      ASSERT_TRUE(world_.Run(DeleteRecord{kOutages, outage.id}).ok()) << history_;
      return;
    }
    UpdateRecord<Outage> update;
    update.id = outage.id;
    const Instant end = std::max(outage.interval.start + 60, world_.now);
    update.patch = [end](const Outage& current) -> Result<Outage> {
      Outage next = current;
      next.open = false;
      next.interval.end = end;
      return next;
    };
    ASSERT_TRUE(world_.Run(update).ok()) << history_;
  }

  // What others displaced was neither firm nor begun nor checked in nor of as high a
  // priority, and what displaced it was worth it.
  void CheckEvents(size_t from) {
    std::map<std::string, double> harm;
    for (size_t i = from; i < world_.events().size(); ++i) {
      const auto* after = std::get_if<Reservation>(&world_.events()[i].resource);
      if (after == nullptr) continue;
      const auto before = versions_.find(after->id);
      const bool displaced = after->state == ReservationState::kDisplaced;
      if (displaced && after->displaced_by.substr(0, 7) != "outages") {
        ASSERT_NE(before, versions_.end()) << history_;
        EXPECT_FALSE(after->firm) << history_;
        EXPECT_NE(before->second.state, ReservationState::kCheckedIn) << history_;
        EXPECT_GT(before->second.interval.start, world_.now) << history_;
        harm[after->displaced_by] += Weight(before->second);
      }
      const auto done = harm.find(NameOf(after->id));
      if (done != harm.end() && world_.events()[i].type == EventType::kCreated) {
        EXPECT_GE(Weight(*after) + 1, kLeastGain * done->second) << history_;
      }
      versions_.insert_or_assign(after->id, *after);
    }
  }

  static double Weight(const Reservation& r) {
    double units = 0;
    for (const ReservationItem& item : r.items) units += item.quantity;
    return units * static_cast<double>(r.interval.length()) * (1 + kPriorityWeight * r.priority);
  }

  // At each half hour that is to come.
  void CheckNobodyIsAboveWhatIsInService() {
    const Instant first = world_.now - world_.now % (kHour / 2) + kHour / 2;
    for (Instant at = first; at < start_ + (kHours + 60) * kHour; at += kHour / 2) {
      std::map<std::string, int32_t> used;
      for (const auto& [id, r] : world_.reservations()) {
        if (!Blocks(r)) continue;
        for (const ReservationItem& item : r.items) {
          if (OccupancyOf(r, item).Contains(at)) used[item.asset] += item.quantity;
        }
      }
      for (const auto& [asset, quantity] : used) {
        ASSERT_LE(quantity, InService(asset, at))
            << asset << " at +" << (at - start_) / 1800 << " half hours;" << history_;
      }
      ASSERT_FALSE(used.count("line") > 0 && used.count("cell") > 0) << history_;
    }
  }

  int32_t InService(const std::string& asset, Instant at) const {
    int32_t left = world_.catalogue().FindAsset(asset)->capacity;
    std::set<std::string> units;
    for (const auto& [id, outage] : world_.catalogue().outages()) {
      if (!outage->interval.Contains(at)) continue;
      const bool is_relative = (asset == "line" && outage->asset == "cell") ||
                               (asset == "cell" && outage->asset == "line");
      if (outage->asset != asset && !is_relative) continue;
      const int32_t all = world_.catalogue().FindAsset(outage->asset)->capacity;
      if (outage->quantity == 0 || outage->quantity >= all) return 0;
      units.insert(outage->units.begin(), outage->units.end());
      if (outage->units.empty()) left -= outage->quantity;
    }
    return std::max(0, left - static_cast<int32_t>(units.size()));
  }

  // Who lost a place, and has not had one that would do, has none because there is
  // none.
  void CheckNobodyStarves() {
    for (const auto& [id, r] : world_.reservations()) {
      if (r.state != ReservationState::kDisplaced) continue;
      const auto place = FirstPlace(world_.state(), r, world_.now, world_.now + 1,
                                    Preference::kNearest, [](const Reservation&) { return true; });
      if (!place) continue;
      // Another choice may have become free without a look at it.
      EXPECT_NE(place->choices, r.choices) << r.id << ";" << history_;
    }
  }

  std::mt19937 random_;
  World world_;
  Instant start_ = 0;
  std::string history_;
  std::map<ReservationId, Reservation> versions_;
};

// The least harm by trying all subsets of those who stand in the way.
int64_t LeastHarmByHand(const World& world, const DisplacementRule& rule, int32_t units,
                        const Interval& wanted) {
  std::vector<Reservation> in_the_way;
  for (const auto& [id, r] : world.reservations()) {
    if (Blocks(r) && r.interval.Overlaps(wanted)) in_the_way.push_back(r);
  }
  int64_t least = std::numeric_limits<int64_t>::max();
  for (unsigned gone = 0; gone < 1u << in_the_way.size(); ++gone) {
    int64_t harm = 0;
    bool fits = true;
    for (size_t i = 0; i < in_the_way.size(); ++i) {
      if ((gone >> i & 1) != 0) harm += HarmOf(rule, in_the_way[i], world.now, absl::UTCTimeZone());
    }
    for (Instant at = wanted.start; at < wanted.end && harm < least; at += kHour) {
      int32_t used = 1;
      for (size_t i = 0; i < in_the_way.size(); ++i) {
        if ((gone >> i & 1) == 0 && in_the_way[i].interval.Contains(at)) ++used;
      }
      fits = fits && used <= units;
    }
    if (fits) least = std::min(least, harm);
  }
  return least;
}

TEST(GivingWayPropertyTest, OnPoolsTheHarmIsTheLeastThereIs) {
  int displaced = 0;
  for (unsigned seed = 1; seed <= support::Seeds(60, 3000); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    const auto roll = [&](unsigned n) { return static_cast<int>(random() % n); };
    World world;
    world.Add(support::MakeSite("lommel"));
    const int32_t units = 1 + roll(4);
    world.Add(support::MakePool("rigs", units));
    const DisplacementRule rule = {
        .least_gain = 1, .priority_weight = 0.5, .notice_weight = 2, .notice = {.days = 3}};
    Policy policy;
    policy.id = "displacement";
    policy.rule = rule;
    world.Add(policy);
    const Instant start = At("2027-03-01 00:00");
    const auto random_draft = [&] {
      const Instant from = start + roll(20) * kHour;
      Reservation draft =
          support::Draft({support::Item("rigs")}, {from, from + (1 + roll(6)) * kHour});
      draft.priority = roll(8);
      return draft;
    };
    for (int i = 0; i < 14; ++i) (void)world.Book(random_draft());
    Reservation wanted = random_draft();
    wanted.priority = 1000;
    wanted.user = "ada";
    State state = world.state();
    const Principal ada{"ada"};
    const std::string none;
    const auto plan = PlanAdmission({state, world, ada, none, none, world.now}, wanted);
    ASSERT_TRUE(plan.ok());
    EXPECT_EQ(plan.value().harm, LeastHarmByHand(world, rule, units, wanted.interval));
    displaced += static_cast<int>(plan.value().displaced.size());
  }
  EXPECT_GT(displaced, 20);
}

TEST(GivingWayPropertyTest, RandomLivesKeepTheirPromises) {
  for (unsigned seed = 1; seed <= support::Seeds(40, 2000); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Life life(seed);
    for (int step = 0; step < 60 && !testing::Test::HasFailure(); ++step) life.Step();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace labslot::engine
