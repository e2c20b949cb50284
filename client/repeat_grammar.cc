#include "client/repeat_grammar.h"

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/days.h"
#include "client/time_scanner.h"

namespace labslot::client {
namespace {

constexpr int kMostTimes = 400;
constexpr int kLongestStep = 999;

const std::map<std::string, std::string>& Frequencies() {
  static const auto* const kFrequencies = new std::map<std::string, std::string>{
      {"daily", "DAILY"},    {"day", "DAILY"},     {"days", "DAILY"},      {"weekly", "WEEKLY"},
      {"week", "WEEKLY"},    {"weeks", "WEEKLY"},  {"monthly", "MONTHLY"}, {"month", "MONTHLY"},
      {"months", "MONTHLY"}, {"yearly", "YEARLY"}, {"year", "YEARLY"},     {"years", "YEARLY"}};
  return *kFrequencies;
}

std::string CodeOf(absl::Weekday day) {
  static constexpr std::array<absl::string_view, 7> kCodes = {"MO", "TU", "WE", "TH",
                                                              "FR", "SA", "SU"};
  return std::string(kCodes[static_cast<std::size_t>(day)]);
}

absl::Weekday DayAfter(absl::Weekday day) {
  return day == absl::Weekday::sunday ? absl::Weekday::monday
                                      : static_cast<absl::Weekday>(static_cast<int>(day) + 1);
}

// Adds "tue" or "mon-fri". False if it is neither.
bool AddWeekdays(absl::string_view word, std::set<absl::Weekday>* days) {
  const std::vector<absl::string_view> ends = absl::StrSplit(word, '-');
  const auto first = WeekdayNamed(ends.front());
  const auto last = WeekdayNamed(ends.back());
  if (ends.size() > 2 || !first.has_value() || !last.has_value()) return false;
  for (absl::Weekday day = *first;; day = DayAfter(day)) {
    days->insert(day);
    if (day == *last) return true;
  }
}

class RepetitionReader {
 public:
  RepetitionReader(absl::string_view text, const TimeContext& context)
      : text_(text),
        context_(context),
        words_(absl::StrSplit(absl::AsciiStrToLower(text), absl::ByAnyChar(" \t,"),
                              absl::SkipEmpty())) {}

  absl::StatusOr<Repetition> Read() {
    if (!TakeRhythm()) return Fail("it does not say how often");
    if (frequency_ == "WEEKLY") TakeWeekdays();
    const absl::StatusOr<std::string> end = TakeEnd();
    if (!end.ok()) return end.status();
    std::string rule = absl::StrCat("FREQ=", frequency_);
    if (step_ > 1) absl::StrAppend(&rule, ";INTERVAL=", step_);
    if (!result_.weekdays.empty()) {
      absl::StrAppend(&rule, ";BYDAY=",
                      absl::StrJoin(result_.weekdays, ",", [](std::string* out, absl::Weekday day) {
                        absl::StrAppend(out, CodeOf(day));
                      }));
    }
    result_.rrule = absl::StrCat(rule, ";", *end);
    return result_;
  }

 private:
  absl::Status Fail(absl::string_view why) const {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot read \"", text_, "\" as a repetition: ", why,
        ". Examples: \"every tue,thu until 2027-06-30\", \"weekly 10 times\", \"every 2 weeks on "
        "mon 8 times\""));
  }

  bool Has() const { return at_ < words_.size(); }

  bool TakeRhythm() {
    if (!Has()) return false;
    const bool every = words_[at_] == "every";
    if (every) ++at_;
    int step = 0;
    if (every && Has() && absl::SimpleAtoi(words_[at_], &step)) {
      if (step < 1 || step > kLongestStep) return false;
      step_ = step;
      ++at_;
    }
    if (!Has()) return false;
    const auto found = Frequencies().find(words_[at_]);
    if (found != Frequencies().end()) {
      // "daily" stands alone, "day" stands behind "every".
      if (every == absl::EndsWith(words_[at_], "ly")) return false;
      frequency_ = found->second;
      ++at_;
      return true;
    }
    frequency_ = "WEEKLY";
    return every && step_ == 1 && AddWeekdays(words_[at_], &result_.weekdays);
  }

  void TakeWeekdays() {
    while (Has() && (words_[at_] == "on" || words_[at_] == "and" ||
                     AddWeekdays(words_[at_], &result_.weekdays))) {
      ++at_;
    }
  }

  absl::StatusOr<std::string> TakeEnd() {
    if (!Has()) return Fail("it never ends; add \"until 2027-06-30\" or \"10 times\"");
    if (words_[at_] == "until") {
      const std::string day =
          absl::StrJoin(words_.begin() + static_cast<long>(at_) + 1, words_.end(), " ");
      const absl::StatusOr<absl::CivilDay> last = ParseDay(day, context_);
      if (!last.ok()) return last.status();
      if (last->year() < 1 || last->year() > 9999) {
        return Fail(absl::StrCat("\"", day, "\" is in the year ", last->year(),
                                 "; give a day of the years 1 to 9999"));
      }
      return absl::StrFormat("UNTIL=%04d%02d%02dT235959", last->year(), last->month(), last->day());
    }
    int times = 0;
    const bool counted = absl::SimpleAtoi(words_[at_], &times) && at_ + 2 == words_.size() &&
                         (words_[at_ + 1] == "times" || words_[at_ + 1] == "time");
    if (!counted) return Fail(absl::StrCat("\"", words_[at_], "\" is not understood here"));
    if (times < 1 || times > kMostTimes) {
      return Fail(absl::StrCat("a series has 1 to ", kMostTimes, " days"));
    }
    return absl::StrCat("COUNT=", times);
  }

  absl::string_view text_;
  const TimeContext& context_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
  std::string frequency_;
  int step_ = 1;
  Repetition result_;
};

}  // namespace

absl::StatusOr<Repetition> ParseRepetition(absl::string_view text, const TimeContext& context) {
  return RepetitionReader(text, context).Read();
}

}  // namespace labslot::client
