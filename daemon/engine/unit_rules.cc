#include "daemon/engine/unit_rules.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/rule_scope.h"
#include "daemon/engine/unit_uses.h"

namespace labslot::engine {
namespace {

int64_t FittingUnits(const ItemCase& c) {
  return std::count_if(c.asset.units.begin(), c.asset.units.end(), [&](const Unit& unit) {
    return HasLabels(c.item.unit_labels, unit.labels);
  });
}

std::string Units(int64_t count) { return Counted(count, "unit", "units"); }

// `a unit`, or `a unit with detector: eds`.
std::string UnitInWords(const ItemCase& c) {
  if (c.item.unit_labels.empty()) return "a unit";
  return absl::StrCat("a unit with ", LabelsInWords(c.item.unit_labels));
}

void ThereAreFittingUnits(const ItemCase& c, Findings& findings) {
  if (c.item.unit_labels.empty()) return;
  const int64_t fitting = FittingUnits(c);
  if (!findings.Wants(fitting < c.item.quantity)) return;
  const std::string words = LabelsInWords(c.item.unit_labels);
  findings.Add(
      {Rule::kQuantityAboveCapacity,
       absl::StrCat(fitting == 0 ? "no" : absl::StrCat(fitting), " unit", fitting > 1 ? "s" : "",
                    " of ", c.asset.display_name, fitting > 1 ? " have " : " has ", words, ", ",
                    c.item.quantity, c.item.quantity == 1 ? " was asked for" : " were asked for"),
       c.asset.id,
       absl::StrCat(Units(fitting), " with ", words),
       Units(c.item.quantity),
       {}});
}

// What is too much anyhow is refused by other rules.
bool IsTooMuchAnyhow(const ItemCase& c) {
  return FittingUnits(c) < c.item.quantity ||
         !BusyTimes(c.state, c.asset, c.item.quantity, c.blocked(), c.current()).empty();
}

// Everybody else who is there in the interval, by start.
std::vector<UnitSeats::OwnedUse> OthersIn(const ItemCase& c, const Interval& interval) {
  std::vector<UnitSeats::OwnedUse> others =
      SeatsOf(c.state, c.asset, c.now()).Overlapping(interval);
  const auto is_own = [&](const UnitSeats::OwnedUse& use) {
    return c.current() != nullptr && use.owner == c.current()->id;
  };
  others.erase(std::remove_if(others.begin(), others.end(), is_own), others.end());
  std::sort(others.begin(), others.end(), [](const auto& a, const auto& b) {
    return std::make_pair(a.use.interval.start, a.owner) <
           std::make_pair(b.use.interval.start, b.owner);
  });
  return others;
}

// Those who want the same units at the same time.
std::vector<Conflict> ConflictsOver(const ItemCase& c,
                                    const std::vector<UnitSeats::OwnedUse>& others,
                                    const UnitUse& own) {
  std::vector<Conflict> conflicts;
  for (const auto& [owner, use, units] : others) {
    if (owner == kOutOfService || !use.fitting.Meets(own.fitting)) continue;
    conflicts.push_back({owner, c.asset.id, use.interval, static_cast<int32_t>(use.count)});
    if (conflicts.size() == limits::kMaxConflictsShown) break;
  }
  return conflicts;
}

// A run that is moved to a later time meets those whom it meets now, until the first of
// them leaves: no start before that would do. Where they do not fit by themselves, which
// only too many outages bring about, one may be missed.
Instant RetryAt(const ItemCase& c, const std::vector<UnitSeats::OwnedUse>& others) {
  Instant first_to_leave = c.blocked().end;
  for (const UnitSeats::OwnedUse& other : others) {
    first_to_leave = std::min(first_to_leave, other.use.interval.end);
  }
  return first_to_leave + c.item.set_up;
}

void FittingUnitsAreLeft(const ItemCase& c, Findings& findings) {
  if (!UnitsMatter(c.state, c.asset, c.item.unit_labels, c.now()) || IsTooMuchAnyhow(c)) return;
  const Interval blocked = c.blocked().Intersect({c.now(), kNever});
  if (blocked.empty()) return;
  UnitSeats::Owners without;
  if (c.current() != nullptr) without.insert(c.current()->id);
  const UnitUse own = UseOf(c.asset, blocked, c.item.quantity, c.item.unit_labels, c.item.units);
  const UnitFit fit = FitWith(c.state, c.asset, own, c.now(), without);
  const bool broken = fit != UnitFit::kFits;
  const auto others = broken ? OthersIn(c, blocked) : std::vector<UnitSeats::OwnedUse>();
  if (!findings.Wants(broken, Effect::kReject, RetryAt(c, others))) return;
  findings.Add({Rule::kNoFittingUnit,
                broken ? absl::StrCat("units of ", c.asset.display_name, " are free, but ",
                                      UnitInWords(c), " cannot be kept for everybody who needs one",
                                      fit == UnitFit::kUndecided
                                          ? " (so many meet that not all ways were tried)"
                                          : "",
                                      ": ", c.Needed())
                       : absl::StrCat(UnitInWords(c), " of ", c.asset.display_name, " is left"),
                c.asset.id, UnitInWords(c), broken ? "all are needed by others" : "free",
                ConflictsOver(c, others, own)});
}

}  // namespace

void ApplyUnitRules(const ItemCase& c, Findings& findings) {
  ThereAreFittingUnits(c, findings);
  FittingUnitsAreLeft(c, findings);
}

}  // namespace labslot::engine
