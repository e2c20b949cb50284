#include "client/output/time_text.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "client/time_grammar.h"

namespace labslot::client {
namespace {

bool OccursTwice(absl::Time time, absl::TimeZone zone) {
  return zone.At(zone.At(time).cs).kind == absl::TimeZone::TimeInfo::REPEATED;
}

// "09:00", with seconds or an offset only where they say something.
std::string ClockText(absl::Time time, absl::TimeZone zone) {
  const bool seconds = zone.At(time).cs.second() != 0;
  std::string text = absl::FormatTime(seconds ? "%H:%M:%S" : "%H:%M", time, zone);
  if (OccursTwice(time, zone)) absl::StrAppend(&text, absl::FormatTime("%Ez", time, zone));
  return text;
}

std::string DayText(absl::Time time, absl::TimeZone zone) {
  return absl::FormatTime("%a %Y-%m-%d", time, zone);
}

// An end at midnight belongs to the day before, as 24:00.
bool EndsAtMidnightAfter(absl::Time start, absl::Time end, absl::TimeZone zone) {
  const absl::CivilSecond local = zone.At(end).cs;
  return local == absl::CivilSecond(absl::CivilDay(zone.At(start).cs) + 1);
}

bool SameDay(absl::Time a, absl::Time b, absl::TimeZone zone) {
  return absl::CivilDay(zone.At(a).cs) == absl::CivilDay(zone.At(b).cs);
}

std::string Offset(absl::Time time, absl::TimeZone zone) {
  return absl::FormatTime("%Ez", time, zone);
}

std::string TypedTime(absl::Time time, absl::TimeZone zone) {
  const bool seconds = zone.At(time).cs.second() != 0;
  std::string text = absl::FormatTime(seconds ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", time, zone);
  if (!OccursTwice(time, zone)) return text;
  return absl::FormatTime(seconds ? "%Y-%m-%dT%H:%M:%S%Ez" : "%Y-%m-%dT%H:%M%Ez", time, zone);
}

std::string JoinLength(absl::Duration length, bool for_people) {
  const std::int64_t total = absl::ToInt64Seconds(length);
  const std::int64_t days = for_people ? total / 86400 : 0;
  const std::int64_t rest = total - days * 86400;
  std::string text;
  const auto add = [&](std::int64_t count, absl::string_view words, absl::string_view letter) {
    if (count == 0) return;
    if (for_people) {
      absl::StrAppend(&text, text.empty() ? "" : " ", count, " ", words);
    } else {
      absl::StrAppend(&text, count, letter);
    }
  };
  add(days, "d", "d");
  add(rest / 3600, "h", "h");
  add(rest % 3600 / 60, "min", "m");
  add(rest % 60, "s", "s");
  if (text.empty()) return for_people ? "0 s" : "0s";
  return text;
}

}  // namespace

absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  return timestamp;
}

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

google::protobuf::Duration ToProtoDuration(absl::Duration duration) {
  google::protobuf::Duration result;
  result.set_seconds(absl::ToInt64Seconds(duration));
  return result;
}

google::type::Interval ToInterval(absl::Time start, absl::Time end) {
  google::type::Interval interval;
  *interval.mutable_start_time() = ToTimestamp(start);
  *interval.mutable_end_time() = ToTimestamp(end);
  return interval;
}

std::string TimeText(absl::Time time, absl::TimeZone zone) {
  return absl::StrCat(DayText(time, zone), " ", ClockText(time, zone));
}

std::string SpanText(absl::Time start, absl::Time end, absl::TimeZone zone) {
  if (EndsAtMidnightAfter(start, end, zone)) return absl::StrCat(TimeText(start, zone), "-24:00");
  if (SameDay(start, end, zone)) {
    return absl::StrCat(TimeText(start, zone), "-", ClockText(end, zone));
  }
  const bool same_year = zone.At(start).cs.year() == zone.At(end).cs.year();
  const std::string last_day =
      same_year ? absl::FormatTime("%a %m-%d", end, zone) : DayText(end, zone);
  return absl::StrCat(TimeText(start, zone), " - ", last_day, " ", ClockText(end, zone));
}

std::string SpanText(const google::type::Interval& interval, absl::TimeZone zone) {
  return SpanText(ToTime(interval.start_time()), ToTime(interval.end_time()), zone);
}

std::string SpanTextWithZone(absl::Time start, absl::Time end, absl::TimeZone zone) {
  const std::string first = Offset(start, zone);
  const std::string last = Offset(end, zone);
  return absl::StrCat(SpanText(start, end, zone), " ", zone.name(), " (", first,
                      first == last ? "" : absl::StrCat(", then ", last), ")");
}

std::string TimeTextWithZone(absl::Time time, absl::TimeZone zone) {
  return absl::StrCat(TimeText(time, zone), " ", zone.name(), " (", Offset(time, zone), ")");
}

std::string SheetTime(absl::Time time, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, zone);
}

std::string SpanToType(absl::Time start, absl::Time end, absl::TimeZone zone) {
  const bool plain = !OccursTwice(start, zone) && !OccursTwice(end, zone);
  if (plain && EndsAtMidnightAfter(start, end, zone)) {
    return absl::StrCat(TypedTime(start, zone), "..24:00");
  }
  if (plain && SameDay(start, end, zone)) {
    return absl::StrCat(TypedTime(start, zone), "..", ClockText(end, zone));
  }
  return absl::StrCat(
      plain ? TypedTime(start, zone) : absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", start, zone), "..",
      plain ? TypedTime(end, zone) : absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", end, zone));
}

std::string LengthText(absl::Duration length) { return JoinLength(length, true); }

std::string HoursText(absl::Duration length) {
  // To a hundredth, without zeros that say nothing.
  return absl::StrCat(std::round(absl::ToDoubleHours(length) * 100) / 100, " h");
}

std::string LengthToType(absl::Duration length) { return JoinLength(length, false); }

absl::TimeZone ZoneOr(const std::string& name, absl::TimeZone fallback) {
  return LoadZone(name).value_or(fallback);
}

}  // namespace labslot::client
