#include "daemon/service/convert/quota.h"

#include "tests/service/convert/rule_table.h"

namespace labslot::service {
namespace {

v1::Quota Legal(Measure measure) {
  v1::Quota proto;
  ToProto(FullQuota(measure), proto);
  return proto;
}

void ReadQuota(const v1::Quota& quota, FieldErrors& errors) {
  QuotaFromProto(quota, "share", "quota", errors);
}

TEST(QuotaRules, EveryFieldHasItsRule) {
  ExpectRules(
      Legal(Measure::kTime),
      {
          {"", "", "", ""},
          {"", "name: '?' etag: '?' create_time { nanos: 7 }", "", ""},
          {"except", "", "", ""},
          {"each", "", "", ""},
          {"prime_time", "", "", ""},
          {"periods", "", "", ""},
          {"hand_back", "", "", ""},
          {"effect", "", "", ""},
          {"", "each: USER", "", ""},
          {"", "display_name: 'a\\nb'", "quota.display_name", "one line"},
          {"", "description: '\\xFF'", "quota.description", "well-formed"},
          {"", "each: DIMENSION_UNSPECIFIED", "quota.each[2]", "must be set to one of ASSET"},
          {"", "each: 8", "quota.each[2]", "there is no value 8"},
          {"", "each: ASSET", "quota.each[2]", "listed twice"},
          {"", "applies_to { groups: 'x' }", "quota.applies_to[1].groups[0]", "groups/{id}"},
          {"", "applies_to { groups: 'groups/x' purposes: 'Teaching' }",
           "quota.applies_to[1].purposes", "quotas do not know purposes"},
          {"", "except { purposes: 'Teaching' }", "quota.except[1].purposes", "must be empty"},
          {"measure", "", "quota.measure", "one of TIME, COUNT"},
          {"", "measure: 3", "quota.measure", "there is no value 3"},
          {"period", "", "quota.period", "one of DAY, WEEK"},
          {"", "period: 7", "quota.period", "there is no value 7"},
          {"", "prime_time { days: MONDAY window { opens {} closes {} groups: 'groups/a' } }",
           "quota.prime_time[1].window.groups", "must be empty here"},
          {"", "periods {}", "quota.periods[1].start_date", "must be set"},
          {"", "counts_cancelled_within { seconds: -1 }", "quota.counts_cancelled_within",
           "0 seconds to 1830 days"},
          {"", "hand_back { days: 3661 }", "quota.hand_back.days", "0 to 3660"},
          {"hand_back", "hand_back {}", "quota.hand_back", "must be set: days"},
          {"hand_back", "fair_share: true", "", ""},
          {"", "fair_share: true", "quota.fair_share", "must not be set beside hand_back"},
          {"", "effect: 9", "quota.effect", "there is no value 9"},
          {"", "overriders { users: 'x' }", "quota.overriders.users[1]", "users/{id}"},
          {"", "approval { time_out { nanos: 1 } }", "quota.approval.time_out", "whole seconds"},
      },
      ReadQuota);
}

TEST(QuotaRules, TheLimitIsOfTheMeasure) {
  ExpectRules(
      Legal(Measure::kTime),
      {
          {"", "max_time { seconds: 3162240000000 }", "", ""},
          {"", "max_time { seconds: 3162240000001 }", "quota.max_time", "36600000 days"},
          {"max_time", "", "quota.max_time", "must be set, or max_share, as measure is TIME"},
          {"", "max_count: 1", "quota.max_count", "must not be set, as measure is TIME"},
      },
      ReadQuota);
  ExpectRules(
      Legal(Measure::kCount),
      {
          {"", "", "", ""},
          {"", "max_count: 10000000", "", ""},
          {"", "max_count: 10000001", "quota.max_count", "must be 0 to 10000000"},
          {"", "max_count: -1", "quota.max_count", "must be 0 to 10000000"},
          {"max_count", "", "quota.max_count", "must be set, as measure is COUNT"},
          {"", "max_time { seconds: 1 }", "quota.max_time", "must not be set, as measure is COUNT"},
          {"", "max_time {}", "", ""},
      },
      ReadQuota);
}

TEST(QuotaRules, AShareOfCapacityIsALimitOfItsOwn) {
  v1::Quota share;
  ToProto(ShareQuota(), share);
  ExpectRules(
      share,
      {
          {"", "", "", ""},
          {"", "max_share { percent: 0.01 }", "", ""},
          {"", "max_share { percent: 100 }", "", ""},
          {"", "max_share { percent: 100.01 }", "quota.max_share.percent", "must be 0.01 to 100"},
          {"", "max_share { percent: 0 }", "quota.max_share.percent", "must be 0.01 to 100"},
          {"", "max_share { percent: nan }", "quota.max_share.percent", "must be 0.01 to 100"},
          {"", "max_share { percent: 20.125 }", "quota.max_share.percent", "two decimals"},
          {"max_share", "max_share { percent: 20 }", "quota.max_share.base", "one of CALENDAR"},
          {"", "max_share { base: 4 }", "quota.max_share.base", "there is no value 4"},
          {"", "max_time { seconds: 60 }", "quota.max_share", "beside max_time"},
          {"", "prime_time { days: MONDAY window { opens {} closes {} } }", "quota.max_share",
           "beside prime_time"},
          {"", "period: FUTURE", "quota.max_share", "a period of the calendar"},
          {"", "measure: COUNT max_count: 2", "quota.max_share", "as measure is COUNT"},
          {"", "rule_set: 'a\\nb'", "quota.rule_set", "one line"},
      },
      ReadQuota);
}

TEST(QuotaRules, RollingDaysAreOfARollingPeriod) {
  ExpectRules(Legal(Measure::kTime),
              {
                  {"", "rolling_days: 366", "", ""},
                  {"", "rolling_days: 367", "quota.rolling_days", "must be 0 to 366"},
                  {"rolling_days", "", "quota.rolling_days", "must be set, as period is ROLLING"},
                  {"", "period: WEEK", "quota.rolling_days", "unless period is ROLLING"},
                  {"rolling_days", "period: FUTURE", "", ""},
              },
              ReadQuota);
}

// Each group is counted apart, so there must be groups to count.
TEST(QuotaRules, CountingGroupsTakesNamesOfGroups) {
  ExpectRules(Legal(Measure::kCount),
              {
                  {"", "applies_to { groups: 'groups/others' }", "", ""},
                  {"", "applies_to { users: 'users/anna' }", "quota.applies_to",
                   "must name groups in each selector"},
                  {"applies_to", "", "quota.applies_to", "must name groups in each selector"},
              },
              ReadQuota);
}

}  // namespace
}  // namespace labslot::service
