#include "client/days.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/moment_reader.h"

namespace labslot::client {
namespace {

// As many as a series may have.
constexpr std::size_t kMostDays = 400;

}  // namespace

absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text, const TimeContext& context) {
  const absl::StatusOr<Moment> moment = ReadMoment(absl::StripAsciiWhitespace(text), context);
  if (!moment.ok()) return moment.status();
  if (moment->bare_day) return moment->day;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is more than a day: write only the day, as in 2027-12-24"));
}

absl::StatusOr<DaySpan> ParseDaySpan(absl::string_view text, const TimeContext& context) {
  const std::size_t dots = text.find("..");
  const absl::StatusOr<absl::CivilDay> first = ParseDay(text.substr(0, dots), context);
  if (!first.ok()) return first.status();
  if (dots == absl::string_view::npos) return DaySpan{*first, *first};
  const absl::StatusOr<absl::CivilDay> last = ParseDay(text.substr(dots + 2), context);
  if (!last.ok()) return last.status();
  if (*last >= *first) return DaySpan{*first, *last};
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" ends before it begins: the earlier day comes first"));
}

absl::StatusOr<std::vector<absl::CivilDay>> ParseDayList(const std::vector<std::string>& texts,
                                                         const TimeContext& context) {
  std::vector<absl::CivilDay> days;
  for (const std::string& text : texts) {
    for (const absl::string_view part : absl::StrSplit(text, ',')) {
      const absl::StatusOr<DaySpan> span = ParseDaySpan(part, context);
      if (!span.ok()) return span.status();
      for (absl::CivilDay day = span->first; day <= span->last; ++day) {
        if (days.size() == kMostDays) {
          return absl::InvalidArgumentError(absl::StrCat("more than ", kMostDays, " days"));
        }
        days.push_back(day);
      }
    }
  }
  return days;
}

google::type::Date ToDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

absl::CivilDay ToDay(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

}  // namespace labslot::client
