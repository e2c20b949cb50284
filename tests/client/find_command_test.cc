// What a search asks for, and what it shows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/output/time_text.h"
#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// 2027-03-11 09:00 in Brussels.
constexpr std::int64_t kTomorrowAtNine = 1804719600 + 9 * 3600;

class FindCommandTest : public CommandTest {
 protected:
  FindCommandTest() {
    AddSlot("assets/rigs", 0.954, 5400);
    AddSlot("assets/make-lab", 0.5, -1);
  }

  // A `travel` of -1 is one that is not known.
  void AddSlot(const std::string& asset, double score, int travel) {
    v1::Slot* slot = answers().slots.add_slots();
    slot->add_items()->set_asset(asset);
    const absl::Time start = absl::FromUnixSeconds(kTomorrowAtNine);
    *slot->mutable_interval() = ToInterval(start, start + absl::Hours(2));
    slot->set_time_zone("Europe/Brussels");
    slot->set_score(score);
    if (travel >= 0) slot->mutable_travel_time()->set_seconds(travel);
  }
};

TEST_F(FindCommandTest, TheBestAreAskedForByRegionAndTravel) {
  const Outcome outcome = Run({"find", "--best", "--kind", "rig", "--region", "BE2", "--from-site",
                               "tartu", "--max-travel", "2h", "--duration", "2h"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_THAT(answers().slots_asked, SizeIs(1));
  const v1::FindSlotsRequest& asked = answers().slots_asked[0];
  EXPECT_EQ(asked.order(), v1::FindSlotsRequest::BEST);
  EXPECT_EQ(asked.kind(), "rig");
  EXPECT_EQ(asked.region(), "BE2");
  EXPECT_EQ(asked.from_site(), "sites/tartu");
  EXPECT_EQ(asked.max_travel().seconds(), 7200);
  EXPECT_THAT(outcome.out, HasSubstr("TRAVEL"));
  EXPECT_THAT(outcome.out, HasSubstr("1 h 30 min"));
  EXPECT_THAT(outcome.out, HasSubstr("0.95\n"));
  EXPECT_THAT(outcome.out, HasSubstr("?   0.50\n"));
  EXPECT_THAT(outcome.out, HasSubstr("To book the first: labslot book rigs "));
}

TEST_F(FindCommandTest, ScoresAndWaysAreShownToThoseWhoAskForThem) {
  const Outcome outcome = Run({"find", "rigs", "make-lab", "--duration", "2h"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const v1::FindSlotsRequest& asked = answers().slots_asked[0];
  EXPECT_EQ(asked.order(), v1::FindSlotsRequest::ORDER_UNSPECIFIED);
  EXPECT_FALSE(asked.has_max_travel());
  EXPECT_THAT(outcome.out, Not(HasSubstr("TRAVEL")));
  EXPECT_THAT(outcome.out, Not(HasSubstr("SCORE")));
}

TEST_F(FindCommandTest, APlaceOrALabelWillDoInsteadOfAKind) {
  EXPECT_EQ(Run({"find", "--site", "tartu", "--duration", "2h"}).code, 0);
  EXPECT_EQ(Run({"find", "--region", "BE", "--duration", "2h"}).code, 0);
  EXPECT_EQ(Run({"find", "--label", "vendor=x", "--duration", "2h"}).code, 0);
  ASSERT_THAT(answers().slots_asked, SizeIs(3));
  EXPECT_EQ(answers().slots_asked[0].site(), "sites/tartu");
  EXPECT_EQ(answers().slots_asked[2].labels().at("vendor"), "x");
}

TEST_F(FindCommandTest, ASearchByNothingOrByBothIsRefused) {
  const std::vector<std::vector<std::string>> kRefused = {
      {"find", "--duration", "2h"},
      {"find", "--from-site", "tartu", "--duration", "2h"},
      {"find", "rigs", "--kind", "rig", "--duration", "2h"},
      {"find", "rigs", "--region", "BE", "--duration", "2h"},
      {"find", "rigs", "--from-site", "tartu", "--duration", "2h"},
      {"find", "--kind", "rig", "--max-travel", "2h", "--duration", "2h"},
      {"find", "--kind", "rig", "--from-site", "tartu", "--max-travel", "far", "--duration", "2h"},
  };
  for (const auto& arguments : kRefused) EXPECT_EQ(Run(arguments).code, 2) << arguments.size();
  EXPECT_THAT(answers().slots_asked, IsEmpty());
}

}  // namespace
}  // namespace labslot::client
