#include "daemon/service/convert/series.h"

#include "daemon/base/limits.h"
#include "tests/service/convert/rule_table.h"

namespace labslot::service {
namespace {

v1::Series Legal() {
  v1::Series proto;
  ToProto(FullSeries(), proto);
  return proto;
}

v1::Recurrence LegalRecurrence() { return Legal().recurrence(); }

void ReadSeries(const v1::Series& series, FieldErrors& errors) {
  SeriesFromProto(series, "series", errors);
}

void ReadRecurrence(const v1::Recurrence& recurrence, FieldErrors& errors) {
  RecurrenceFromProto(recurrence, "r", errors);
}

TEST(SeriesRules, TheReservationHasItsRulesButNoInterval) {
  ExpectRules(
      Legal(),
      {
          {"", "", "", ""},
          {"", "name: '?' etag: '?' state_reason: '\\x01' recurrence { time_zone: '?' }", "", ""},
          {"", "reservation { interval { start_time { nanos: 5 } } }", "", ""},  // not read
          {"", "reservation { items { asset: 'x' } }", "series.reservation.items[2].asset",
           "must be assets/{id}"},
          {"", "reservation { priority: -1 }", "series.reservation.priority", "0 to 1000"},
          {"reservation", "", "series.reservation.items", "must have at least one item"},
      },
      ReadSeries);
}

TEST(SeriesRules, TheContractHasItsRules) {
  v1::Series legal = Legal();
  legal.clear_contract();
  ExpectRules(legal,
              {
                  {"", "", "", ""},
                  {"", "contract { kind: ALL_OR_NOTHING }", "", ""},
                  {"", "contract { kind: SKIP_CONFLICTS }", "", ""},
                  {"", "contract { kind: AT_MOST max_refused: 400 }", "", ""},
                  {"", "contract { kind: AT_MOST max_refused_percent: 100 }", "", ""},
                  {"", "contract { kind: 4 }", "series.contract.kind", "there is no value 4"},
                  {"", "contract { kind: AT_MOST }", "series.contract",
                   "must have max_refused or max_refused_percent"},
                  {"", "contract { kind: AT_MOST max_refused: 401 }", "series.contract.max_refused",
                   "0 to 400"},
                  {"", "contract { kind: AT_MOST max_refused: -1 }", "series.contract.max_refused",
                   "0 to 400"},
                  {"", "contract { kind: AT_MOST max_refused_percent: 101 }",
                   "series.contract.max_refused_percent", "0 to 100"},
                  {"", "contract { max_refused: 1 }", "series.contract.max_refused",
                   "unless kind is AT_MOST"},
                  {"", "contract { kind: SKIP_CONFLICTS max_refused_percent: 1 }",
                   "series.contract.max_refused_percent", "unless kind is AT_MOST"},
              },
              ReadSeries);
  FieldErrors errors;
  EXPECT_EQ(SeriesFromProto(legal, "series", errors).contract, SeriesContract{});
}

TEST(RecurrenceRules, LocalTimesAreInOneForm) {
  ExpectRules(LegalRecurrence(),
              {
                  {"", "", "", ""},
                  {"", "start: '2027-03-01T00:00:59'", "", ""},
                  {"start", "", "r.start", "must be set to a local time"},
                  {"end", "", "r.end", "must be set to a local time"},
                  {"", "start: '2027-03-01'", "r.start", "'2027-03-01' is not"},
                  {"", "start: '2027-03-01T09:00Z'", "r.start", "must be a local time"},
                  {"", "start: '2027-03-01T09:00:00+01:00'", "r.start", "must be a local time"},
                  {"", "start: '2027-03-01 09:00'", "r.start", "must be a local time"},
                  {"", "start: ' 2027-03-01T09:00'", "r.start", "must be a local time"},
                  {"", "start: '2027-03-01T24:00'", "r.start", "must be a local time"},
                  {"", "start: '2027-03-01T09:60'", "r.start", "must be a local time"},
                  {"", "start: '2027-03-01T09:00:60'", "r.start", "must be a local time"},
                  {"", "start: '2027-02-29T09:00'", "r.start", "must be a local time"},
                  {"", "start: '2027-13-01T09:00'", "r.start", "must be a local time"},
                  {"", "start: '1969-12-31T09:00'", "r.start", "must be a local time"},
                  {"", "end: '2200-01-01T09:00'", "r.end", "must be a local time"},
                  {"", "start: '\\xFF'", "r.start", "must be a local time"},
              },
              ReadRecurrence);
}

TEST(RecurrenceRules, ARunIsAsLongAsOneMayBe) {
  v1::Recurrence once;
  once.set_start("2027-03-01T09:00");
  ExpectRules(once,
              {
                  {"", "end: '2027-03-01T09:00:01'", "", ""},
                  {"", "end: '2028-03-01T09:00'", "", ""},  // 366 days: 2028 is a leap year
                  {"", "end: '2028-03-01T09:00:01'", "r.end", "at most 366 days after start"},
                  {"", "end: '2027-03-01T09:00'", "r.end", "must be after start"},
                  {"", "end: '2026-03-01T10:00'", "r.end", "must be after start"},
              },
              ReadRecurrence);
}

TEST(RecurrenceRules, DaysAndRuleHaveTheirs) {
  const std::string date = "{ year: 2027 month: 4 day: 1 } ";
  ExpectRules(
      LegalRecurrence(),
      {
          {"rrule", "", "", ""},
          {"", "extra_dates " + date, "", ""},
          {"", "extra_dates {}", "r.extra_dates[1]", "must be set"},
          {"", "extra_dates " + date + "extra_dates " + date, "r.extra_dates[2]", "listed twice"},
          {"", "left_out_dates { year: 2027 month: 2 day: 30 }", "r.left_out_dates[1]",
           "must be a date that exists"},
          {"", "repeated_hour: REPEATED_HOUR_UNSPECIFIED", "", ""},
          {"", "repeated_hour: 3", "r.repeated_hour", "there is no value 3"},
          {"", "rrule: 'FREQ=WEEKLY'", "r.rrule", "COUNT"},
          {"", "rrule: 'FREQ=HOURLY;COUNT=2'", "r.rrule", "one start a day"},
          {"", "rrule: 'nonsense'", "r.rrule", "FREQ=WEEKLY"},
          {"", "rrule: 'FREQ=DAILY;COUNT=401'", "r.rrule", "400"},
      },
      ReadRecurrence);
}

TEST(RecurrenceRules, ThereIsAMostOfTextAndDays) {
  v1::Recurrence recurrence = LegalRecurrence();
  recurrence.set_rrule(std::string(limits::kMaxRecurrenceText + 1, 'X'));
  FieldErrors errors;
  ReadRecurrence(recurrence, errors);
  EXPECT_EQ(Told(errors), "r.rrule: must have at most 1000 characters, not 1001\n");
  recurrence = LegalRecurrence();
  for (size_t i = 0; i <= limits::kMaxOccurrences; ++i) {
    const absl::CivilDay day = absl::CivilDay(2028, 1, 1) + static_cast<int>(i);
    auto& date = *recurrence.add_left_out_dates();
    date.set_year(static_cast<int32_t>(day.year()));
    date.set_month(day.month());
    date.set_day(day.day());
  }
  FieldErrors of_days;
  ReadRecurrence(recurrence, of_days);
  EXPECT_EQ(Told(of_days), "r.left_out_dates: must have at most 400 elements, not 402\n");
}

}  // namespace
}  // namespace labslot::service
