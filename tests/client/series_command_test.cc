// series, and book --repeat.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class SeriesCommandTest : public CommandTest {
 protected:
  // Series 7: granted on Thursday 2027-03-11 10:00, refused a week later.
  SeriesCommandTest() {
    v1::Series& series = answers().series;
    series.set_name("series/7");
    series.set_etag("3");
    series.mutable_reservation()->add_items()->set_asset("assets/rigs");
    series.mutable_recurrence()->set_start("2027-03-11T10:00");
    series.mutable_recurrence()->set_end("2027-03-11T12:00");
    series.mutable_recurrence()->set_rrule("FREQ=WEEKLY;COUNT=2");
    series.mutable_recurrence()->set_time_zone("Europe/Brussels");
    v1::Occurrence* granted = AddDay(11, 1804755600);
    granted->set_reservation("reservations/1042");
    v1::Violation* why = AddDay(18, 1804755600 + 7 * 86400)->mutable_refusal()->add_violations();
    why->set_message("2 h on rigs; at most 1 h");
    why->set_source("policies/short");
    // It alone would have refused nothing.
    v1::Violation* approval =
        answers().series.mutable_occurrences(1)->mutable_refusal()->add_violations();
    approval->set_message("takes approval");
    approval->set_effect(v1::RULE_EFFECT_NEEDS_APPROVAL);
    v1::Reservation* run = answers().reservations.add_reservations();
    run->set_name("reservations/1042");
    run->set_series("series/7");
    run->set_state(v1::Reservation::STATE_CONFIRMED);
    *run->mutable_interval() = granted->interval();
  }

  v1::Occurrence* AddDay(int day, std::int64_t start) {
    v1::Occurrence* one = answers().series.add_occurrences();
    one->mutable_date()->set_year(2027);
    one->mutable_date()->set_month(3);
    one->mutable_date()->set_day(day);
    one->mutable_interval()->mutable_start_time()->set_seconds(start);
    one->mutable_interval()->mutable_end_time()->set_seconds(start + 7200);
    return one;
  }

  const v1::Series& Made() { return answers().series_created.back().series(); }
};

TEST_F(SeriesCommandTest, ASeriesIsSentAsLocalTimesAndARule) {
  const Outcome outcome =
      Run({"series", "create", "rigs:2", "tomorrow", "10:00..12:00", "--repeat",
           "every tue,thu until 2027-06-30", "--except", "2027-05-06,2027-05-17..2027-05-18",
           "--also", "2027-07-01", "--for", "Course", "--override", "agreed", "--repeated-hour",
           "second", "--skip-conflicts"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const v1::Recurrence& recurrence = Made().recurrence();
  EXPECT_EQ(recurrence.start(), "2027-03-11T10:00");
  EXPECT_EQ(recurrence.end(), "2027-03-11T12:00");
  EXPECT_EQ(recurrence.rrule(), "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270630T235959");
  EXPECT_THAT(recurrence.left_out_dates(), SizeIs(3));
  EXPECT_THAT(recurrence.extra_dates(), SizeIs(1));
  EXPECT_EQ(recurrence.repeated_hour(), v1::Recurrence::SECOND);
  EXPECT_EQ(Made().contract().kind(), v1::SeriesContract::SKIP_CONFLICTS);
  EXPECT_EQ(Made().reservation().items(0).quantity(), 2);
  EXPECT_EQ(Made().reservation().display_name(), "Course");
  EXPECT_FALSE(Made().reservation().has_interval());
  EXPECT_EQ(answers().series_created.back().override_reason(), "agreed");
  EXPECT_THAT(outcome.out, HasSubstr("Series 7 is reserved: 2 days, 1 of them refused.\n"));
  EXPECT_THAT(outcome.out,
              HasSubstr("repeats       FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270630T235959"));
  EXPECT_THAT(outcome.out, HasSubstr("labslot series retry 7\n"));
}

TEST_F(SeriesCommandTest, BookDoesTheSameWithRepeat) {
  const Outcome outcome = Run({"book", "rigs", "tomorrow 22:00 +3h", "--repeat", "weekly 10 times",
                               "--at-most", "10%", "--dry-run"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(answers().created, IsEmpty());
  EXPECT_EQ(Made().recurrence().end(), "2027-03-12T01:00");
  EXPECT_EQ(Made().contract().kind(), v1::SeriesContract::AT_MOST);
  EXPECT_EQ(Made().contract().max_refused_percent(), 10);
  EXPECT_TRUE(answers().series_created.back().validate_only());
  EXPECT_THAT(outcome.out, HasSubstr("would be reserved"));
  EXPECT_THAT(outcome.out, HasSubstr("Nothing was changed (--dry-run)."));
}

TEST_F(SeriesCommandTest, ADayWhoseWeekdayWasNotNamedIsRemarked) {
  const Outcome outcome =
      Run({"series", "create", "rigs", "tomorrow 9:00 +1h", "--repeat", "every fri 3 times"});
  EXPECT_THAT(outcome.err, HasSubstr("the first day, Thu 2027-03-11, belongs to the series"));
  EXPECT_THAT(
      Run({"series", "create", "rigs", "tomorrow 9:00 +1h", "--repeat", "every thu,fri 3 times"})
          .err,
      Not(HasSubstr("belongs to the series")));
}

TEST_F(SeriesCommandTest, WhatIsHalfSaidIsAUsageError) {
  const std::vector<std::vector<std::string>> table = {
      {},
      {"--repeat", "weekly"},
      {"--repeat", "weekly 3 times", "--rrule", "FREQ=DAILY;COUNT=2"},
      {"--repeat", "weekly 3 times", "--skip-conflicts", "--at-most", "2"},
      {"--repeat", "weekly 3 times", "--at-most", "many"},
      {"--repeat", "weekly 3 times", "--at-most", "101%"},
      {"--repeat", "weekly 3 times", "--repeated-hour", "third"},
      {"--repeat", "weekly 3 times", "--except", "whit monday"},
  };
  for (const auto& options : table) {
    std::vector<std::string> arguments = {"series", "create", "rigs", "tomorrow 9:00 +1h"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    EXPECT_EQ(Run(arguments).code, 2) << options.size();
  }
  EXPECT_THAT(answers().series_created, IsEmpty());
}

TEST_F(SeriesCommandTest, ASeriesIsShownWithOneRowADay) {
  const Outcome outcome = Run({"series", "show", "7"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              HasSubstr("DAY         STATE      WHEN                        ID    WHY\n"
                        "2027-03-11  confirmed  Thu 2027-03-11 10:00-12:00  1042\n"
                        "2027-03-18  refused    Thu 2027-03-18 10:00-12:00        2 h "
                        "on rigs; at most 1 h [policies/short]\n"));
  EXPECT_EQ(answers().listed.back().filter(),
            "asset = \"assets/rigs\" AND start_time < \"2027-03-11T11:00:00Z\" AND end_time > "
            "\"2027-03-11T09:00:00Z\"");
  EXPECT_THAT(Run({"series", "show", "7", "-o", "csv"}).out,
              HasSubstr("2027-03-11,confirmed,2027-03-11 10:00:00,2027-03-11 12:00:00,"
                        "Europe/Brussels,1042,\r\n"));
  EXPECT_EQ(Run({"series", "show", "8"}).code, 4);
}

TEST_F(SeriesCommandTest, SeriesAreListed) {
  EXPECT_THAT(Run({"series", "list"}).out,
              HasSubstr("7   active  2027-03-11  2027-03-18     2        1  rigs"));
}

TEST_F(SeriesCommandTest, AnUpdateNamesWhatItChanges) {
  EXPECT_EQ(Run({"series", "update", "7", "display_name=Welding course", "attendees=12", "--from",
                 "2027-03-15", "--reason", "more people"})
                .code,
            0);
  const v1::UpdateSeriesRequest& words = answers().series_updated.back();
  EXPECT_THAT(words.update_mask().paths(),
              ElementsAre("reservation.display_name", "reservation.attendees"));
  EXPECT_EQ(words.series().reservation().display_name(), "Welding course");
  EXPECT_EQ(words.series().etag(), "3");
  EXPECT_EQ(words.from_date().day(), 15);
  EXPECT_EQ(words.reason(), "more people");

  EXPECT_EQ(Run({"series", "update", "7", "--at", "14:30-15:30"}).code, 0);
  const v1::UpdateSeriesRequest& hours = answers().series_updated.back();
  EXPECT_THAT(hours.update_mask().paths(), ElementsAre("recurrence"));
  EXPECT_EQ(hours.series().recurrence().start(), "2027-03-11T14:30");
  EXPECT_EQ(hours.series().recurrence().end(), "2027-03-11T15:30");
  EXPECT_EQ(hours.series().recurrence().rrule(), "FREQ=WEEKLY;COUNT=2");
  EXPECT_FALSE(hours.has_from_date());

  EXPECT_EQ(Run({"series", "update", "7", "--at", "23:00", "--repeat", "daily 3 times", "--except",
                 "2027-03-12", "--at-most", "1"})
                .code,
            0);
  const v1::UpdateSeriesRequest& days = answers().series_updated.back();
  EXPECT_THAT(days.update_mask().paths(), ElementsAre("recurrence", "contract"));
  EXPECT_EQ(days.series().recurrence().end(), "2027-03-12T01:00");
  EXPECT_EQ(days.series().recurrence().rrule(), "FREQ=DAILY;COUNT=3");
  EXPECT_THAT(days.series().recurrence().left_out_dates(), SizeIs(1));
  EXPECT_EQ(days.series().contract().max_refused(), 1);
  EXPECT_EQ(Run({"series", "update", "7"}).code, 2);
  EXPECT_EQ(Run({"series", "update", "7", "name=x", "--from", "soon"}).code, 2);
}

TEST_F(SeriesCommandTest, ASeriesIsCancelledFromADayOn) {
  const Outcome outcome =
      Run({"series", "cancel", "7", "--from", "next mon", "--reason", "term is over"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(answers().series_cancelled.back().from_date().day(), 15);
  EXPECT_EQ(answers().series_cancelled.back().reason(), "term is over");
  EXPECT_THAT(outcome.out, HasSubstr("Series 7 is cancelled from next mon on:"));
  EXPECT_EQ(Run({"series", "cancel", "7"}).code, 0);
  EXPECT_FALSE(answers().series_cancelled.back().has_from_date());
}

TEST_F(SeriesCommandTest, RefusedDaysAreTriedAgain) {
  EXPECT_EQ(Run({"series", "retry", "7"}).code, 0);
  EXPECT_THAT(answers().series_retried.back().dates(), IsEmpty());
  EXPECT_EQ(Run({"series", "retry", "7", "2027-03-18", "2027-03-25", "--override", "x"}).code, 0);
  EXPECT_THAT(answers().series_retried.back().dates(), SizeIs(2));
  EXPECT_EQ(answers().series_retried.back().override_reason(), "x");
}

}  // namespace
}  // namespace labslot::client
