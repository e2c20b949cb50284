// Random lives with a wait list: nobody is promised what another has, and nobody
// waits for what is free.

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/admission.h"
#include "tests/engine/same_state.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::kDay;
using support::kHour;
using support::kMinute;
using support::World;

constexpr Seconds kGrid = 15 * kMinute;

bool Waits(const Reservation& r) { return r.state == ReservationState::kWaitlisted; }
bool IsOffered(const Reservation& r) { return r.state == ReservationState::kOffered; }

// What blocks its slot, as the API says it.
bool Has(const Reservation& r) {
  switch (r.state) {
    case ReservationState::kHeld:
    case ReservationState::kPending:
    case ReservationState::kConfirmed:
    case ReservationState::kCheckedIn:
    case ReservationState::kOffered:
      return true;
    default:
      return false;
  }
}

Reservation StartingAt(Reservation reservation, Instant start) {
  reservation.interval = {start, start + reservation.interval.length()};
  return reservation;
}

// An oven, a pool of three, a line with two cells, for two days, on a grid.
class WaitingLife {
 public:
  explicit WaitingLife(unsigned seed) : random_(seed) {
    world_.now = support::At(seed % 2 == 0 ? "mon 6:00" : "2027-10-30 20:00");
    world_.Add(support::MakeSite("lommel"));
    Asset oven = support::MakeAsset("oven");
    oven.tear_down = seed % 3 == 0 ? kGrid : 0;
    world_.Add(oven);
    world_.Add(support::MakePool("rigs", 3));
    world_.Add(support::MakeAsset("line"));
    world_.Add(support::MakeChild("cell-a", "line"));
    world_.Add(support::MakeChild("cell-b", "line"));
    world_.Add(support::MakeUser("bob", {"acme"}));
  }

  World& world() { return world_; }
  unsigned Roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }

  Interval AnyInterval() {
    const Instant first = world_.now - world_.now % kGrid + kGrid;
    const Instant start = first + kGrid * static_cast<Seconds>(Roll(40));
    return {start, start + kGrid * static_cast<Seconds>(1 + Roll(24))};
  }

  CreateReservation AnyRequest() {
    CreateReservation command;
    Reservation& draft = command.draft;
    draft = support::Draft({}, AnyInterval());
    static constexpr const char* kAssets[] = {"oven", "rigs", "line", "cell-a", "cell-b"};
    switch (Roll(6)) {
      case 0:
        draft.items = {support::Item("oven"), support::Item("rigs", Units())};
        break;
      case 1:
        draft.items = {support::Item("rigs", Units())};
        break;
      default:
        draft.items = {support::Item(kAssets[Roll(5)])};
    }
    draft.priority = Roll(3) == 0 ? static_cast<int32_t>(Roll(4)) : 0;
    if (Roll(3) == 0) {
      draft.window = draft.interval.Widened(kGrid * static_cast<Seconds>(Roll(12)),
                                            kGrid * static_cast<Seconds>(Roll(24)));
    }
    command.on_conflict = Roll(3) != 0 ? OnConflict::kWaitList : OnConflict::kReject;
    if (Roll(6) == 0) command.hold_for = 20 * kMinute * (1 + static_cast<Seconds>(Roll(6)));
    return command;
  }

  // One that is not over, most often; 0 if there is none.
  ReservationId Any(bool (*which)(const Reservation&)) {
    std::vector<ReservationId> all;
    for (const auto& [id, reservation] : world_.reservations()) {
      if (which(reservation)) all.push_back(id);
    }
    return all.empty() ? 0 : all[Roll(static_cast<unsigned>(all.size()))];
  }

 private:
  int32_t Units() { return 1 + static_cast<int32_t>(Roll(3)); }

  World world_;
  std::mt19937 random_;
};

// The starts at which it could be had: as it is, or anywhere in its window.
std::vector<Instant> StartsOf(const Reservation& reservation, Instant now) {
  std::set<Instant> starts = {reservation.interval.start};
  const Interval& window = reservation.window;
  for (Instant at = window.start; at + reservation.interval.length() <= window.end; at += kGrid) {
    starts.insert(at);
  }
  std::vector<Instant> result;
  for (const Instant at : starts) {
    if (at > now) result.push_back(at);
  }
  return result;
}

// The first start that passes, leaving the slot of `aside` out of account.
std::optional<Instant> FirstThatPasses(const World& world, const Reservation& reservation,
                                       const Reservation* aside) {
  for (const Instant start : StartsOf(reservation, world.now)) {
    const Reservation wanted = StartingAt(reservation, start);
    if (Passes(world.state(), {wanted, aside, world.now})) return start;
  }
  return std::nullopt;
}

std::string Told(const World& world) {
  const auto zone = support::Zone(support::kBrussels);
  std::string text = absl::StrCat("now ", FormatLocal(world.now, zone), "\n");
  for (const auto& [id, r] : world.reservations()) {
    if (!Has(r) && !Waits(r)) continue;
    absl::StrAppend(&text, "  r", id, " ", std::string(StateWord(r.state)), " ");
    for (const ReservationItem& item : r.items) {
      absl::StrAppend(&text, item.asset, "*", item.quantity, " ");
    }
    absl::StrAppend(&text, FormatLocal(r.interval.start, zone), " to ",
                    FormatLocal(r.interval.end, zone), " priority ", r.priority);
    if (!r.window.empty()) {
      absl::StrAppend(&text, " window ", FormatLocal(r.window.start, zone), " to ",
                      FormatLocal(r.window.end, zone));
    }
    if (r.hold_expire_time > 0) {
      absl::StrAppend(&text, " until ", FormatLocal(r.hold_expire_time, zone));
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

// Lives and holds each step against what the API says.
class CheckedLife {
 public:
  explicit CheckedLife(unsigned seed) : life_(seed) {}

  void Step() {
    switch (life_.Roll(16)) {
      case 0:
        PassTime();
        return;
      case 1:
      case 2: {
        // Also declines offers and gives up waiting.
        const ReservationId id = life_.Any([](const Reservation& r) { return !IsFinal(r.state); });
        (void)Do(CancelReservation{id}, absl::StrCat("cancel r", id));
        return;
      }
      case 3:
      case 4:
        Accept();
        return;
      case 5:
      case 6:
        Alter();
        return;
      case 7:
        ChangeRecord();
        return;
      default:
        Create();
    }
  }

  World& world() { return life_.world(); }
  int offered() const { return offered_; }
  int waited() const { return waited_; }
  int accepted() const { return accepted_; }
  int elsewhere() const { return elsewhere_; }

  // The events on an empty state make the same state.
  void CheckReplay() {
    State folded;
    std::map<std::string, Resource> latest;
    for (const Event& event : world().events()) {
      const std::string name = NameOf(event.resource);
      const auto before = latest.find(name);
      folded.Apply(event, before == latest.end() ? nullptr : &before->second);
      latest.insert_or_assign(name, event.resource);
    }
    ExpectSameState(folded, world().state());
    EXPECT_TRUE(folded.all_waiting() == world().state().all_waiting());
    EXPECT_EQ(folded.has_waiting(), world().state().has_waiting());
  }

 private:
  void PassTime() {
    world().now += kMinute * static_cast<Seconds>(life_.Roll(120));
    // One at a time: after each, all is as it should be.
    while (!world().state().dues().empty() &&
           world().state().dues().begin()->first <= world().now) {
      const ReservationId id = world().state().dues().begin()->second;
      const auto ended = Run(DaemonPrincipal(), EndAtDueTime{id}, absl::StrCat("end r", id));
      ASSERT_TRUE(ended.ok()) << support::Describe(ended.error());
      if (testing::Test::HasFailure()) return;
    }
    (void)Run(DaemonPrincipal(), OfferToWaiting{}, "time passes, offer");
  }

  void ChangeRecord() {
    Asset pool = *world().catalogue().FindAsset("rigs");
    pool.capacity = 3 + static_cast<int32_t>(life_.Roll(2));
    history_ += absl::StrCat("rigs have ", pool.capacity, "\n");
    (void)world().Replace(pool);
    (void)Run(DaemonPrincipal(), OfferToWaiting{}, "offer");
  }

  void Accept() {
    const ReservationId id = life_.Any(IsOffered);
    if (id == 0) return;
    const auto accepted = Do(AcceptOffer{id}, absl::StrCat("accept r", id));
    ASSERT_TRUE(accepted.ok()) << support::Describe(accepted.error()) << "\n" << history_;
    EXPECT_EQ(world().reservation(id).state, ReservationState::kConfirmed);
    EXPECT_EQ(world().reservation(id).hold_expire_time, 0);
    ++accepted_;
  }

  void Alter() {
    const ReservationId id = life_.Any([](const Reservation& r) { return !IsFinal(r.state); });
    if (id == 0) return;
    Interval to = world().reservation(id).interval;
    const unsigned how = life_.Roll(3);
    if (how == 0) to.end = to.end - std::min(to.length() - kGrid, 2 * kGrid);
    if (how == 1) to = {to.start + 2 * kGrid, to.end + 2 * kGrid};
    if (how == 2) to = life_.AnyInterval();
    (void)Do(UpdateReservation{id, 0, support::SetInterval(to)},
             absl::StrCat("move r", id, " to ", When(to)));
  }

  void Create() {
    const CreateReservation command = life_.AnyRequest();
    const std::optional<Instant> first = FirstOf(command.draft);
    const std::string told =
        absl::StrCat("create ", command.on_conflict == OnConflict::kWaitList ? "or wait " : "",
                     When(command.draft.interval));
    const auto created = Do(command, told);
    if (!created.ok()) {
      CheckRefusal(command, created.error(), first.has_value());
      return;
    }
    const auto& made = std::get<Reservation>(created.value().result);
    if (Waits(made)) {
      EXPECT_EQ(command.on_conflict, OnConflict::kWaitList) << history_;
      EXPECT_FALSE(first) << "waits, but could be had\n" << history_ << Told(world());
      ++waited_;
      return;
    }
    EXPECT_GE(made.interval.start, world().now) << history_;
    EXPECT_LE(made.interval.start, first.value_or(made.interval.start))
        << history_ << Told(world());
    // The grid leaves out what begins just now, and what is off it.
    const bool off_grid = made.interval.start % kGrid != 0 || made.interval.start == world().now;
    EXPECT_TRUE(off_grid || first == made.interval.start) << history_ << Told(world());
    elsewhere_ += made.interval == command.draft.interval ? 0 : 1;
  }

  // The start that a request should get if it is granted: its own, else the
  // earliest in its window.
  std::optional<Instant> FirstOf(Reservation draft) {
    for (ReservationItem& item : draft.items) {
      const Asset& asset = *world().catalogue().FindAsset(item.asset);
      item.set_up = asset.set_up;
      item.tear_down = asset.tear_down;
    }
    if (Passes(world().state(), {draft, nullptr, world().now})) return draft.interval.start;
    return FirstThatPasses(world(), draft, nullptr);
  }

  void CheckRefusal(const CreateReservation& command, const Error& error, bool could_be_had) {
    EXPECT_FALSE(could_be_had) << support::Describe(error) << "\n" << history_ << Told(world());
    if (command.on_conflict != OnConflict::kWaitList || !error.refusal) return;
    const auto& violations = error.refusal->violations;
    const bool others_only =
        std::all_of(violations.begin(), violations.end(), [](const Violation& v) {
          return v.rule == Rule::kCapacityExceeded || v.rule == Rule::kRelatedAssetBusy;
        });
    EXPECT_FALSE(others_only) << "could have waited: " << support::Describe(error) << "\n"
                              << history_;
  }

  Result<Decision> Do(CommandBody body, const std::string& told) {
    return Run({"ada"}, std::move(body), told);
  }

  Result<Decision> Run(const Principal& who, CommandBody body, const std::string& told) {
    before_ = Told(world());
    const auto result = world().Run(who, std::move(body));
    absl::StrAppend(&history_, "#", world().state().head(), " ", When({world().now, world().now}),
                    " ", told, result.ok() ? "" : " (refused)", "\n");
    Check(result);
    return result;
  }

  static std::string When(const Interval& interval) {
    const auto zone = support::Zone(support::kBrussels);
    return interval.empty() ? FormatLocal(interval.start, zone)
                            : absl::StrCat(FormatLocal(interval.start, zone), " to ",
                                           FormatLocal(interval.end, zone));
  }

  void Check(const Result<Decision>& result) {
    SCOPED_TRACE(testing::Message()
                 << history_ << "before " << before_ << "after " << Told(world()));
    CheckCapacity();
    CheckNobodyStarves();
    if (!result.ok()) return;
    for (const Change& change : result.value().changes) {
      if (change.event.type != EventType::kOffered) continue;
      ++offered_;
      CheckOffer(change);
    }
  }

  // Counted by hand: a cell is in the way of the line, and the line of the cells.
  void CheckCapacity() {
    std::set<Instant> instants;
    for (const auto& [id, r] : world().reservations()) {
      if (Has(r)) instants.insert(r.interval.start);
    }
    for (const Instant at : instants) {
      std::map<std::string, int32_t> used;
      for (const auto& [id, r] : world().reservations()) {
        for (const ReservationItem& item : r.items) {
          if (Has(r) && OccupancyOf(r, item).Contains(at)) used[item.asset] += item.quantity;
        }
      }
      EXPECT_LE(used["oven"], 1);
      EXPECT_LE(used["rigs"], 4);
      EXPECT_LE(used["line"] + std::max(used["cell-a"], used["cell-b"]), 1);
    }
  }

  void CheckNobodyStarves() {
    for (const auto& [id, r] : world().reservations()) {
      if (!Waits(r)) continue;
      const auto start = FirstThatPasses(world(), r, nullptr);
      EXPECT_FALSE(start) << "r" << id << " waits, but could begin at "
                          << When({start.value_or(0), start.value_or(0)});
    }
  }

  void CheckOffer(const Change& change) {
    const auto& offer = std::get<Reservation>(change.event.resource);
    EXPECT_TRUE(ever_offered_.insert(offer.id).second) << "r" << offer.id << " is offered twice";
    const auto& before = std::get<Reservation>(*change.before);
    EXPECT_TRUE(Waits(before));
    EXPECT_TRUE(offer.interval == before.interval || before.window.Contains(offer.interval));
    EXPECT_EQ(offer.interval.length(), before.interval.length());
    EXPECT_GT(offer.hold_expire_time, world().now);
    EXPECT_TRUE(Passes(world().state(), {offer, &offer, world().now}))
        << "r" << offer.id << " is offered what breaks rules";
    for (const auto& [id, r] : world().reservations()) {
      if (!Waits(r) || !GoesBefore(r, offer)) continue;
      EXPECT_FALSE(FirstThatPasses(world(), r, &offer))
          << "r" << id << " comes before r" << offer.id << " and could have had its time";
    }
  }

  static bool GoesBefore(const Reservation& a, const Reservation& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.id < b.id;
  }

  WaitingLife life_;
  std::string history_;
  std::string before_;
  std::set<ReservationId> ever_offered_;
  int offered_ = 0;
  int waited_ = 0;
  int accepted_ = 0;
  int elsewhere_ = 0;
};

TEST(WaitListWindowTest, ATimeThatBeginsLaterIsOfferedThoughNowWouldDoToo) {
  World world;
  world.now = support::At("mon 9:00");
  world.Add(support::MakeSite("lommel"));
  world.Add(support::MakeAsset("oven"));
  const auto draft = [](absl::string_view span) {
    return support::Draft({support::Item("oven")}, support::Span(span));
  };
  const ReservationId first = world.MustBook(draft("mon 9:45-11:00"));
  CreateReservation request;
  request.draft = draft("mon 10:00-11:00");
  request.draft.window = support::Span("mon 8:00-11:00");
  request.on_conflict = OnConflict::kWaitList;
  const auto waits = world.Run({"ada"}, request);
  ASSERT_TRUE(waits.ok());
  ASSERT_TRUE(world.Cancel(first).ok());
  const auto id = std::get<Reservation>(waits.value().result).id;
  EXPECT_EQ(world.reservation(id).state, ReservationState::kOffered);
}

TEST(WaitListPropertyTest, NobodyWaitsForWhatIsFreeAndNobodyIsPassedOver) {
  int offered = 0;
  int waited = 0;
  int accepted = 0;
  int elsewhere = 0;
  for (unsigned seed = 0; seed < support::Seeds(50, 3000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    CheckedLife life(seed);
    for (int i = 0; i < 100; ++i) {
      life.Step();
      if (testing::Test::HasFailure()) return;
    }
    life.CheckReplay();
    offered += life.offered();
    waited += life.waited();
    accepted += life.accepted();
    elsewhere += life.elsewhere();
  }
  EXPECT_GT(waited, 200);
  EXPECT_GT(offered, 100);
  EXPECT_GT(accepted, 40);
  EXPECT_GT(elsewhere, 60);
}

}  // namespace
}  // namespace labslot::engine
