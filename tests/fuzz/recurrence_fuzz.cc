// Recurrence rules: a rule is refused in words, or gives as many starts as it says, in
// order, none before the first. The second line is the first start; without one it is a
// Monday at nine.

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "daemon/base/limits.h"
#include "daemon/domain/recurrence.h"
#include "daemon/domain/recurrence_rule.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/targets.h"

namespace labslot::fuzz {
namespace {

absl::CivilSecond StartIn(absl::string_view text) {
  absl::CivilSecond start;
  if (absl::ParseCivilTime(text, &start)) return start;
  return absl::CivilSecond(2027, 3, 1, 9, 0, 0);
}

void RequireError(const absl::Status& status) {
  Require(absl::IsInvalidArgument(status), "a mistake in a rule is INVALID_ARGUMENT");
  Require(!status.message().empty() && status.message().size() < 500, "it is told in words");
}

// `length` takes in a switch of the clocks now and then.
void RequireIntervals(const Recurrence& recurrence, const std::vector<absl::CivilDay>& days) {
  static const absl::TimeZone zone = [] {
    absl::TimeZone loaded;
    absl::LoadTimeZone("Europe/Brussels", &loaded);
    return loaded;
  }();
  for (const absl::CivilDay day : days) {
    const auto interval = IntervalOn(recurrence, day, zone);
    if (std::holds_alternative<LocalTimeProblem>(interval)) continue;
    Require(std::get<Interval>(interval).length() > 0, "an occurrence takes some time");
  }
}

void RequireStarts(const RecurrenceRule& rule, absl::CivilSecond first,
                   const std::vector<absl::CivilSecond>& starts) {
  Require(!starts.empty() && starts.size() <= limits::kMaxOccurrences, "starts are bounded");
  Require(starts.front() >= first, "none is before the first");
  Require(starts.back() <= rule.until.value_or(LatestStart(first)), "none is behind the end");
  Require(rule.count == 0 || starts.size() == static_cast<size_t>(rule.count),
          "there are as many as the rule says");
  for (size_t i = 1; i < starts.size(); ++i) {
    Require(starts[i - 1] < starts[i], "starts are in order");
  }
  for (const absl::CivilSecond start : starts) {
    Require(start - absl::CivilSecond(absl::CivilDay(start)) ==
                first - absl::CivilSecond(absl::CivilDay(first)),
            "all have the same time of day");
    Require(rule.months.empty() || rule.months.count(start.month()) == 1, "the month is listed");
  }
}

void Try(absl::string_view text, absl::CivilSecond start) {
  const auto starts = ExpandRule(text, start, limits::kMaxOccurrences);
  const auto lower = ExpandRule(absl::AsciiStrToLower(text), start, limits::kMaxOccurrences);
  Require(starts.ok() == lower.ok() && (!starts.ok() || *starts == *lower),
          "upper and lower case are the same");
  if (!starts.ok()) return RequireError(starts.status());
  RequireStarts(ReadRecurrenceRule(text).value(), start, *starts);
  Recurrence recurrence;
  recurrence.start = start;
  recurrence.length = 26 * 3600;
  recurrence.rrule = std::string(text);
  recurrence.repeated_hour = RepeatedHour::kFirst;
  recurrence.left_out_days = {absl::CivilDay(starts->back())};
  const auto days = DaysOf(recurrence, limits::kMaxOccurrences);
  if (!days.ok()) return RequireError(days.status());
  Require(std::is_sorted(days->begin(), days->end()), "days are in order");
  RequireIntervals(recurrence, *days);
}

}  // namespace
}  // namespace labslot::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const std::pair<absl::string_view, absl::string_view> lines =
      absl::StrSplit(text, absl::MaxSplits('\n', 1));
  labslot::fuzz::Try(lines.first, labslot::fuzz::StartIn(absl::StripAsciiWhitespace(lines.second)));
  return 0;
}
