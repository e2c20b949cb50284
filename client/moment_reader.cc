#include "client/moment_reader.h"

#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/time_scanner.h"

namespace labslot::client {
namespace {

constexpr absl::string_view kMomentExamples =
    R"(Examples: "tomorrow 9:00", "2027-03-28T08:00", "mon 14:00")";

std::string LocalText(absl::CivilSecond local) {
  return absl::FormatCivilTime(absl::CivilMinute(local)).replace(10, 1, " ");
}

std::string WithOffset(absl::Time time, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%dT%H:%M%Ez", time, zone);
}

std::optional<absl::CivilDay> FindDayWord(absl::string_view word, absl::CivilDay today) {
  if (word == "today") return today;
  if (word == "tomorrow") return today + 1;
  if (const auto weekday = WeekdayNamed(word)) return absl::NextWeekday(today, *weekday);
  return std::nullopt;
}

// Reads one moment, word by word.
class MomentReader {
 public:
  // `day_of_time` is the day that a time without a day belongs to; none is today.
  MomentReader(absl::string_view text, const TimeContext& context,
               std::optional<absl::CivilDay> day_of_time)
      : text_(text),
        context_(context),
        lower_(absl::AsciiStrToLower(text)),
        day_of_time_(day_of_time) {
    words_ = SplitWords(lower_);
    original_words_ = SplitWords(text_);
    moment_.zone = context.zone;
  }

  absl::StatusOr<Moment> Read() {
    if (words_.empty()) return Fail("it is empty");
    // The zone says on which day "today" falls, so it comes first.
    if (absl::Status status = TakeZoneWord(); !status.ok()) return status;
    today_ = absl::CivilDay(moment_.zone.At(context_.now).cs);
    day_ = day_of_time_.value_or(today_);
    const bool has_day = TakeDayWords();
    if (done_) return Finish();
    if (at_ == words_.size()) {
      if (!has_day) return Fail("no day and no time in it");
      moment_.bare_day = true;
      return Finish();
    }
    return ReadTimeWord();
  }

 private:
  absl::Status Fail(absl::string_view why) const { return Unreadable(text_, why, kMomentExamples); }

  absl::Status TakeZoneWord() {
    if (words_.size() < 2) return absl::OkStatus();
    absl::string_view word = words_.back();
    const auto offset = TakeOffset(&word);
    if (offset.has_value() && word.empty()) {
      SetOffset(*offset);
    } else if (word == "utc" || (absl::StrContains(word, '/') &&
                                 absl::ascii_isalpha(static_cast<unsigned char>(word[0])))) {
      const auto zone = LoadZone(original_words_.back());
      if (!zone.ok()) return Fail(zone.status().message());
      moment_.zone = *zone;
      moment_.has_zone = true;
    } else {
      return absl::OkStatus();
    }
    words_.pop_back();
    return absl::OkStatus();
  }

  void SetOffset(int seconds) {
    offset_ = absl::FixedTimeZone(seconds);
    moment_.has_zone = true;
  }

  // Takes the words that say the day. Sets `done_` if they say the instant.
  bool TakeDayWords() {
    absl::string_view word = words_[0];
    if (word == "next" && words_.size() > 1) {
      const auto weekday = WeekdayNamed(words_[1]);
      if (!weekday.has_value()) return false;
      const absl::CivilDay monday = absl::NextWeekday(today_, absl::Weekday::monday);
      day_ = absl::NextWeekday(monday - 1, *weekday);
      at_ = 2;
      return true;
    }
    if (const auto date = TakeDate(&word)) return TakeDateWord(*date, word);
    if (const auto length = TakeSignedLength(&word)) {
      return word.empty() && Shift(context_.now, *length);
    }
    return TakeWordWithLength(words_[0]);
  }

  bool TakeDateWord(absl::CivilDay date, absl::string_view rest) {
    if (absl::ConsumePrefix(&rest, "t")) {
      if (rest.empty()) return false;
      words_[0] = rest;
    } else if (rest.empty()) {
      at_ = 1;
    } else {
      return false;
    }
    day_ = date;
    return true;
  }

  // "now", "tomorrow", "now-2h", "mon+1w".
  bool TakeWordWithLength(absl::string_view word) {
    const std::size_t end = word.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
    absl::string_view rest = end == absl::string_view::npos ? "" : word.substr(end);
    word = word.substr(0, end);
    const auto day = FindDayWord(word, today_);
    if (word != "now" && !day.has_value()) return false;
    const absl::Time start = day.has_value() ? StartOfDay(*day, moment_.zone) : context_.now;
    if (!rest.empty()) {
      const auto length = TakeSignedLength(&rest);
      return length.has_value() && rest.empty() && Shift(start, *length, day.has_value());
    }
    at_ = 1;
    if (day.has_value()) {
      day_ = *day;
      return true;
    }
    moment_.time = start;
    done_ = true;
    return true;
  }

  // From `start` by `length`. Whole days may be followed by a time.
  bool Shift(absl::Time start, const Length& length, bool from_midnight = false) {
    at_ = 1;
    if (length.elapsed == absl::ZeroDuration() && (from_midnight || words_.size() > 1)) {
      day_ = absl::CivilDay(moment_.zone.At(start).cs) + length.days;
      return true;
    }
    const auto time = AddLength(start, length, moment_.zone);
    if (time.ok()) moment_.time = *time;
    shift_status_ = time.status();
    done_ = true;
    return true;
  }

  absl::StatusOr<Moment> ReadTimeWord() {
    absl::string_view word = words_[at_];
    const auto time = TakeTimeOfDay(&word);
    if (!time.has_value()) return Fail(WhatIsWrong());
    if (const auto offset = TakeOffset(&word)) {
      if (moment_.has_zone) return Fail("it names two zones");
      SetOffset(*offset);
    }
    if (!word.empty() || at_ + 1 != words_.size()) return Fail(WhatIsWrong());
    const absl::CivilSecond local = absl::CivilSecond(day_) + *time;
    const auto instant = ResolveLocal(local, offset_.value_or(moment_.zone));
    if (!instant.ok()) return instant.status();
    moment_.time = *instant;
    moment_.day = day_;
    moment_.written_zone = offset_.value_or(moment_.zone);
    return moment_;
  }

  absl::StatusOr<Moment> Finish() {
    if (!shift_status_.ok()) return shift_status_;
    if (at_ < words_.size()) return Fail(WhatIsWrong());
    if (moment_.bare_day) moment_.time = StartOfDay(day_, offset_.value_or(moment_.zone));
    moment_.day = absl::CivilDay(moment_.zone.At(moment_.time).cs);
    moment_.written_zone = offset_.value_or(moment_.zone);
    return moment_;
  }

  std::string WhatIsWrong() const {
    const absl::string_view word = words_[at_ < words_.size() ? at_ : 0];
    if (absl::StrContains(word, '/') || absl::StrContains(word, '.')) {
      return "dates are written year first, as in 2027-04-03";
    }
    if (absl::EndsWith(word, "am") || absl::EndsWith(word, "pm")) {
      return "times are written 9:00 or 14:30, on the 24-hour clock";
    }
    absl::string_view rest = word;
    if (TakeNumber(&rest, 4, 4).has_value() && absl::StartsWith(rest, "-")) {
      return absl::StrCat("\"", word, "\" is not a date of the calendar");
    }
    return absl::StrCat("\"", word, "\" is not understood here");
  }

  absl::string_view text_;
  const TimeContext& context_;
  std::string lower_;
  Words words_;
  Words original_words_;
  std::size_t at_ = 0;
  absl::CivilDay today_;
  absl::CivilDay day_;
  std::optional<absl::CivilDay> day_of_time_;
  bool done_ = false;
  absl::Status shift_status_;
  std::optional<absl::TimeZone> offset_;
  Moment moment_;
};

}  // namespace

Words SplitWords(absl::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
}

absl::Status Unreadable(absl::string_view text, absl::string_view why, absl::string_view examples) {
  return absl::InvalidArgumentError(
      absl::StrCat("cannot read \"", text, "\" as a time: ", why, ". ", examples));
}

absl::StatusOr<Moment> ReadMoment(absl::string_view text, const TimeContext& context) {
  return MomentReader(text, context, std::nullopt).Read();
}

absl::StatusOr<Moment> ReadMomentOf(absl::CivilDay day, absl::string_view text,
                                    const TimeContext& context) {
  return MomentReader(text, context, day).Read();
}

absl::StatusOr<absl::Time> ResolveLocal(absl::CivilSecond local, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(local);
  switch (info.kind) {
    case absl::TimeZone::TimeInfo::UNIQUE:
      return info.pre;
    case absl::TimeZone::TimeInfo::SKIPPED: {
      const absl::CivilSecond before = zone.At(info.trans - absl::Seconds(1)).cs + 1;
      return absl::InvalidArgumentError(
          absl::StrCat(LocalText(local), " does not exist in ", zone.name(),
                       ": the clocks go from ", LocalText(before).substr(11), " straight to ",
                       absl::FormatTime("%H:%M", info.trans, zone),
                       " that night. Take a time before or after, such as \"",
                       WithOffset(info.trans, zone), "\""));
    }
    case absl::TimeZone::TimeInfo::REPEATED:
      return absl::InvalidArgumentError(absl::StrCat(
          LocalText(local), " occurs twice in ", zone.name(),
          ", because the clocks go back that night. Say which one: \"", WithOffset(info.pre, zone),
          "\" is the first, \"", WithOffset(info.post, zone), "\" the second"));
  }
  return absl::InvalidArgumentError("unknown kind of local time");
}

absl::Time StartOfDay(absl::CivilDay day, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(absl::CivilSecond(day));
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

absl::Time ReferenceOfEnd(absl::string_view end, absl::CivilDay first_day,
                          const TimeContext& context) {
  const Words words = SplitWords(end);
  const bool names_weekday =
      !words.empty() && WeekdayNamed(absl::AsciiStrToLower(words[0])).has_value();
  return names_weekday ? StartOfDay(first_day, context.zone) - absl::Seconds(1) : context.now;
}

}  // namespace labslot::client
