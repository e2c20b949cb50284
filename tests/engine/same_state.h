#ifndef LABSLOT_TESTS_ENGINE_SAME_STATE_H_
#define LABSLOT_TESTS_ENGINE_SAME_STATE_H_

#include <gtest/gtest.h>

#include "daemon/base/limits.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

template <typename T>
void ExpectSameRecords(const Records<T>& a, const Records<T>& b) {
  EXPECT_EQ(a.size(), b.size());
  for (const auto& [id, record] : a) {
    const auto other = b.find(id);
    ASSERT_NE(other, b.end()) << id;
    EXPECT_TRUE(*record == *other->second) << id;
  }
}

// Fails where two states differ in anything that can be seen of them.
inline void ExpectSameState(const State& a, const State& b) {
  EXPECT_EQ(a.head(), b.head());
  EXPECT_EQ(a.last_time(), b.last_time());
  ExpectSameRecords(a.catalogue().sites(), b.catalogue().sites());
  ExpectSameRecords(a.catalogue().assets(), b.catalogue().assets());
  ExpectSameRecords(a.catalogue().holiday_regions(), b.catalogue().holiday_regions());
  ExpectSameRecords(a.catalogue().organisations(), b.catalogue().organisations());
  ExpectSameRecords(a.catalogue().users(), b.catalogue().users());
  ExpectSameRecords(a.catalogue().tokens(), b.catalogue().tokens());
  EXPECT_EQ(a.live_occupancy_count(), b.live_occupancy_count());
  EXPECT_TRUE(a.dues() == b.dues());
  EXPECT_TRUE(a.waiting_with_choices() == b.waiting_with_choices());
  const Interval all{0, limits::kLatestInstant};
  for (const auto& [id, asset] : a.catalogue().assets()) {
    std::vector<std::pair<Interval, int32_t>> steps[2];
    for (const State* state : {&a, &b}) {
      auto& list = steps[state == &b];
      // Two steps of one height are one: where they are cut is not to be seen.
      state->timeline(id).VisitSteps(all, [&list](const Interval& step, int32_t used) {
        if (!list.empty() && list.back().second == used) {
          list.back().first.end = step.end;
        } else {
          list.push_back({step, used});
        }
      });
    }
    EXPECT_TRUE(steps[0] == steps[1]) << id;
    const auto of_a = a.timeline(id).Overlapping(all, 100000);
    const auto of_b = b.timeline(id).Overlapping(all, 100000);
    ASSERT_EQ(of_a.size(), of_b.size()) << id;
    for (size_t i = 0; i < of_a.size(); ++i) {
      EXPECT_EQ(of_a[i].reservation, of_b[i].reservation) << id;
      EXPECT_EQ(of_a[i].blocked, of_b[i].blocked) << id;
      EXPECT_EQ(of_a[i].quantity, of_b[i].quantity) << id;
      EXPECT_EQ(of_a[i].state, of_b[i].state) << id;
      EXPECT_EQ(of_a[i].plain, of_b[i].plain) << id;
      EXPECT_TRUE(a.parties().Get(of_a[i].party) == b.parties().Get(of_b[i].party)) << id;
    }
  }
}

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_SAME_STATE_H_
