// The state is the fold of its events, however it comes about.

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "daemon/domain/names.h"
#include "tests/engine/random_world.h"
#include "tests/engine/same_state.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::World;

State Reloaded(const World& world) {
  State state;
  const Catalogue& catalogue = world.catalogue();
  for (const auto& [id, record] : catalogue.users()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.assets()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.sites()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.organisations()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.holiday_regions()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.tokens()) state.LoadRecord(*record);
  for (auto it = world.reservations().rbegin(); it != world.reservations().rend(); ++it) {
    for (const Occupancy& occupancy : OccupanciesOf(it->second)) state.LoadOccupancy(occupancy);
  }
  state.FinishLoad(world.state().head(), world.state().last_time(), 0);
  return state;
}

TEST(StateTest, EventsAreGapFreeAndTimeDoesNotRunBackwards) {
  RandomWorld random(1);
  for (int i = 0; i < 300; ++i) random.Step();
  Revision expected = 0;
  Instant time = 0;
  for (const Event& event : random.world().events()) {
    EXPECT_EQ(event.revision, ++expected);
    EXPECT_GE(event.time, time);
    time = event.time;
  }
  EXPECT_EQ(random.world().state().head(), expected);
}

TEST(StateTest, TheFoldOfTheEventsIsTheState) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 120; ++i) random.Step();
    const World& world = random.world();
    State folded;
    std::map<std::string, Resource> latest;
    for (const Event& event : world.events()) {
      const std::string name = NameOf(event.resource);
      const auto before = latest.find(name);
      folded.Apply(event, before == latest.end() ? nullptr : &before->second);
      latest.insert_or_assign(name, event.resource);
    }
    ExpectSameState(folded, world.state());
    ExpectSameState(Reloaded(world), world.state());
  }
}

TEST(StateTest, ForgettingKeepsWhatIsStillToCome) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 120; ++i) random.Step();
    State state = Reloaded(random.world());
    const Instant now = random.world().now + 6 * 3600;
    state.ForgetBefore(now);
    EXPECT_EQ(state.forgotten_before(), now);
    for (const auto& [id, asset] : state.catalogue().assets()) {
      const Interval future{now, now + 100 * support::kDay};
      EXPECT_EQ(state.timeline(id).TimesAbove(0, future),
                random.world().state().timeline(id).TimesAbove(0, future));
    }
    // Changing what was partly forgotten must not break the counts.
    for (const auto& [id, reservation] : random.world().reservations()) {
      Reservation cancelled = reservation;
      cancelled.state = ReservationState::kCancelled;
      Event event;
      event.revision = state.head() + 1;
      event.time = now;
      event.type = EventType::kCancelled;
      event.resource = cancelled;
      const Resource before = reservation;
      state.Apply(event, &before);
    }
    EXPECT_EQ(state.live_occupancy_count(), 0);
    EXPECT_TRUE(state.dues().empty());
  }
}

}  // namespace
}  // namespace labslot::engine
