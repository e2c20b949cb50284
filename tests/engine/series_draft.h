#ifndef LABSLOT_TESTS_ENGINE_SERIES_DRAFT_H_
#define LABSLOT_TESTS_ENGINE_SERIES_DRAFT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "daemon/base/log.h"
#include "tests/support/records.h"
#include "tests/support/script.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {

// A series of runs of `asset`, all or nothing; `start` such as
// `2027-03-01T09:00`.
inline Series MakeSeries(const std::string& asset, absl::string_view start, Seconds length,
                         const std::string& rrule) {
  Series series;
  series.draft.items = {support::Item(asset)};
  if (!absl::ParseLenientCivilTime(start, &series.recurrence.start)) {
    Die(absl::StrCat("the test says a local time that cannot be read: ", start));
  }
  series.recurrence.length = length;
  series.recurrence.rrule = rrule;
  return series;
}

// The same, which skips what is refused.
inline Series Skipping(Series series) {
  series.contract.kind = ContractKind::kSkipConflicts;
  return series;
}

// A change of a series, as a command carries it.
inline Patch<Series> ChangeOf(std::function<void(Series&)> change) {
  return [change = std::move(change)](const Series& current) {
    Series changed = current;
    change(changed);
    return Result<Series>(changed);
  };
}

// The change that moves all runs to another time of day.
inline std::function<void(Series&)> StartAt(int hour, int minute = 0) {
  return [hour, minute](Series& series) {
    const absl::CivilDay day(series.recurrence.start);
    series.recurrence.start = absl::CivilSecond(day) + hour * 3600 + minute * 60;
  };
}

// What became of the days, such as
// `03-01 09:00, 03-02 !capacity_exceeded, 03-03 cancelled`: the local start of
// what stands, the state of what does not, and the rules that refused a day.
inline std::string DaysIn(const support::World& world, const Series& series) {
  const absl::TimeZone zone = support::Zone(series.recurrence.zone);
  std::vector<std::string> days;
  for (const Occurrence& occurrence : series.occurrences) {
    std::string day = absl::FormatCivilTime(occurrence.day).substr(5);
    if (occurrence.reservation != 0) {
      const Reservation& r = world.reservation(occurrence.reservation);
      const absl::Time start = absl::FromUnixSeconds(r.interval.start);
      absl::StrAppend(&day, " ",
                      r.state == ReservationState::kConfirmed
                          ? absl::FormatTime("%H:%M", start, zone)
                          : std::string(StateWord(r.state)));
    }
    if (occurrence.refusal) {
      for (const Violation& violation : occurrence.refusal->violations) {
        absl::StrAppend(&day, " !", support::RuleWord(violation.rule));
      }
    }
    days.push_back(std::move(day));
  }
  return absl::StrJoin(days, ", ");
}

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_SERIES_DRAFT_H_
