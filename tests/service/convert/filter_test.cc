#include "daemon/service/convert/filter.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {
namespace {

using ::testing::HasSubstr;

ReservationFilter Read(const std::string& text) {
  FieldErrors errors;
  ReservationFilter filter = FilterFromProto(text, errors);
  EXPECT_TRUE(errors.ok()) << text << "\n" << Told(errors);
  return filter;
}

TEST(ReservationFilter, EmptyMatchesEverything) {
  EXPECT_TRUE(Matches(Read(""), FullReservation()));
  EXPECT_TRUE(Matches(Read("  \n\t"), FullReservation()));
}

// The sample runs from 2027-03-01T07:00:00Z to 15:00:00Z.
TEST(ReservationFilter, MatchesAsTheTableSays) {
  struct Row {
    const char* filter;
    bool matches;
  };
  const Row rows[] = {
      {"asset = \"assets/make-lab\"", true},
      {"asset = \"assets/rigs\"", true},
      {"asset=assets/rigs", true},
      {"asset = 'assets/rigs'", true},
      {"asset = \"assets/sem\"", false},
      {"user = users/anna", true},
      {"user = users/bob", false},
      {"organisation = organisations/flanders-make", true},
      {"organisation = organisations/imec", false},
      {"site = sites/lommel", true},
      {"site = sites/leuven", false},
      {"state = HELD", true},
      {"state = STATE_HELD", true},
      {"state = \"HELD\"", true},
      {"state != HELD", false},
      {"state != CANCELLED", true},
      {"state != CANCELLED AND state != HELD", false},
      {"state = HELD AND state != HELD", false},
      {"state = HELD AND state = CONFIRMED", false},
      {"start_time >= \"2027-03-01T07:00:00Z\"", true},
      {"start_time > \"2027-03-01T07:00:00Z\"", false},
      {"start_time > \"2027-03-01T06:59:59Z\"", true},
      {"start_time <= \"2027-03-01T07:00:00Z\"", true},
      {"start_time < \"2027-03-01T07:00:00Z\"", false},
      {"start_time < \"2027-03-01T07:00:01Z\"", true},
      {"start_time >= \"2027-03-01T08:00:00+01:00\"", true},
      {"end_time > \"2027-03-01T15:00:00Z\"", false},
      {"end_time >= \"2027-03-01T15:00:00Z\"", true},
      {"end_time <= \"2027-03-01T15:00:00Z\"", true},
      {"end_time < \"2027-03-01T15:00:00Z\"", false},
      {"start_time > \"2027-01-01T00:00:00Z\" AND start_time > \"2027-04-01T00:00:00Z\"", false},
      {"asset = \"assets/make-lab\" AND start_time < \"2027-03-02T00:00:00Z\" AND\n"
       "  end_time > \"2027-03-01T00:00:00Z\" AND state != CANCELLED",
       true},
      {"asset = \"assets/make-lab\" AND start_time < \"2027-03-01T00:00:00Z\" AND "
       "end_time > \"2027-02-28T00:00:00Z\" AND state != CANCELLED",
       false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Matches(Read(row.filter), FullReservation()), row.matches) << row.filter;
  }
}

TEST(ReservationFilter, BoundsAreInWholeSecondsAndInclusive) {
  const ReservationFilter filter =
      Read("start_time > \"1970-01-01T00:00:10Z\" AND end_time < \"1970-01-01T00:01:00Z\"");
  EXPECT_EQ(filter.start_min, 11);
  EXPECT_EQ(filter.start_max, ReservationFilter::kNever);
  EXPECT_EQ(filter.end_min, ReservationFilter::kAlways);
  EXPECT_EQ(filter.end_max, 59);
}

TEST(ReservationFilter, MistakesAreToldWithTheirPlace) {
  struct Row {
    std::string filter;
    const char* says;
  };
  const Row rows[] = {
      {"colour = red", "at character 1: there is no field 'colour'; the fields are asset, user"},
      {"Asset = assets/a", "there is no field 'Asset'"},
      {"asset = assets/a AND colour = red", "at character 22: there is no field"},
      {"\xC3\xA9 = 1", "at character 1: there must be one of the fields"},
      {"asset", "at character 6: there must be one of the operators =, !=, <, <=, >, >= after"},
      {"asset : assets/a", "at character 7: there must be one of the operators"},
      {"asset =", "at character 8: there must be a value, not the end"},
      {"asset = = assets/a", "there must be a value, not '='"},
      {"asset == assets/a", "there must be a value, not '='"},
      {"asset = (assets/a)", "there must be a value, not '('"},
      {"asset = \"assets/a", "there must be a value, not a quote without its end"},
      {"asset != assets/a", "at character 7: asset can be compared with = only"},
      {"user < users/a", "user can be compared with = only"},
      {"asset = a", "asset must be compared with a name like assets/{id}; 'a' is not"},
      {"asset = sites/a", "name like assets/{id}"},
      {"asset = \"\"", "name like assets/{id}"},
      {"asset = assets/a AND asset = assets/b", "asset is restricted a second time"},
      {"state > HELD", "state can be compared with = and != only"},
      {"state = held", "there is no state 'held'; the states are HELD, PENDING, CONFIRMED"},
      {"state = STATE_UNSPECIFIED", "there is no state"},
      {"state = 3", "there is no state"},
      {"start_time = \"2027-03-01T00:00:00Z\"", "start_time can be compared with <, <=, > and >="},
      {"start_time > 2027-03-01T00:00:00Z", "must be compared with a time in quotes"},
      {"start_time > \"tomorrow\"", "'tomorrow' is not an RFC 3339 time with its offset"},
      {"start_time > \"2027-03-01\"", "is not an RFC 3339 time"},
      {"start_time > \"2027-03-01T00:00:00\"", "is not an RFC 3339 time"},
      {"start_time > \"2027-02-30T00:00:00Z\"", "is not an RFC 3339 time"},
      {"start_time > \" 2027-03-01T00:00:00Z\"", "is not an RFC 3339 time"},
      {"start_time > \"infinite-future\"", "is not an RFC 3339 time"},
      {"start_time > \"2027-03-01T00:00:00.5Z\"", "is not in whole seconds"},
      {"start_time > \"0000-01-01T00:00:00Z\"", "is not a time from 1970 to 2199"},
      {"start_time > \"9999-12-31T23:59:59Z\"", "is not a time from 1970 to 2199"},
      {"asset = assets/a OR asset = assets/b", "at character 18: 'OR' is not supported"},
      {"asset = assets/a and user = users/b", "'and' is not supported; restrictions are joined"},
      {"asset = assets/a, user = users/b", "',' is not supported"},
      {"NOT state = HELD", "not 'NOT'; OR, NOT and parentheses are not supported"},
      {"(state = HELD)", "not '('; OR, NOT and parentheses are not supported"},
      {"-state = HELD", "there is no field '-state'"},
      {"AND state = HELD", "there must be one of the fields"},
      {"state = HELD AND", "there must be one of the fields"},
      {"state = AND", "there must be a value, not 'AND'"},
      {"\"state\" = HELD", "there must be one of the fields"},
      {std::string(4001, ' '), "must have at most 4000 bytes, not 4001"},
  };
  for (const Row& row : rows) {
    FieldErrors errors;
    FilterFromProto(row.filter, errors);
    ASSERT_EQ(errors.violations().size(), 1u) << row.filter << "\n" << Told(errors);
    EXPECT_EQ(errors.violations()[0].field, "filter");
    EXPECT_THAT(errors.violations()[0].description, HasSubstr(row.says)) << row.filter;
  }
}

TEST(ReservationFilter, PlacesAreCountedInCharacters) {
  FieldErrors errors;
  FilterFromProto("user = 'users/\xC3\xA9' AND x = 1", errors);
  EXPECT_THAT(Told(errors), HasSubstr("at character 22: there is no field 'x'"));
}

TEST(ReservationFilter, MistakesOfMeaningAreToldTogether) {
  FieldErrors errors;
  FilterFromProto("colour = red AND asset != x AND state = gone AND end_time = \"soon\"", errors);
  EXPECT_EQ(errors.violations().size(), 6u) << Told(errors);
}

TEST(ReservationFilter, AnyTextIsReadOrRefused) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE("seed " + std::to_string(seed));
  const char* const pieces[] = {
      "asset",    "state", "start_time", "AND", "OR", " ", "=",  "!=", "<=",
      ">",        "\"",    "'",          "(",   ")",  ",", ":",  "!",  "\xFF",
      "assets/a", "HELD",  "\xC3\xA9",   "\n",  "",   "-", "\\", "*",  "\"2027-03-01T00:00:00Z\""};
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto k = random() % 12; k > 0; --k) text += pieces[random() % std::size(pieces)];
    FieldErrors errors;
    const ReservationFilter filter = FilterFromProto(text, errors);
    Matches(filter, FullReservation());
    for (const FieldViolation& violation : errors.violations()) {
      ASSERT_THAT(violation.description, HasSubstr("at character ")) << text;
    }
  }
}

TEST(ReservationOrder, IsByStart) {
  FieldErrors errors;
  EXPECT_EQ(OrderFromProto("", errors), ReservationOrder::kByStart);
  EXPECT_EQ(OrderFromProto("start_time", errors), ReservationOrder::kByStart);
  EXPECT_EQ(OrderFromProto(" start_time  desc ", errors), ReservationOrder::kByStartDescending);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  for (const std::string& order :
       {std::string("end_time"), std::string("start_time asc"), std::string("start_time DESC"),
        std::string("start_time, user"), std::string("start_time desc desc"), std::string("\xFF"),
        std::string("desc"), std::string(1 << 20, 'x')}) {
    FieldErrors found;
    OrderFromProto(order, found);
    EXPECT_THAT(Told(found), HasSubstr("order_by: must be 'start_time' or 'start_time desc'"));
    EXPECT_LT(Told(found).size(), 200u);
  }
}

}  // namespace
}  // namespace labslot::service
