#include "daemon/engine/item_case.h"

#include "absl/strings/str_cat.h"

namespace labslot::engine {

std::string ItemCase::When(const Interval& interval) const {
  const bool one_day = LocalDay(interval.start, zone) == LocalDay(interval.end, zone);
  const char* day_and_time = "%a %Y-%m-%d %H:%M";
  const auto words = [&](const char* format, Instant instant) {
    return absl::FormatTime(format, absl::FromUnixSeconds(instant), zone);
  };
  return absl::StrCat(words(day_and_time, interval.start), " to ",
                      words(one_day ? "%H:%M" : day_and_time, interval.end), " ", place.time_zone);
}

std::string ItemCase::Needed() const {
  const bool changeover = item.set_up > 0 || item.tear_down > 0;
  return absl::StrCat(When(blocked()), changeover ? ", with set-up and tear-down" : "");
}

}  // namespace labslot::engine
