#include "client/commands/series_create.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/commands/common.h"
#include "client/commands/series_text.h"
#include "client/days.h"
#include "client/places.h"
#include "client/repeat_grammar.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Recurrence;
using v1::SeriesContract;

// Whoever names weekdays and starts on another one gets one day too many.
void RemarkOnFirstDay(Session& session, const Repetition& repetition,
                      const Recurrence& recurrence) {
  absl::CivilSecond start;
  if (repetition.weekdays.empty() || !(absl::ParseCivilTime(recurrence.start(), &start) ||
                                       absl::ParseLenientCivilTime(recurrence.start(), &start))) {
    return;
  }
  const absl::CivilDay first(start);
  if (repetition.weekdays.count(absl::GetWeekday(first)) > 0) return;
  session.output.Note(absl::StrCat(
      "note: the first day, ",
      absl::FormatTime("%a ", absl::FromCivil(first, absl::UTCTimeZone()), absl::UTCTimeZone()),
      absl::FormatCivilTime(first), ", belongs to the series though its weekday was not named"));
}

absl::Status ReadRhythm(Session& session, const RepeatOptions& options, const TimeContext& times,
                        Recurrence* recurrence) {
  if (!options.repeat.empty() && !options.rrule.empty()) {
    return absl::InvalidArgumentError("--repeat and --rrule say the same: give one of them");
  }
  if (!options.rrule.empty()) {
    absl::string_view rule = options.rrule;
    absl::ConsumePrefix(&rule, "RRULE:");
    recurrence->set_rrule(std::string(rule));
  }
  if (options.repeat.empty()) return absl::OkStatus();
  const absl::StatusOr<Repetition> repetition = ParseRepetition(options.repeat, times);
  if (!repetition.ok()) return repetition.status();
  recurrence->set_rrule(repetition->rrule);
  RemarkOnFirstDay(session, *repetition, *recurrence);
  return absl::OkStatus();
}

absl::Status AddDates(const std::vector<std::string>& texts, const TimeContext& times,
                      google::protobuf::RepeatedPtrField<google::type::Date>* dates) {
  const absl::StatusOr<std::vector<absl::CivilDay>> days = ParseDayList(texts, times);
  if (!days.ok()) return days.status();
  for (const absl::CivilDay day : *days) *dates->Add() = ToDate(day);
  return absl::OkStatus();
}

}  // namespace

void AddRepeatOptions(CLI::App* command, RepeatOptions* options) {
  command
      ->add_option("--repeat", options->repeat,
                   "How often, as in \"every tue,thu until 2027-06-30\", \"weekly 10 times\"")
      ->type_name("RHYTHM");
  command->add_option("--rrule", options->rrule, "The same as a rule of RFC 5545")
      ->type_name("RULE");
  command->add_option("--except", options->except, "Without these days, D, D..D or D,D")
      ->type_name("DATES")
      ->allow_extra_args(false);
  command->add_option("--also", options->also, "On these days too")
      ->type_name("DATES")
      ->allow_extra_args(false);
  command->add_option("--repeated-hour", options->repeated_hour,
                      "Which one is meant of the hour that autumn shows twice: first or second");
  command->add_flag("--skip-conflicts", options->skip_conflicts,
                    "Reserve the days that can be, keep the refused ones for later");
  command->add_option("--at-most", options->at_most, "The same if so many are refused at most")
      ->type_name("N|P%");
}

bool IsGiven(const RepeatOptions& options) {
  return !options.repeat.empty() || !options.rrule.empty() || !options.except.empty() ||
         !options.also.empty() || !options.repeated_hour.empty();
}

bool HasContract(const RepeatOptions& options) {
  return options.skip_conflicts || !options.at_most.empty();
}

absl::Status ReadRecurrence(Session& session, const RepeatOptions& options,
                            const TimeContext& times, Recurrence* recurrence) {
  if (absl::Status status = ReadRhythm(session, options, times, recurrence); !status.ok()) {
    return status;
  }
  if (options.repeated_hour == "first") {
    recurrence->set_repeated_hour(Recurrence::FIRST);
  } else if (options.repeated_hour == "second") {
    recurrence->set_repeated_hour(Recurrence::SECOND);
  } else if (!options.repeated_hour.empty()) {
    return absl::InvalidArgumentError("--repeated-hour is first or second");
  }
  if (absl::Status status = AddDates(options.except, times, recurrence->mutable_left_out_dates());
      !status.ok()) {
    return status;
  }
  return AddDates(options.also, times, recurrence->mutable_extra_dates());
}

absl::Status ReadContract(const RepeatOptions& options, SeriesContract* contract) {
  contract->set_kind(SeriesContract::ALL_OR_NOTHING);
  if (options.skip_conflicts && !options.at_most.empty()) {
    return absl::InvalidArgumentError("--skip-conflicts and --at-most exclude each other");
  }
  if (options.skip_conflicts) contract->set_kind(SeriesContract::SKIP_CONFLICTS);
  if (options.at_most.empty()) return absl::OkStatus();
  contract->set_kind(SeriesContract::AT_MOST);
  absl::string_view number = options.at_most;
  const bool percent = absl::ConsumeSuffix(&number, "%");
  int value = 0;
  if (!absl::SimpleAtoi(number, &value) || value < 0 || (percent && value > 100)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", options.at_most,
                                                   "\" is no number of refused days: write 3, "
                                                   "or 10% of all"));
  }
  percent ? contract->set_max_refused_percent(value) : contract->set_max_refused(value);
  return absl::OkStatus();
}

std::string LocalTime(absl::CivilSecond time) {
  return time.second() == 0 ? absl::FormatCivilTime(absl::CivilMinute(time))
                            : absl::FormatCivilTime(time);
}

absl::Status CreateSeries(Session& session, const BookOptions& book, const RepeatOptions& repeat) {
  absl::StatusOr<Wish> wish = ReadWish(session, "series create", book);
  if (!wish.ok()) return wish.status();
  const absl::StatusOr<std::string> wall_clock =
      WallClockOf(session, wish->reservation.items(0).asset(), wish->reservation.site());
  if (!wall_clock.ok()) return wall_clock.status();
  if (absl::Status status = KeepsWallClock(session, *wall_clock); !status.ok()) return status;
  v1::CreateSeriesRequest request;
  v1::Series* series = request.mutable_series();
  Recurrence* recurrence = series->mutable_recurrence();
  recurrence->set_start(LocalTime(wish->times.zone.At(wish->range.start).cs));
  recurrence->set_end(LocalTime(wish->times.zone.At(wish->range.end).cs));
  if (absl::Status status = ReadRecurrence(session, repeat, wish->times, recurrence);
      !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadContract(repeat, series->mutable_contract()); !status.ok()) {
    return status;
  }
  if (recurrence->rrule().empty() && recurrence->extra_dates().empty()) {
    return absl::InvalidArgumentError(
        "say how it repeats: --repeat \"every tue,thu until 2027-06-30\", --rrule or --also");
  }
  *series->mutable_reservation() = std::move(wish->reservation);
  series->mutable_reservation()->clear_interval();
  request.set_override_reason(book.override_reason);
  const absl::StatusOr<v1::Series> made =
      Write(session, &v1::ReservationService::Stub::CreateSeries, request, book.write);
  if (!made.ok()) return made.status();
  return ShowSeries(session, *made, "reserved", book.write);
}

}  // namespace labslot::client
