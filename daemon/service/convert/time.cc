#include "daemon/service/convert/time.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "daemon/base/limits.h"
#include "daemon/service/convert/numbers.h"

namespace labslot::service {
namespace {

constexpr int32_t kNanosPerSecond = 1000000000;
constexpr absl::string_view kWholeSeconds = "must be in whole seconds, with nanos 0";

std::string InWords(Instant instant) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(instant),
                          absl::UTCTimeZone());
}

// A length for people, in the largest unit that is exact: `366 days`.
std::string LengthInWords(Seconds seconds) {
  if (seconds != 0 && seconds % limits::kDay == 0) {
    const Seconds days = seconds / limits::kDay;
    return absl::StrCat(days, days == 1 ? " day" : " days");
  }
  return absl::StrCat(seconds, seconds == 1 ? " second" : " seconds");
}

bool IsInstant(const google::protobuf::Timestamp& time, absl::string_view path,
               FieldErrors& errors) {
  const bool whole = time.nanos() == 0;
  if (time.nanos() < 0 || time.nanos() >= kNanosPerSecond) {
    errors.Add(path, absl::StrCat("must have nanos 0, not ", time.nanos()));
  } else if (!whole) {
    errors.Add(path, kWholeSeconds);
  }
  const bool in_range =
      time.seconds() >= limits::kEarliestInstant && time.seconds() < limits::kLatestInstant;
  if (!in_range) {
    errors.Add(path, absl::StrCat("must lie between ", InWords(limits::kEarliestInstant), " and ",
                                  InWords(limits::kLatestInstant - 1)));
  }
  return whole && in_range;
}

}  // namespace

Instant InstantFromProto(const google::protobuf::Timestamp& time, absl::string_view path,
                         FieldErrors& errors) {
  return IsInstant(time, path, errors) ? time.seconds() : limits::kEarliestInstant;
}

void ToProto(Instant instant, google::protobuf::Timestamp& proto) {
  proto.set_seconds(instant);
  proto.set_nanos(0);
}

Seconds DurationFromProto(const google::protobuf::Duration& duration, Seconds least, Seconds most,
                          absl::string_view path, FieldErrors& errors) {
  if (duration.nanos() != 0) errors.Add(path, kWholeSeconds);
  if (duration.seconds() < least || duration.seconds() > most) {
    errors.Add(path, absl::StrCat("must be ", LengthInWords(least), " to ", LengthInWords(most),
                                  ", not ", LengthInWords(duration.seconds())));
    return least;
  }
  return duration.seconds();
}

void ToProto(Seconds seconds, google::protobuf::Duration& proto) {
  proto.set_seconds(seconds);
  proto.set_nanos(0);
}

Interval IntervalFromProto(const google::type::Interval& interval, Seconds longest,
                           absl::string_view path, FieldErrors& errors) {
  const std::string start_path = FieldPath(path, "start_time");
  const std::string end_path = FieldPath(path, "end_time");
  if (!interval.has_start_time()) errors.Add(start_path, "must be set");
  if (!interval.has_end_time()) errors.Add(end_path, "must be set");
  const bool start_is_good =
      interval.has_start_time() && IsInstant(interval.start_time(), start_path, errors);
  const bool end_is_good =
      interval.has_end_time() && IsInstant(interval.end_time(), end_path, errors);
  // Only two good ends can be judged together.
  if (!start_is_good || !end_is_good) return {};
  const Interval result{interval.start_time().seconds(), interval.end_time().seconds()};
  if (result.empty()) {
    errors.Add(end_path, "must be after start_time");
  } else if (result.length() > longest) {
    errors.Add(end_path, absl::StrCat("must be at most ", LengthInWords(longest),
                                      " after start_time, not ", LengthInWords(result.length())));
  }
  return result;
}

void ToProto(const Interval& interval, google::type::Interval& proto) {
  ToProto(interval.start, *proto.mutable_start_time());
  ToProto(interval.end, *proto.mutable_end_time());
}

std::optional<absl::CivilDay> DateFromProto(const google::type::Date& date, absl::string_view path,
                                            FieldErrors& errors) {
  constexpr int32_t kFirstYear = 1970;
  constexpr int32_t kLastYear = 2199;
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) {
    errors.Add(path, "must be set");
    return std::nullopt;
  }
  if (date.year() < kFirstYear || date.year() > kLastYear) {
    errors.Add(path, absl::StrCat("must have a year from ", kFirstYear, " to ", kLastYear, ", not ",
                                  date.year()));
    return std::nullopt;
  }
  // A civil day carries over what is out of range, so it differs then.
  const absl::CivilDay day(date.year(), date.month(), date.day());
  if (day.year() != date.year() || day.month() != date.month() || day.day() != date.day()) {
    errors.Add(path, absl::StrFormat("must be a date that exists, with month and day; "
                                     "%04d-%02d-%02d does not",
                                     date.year(), date.month(), date.day()));
    return std::nullopt;
  }
  return day;
}

void ToProto(absl::CivilDay day, google::type::Date& proto) {
  proto.set_year(static_cast<int32_t>(day.year()));
  proto.set_month(day.month());
  proto.set_day(day.day());
}

int32_t TimeOfDayFromProto(const google::type::TimeOfDay& time, EndOfDay end_of_day,
                           absl::string_view path, FieldErrors& errors) {
  const bool midnight_at_end = end_of_day == EndOfDay::kAllowed && time.hours() == 24 &&
                               time.minutes() == 0 && time.seconds() == 0;
  const bool in_day = time.hours() >= 0 && time.hours() <= 23 && time.minutes() >= 0 &&
                      time.minutes() <= 59 && time.seconds() >= 0 && time.seconds() <= 59;
  if (time.nanos() != 0) errors.Add(path, kWholeSeconds);
  if (!in_day && !midnight_at_end) {
    errors.Add(path, absl::StrFormat("must be a time from 00:00:00 to %s, not %02d:%02d:%02d",
                                     end_of_day == EndOfDay::kAllowed ? "24:00:00" : "23:59:59",
                                     time.hours(), time.minutes(), time.seconds()));
    return 0;
  }
  return time.hours() * 3600 + time.minutes() * 60 + time.seconds();
}

void TimeOfDayToProto(int32_t seconds, google::type::TimeOfDay& proto) {
  proto.set_hours(seconds / 3600);
  proto.set_minutes(seconds / 60 % 60);
  proto.set_seconds(seconds % 60);
  proto.set_nanos(0);
}

Position PositionFromProto(const google::type::LatLng& place, absl::string_view path,
                           FieldErrors& errors) {
  return {MeasureFromProto(place.latitude(), -90, 90, FieldPath(path, "latitude"), errors),
          MeasureFromProto(place.longitude(), -180, 180, FieldPath(path, "longitude"), errors)};
}

}  // namespace labslot::service
