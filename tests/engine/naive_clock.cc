#include "tests/engine/naive_clock.h"

#include <algorithm>

namespace labslot::engine {

NaiveClock::NaiveClock(const absl::TimeZone& zone, const Interval& span, Seconds step)
    : span_(span), step_(step) {
  for (Instant at = span.start; at < span.end; at += step) {
    shown_.push_back(zone.At(absl::FromUnixSeconds(at)).cs - absl::CivilSecond());
  }
  greatest_ = shown_;
  for (size_t i = 1; i < greatest_.size(); ++i) {
    greatest_[i] = std::max(greatest_[i], greatest_[i - 1]);
  }
  least_ = shown_;
  for (size_t i = least_.size() - 1; i > 0; --i) {
    least_[i - 1] = std::min(least_[i], least_[i - 1]);
  }
}

absl::CivilDay NaiveClock::day(size_t step) const {
  return absl::CivilDay() + shown_[step] / kSecondsOfDay;
}

bool NaiveClock::HasOn(int64_t day, const OpeningWindow& window, size_t step) const {
  const int64_t midnight = day * kSecondsOfDay;
  if (greatest_[step] < midnight + window.opens) return false;
  const int64_t closes = midnight + window.closes;
  return least_[step] < closes || (step + 1 < least_.size() && least_[step + 1] <= closes);
}

bool NaiveClock::Has(const std::vector<WeeklyWindow>& windows, size_t step) const {
  constexpr int64_t kFirstWeekday = 3;  // 1970-01-01 was a Thursday
  const int64_t today = shown_[step] / kSecondsOfDay;
  // A window may go on over midnight, and end in the hour after it.
  for (const int64_t day : {today - 1, today}) {
    const auto bit = 1u << static_cast<unsigned>((day + kFirstWeekday) % 7);
    for (const WeeklyWindow& weekly : windows) {
      if ((weekly.days & bit) != 0 && HasOn(day, weekly.window, step)) return true;
    }
  }
  return false;
}

}  // namespace labslot::engine
