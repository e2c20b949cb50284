#include "client/utilisation_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/time_grammar.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using v1::QueryUtilisationRequest;

constexpr PictureStyle kAscii{80, false, false};
constexpr std::int64_t kHour = 3600;

Grouping ByAsset() { return {{QueryUtilisationRequest::ASSET}, ""}; }

absl::TimeZone Brussels() { return LoadZone("Europe/Brussels").value(); }

v1::UtilisationRow* Add(const std::string& asset, absl::CivilDay first, absl::CivilDay end,
                        v1::QueryUtilisationResponse* reply) {
  v1::UtilisationRow* row = reply->add_rows();
  row->set_asset("assets/" + asset);
  row->add_group("assets/" + asset);
  row->set_time_zone("Europe/Brussels");
  *row->mutable_interval() =
      ToInterval(absl::FromCivil(first, Brussels()), absl::FromCivil(end, Brussels()));
  return row;
}

// Open from 8 to 18 on working days, two of those hours for each hour of the week.
v1::QueryUtilisationResponse Week(const std::string& asset) {
  v1::QueryUtilisationResponse reply;
  for (int hour = 0; hour < 168; ++hour) {
    v1::UtilisationRow* row =
        Add(asset, absl::CivilDay(2027, 3, 1), absl::CivilDay(2027, 3, 15), &reply);
    row->set_hour_of_week(hour);
    const bool open = hour / 24 < 5 && hour % 24 >= 8 && hour % 24 < 18;
    row->set_open_seconds(open ? 2 * kHour : 0);
    // Monday: an hour more used in each hour from 8 to 15.
    if (hour < 24 && open) row->set_used_seconds((hour - 8) * kHour / 4);
  }
  reply.mutable_rows(6 * 24 + 3)->set_used_seconds(kHour);
  reply.mutable_rows(24 + 9)->set_booked_seconds(2 * kHour);
  return reply;
}

std::size_t Longest(const std::string& text) {
  std::size_t longest = 0;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    longest = std::max(longest, Width(line));
  }
  return longest;
}

TEST(UtilisationPicturesTest, AHeatMapShowsTheWeekInEightyColumns) {
  const v1::QueryUtilisationResponse reply = Week("sem");
  const Grouping grouping = ByAsset();
  const std::string text =
      HeatMap({reply, grouping, QueryUtilisationRequest::HOUR_OF_WEEK}, true, kAscii);
  EXPECT_EQ(text,
            "sem: 14.2/100.0 h 14.2%\n"
            "     00    03    06    09    12    15    18    21\n"
            "Mon                  ..::----==****##@@@@              11.2/20.0 h 56.2%\n"
            "Tue                  ..@@................              2.0/20.0 h 10.0%\n"
            "Wed                  ....................              0.0/20.0 h 0.0%\n"
            "Thu                  ....................              0.0/20.0 h 0.0%\n"
            "Fri                  ....................              0.0/20.0 h 0.0%\n"
            "Sat                                                    0.0/0.0 h -\n"
            "Sun        oo                                          1.0/0.0 h -\n"
            "Used or booked, of the opening hours:\n"
            "  blank closed   .. nothing   :: to 20%   -- to 40%   == to 60%   ** to 80%\n"
            "  ## below 100%   @@ all of it, or more   oo in use while closed\n");
  EXPECT_LE(Longest(text), 80U);
}

TEST(UtilisationPicturesTest, AssetsAreShownTogetherOrEachByItself) {
  v1::QueryUtilisationResponse reply = Week("sem");
  reply.MergeFrom(Week("tem"));
  const Grouping grouping = ByAsset();
  const UtilisationReport report{reply, grouping, QueryUtilisationRequest::HOUR_OF_WEEK};
  const std::string together = HeatMap(report, true, kAscii);
  EXPECT_THAT(together, HasSubstr("All 2 assets: 28.5/200.0 h 14.2%\n"));
  EXPECT_THAT(together, Not(HasSubstr("sem")));
  const std::string each = HeatMap(report, false, kAscii);
  EXPECT_THAT(each, HasSubstr("sem: 14.2/100.0 h"));
  EXPECT_THAT(each, HasSubstr("tem: 14.2/100.0 h"));
}

TEST(UtilisationPicturesTest, ColoursOnlyAddToTheSigns) {
  const v1::QueryUtilisationResponse reply = Week("sem");
  const Grouping grouping = ByAsset();
  const UtilisationReport report{reply, grouping, QueryUtilisationRequest::HOUR_OF_WEEK};
  const std::string plain = HeatMap(report, true, kAscii);
  std::string coloured = HeatMap(report, true, {80, false, true});
  EXPECT_THAT(coloured, HasSubstr("\x1b[48;5;226;30m@@\x1b[0m"));
  for (std::size_t at = coloured.find('\x1b'); at != std::string::npos;
       at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, plain);
}

// Occupancy of 0, 50 and 100 % on three days.
v1::QueryUtilisationResponse ThreeDays(const std::string& asset) {
  v1::QueryUtilisationResponse reply;
  for (int i = 0; i < 3; ++i) {
    const absl::CivilDay day = absl::CivilDay(2027, 3, 1) + i;
    v1::UtilisationRow* row = Add(asset, day, day + 1, &reply);
    row->set_total_seconds(24 * kHour);
    row->set_open_seconds(10 * kHour);
    row->set_booked_open_seconds(i * 5 * kHour);
    row->set_used_seconds(i * 4 * kHour);
    row->set_idle_seconds(i * kHour);
    row->set_available_seconds((10 - i * 5) * kHour);
    row->set_closed_seconds(14 * kHour);
  }
  return reply;
}

TEST(UtilisationPicturesTest, ASparkIsALineForEachGroup) {
  v1::QueryUtilisationResponse reply = ThreeDays("sem");
  reply.MergeFrom(ThreeDays("make-lab"));
  // It came a day later.
  reply.mutable_rows()->DeleteSubrange(3, 1);
  const Grouping grouping = ByAsset();
  const std::string text = Sparks({reply, grouping, QueryUtilisationRequest::DAY}, kAscii);
  EXPECT_EQ(text,
            "                FIRST    LAST    MEAN   HOURS\n"
            "sem       _=#    0.0%  100.0%   50.0% 15.0/30.0\n"
            "make-lab   =#   50.0%  100.0%   75.0% 15.0/20.0\n"
            "Occupancy from 2027-03-01 to 2027-03-03, _ to # being 0 to 100%.\n"
            "Hours are those reserved, by opening hours.\n");
  EXPECT_THAT(Sparks({reply, grouping, QueryUtilisationRequest::DAY}, {80, true, false}),
              HasSubstr("sem       ▁▅█"));
}

TEST(UtilisationPicturesTest, ASparkThatIsTooLongJoinsItsBuckets) {
  v1::QueryUtilisationResponse reply;
  for (int i = 0; i < 365; ++i) {
    const absl::CivilDay day = absl::CivilDay(2027, 1, 1) + i;
    v1::UtilisationRow* row = Add("sem", day, day + 1, &reply);
    row->set_open_seconds(10 * kHour);
    row->set_booked_open_seconds(5 * kHour);
  }
  const Grouping grouping = ByAsset();
  const std::string text = Sparks({reply, grouping, QueryUtilisationRequest::DAY}, kAscii);
  EXPECT_LE(Longest(text), 80U);
  EXPECT_THAT(text, HasSubstr("Each sign is 10 buckets.\n"));
  EXPECT_THAT(text, HasSubstr("50.0%   50.0%   50.0% 1825.0/3650.0"));
}

TEST(UtilisationPicturesTest, BarsShowEachStateByItsSign) {
  const v1::QueryUtilisationResponse reply = ThreeDays("sem");
  const Grouping grouping = ByAsset();
  const std::string text =
      StateBars({reply, grouping, QueryUtilisationRequest::DAY}, {60, false, false});
  EXPECT_EQ(text,
            "sem, a full bar being 10.0 h\n"
            "2027-03-01  -------------------------- 0.0% 0.0/10.0\n"
            "2027-03-02  ##########iii------------- 50.0% 5.0/10.0\n"
            "2027-03-03  #####################iiiii 100.0% 10.0/10.0\n"
            "  # used   i reserved, nobody there   - free\n"
            "Closed hours are left out. Behind each bar: reserved hours by opening hours.\n");
}

TEST(UtilisationPicturesTest, BucketsHaveShortNames) {
  v1::QueryUtilisationResponse reply;
  const auto text = [&](Bucket bucket, absl::CivilDay first, absl::CivilDay end) {
    return BucketText(bucket, *Add("sem", first, end, &reply));
  };
  using absl::CivilDay;
  EXPECT_EQ(text(QueryUtilisationRequest::DAY, CivilDay(2027, 3, 28), CivilDay(2027, 3, 29)),
            "2027-03-28");
  EXPECT_EQ(text(QueryUtilisationRequest::WEEK, CivilDay(2026, 12, 28), CivilDay(2027, 1, 4)),
            "2026-W53");
  EXPECT_EQ(text(QueryUtilisationRequest::WEEK, CivilDay(2027, 1, 6), CivilDay(2027, 1, 11)),
            "2027-W01*");
  EXPECT_EQ(text(QueryUtilisationRequest::MONTH, CivilDay(2027, 3, 1), CivilDay(2027, 4, 1)),
            "2027-03");
  EXPECT_EQ(text(QueryUtilisationRequest::QUARTER, CivilDay(2027, 4, 1), CivilDay(2027, 7, 1)),
            "2027-Q2");
  EXPECT_EQ(text(QueryUtilisationRequest::YEAR, CivilDay(2027, 1, 1), CivilDay(2028, 1, 1)),
            "2027");
  EXPECT_EQ(text(QueryUtilisationRequest::BUCKET_UNSPECIFIED, CivilDay(2027, 3, 1),
                 CivilDay(2027, 3, 15)),
            "2027-03-01..2027-03-14");
}

}  // namespace
}  // namespace labslot::client
