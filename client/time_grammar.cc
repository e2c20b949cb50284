#include "client/time_grammar.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "client/moment_reader.h"
#include "client/time_scanner.h"

namespace labslot::client {
namespace {

constexpr absl::string_view kRangeExamples =
    R"(Examples: "tomorrow 9:00..12:00", "2027-03-28 08:00 +2h", "mon 14:00-16:00")";
constexpr absl::string_view kLengthExamples = R"(Examples: "30m", "1d12h", "PT2H")";

absl::Status NoEnd(absl::string_view text) {
  return Unreadable(text, "it has no end", kRangeExamples);
}

absl::StatusOr<TimeRange> InOrder(absl::string_view text, absl::Time start, absl::Time end) {
  if (start < end) return TimeRange{start, end};
  return Unreadable(text, "the end is not after the start; if it is on a later day, write that day",
                    kRangeExamples);
}

absl::StatusOr<TimeRange> FromLength(absl::string_view text, const Moment& start,
                                     const std::optional<Length>& length, absl::string_view rest) {
  if (!length.has_value() || !rest.empty()) {
    return Unreadable(text, "the length is not understood", kRangeExamples);
  }
  const auto end = AddLength(start.time, *length, start.zone);
  if (!end.ok()) return end.status();
  return InOrder(text, start.time, *end);
}

// A..B
absl::StatusOr<TimeRange> FromTwoMoments(absl::string_view text, absl::string_view left,
                                         absl::string_view right, const TimeContext& context) {
  const auto start = ReadMoment(left, context);
  if (!start.ok()) return start.status();
  right = absl::StripAsciiWhitespace(right);
  absl::string_view rest = right;
  if (absl::StartsWith(right, "+")) {
    const auto length = TakeSignedLength(&rest);
    return FromLength(text, *start, length, rest);
  }
  const absl::Time reference = ReferenceOfEnd(right, start->day, {context.now, start->zone});
  const TimeContext end_context{reference, start->written_zone};
  const auto end = ReadMomentOf(start->day, right, end_context);
  if (!end.ok()) return end.status();
  if (end->has_zone && !start->has_zone) {
    return Unreadable(text, "only its end names a zone; name it at the start, which holds for both",
                      kRangeExamples);
  }
  return InOrder(text, start->time, end->time);
}

// "14:00-16:00" as two times of day.
std::optional<std::pair<absl::string_view, absl::string_view>> SplitHours(absl::string_view word) {
  absl::string_view rest = word;
  if (!TakeTimeOfDay(&rest).has_value()) return std::nullopt;
  const absl::string_view first = word.substr(0, word.size() - rest.size());
  if (!absl::ConsumePrefix(&rest, "-")) return std::nullopt;
  const absl::string_view second = rest;
  if (!TakeTimeOfDay(&rest).has_value() || !rest.empty()) return std::nullopt;
  return std::make_pair(first, second);
}

// The place in `words` of a word like 14:00-16:00, which is the last one or
// stands before a zone.
std::optional<std::size_t> FindHours(const Words& words) {
  for (std::size_t back = 1; back <= 2 && back <= words.size(); ++back) {
    const std::size_t at = words.size() - back;
    if (SplitHours(words[at]).has_value()) return at;
  }
  return std::nullopt;
}

// [day] 14:00-16:00 [Area/City]
absl::StatusOr<TimeRange> FromHours(absl::string_view text, const Words& words, std::size_t at,
                                    const TimeContext& context) {
  const auto hours = *SplitHours(words[at]);
  const std::string day = absl::StrJoin(words.begin(), words.begin() + static_cast<long>(at), " ");
  const std::string zone =
      absl::StrJoin(words.begin() + static_cast<long>(at) + 1, words.end(), " ");
  const auto start = ReadMoment(absl::StrCat(day, " ", hours.first, " ", zone), context);
  if (!start.ok()) return start.status();
  const TimeContext end_context{context.now, start->written_zone};
  const auto end = ReadMomentOf(start->day, absl::StrCat(hours.second, " ", zone), end_context);
  if (!end.ok()) return end.status();
  return InOrder(text, start->time, end->time);
}

std::size_t FindIsoPart(absl::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '/') continue;
    absl::string_view rest = text.substr(i + 1);
    if (TakeIsoDuration(&rest).has_value() && absl::StripAsciiWhitespace(rest).empty()) return i;
  }
  return absl::string_view::npos;
}

absl::StatusOr<Length> PositiveLength(absl::string_view text, const std::optional<Length>& length,
                                      absl::string_view rest) {
  if (!length.has_value() || !rest.empty() || length->days < 0 ||
      length->elapsed < absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read \"", text, "\" as a length of time. ", kLengthExamples));
  }
  if (length->days == 0 && length->elapsed == absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is no time at all. ", kLengthExamples));
  }
  return *length;
}

}  // namespace

absl::StatusOr<absl::Time> ParseMoment(absl::string_view text, const TimeContext& context) {
  const auto moment = ReadMoment(absl::StripAsciiWhitespace(text), context);
  if (!moment.ok()) return moment.status();
  return moment->time;
}

bool LooksLikeRange(absl::string_view text) {
  const Words words = SplitWords(text);
  return absl::StrContains(text, "..") || FindIsoPart(text) != absl::string_view::npos ||
         FindHours(words).has_value() ||
         (words.size() > 1 && absl::StartsWith(words.back(), "+") &&
          !absl::StrContains(words.back(), ':'));
}

absl::StatusOr<TimeRange> ParseRange(absl::string_view text, const TimeContext& context,
                                     BareDay bare_day) {
  text = absl::StripAsciiWhitespace(text);
  if (const std::size_t dots = text.find(".."); dots != absl::string_view::npos) {
    return FromTwoMoments(text, text.substr(0, dots), text.substr(dots + 2), context);
  }
  if (const std::size_t slash = FindIsoPart(text); slash != absl::string_view::npos) {
    const auto start = ReadMoment(text.substr(0, slash), context);
    if (!start.ok()) return start.status();
    absl::string_view rest = text.substr(slash + 1);
    const auto length = TakeIsoDuration(&rest);
    return FromLength(text, *start, length, absl::StripAsciiWhitespace(rest));
  }
  const Words words = SplitWords(text);
  if (const auto at = FindHours(words)) return FromHours(text, words, *at, context);
  if (words.size() > 1 && absl::StartsWith(words.back(), "+") &&
      !absl::StrContains(words.back(), ':')) {
    const auto start = ReadMoment(absl::StrJoin(words.begin(), words.end() - 1, " "), context);
    if (!start.ok()) return start.status();
    absl::string_view rest = words.back();
    const auto length = TakeSignedLength(&rest);
    return FromLength(text, *start, length, rest);
  }
  const auto moment = ReadMoment(text, context);
  if (!moment.ok()) return moment.status();
  if (!moment->bare_day || bare_day == BareDay::kIsError) return NoEnd(text);
  return TimeRange{moment->time, StartOfDay(moment->day + 1, moment->zone)};
}

absl::StatusOr<Length> ParseLength(absl::string_view text) {
  absl::string_view rest = absl::StripAsciiWhitespace(text);
  if (absl::StartsWithIgnoreCase(rest, "p")) {
    const auto iso = TakeIsoDuration(&rest);
    return PositiveLength(text, iso, rest);
  }
  absl::ConsumePrefix(&rest, "+");
  const auto length = TakeUnsignedLength(&rest);
  return PositiveLength(text, length, rest);
}

absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text) {
  const auto length = ParseLength(text);
  if (!length.ok()) return length.status();
  return length->elapsed + absl::Hours(24 * length->days);
}

bool ParseShift(absl::string_view text, Length* shift) {
  absl::string_view rest = absl::StripAsciiWhitespace(text);
  const auto length = TakeSignedLength(&rest);
  if (!length.has_value() || !rest.empty()) return false;
  *shift = *length;
  return true;
}

absl::StatusOr<absl::Time> AddLength(absl::Time start, const Length& length, absl::TimeZone zone) {
  if (length.days == 0) return start + length.elapsed;
  const absl::CivilSecond local = zone.At(start).cs;
  const absl::CivilSecond moved = absl::CivilSecond(absl::CivilDay(local) + length.days) +
                                  (local - absl::CivilSecond(absl::CivilDay(local)));
  const auto day = ResolveLocal(moved, zone);
  if (!day.ok()) return day.status();
  return *day + length.elapsed;
}

bool BeginsTime(absl::string_view word) {
  const std::string lower = absl::AsciiStrToLower(word);
  absl::string_view rest = lower;
  if (rest.empty()) return false;
  if (absl::ascii_isdigit(static_cast<unsigned char>(rest[0])) || rest[0] == '+') return true;
  if (TakeSignedLength(&rest).has_value()) return true;
  const std::size_t end = rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
  const absl::string_view letters = rest.substr(0, end);
  if (end != absl::string_view::npos && !absl::StrContains(" \t+-.", rest[end]) &&
      !absl::StartsWith(rest.substr(end), "\xE2\x88\x92")) {
    return false;
  }
  // "mon-press" is an asset, "now-2h" is not.
  if (end != absl::string_view::npos && rest[end] == '-') {
    absl::string_view length = rest.substr(end);
    if (!TakeSignedLength(&length).has_value()) return false;
  }
  return letters == "now" || letters == "next" || letters == "today" || letters == "tomorrow" ||
         WeekdayNamed(letters).has_value();
}

absl::StatusOr<absl::TimeZone> LoadZone(absl::string_view name) {
  absl::TimeZone zone;
  // Absolute and relative paths would read any file: a name has only these.
  const bool plain = name.find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
                     absl::string_view::npos;
  if (name.empty() || name[0] == '/' || !plain || !absl::LoadTimeZone(std::string(name), &zone)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", name, "\" is not an IANA time zone, such as Europe/Brussels"));
  }
  return zone;
}

}  // namespace labslot::client
