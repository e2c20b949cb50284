#include "daemon/service/convert/time.h"

#include "daemon/base/limits.h"
#include "tests/service/convert/rule_table.h"

namespace labslot::service {
namespace {

template <typename Proto>
Proto Parsed(const std::string& text) {
  Proto proto;
  Apply({"", text, "", ""}, proto);
  return proto;
}

TEST(TimeConversion, InstantsKeepTheirRules) {
  ExpectRules(google::protobuf::Timestamp(),
              {
                  {"", "seconds: 0", "", ""},
                  {"", "seconds: 7258118399", "", ""},
                  {"", "seconds: 1 nanos: 1", "t", "whole seconds"},
                  {"", "seconds: 1 nanos: 999999999", "t", "whole seconds"},
                  {"", "seconds: 1 nanos: -1", "t", "nanos 0"},
                  {"", "seconds: 1 nanos: 1000000000", "t", "nanos 0"},
                  {"", "seconds: -1", "t", "between 1970-01-01T00:00:00Z"},
                  {"", "seconds: 7258118400", "t", "and 2199-12-31T23:59:59Z"},
                  {"", "seconds: -62167219200", "t", "between"},  // year 0
                  {"", "seconds: 253402300799", "t", "between"},  // year 9999
                  {"", "seconds: 9223372036854775807", "t", "between"},
                  {"", "seconds: -9223372036854775808", "t", "between"},
              },
              [](const google::protobuf::Timestamp& time, FieldErrors& errors) {
                InstantFromProto(time, "t", errors);
              });
}

TEST(TimeConversion, BothMistakesOfAnInstantAreTold) {
  FieldErrors errors;
  InstantFromProto(Parsed<google::protobuf::Timestamp>("seconds: -5 nanos: 5"), "t", errors);
  EXPECT_EQ(errors.violations().size(), 2u) << Told(errors);
}

TEST(TimeConversion, DurationsKeepTheirRules) {
  ExpectRules(google::protobuf::Duration(),
              {
                  {"", "seconds: 1", "", ""},
                  {"", "seconds: 604800", "", ""},
                  {"", "", "d", "must be 1 second to 7 days, not 0 seconds"},
                  {"", "seconds: 604801", "d", "not 604801 seconds"},
                  {"", "seconds: -3", "d", "1 second to 7 days"},
                  {"", "seconds: 1 nanos: 5", "d", "whole seconds"},
                  {"", "seconds: 1 nanos: -5", "d", "whole seconds"},
                  {"", "seconds: -9223372036854775808", "d", "1 second to 7 days"},
              },
              [](const google::protobuf::Duration& duration, FieldErrors& errors) {
                DurationFromProto(duration, 1, 7 * limits::kDay, "d", errors);
              });
}

TEST(TimeConversion, IntervalsKeepTheirRules) {
  google::type::Interval legal;
  ToProto(Interval{1000000, 2000000}, legal);
  ExpectRules(
      legal,
      {
          {"", "", "", ""},
          {"", "end_time { seconds: 1000001 }", "", ""},
          {"", "end_time { seconds: 32622400 }", "", ""},  // 366 days
          {"", "end_time { seconds: 32622401 }", "i.end_time", "at most 366 days after start_time"},
          {"", "end_time { seconds: 1000000 }", "i.end_time", "must be after start_time"},
          {"", "end_time { seconds: 999999 }", "i.end_time", "must be after start_time"},
          {"start_time", "", "i.start_time", "must be set"},
          {"end_time", "", "i.end_time", "must be set"},
          {"", "start_time { nanos: 500000000 }", "i.start_time", "whole seconds"},
          {"", "end_time { nanos: 1 }", "i.end_time", "whole seconds"},
          {"", "start_time { seconds: -9223372036854775808 }", "i.start_time", "between"},
          {"", "end_time { seconds: 9223372036854775807 }", "i.end_time", "between"},
      },
      [](const google::type::Interval& interval, FieldErrors& errors) {
        IntervalFromProto(interval, limits::kLongestRun, "i", errors);
      });
}

TEST(TimeConversion, AnIntervalThatIsNotSetLacksBothEnds) {
  FieldErrors errors;
  IntervalFromProto({}, limits::kLongestRun, "interval", errors);
  EXPECT_EQ(Told(errors), "interval.start_time: must be set\ninterval.end_time: must be set\n");
}

TEST(TimeConversion, DatesKeepTheirRules) {
  ExpectRules(Parsed<google::type::Date>("year: 2027 month: 1 day: 1"),
              {
                  {"", "month: 12 day: 31", "", ""},
                  {"", "year: 2199", "", ""},
                  {"", "year: 2028 month: 2 day: 29", "", ""},
                  {"", "month: 2 day: 30", "d", "2027-02-30 does not"},
                  {"", "month: 2 day: 29", "d", "2027-02-29 does not"},
                  {"month", "", "d", "must be a date that exists"},
                  {"day", "", "d", "must be a date that exists"},
                  {"", "month: 13", "d", "must be a date that exists"},
                  {"", "day: -1", "d", "must be a date that exists"},
                  {"", "month: 2147483647 day: -2147483648", "d", "must be a date that exists"},
                  {"year", "", "d", "must have a year from 1970 to 2199, not 0"},
                  {"", "year: 9999", "d", "must have a year"},
                  {"", "year: 2200", "d", "must have a year"},
                  {"", "year: 1969", "d", "must have a year"},
                  {"", "year: -1", "d", "must have a year"},
              },
              [](const google::type::Date& date, FieldErrors& errors) {
                DateFromProto(date, "d", errors);
              });
  FieldErrors errors;
  EXPECT_FALSE(DateFromProto({}, "d", errors));
  EXPECT_EQ(Told(errors), "d: must be set\n");
}

TEST(TimeConversion, TimesOfDayKeepTheirRules) {
  const std::vector<RuleRow> rows = {
      {"", "", "", ""},
      {"", "hours: 23 minutes: 59 seconds: 59", "", ""},
      {"", "hours: 25", "t", "must be a time from 00:00:00 to"},
      {"", "hours: -1", "t", "must be a time"},
      {"", "minutes: 60", "t", "must be a time"},
      {"", "seconds: 60", "t", "must be a time"},
      {"", "hours: 24 seconds: 1", "t", "must be a time"},
      {"", "hours: 2147483647", "t", "must be a time"},
      {"", "nanos: 1", "t", "whole seconds"},
  };
  for (const EndOfDay end : {EndOfDay::kRefused, EndOfDay::kAllowed}) {
    ExpectRules(google::type::TimeOfDay(), rows,
                [end](const google::type::TimeOfDay& time, FieldErrors& errors) {
                  TimeOfDayFromProto(time, end, "t", errors);
                });
  }
}

TEST(TimeConversion, MidnightAtTheEndOfTheDayIsLegalForClosingOnly) {
  const auto midnight = Parsed<google::type::TimeOfDay>("hours: 24");
  FieldErrors errors;
  EXPECT_EQ(TimeOfDayFromProto(midnight, EndOfDay::kAllowed, "t", errors), 86400);
  EXPECT_TRUE(errors.ok());
  TimeOfDayFromProto(midnight, EndOfDay::kRefused, "t", errors);
  EXPECT_EQ(errors.violations().size(), 1u);
}

TEST(TimeConversion, PlacesKeepTheirRules) {
  ExpectRules(google::type::LatLng(),
              {
                  {"", "latitude: -90 longitude: 180", "", ""},
                  {"", "latitude: 90.1", "p.latitude", "must be -90 to 90, not 90.1"},
                  {"", "latitude: nan", "p.latitude", "not nan"},
                  {"", "latitude: inf", "p.latitude", "not inf"},
                  {"", "longitude: -180.5", "p.longitude", "-180 to 180"},
                  {"", "longitude: -inf", "p.longitude", "-180 to 180"},
              },
              [](const google::type::LatLng& place, FieldErrors& errors) {
                PositionFromProto(place, "p", errors);
              });
}

}  // namespace
}  // namespace labslot::service
