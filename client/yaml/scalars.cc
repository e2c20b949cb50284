#include "client/yaml/scalars.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/time_grammar.h"
#include "client/time_scanner.h"

namespace labslot::client {
namespace {

using google::protobuf::EnumDescriptor;

// Goes before the groups that a window is open to.
constexpr absl::string_view kForGroups = " groups=";

absl::Status Expected(absl::string_view what, absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat("expected ", what, ", found \"", text, "\""));
}

// CapacityKind is CAPACITY_KIND_: what the names of its values begin with.
std::string PrefixOf(const EnumDescriptor& type) {
  std::string prefix;
  for (const char c : type.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return prefix + "_";
}

bool IsDays(const EnumDescriptor& type) { return type.full_name() == "google.type.DayOfWeek"; }

std::string WordOf(const EnumDescriptor& type, int index) {
  absl::string_view name = type.value(index)->name();
  absl::ConsumePrefix(&name, PrefixOf(type));
  const std::string word = absl::AsciiStrToLower(name);
  return IsDays(type) ? word.substr(0, 3) : word;
}

}  // namespace

absl::StatusOr<google::type::TimeOfDay> ReadTimeOfDay(absl::string_view text) {
  absl::string_view rest = text;
  const auto seconds = TakeTimeOfDay(&rest);
  if (!seconds.has_value() || !rest.empty()) return Expected("a time such as \"08:00\"", text);
  google::type::TimeOfDay time;
  time.set_hours(static_cast<int>(*seconds / 3600));
  time.set_minutes(static_cast<int>(*seconds / 60 % 60));
  time.set_seconds(static_cast<int>(*seconds % 60));
  return time;
}

absl::StatusOr<google::type::Date> ReadDate(absl::string_view text) {
  absl::string_view rest = text;
  const auto day = TakeDate(&rest);
  if (!day.has_value() || !rest.empty()) return Expected("a date such as 2027-05-01", text);
  google::type::Date date;
  date.set_year(static_cast<int>(day->year()));
  date.set_month(day->month());
  date.set_day(day->day());
  return date;
}

absl::StatusOr<google::protobuf::Duration> ReadDuration(absl::string_view text) {
  if (text == "0" || text == "0s") return google::protobuf::Duration();
  const absl::StatusOr<absl::Duration> duration = ParseDuration(text);
  if (!duration.ok()) return Expected("a length of time such as 90m or 2h", text);
  return ToProtoDuration(*duration);
}

absl::StatusOr<google::protobuf::Timestamp> ReadTimestamp(absl::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return Expected("a moment such as 2027-05-01T08:00:00+02:00", text);
  }
  return ToTimestamp(time);
}

absl::StatusOr<google::type::LatLng> ReadLatLng(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  double latitude = 0;
  double longitude = 0;
  if (parts.size() != 2 || !absl::SimpleAtod(parts[0], &latitude) ||
      !absl::SimpleAtod(parts[1], &longitude)) {
    return Expected("latitude and longitude such as [51.229, 5.303]", text);
  }
  google::type::LatLng place;
  place.set_latitude(latitude);
  place.set_longitude(longitude);
  return place;
}

absl::StatusOr<v1::DateRange> ReadDateRange(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, "..");
  if (parts.size() > 2) {
    return absl::InvalidArgumentError("expected one date, or two as in A..B");
  }
  v1::DateRange range;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto date = ReadDate(parts[i]);
    if (!date.ok()) return date.status();
    *(i == 0 ? range.mutable_start_date() : range.mutable_end_date()) = *date;
  }
  return range;
}

absl::StatusOr<v1::Lead> ReadLead(absl::string_view text) {
  v1::Lead lead;
  if (text == "0" || text == "0s") return lead;
  const absl::StatusOr<Length> length = ParseLength(text);
  if (!length.ok()) return Expected("a distance in time such as 30d, 2d3h or 12h", text);
  lead.set_days(static_cast<int>(length->days));
  if (length->elapsed != absl::ZeroDuration()) {
    *lead.mutable_duration() = ToProtoDuration(length->elapsed);
  }
  return lead;
}

absl::StatusOr<v1::OpeningWindow> ReadOpeningWindow(absl::string_view text) {
  v1::OpeningWindow window;
  absl::string_view hours = text;
  if (const std::size_t at = text.find(kForGroups); at != absl::string_view::npos) {
    hours = text.substr(0, at);
    for (const absl::string_view group :
         absl::StrSplit(text.substr(at + kForGroups.size()), ',', absl::SkipWhitespace())) {
      window.add_groups(FullName(kGroups, absl::StripAsciiWhitespace(group)));
    }
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(hours, '-');
  if (parts.size() == 2) {
    const auto opens = ReadTimeOfDay(absl::StripAsciiWhitespace(parts[0]));
    const auto closes = ReadTimeOfDay(absl::StripAsciiWhitespace(parts[1]));
    if (opens.ok() && closes.ok()) {
      *window.mutable_opens() = *opens;
      *window.mutable_closes() = *closes;
      return window;
    }
  }
  return Expected("hours such as \"08:00-17:00\"", text);
}

absl::StatusOr<v1::WeeklyWindow> ReadWeeklyWindow(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  const std::size_t blank = text.find(' ');
  v1::WeeklyWindow window;
  if (blank == absl::string_view::npos || !ReadDays(text.substr(0, blank), &window).ok()) {
    return Expected("days and hours such as \"mon-fri 08:00-17:00\"", text);
  }
  const auto hours = ReadOpeningWindow(text.substr(blank));
  if (!hours.ok()) return hours.status();
  *window.mutable_window() = *hours;
  return window;
}

absl::Status ReadDays(absl::string_view text, v1::WeeklyWindow* window) {
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const std::vector<std::string> ends = absl::StrSplit(absl::StripAsciiWhitespace(part), '-');
    const auto& type = *google::type::DayOfWeek_descriptor();
    const auto first = ReadEnum(type, ends.front());
    const auto last = ReadEnum(type, ends.back());
    if (!first.ok() || !last.ok() || ends.size() > 2 || *first == 0 || *last == 0) {
      return Expected("days such as mon or mon-fri", text);
    }
    for (int day = *first;; day = day % 7 + 1) {
      window->add_days(static_cast<google::type::DayOfWeek>(day));
      if (day == *last) break;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int> ReadEnum(const EnumDescriptor& type, absl::string_view text) {
  const std::string word =
      absl::StrReplaceAll(absl::AsciiStrToUpper(text), {{"-", "_"}, {" ", "_"}});
  const std::string prefix = PrefixOf(type);
  std::vector<std::string> known;
  for (int i = 0; i < type.value_count(); ++i) {
    absl::string_view name = type.value(i)->name();
    const bool whole = name == word;
    absl::ConsumePrefix(&name, prefix);
    const bool short_day = IsDays(type) && word.size() == 3 && absl::StartsWith(name, word);
    if (whole || name == word || short_day) return type.value(i)->number();
    if (type.value(i)->number() != 0) known.push_back(WordOf(type, i));
  }
  std::string words;
  for (std::size_t i = 0; i < known.size(); ++i) {
    absl::StrAppend(&words, i == 0 ? "" : i + 1 == known.size() ? " or " : ", ", known[i]);
  }
  return Expected(words, text);
}

std::string WriteTimeOfDay(const google::type::TimeOfDay& time) {
  if (time.seconds() == 0) return absl::StrFormat("%02d:%02d", time.hours(), time.minutes());
  return absl::StrFormat("%02d:%02d:%02d", time.hours(), time.minutes(), time.seconds());
}

std::string WriteDate(const google::type::Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string WriteDuration(const google::protobuf::Duration& duration) {
  return LengthToType(ToDuration(duration));
}

std::string WriteTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", ToTime(timestamp), absl::UTCTimeZone());
}

std::string WriteDateRange(const v1::DateRange& range) {
  const std::string first = WriteDate(range.start_date());
  return range.has_end_date() ? absl::StrCat(first, "..", WriteDate(range.end_date())) : first;
}

std::string WriteLead(const v1::Lead& lead) {
  if (lead.days() == 0) return WriteDuration(lead.duration());
  const bool exact = ToDuration(lead.duration()) == absl::ZeroDuration();
  return absl::StrCat(lead.days(), "d", exact ? "" : WriteDuration(lead.duration()));
}

std::string WriteHours(const v1::OpeningWindow& window) {
  return absl::StrCat(WriteTimeOfDay(window.opens()), "-", WriteTimeOfDay(window.closes()));
}

std::string WriteEnum(const EnumDescriptor& type, int number) {
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == number) return WordOf(type, i);
  }
  return absl::StrCat(number);
}

}  // namespace labslot::client
