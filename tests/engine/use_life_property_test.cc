// Random lives of bookings that are taken into use, given back in parts, forgotten,
// missed and corrected, held against the records by loops over all of them.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/engine/same_state.h"
#include "tests/engine/use_words.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/use_source.h"

namespace labslot::engine {
namespace {

using support::kDay;
using support::kHour;
using support::kMinute;
using support::World;
using State_ = ReservationState;

constexpr Seconds kGrid = 5 * kMinute;

// A part of what a reservation blocks, by the records alone.
struct Part {
  ReservationId reservation = 0;
  std::string asset;
  Interval blocked;
  int32_t quantity = 0;
};

// In use, granted, or asked for, it blocks its run with what goes around it; what is
// over blocks up to where it was given back, and then its tear-down.
std::vector<Part> PartsOf(const Reservation& r) {
  const bool blocks = r.state == State_::kHeld || r.state == State_::kPending ||
                      r.state == State_::kOffered || r.state == State_::kConfirmed ||
                      r.state == State_::kCheckedIn || r.state == State_::kCompleted;
  std::vector<Part> parts;
  if (!blocks) return parts;
  Instant end = r.interval.end;
  if (r.state == State_::kCompleted && r.use.freed != 0) end = std::min(end, r.use.freed);
  const auto add = [&](const ReservationItem& item, Instant until) {
    const Instant start = r.interval.start - item.set_up;
    until = std::max(until, r.interval.start) + item.tear_down;
    if (until > start) parts.push_back({r.id, item.asset, {start, until}, item.quantity});
  };
  for (const ReservationItem& item : r.items) add(item, end);
  for (const Return& back : r.returns) add(back.item, std::min(back.time, end));
  return parts;
}

State Reloaded(const World& world) {
  State state;
  const Catalogue& catalogue = world.catalogue();
  for (const auto& [id, record] : catalogue.users()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.assets()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.sites()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.organisations()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.policies()) state.LoadRecord(*record);
  for (auto it = world.reservations().rbegin(); it != world.reservations().rend(); ++it) {
    for (const Occupancy& occupancy : OccupanciesOf(it->second)) state.LoadOccupancy(occupancy);
  }
  state.FinishLoad(world.state().head(), world.state().last_time(), 0);
  return state;
}

class Life {
 public:
  explicit Life(unsigned seed) : random_(seed) {
    world_.Add(support::MakeSite("lommel"));
    User mia = support::MakeUser("mia");
    mia.role_bindings = {support::Binding(Role::kAssetManager)};
    world_.Add(mia);
    Asset cups = support::MakePool("cups", 3);
    cups.tear_down = 20 * kMinute;
    world_.Add(cups);
    Asset rigs = support::MakePool("rigs", 3);
    rigs.units = {{"a", ""}, {"b", ""}, {"c", ""}};
    world_.Add(rigs);
    Asset mill = support::MakeAsset("mill");
    mill.set_up = 10 * kMinute;
    mill.tear_down = 30 * kMinute;
    world_.Add(mill);
    world_.Add(support::MakeAsset("line"));
    world_.Add(support::MakeChild("cell", "line"));
    if (Roll(2) == 0) Add("grace", GraceRule{15 * kMinute});
    if (Roll(2) == 0) {
      Add("overrun", OverrunRule{Roll(2) == 0, static_cast<Seconds>(1 + Roll(12)) * kHour});
    }
    start_ = world_.now;
  }

  void Step() {
    const size_t events = world_.events().size();
    const auto before = world_.reservations();
    const unsigned roll = Roll(16);
    if (roll < 4) {
      Book();
    } else if (roll == 4) {
      Cancel();
    } else if (roll < 8) {
      CheckSomebodyIn();
    } else if (roll == 8) {
      CheckSomebodyOut(false);
    } else if (roll < 11) {
      CheckSomebodyOut(true);
    } else if (roll == 11) {
      MoveAnEnd();
    } else if (roll == 12) {
      CorrectSomething();
    } else {
      Wait();
    }
    if (Roll(8) != 0) world_.EndWhatIsDue();
    CheckEvents(events, before);
    CheckNothingIsHadTwice();
    CheckIndexes();
    CheckThePartition();
    if (++steps_ % 6 == 0) CheckTheStateIsThatOfTheRecords();
  }

  const std::string& history() const { return history_; }
  const std::map<EventType, int>& seen() const { return seen_; }

 private:
  unsigned Roll(unsigned n) { return static_cast<unsigned>(random_() % n); }

  void Add(const std::string& id, PolicyRule rule) {
    Policy policy;
    policy.id = id;
    policy.rule = std::move(rule);
    world_.Add(policy);
  }

  void Tell(const std::string& what, bool ok) {
    absl::StrAppend(&history_, " ", what, ok ? ";" : " refused;");
  }

  std::string Now() const { return absl::StrCat("+", (world_.now - start_) / 60, "m"); }

  std::optional<Reservation> Pick(const std::function<bool(const Reservation&)>& fits) {
    std::vector<Reservation> found;
    for (const auto& [id, reservation] : world_.reservations()) {
      if (fits(reservation)) found.push_back(reservation);
    }
    if (found.empty()) return std::nullopt;
    return found[Roll(static_cast<unsigned>(found.size()))];
  }

  void Book() {
    static const char* const kAssets[] = {"cups", "cups", "rigs", "mill", "line", "cell"};
    CreateReservation command;
    const Instant start = world_.now + static_cast<Seconds>(Roll(24)) * kGrid;
    const Interval run = {start, start + static_cast<Seconds>(1 + Roll(24)) * kGrid};
    std::vector<ReservationItem> items = {support::Item(kAssets[Roll(6)])};
    if (Roll(4) == 0) {
      const char* other = kAssets[Roll(4)];
      if (items[0].asset != other) items.push_back(support::Item(other));
    }
    for (ReservationItem& item : items) {
      if (item.asset == "cups" || item.asset == "rigs") {
        item.quantity = static_cast<int32_t>(1 + Roll(3));
      }
    }
    command.draft = support::Draft(items, run);
    command.draft.user = "ada";
    if (Roll(3) == 0) command.on_conflict = OnConflict::kWaitList;
    if (Roll(8) == 0 && command.on_conflict != OnConflict::kWaitList) command.hold_for = 900;
    const auto result = world_.Run(command);
    Tell(absl::StrCat("book ", items[0].asset, "*", items[0].quantity,
                      items.size() > 1 ? absl::StrCat(" ", items[1].asset) : "", " +",
                      (run.start - start_) / 60, "m-", (run.end - start_) / 60, "m"),
         result.ok());
  }

  void Cancel() {
    const auto picked = Pick([](const Reservation& r) { return !IsFinal(r.state); });
    if (!picked) return;
    Tell(absl::StrCat("cancel ", picked->id), world_.Run(CancelReservation{picked->id, 0}).ok());
  }

  void CheckSomebodyIn() {
    const auto picked = Pick([&](const Reservation& r) {
      return r.state == State_::kConfirmed && r.interval.start <= world_.now + 900 &&
             r.interval.end > world_.now;
    });
    if (!picked) return;
    Tell(absl::StrCat("check in ", picked->id), world_.Run(CheckIn{picked->id, 0, {}}).ok());
  }

  void CheckSomebodyOut(bool partly) {
    const auto picked = Pick([](const Reservation& r) { return r.state == State_::kCheckedIn; });
    if (!picked) return;
    CheckOut command{picked->id, 0, {}};
    if (partly) {
      const ReservationItem& item =
          picked->items[Roll(static_cast<unsigned>(picked->items.size()))];
      command.items = {
          {item.asset, static_cast<int32_t>(Roll(static_cast<unsigned>(item.quantity) + 1)), {}}};
    }
    const auto result = world_.Run(command);
    Tell(absl::StrCat("check out ", partly ? "a part of " : "", picked->id), result.ok());
    EXPECT_TRUE(result.ok()) << support::Describe(result.error()) << history_;
  }

  void MoveAnEnd() {
    const auto picked = Pick([&](const Reservation& r) {
      return Blocks(r) && r.interval.end > world_.now && r.state != State_::kOffered;
    });
    if (!picked) return;
    Interval to = picked->interval;
    to.end = std::max(to.start, world_.now) + static_cast<Seconds>(Roll(12)) * kGrid;
    if (to.empty()) return;
    Tell(absl::StrCat("move the end of ", picked->id, " to +", (to.end - start_) / 60, "m"),
         world_.Move(picked->id, to).ok());
  }

  void CorrectSomething() {
    const auto picked = Pick([&](const Reservation& r) {
      return r.state == State_::kCompleted || r.state == State_::kNoShow ||
             (r.state == State_::kConfirmed && r.interval.end <= world_.now);
    });
    if (!picked) return;
    CorrectUse command;
    command.id = picked->id;
    command.outcome = static_cast<Outcome>(Roll(3));
    if (command.outcome != Outcome::kNobodyCame && Roll(2) == 0) {
      command.check_in = picked->interval.start - 900 + static_cast<Seconds>(Roll(20)) * kGrid;
    }
    if (command.outcome != Outcome::kNobodyCame && Roll(2) == 0) {
      command.check_out = picked->interval.start + static_cast<Seconds>(1 + Roll(40)) * kGrid;
    }
    const auto ahead = Ahead();
    const bool ok = world_.Run(Principal{"mia"}, command, "so it was").ok();
    corrected_.insert(picked->id);
    Tell(absl::StrCat("correct ", picked->id, " ", static_cast<int>(command.outcome)), ok);
    EXPECT_EQ(Ahead(), ahead) << "a correction changed what is free;" << history_;
  }

  void Wait() {
    const Seconds far = Roll(40) == 0 ? 14 * kHour : 0;
    world_.now += static_cast<Seconds>(1 + Roll(6)) * kGrid + far;
    absl::StrAppend(&history_, " wait until ", Now(), ";");
  }

  // What is in use of each asset from now on.
  std::map<std::pair<std::string, Instant>, int32_t> Ahead() const {
    std::map<std::pair<std::string, Instant>, int32_t> ahead;
    for (const auto& [id, asset] : world_.catalogue().assets()) {
      int32_t last = 0;
      world_.state().timeline(id).VisitSteps({world_.now, world_.now + 9 * kDay},
                                             [&, id = id](const Interval& step, int32_t used) {
                                               if (used != last) ahead[{id, step.start}] = used;
                                               last = used;
                                             });
    }
    return ahead;
  }

  static int32_t HadOf(const Reservation& r) {
    int32_t units = 0;
    for (const ReservationItem& item : r.items) units += item.quantity;
    for (const Return& back : r.returns) units += back.item.quantity;
    return units;
  }

  // Each reservation goes the ways of its life cycle, and loses no unit on its way.
  void CheckEvents(size_t from, std::map<ReservationId, Reservation> known) {
    for (size_t i = from; i < world_.events().size(); ++i) {
      const Event& event = world_.events()[i];
      const auto* after = std::get_if<Reservation>(&event.resource);
      if (after == nullptr) continue;
      ++seen_[event.type];
      const auto before = known.find(after->id);
      if (before != known.end()) {
        const bool may = before->second.state == after->state ||
                         event.type == EventType::kCorrected ||
                         MayBecome(before->second.state, after->state);
        EXPECT_TRUE(may) << after->id << " from " << StateWord(before->second.state) << " to "
                         << StateWord(after->state) << ";" << history_;
        EXPECT_EQ(HadOf(before->second), HadOf(*after)) << after->id << ";" << history_;
      }
      EXPECT_FALSE(after->items.empty()) << history_;
      known.insert_or_assign(after->id, *after);
    }
  }

  // At no instant is more had of an asset than there is, and no part with its whole. What
  // was corrected may have been had twice, once by who was thought to be missing.
  void CheckNothingIsHadTwice() {
    std::vector<Part> parts;
    for (const auto& [id, r] : world_.reservations()) {
      for (Part& part : PartsOf(r)) parts.push_back(std::move(part));
    }
    for (const Part& at : parts) {
      std::map<std::string, int32_t> had;
      for (const Part& part : parts) {
        const bool was = at.blocked.start < world_.now && corrected_.count(part.reservation) > 0;
        if (part.blocked.Contains(at.blocked.start) && !was) had[part.asset] += part.quantity;
      }
      for (const auto& [asset, quantity] : had) {
        ASSERT_LE(quantity, world_.catalogue().FindAsset(asset)->capacity)
            << asset << " at +" << (at.blocked.start - start_) / 60 << "m;" << history_;
      }
      ASSERT_FALSE(had.count("line") > 0 && had.count("cell") > 0) << history_;
    }
  }

  // What the state keeps of those in use, of problems and of what is due.
  void CheckIndexes() {
    std::map<std::string, std::set<ReservationId>> in_use;
    std::set<ReservationId> problems;
    std::set<std::string> units;
    for (const auto& [id, r] : world_.reservations()) {
      if (r.use.problem != Problem::kNone) problems.insert(id);
      const bool overdue = r.use.close_by != 0;
      EXPECT_TRUE(!overdue || r.state == State_::kCheckedIn) << id << ";" << history_;
      if (r.state != State_::kCheckedIn) continue;
      EXPECT_EQ(world_.state().dues().count({overdue ? r.use.close_by : r.interval.end, id}), 1u)
          << id << ";" << history_;
      for (const ReservationItem& item : r.items) {
        in_use[item.asset].insert(id);
        for (const std::string& unit : item.units) {
          EXPECT_TRUE(units.insert(unit).second) << unit << " is handed out twice;" << history_;
        }
        if (item.asset == "rigs") {
          EXPECT_EQ(item.units.size(), static_cast<size_t>(item.quantity)) << id << history_;
        }
      }
    }
    for (const auto& [asset, record] : world_.catalogue().assets()) {
      const auto& kept = world_.state().in_use(asset);
      EXPECT_EQ(std::set<ReservationId>(kept.begin(), kept.end()), in_use[asset])
          << asset << ";" << history_;
    }
    const auto& kept = world_.state().problems();
    EXPECT_EQ(std::set<ReservationId>(kept.begin(), kept.end()), problems) << history_;
  }

  // All seconds of all units are in one state, and each is one that can be then.
  void CheckThePartition() {
    support::WorldUse source(world_);
    const std::vector<Interval> buckets = {{start_, world_.now + 1},
                                           {world_.now + 1, start_ + 20 * kDay}};
    const auto epochs = source.Epochs({start_, buckets[1].end});
    for (const auto& [id, asset] : world_.catalogue().assets()) {
      int32_t group = 0;
      const AssetUse use = UseOf(SpansOf(epochs, id), source.All(id), world_.now, source,
                                 [&](const Occupancy&) { return ++group; });
      Partition(
          use, buckets,
          [&, &capacity = asset->capacity](size_t bucket, const std::vector<UseSeconds>& rows) {
            UseSeconds sum;
            for (const UseSeconds& row : rows) sum += row;
            Minutes(sum);
            EXPECT_EQ(sum.total, buckets[bucket].length() * capacity) << history_;
            if (bucket == 0) return;
            for (const UseState state :
                 {UseState::kUsed, UseState::kOverrun, UseState::kIdle, UseState::kNoShow}) {
              EXPECT_EQ(sum[state], 0) << "of what is to come;" << history_;
            }
          });
    }
  }

  void CheckTheStateIsThatOfTheRecords() {
    const State reloaded = Reloaded(world_);
    ExpectSameState(reloaded, world_.state());
    EXPECT_TRUE(reloaded.problems() == world_.state().problems()) << history_;
    for (const auto& [id, asset] : world_.catalogue().assets()) {
      EXPECT_TRUE(reloaded.in_use(id) == world_.state().in_use(id)) << history_;
      EXPECT_TRUE(reloaded.waiting(id) == world_.state().waiting(id)) << history_;
    }
    if (testing::Test::HasFailure()) ADD_FAILURE() << history_;
  }

  std::mt19937 random_;
  World world_;
  Instant start_ = 0;
  int steps_ = 0;
  std::set<ReservationId> corrected_;
  std::string history_;
  std::map<EventType, int> seen_;
};

TEST(UseLifePropertyTest, NothingIsHadTwiceAndEverySecondIsAccountedFor) {
  std::map<EventType, int> seen;
  for (unsigned seed = 1; seed <= support::Seeds(60, 3000); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Life life(seed);
    for (int step = 0; step < 80 && !testing::Test::HasFailure(); ++step) life.Step();
    if (testing::Test::HasFailure()) return;
    for (const auto& [type, count] : life.seen()) seen[type] += count;
  }
  for (const EventType type :
       {EventType::kCheckedIn, EventType::kCheckedOut, EventType::kReturned, EventType::kOverdue,
        EventType::kNoShow, EventType::kCorrected, EventType::kOffered, EventType::kCancelled}) {
    EXPECT_GT(seen[type], 10) << static_cast<int>(type);
  }
}

}  // namespace
}  // namespace labslot::engine
