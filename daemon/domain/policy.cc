#include "daemon/domain/policy.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/text.h"

namespace labslot {
namespace {

Instant MovedByDays(Instant from, int32_t days, const absl::TimeZone& zone) {
  if (days == 0) return from;
  const absl::CivilSecond local = absl::ToCivilSecond(absl::FromUnixSeconds(from), zone);
  const absl::CivilDay day(local);
  const absl::CivilSecond moved = absl::CivilSecond(day + days) + (local - absl::CivilSecond(day));
  // A time that spring skips is the jump, so that later times stay later.
  const absl::TimeZone::TimeInfo info = zone.At(moved);
  const bool skipped = info.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return absl::ToUnixSeconds(skipped ? info.trans : info.pre);
}

}  // namespace

Instant Later(Instant from, const Lead& lead, const absl::TimeZone& zone) {
  return MovedByDays(from, lead.days, zone) + lead.seconds;
}

Instant Earlier(Instant from, const Lead& lead, const absl::TimeZone& zone) {
  return MovedByDays(from - lead.seconds, -lead.days, zone);
}

std::string LeadWords(const Lead& lead) {
  std::string words;
  if (lead.days != 0) words = Counted(lead.days, "day", "days");
  if (lead.seconds != 0 || words.empty()) {
    absl::StrAppend(&words, words.empty() ? "" : " ", LengthWords(lead.seconds));
  }
  return words;
}

IntervalSet TimesInWindows(const std::vector<WeeklyWindow>& windows, const Interval& period,
                           const absl::TimeZone& zone) {
  if (windows.empty() || period.empty()) return {};
  std::vector<Interval> times;
  const absl::CivilDay last = LocalDay(period.end - 1, zone);
  // A window of the day before may reach over midnight into the period.
  for (absl::CivilDay day = LocalDay(period.start, zone) - 1; day <= last; ++day) {
    const int bit = static_cast<int>(absl::GetWeekday(day));
    for (const WeeklyWindow& weekly : windows) {
      if (((weekly.days >> bit) & 1) == 0) continue;
      times.push_back(WindowOn(day, weekly.window, zone).Intersect(period));
    }
  }
  return Union(std::move(times));
}

IntervalSet TimesInRanges(const std::vector<DateRange>& ranges, const Interval& period,
                          const absl::TimeZone& zone) {
  if (ranges.empty()) return period.empty() ? IntervalSet() : IntervalSet{period};
  std::vector<Interval> times;
  times.reserve(ranges.size());
  for (const DateRange& range : ranges) {
    times.push_back(
        Interval{StartOfDay(range.first, zone), StartOfDay(range.last + 1, zone)}.Intersect(
            period));
  }
  return Union(std::move(times));
}

}  // namespace labslot
