#include "daemon/engine/fixed_slots.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "daemon/base/limits.h"
#include "daemon/engine/findings.h"

namespace labslot::engine {
namespace {

constexpr Seconds kLookAhead = 15 * limits::kDay;

// The slots that begin in a stretch of time, each by itself, by start.
std::vector<Interval> SlotsFrom(const SlotRule& rule, const Interval& starts,
                                const absl::TimeZone& zone) {
  std::vector<Interval> slots;
  const absl::CivilDay last = LocalDay(starts.end, zone);
  for (absl::CivilDay day = LocalDay(starts.start, zone) - 1; day <= last; ++day) {
    const int bit = static_cast<int>(absl::GetWeekday(day));
    for (const WeeklyWindow& window : rule.slots) {
      if (((window.days >> bit) & 1) == 0) continue;
      const Interval slot = WindowOn(day, window.window, zone);
      if (starts.Contains(slot.start)) slots.push_back(slot);
    }
  }
  std::sort(slots.begin(), slots.end(),
            [](const Interval& a, const Interval& b) { return a.start < b.start; });
  return slots;
}

}  // namespace

bool IsMadeOfSlots(const SlotRule& rule, const Interval& run, const absl::TimeZone& zone) {
  const auto firsts = SlotsFrom(rule, {run.start, run.start + 1}, zone);
  if (firsts.empty()) return false;
  // A slot is a day long at most, a day 25 hours.
  const auto lasts = SlotsFrom(rule, {std::max(run.start, run.end - 26 * 3600), run.end}, zone);
  return std::any_of(lasts.begin(), lasts.end(),
                     [&](const Interval& slot) { return slot.end == run.end; });
}

std::string SlotWords(const SlotRule& rule) {
  std::vector<std::string> words;
  for (const WeeklyWindow& slot : rule.slots) {
    const auto clock = [](int32_t second) {
      return absl::StrFormat("%02d:%02d", second / 3600 % 24, second / 60 % 60);
    };
    words.push_back(absl::StrCat(DayWords(slot.days), " ", clock(slot.window.opens), "-",
                                 clock(slot.window.closes)));
  }
  return absl::StrJoin(words, ", ");
}

Instant NextSlotStart(const SlotRule& rule, const Interval& run, const absl::TimeZone& zone) {
  const Instant from = run.start + 1;
  for (const Interval& slot : SlotsFrom(rule, {from, from + kLookAhead}, zone)) {
    const Interval moved = {slot.start, slot.start + run.length()};
    if (IsMadeOfSlots(rule, moved, zone)) return slot.start;
  }
  return kNever;
}

Interval FitToSlots(const SlotRule& rule, const Interval& run, const absl::TimeZone& zone) {
  Interval fitted = run;
  for (const Interval& slot :
       SlotsFrom(rule, {run.start - limits::kDay, run.start + kLookAhead}, zone)) {
    if (slot.end <= run.start) continue;
    fitted = slot;
    break;
  }
  if (fitted.end >= run.end) return fitted;
  for (const Interval& slot : SlotsFrom(rule, {fitted.end, run.end + kLookAhead}, zone)) {
    fitted.end = slot.end;
    if (slot.end >= run.end) break;
  }
  return fitted;
}

}  // namespace labslot::engine
