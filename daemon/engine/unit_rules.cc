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

bool WouldDoForBoth(const UnitUse& a, const UnitUse& b) {
  for (size_t unit = 0; unit < a.fitting.size(); ++unit) {
    if (a.fitting[unit] && b.fitting[unit]) return true;
  }
  return false;
}

// Those who want the same units at the same time.
std::vector<Conflict> ConflictsOver(const ItemCase& c, const std::vector<PoolUse>& uses,
                                    const UnitUse& own) {
  std::vector<Conflict> conflicts;
  for (const PoolUse& other : uses) {
    if (other.reservation == 0 || !other.use.interval.Overlaps(own.interval)) continue;
    if (!WouldDoForBoth(other.use, own)) continue;
    conflicts.push_back(
        {other.reservation, c.asset.id, other.use.interval, static_cast<int32_t>(other.use.count)});
    if (conflicts.size() == limits::kMaxConflictsShown) break;
  }
  return conflicts;
}

// A run that is moved to a later time meets those whom it meets now, until the first of
// them leaves: no start before that would do. Where they do not fit by themselves, which
// only too many outages bring about, one may be missed.
Instant RetryAt(const ItemCase& c, const std::vector<PoolUse>& uses) {
  Instant first_to_leave = c.blocked().end;
  for (const PoolUse& other : uses) {
    if (!other.use.interval.Overlaps(c.blocked())) continue;
    first_to_leave = std::min(first_to_leave, other.use.interval.end);
  }
  return first_to_leave + c.item.set_up;
}

void FittingUnitsAreLeft(const ItemCase& c, Findings& findings) {
  if (!UnitsMatter(c.state, c.asset, c.item.unit_labels) || IsTooMuchAnyhow(c)) return;
  const Interval blocked = c.blocked().Intersect({c.now(), kNever});
  if (blocked.empty()) return;
  const std::vector<PoolUse> uses =
      UsesAround(c.state, c.state.catalogue(), c.asset, blocked, c.now(),
                 c.current() == nullptr ? 0 : c.current()->id);
  const UnitUse own = UseOf(c.asset, blocked, c.item.quantity, c.item.unit_labels, c.item.units);
  const UnitFit fit = FitUses(c.asset, uses, {own});
  const bool broken = fit != UnitFit::kFits;
  if (!findings.Wants(broken, Effect::kReject, RetryAt(c, uses))) return;
  findings.Add({Rule::kNoFittingUnit,
                broken ? absl::StrCat("units of ", c.asset.display_name, " are free, but ",
                                      UnitInWords(c), " cannot be kept for everybody who needs one",
                                      fit == UnitFit::kUndecided
                                          ? " (so many meet that not all ways were tried)"
                                          : "",
                                      ": ", c.Needed())
                       : absl::StrCat(UnitInWords(c), " of ", c.asset.display_name, " is left"),
                c.asset.id, UnitInWords(c), broken ? "all are needed by others" : "free",
                broken ? ConflictsOver(c, uses, own) : std::vector<Conflict>()});
}

}  // namespace

void ApplyUnitRules(const ItemCase& c, Findings& findings) {
  ThereAreFittingUnits(c, findings);
  FittingUnitsAreLeft(c, findings);
}

bool HasUnitRules(const State& state, const ReservationItem& item) {
  return UnitsMatter(state, *state.catalogue().FindAsset(item.asset), item.unit_labels);
}

}  // namespace labslot::engine
