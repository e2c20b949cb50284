#include "daemon/engine/units.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/domain/names.h"
#include "daemon/engine/findings.h"
#include "daemon/engine/masking.h"
#include "daemon/engine/rule_scope.h"
#include "daemon/engine/unit_uses.h"

namespace labslot::engine {
namespace {

// Why a unit of a pool cannot be handed out.
struct Taken {
  std::string why;
  std::optional<Conflict> conflict;
};

// The units of the item's pool that cannot be had for the reservation from now on, by
// id.
absl::btree_map<std::string, Taken> TakenUnits(const DecisionContext& context,
                                               const Reservation& reservation,
                                               const ReservationItem& item) {
  absl::btree_map<std::string, Taken> taken;
  const Interval wanted = OccupancyOf(reservation, item).Intersect({context.now, kNever});
  for (const auto& outage : context.catalogue().OutagesOf(item.asset)) {
    if (!outage->interval.Overlaps(wanted)) continue;
    for (const std::string& unit : outage->units) taken[unit] = {"is out of service", {}};
  }
  for (const ReservationId id : context.state.in_use(item.asset)) {
    if (id == reservation.id) continue;
    const auto other = context.reservations.FindReservation(id);
    if (!other) continue;
    for (const ReservationItem& held : other->items) {
      if (held.asset != item.asset) continue;
      const Conflict conflict = {other->id, held.asset, OccupancyOf(*other, held),
                                 static_cast<int32_t>(held.units.size())};
      for (const std::string& unit : held.units) taken[unit] = {"is handed out", conflict};
    }
  }
  return taken;
}

Error NotFree(const Asset& asset, std::string message, std::string limit, std::string found,
              std::vector<Conflict> conflicts) {
  return RefusedBy({Rule::kUnitNotFree, std::move(message), asset.id, std::move(limit),
                    std::move(found), std::move(conflicts)});
}

// Null if it has no such unit.
const Unit* FindUnit(const Asset& asset, const std::string& unit) {
  const auto found = std::find_if(asset.units.begin(), asset.units.end(),
                                  [&](const Unit& known) { return known.id == unit; });
  return found == asset.units.end() ? nullptr : &*found;
}

// Whether everybody else still gets units that do, if the item has these ones, among
// others perhaps.
bool LeavesEnough(const DecisionContext& context, const Reservation& reservation,
                  const ReservationItem& item, const std::vector<std::string>& units) {
  const Asset& asset = *context.catalogue().FindAsset(item.asset);
  if (!UnitsMatter(context.state, asset, item.unit_labels, context.now)) return true;
  const Interval blocked = OccupancyOf(reservation, item).Intersect({context.now, kNever});
  const UnitSeats::Owners himself = {reservation.id};
  const UnitUse own = UseOf(asset, blocked, item.quantity, item.unit_labels, units);
  if (FitWith(context.state, asset, own, context.now, himself) == UnitFit::kFits) return true;
  // What is wrong already is not made worse.
  return SeatsOf(context.state, asset, context.now).FitWith(blocked, {}, himself) != UnitFit::kFits;
}

// What is wrong with the units that somebody wants.
std::optional<Error> Unfit(const DecisionContext& context, const Reservation& reservation,
                           const ReservationItem& item, const std::vector<std::string>& wanted) {
  const Asset& asset = *context.catalogue().FindAsset(item.asset);
  for (const std::string& unit : wanted) {
    if (FindUnit(asset, unit) == nullptr) {
      return InvalidField(
          "units", absl::StrCat("names unit ", unit, ", which ", NameOf(asset), " does not have"));
    }
  }
  if (wanted.size() != static_cast<size_t>(item.quantity)) {
    return InvalidField("units", absl::StrCat("must name ", item.quantity, " of ", NameOf(asset),
                                              ", as many as are reserved, not ", wanted.size()));
  }
  const auto taken = TakenUnits(context, reservation, item);
  const std::string asked = LabelsInWords(item.unit_labels);
  for (const std::string& unit : wanted) {
    if (!HasLabels(item.unit_labels, FindUnit(asset, unit)->labels)) {
      return NotFree(asset,
                     absl::StrCat("unit ", unit, " of ", asset.display_name, " does not have ",
                                  asked, ", which was reserved"),
                     absl::StrCat("a unit with ", asked), "without", {});
    }
    const auto found = taken.find(unit);
    if (found == taken.end()) continue;
    std::vector<Conflict> conflicts;
    if (found->second.conflict) conflicts.push_back(*found->second.conflict);
    return NotFree(asset,
                   absl::StrCat("unit ", unit, " of ", asset.display_name, " ", found->second.why),
                   "free", found->second.why, std::move(conflicts));
  }
  if (!LeavesEnough(context, reservation, item, wanted)) {
    return NotFree(asset,
                   absl::StrCat("of ", asset.display_name, ", ", absl::StrJoin(wanted, ", "),
                                " must stay free for others, who need what other units do not "
                                "have; name other ones, or none"),
                   "a unit that others can spare", absl::StrJoin(wanted, ", "), {});
  }
  return std::nullopt;
}

// The units of the pool in the order in which they are handed out: those with the
// fewest labels first, which others are least likely to need.
std::vector<const Unit*> InOrder(const Asset& asset) {
  std::vector<const Unit*> units;
  for (const Unit& unit : asset.units) units.push_back(&unit);
  std::stable_sort(units.begin(), units.end(), [](const Unit* a, const Unit* b) {
    return a->labels.size() < b->labels.size();
  });
  return units;
}

// Up to as many free units as the item takes, those that it has first.
std::vector<std::string> FreeUnits(const DecisionContext& context, const Reservation& reservation,
                                   const ReservationItem& item) {
  const Asset& asset = *context.catalogue().FindAsset(item.asset);
  const auto taken = TakenUnits(context, reservation, item);
  std::vector<std::string> free;
  const auto add = [&](const std::string& unit, const Labels& asked) {
    const bool full = free.size() == static_cast<size_t>(item.quantity);
    const bool twice = std::find(free.begin(), free.end(), unit) != free.end();
    const Unit* known = FindUnit(asset, unit);
    if (full || twice || taken.contains(unit) || known == nullptr) return;
    if (!HasLabels(asked, known->labels)) return;
    free.push_back(unit);
    if (!LeavesEnough(context, reservation, item, free)) free.pop_back();
  };
  // What it has it keeps, even if that has lost what was asked for.
  for (const std::string& unit : item.units) add(unit, {});
  for (const Unit* unit : InOrder(asset)) add(unit->id, item.unit_labels);
  return free;
}

Result<Reservation> UnmaskedWithUnits(
    const DecisionContext& context, const Reservation& reservation,
    const std::map<std::string, std::vector<std::string>>& wanted) {
  Reservation next = reservation;
  for (const auto& entry : wanted) {
    const std::string& asset = entry.first;
    const bool reserved = std::any_of(next.items.begin(), next.items.end(),
                                      [&](const auto& item) { return item.asset == asset; });
    if (!reserved) {
      return InvalidField("units", absl::StrCat("names ", NameOf(kAssets, asset),
                                                ", which the reservation does not have"));
    }
  }
  for (ReservationItem& item : next.items) {
    const Asset& asset = *context.catalogue().FindAsset(item.asset);
    const auto named = wanted.find(item.asset);
    if (named != wanted.end()) {
      if (auto error = Unfit(context, reservation, item, named->second)) return *std::move(error);
      item.units = named->second;
    } else if (!asset.units.empty()) {
      item.units = FreeUnits(context, reservation, item);
      if (item.units.size() < static_cast<size_t>(item.quantity)) {
        return NotFree(asset,
                       absl::StrCat("not enough units of ", asset.display_name,
                                    item.unit_labels.empty() ? "" : " with ",
                                    LabelsInWords(item.unit_labels), " are back or in service yet"),
                       absl::StrCat(item.quantity, " needed"),
                       absl::StrCat(item.units.size(), " free"), {});
      }
    }
  }
  return next;
}

}  // namespace

Result<Reservation> WithUnits(const DecisionContext& context, const Reservation& reservation,
                              const std::map<std::string, std::vector<std::string>>& wanted) {
  Result<Reservation> bound = UnmaskedWithUnits(context, reservation, wanted);
  if (bound.ok() || !bound.error().refusal) return bound;
  Error error = std::move(bound).error();
  Mask(context.catalogue(), context.reservations, context.principal, error.refusal->violations);
  return error;
}

std::optional<Reservation> WithOtherUnits(const DecisionContext& context,
                                          const Reservation& reservation) {
  Reservation next = reservation;
  for (ReservationItem& item : next.items) {
    if (item.units.empty()) continue;
    std::vector<std::string> free = FreeUnits(context, reservation, item);
    if (free.size() == item.units.size()) item.units = std::move(free);
  }
  if (next == reservation) return std::nullopt;
  return next;
}

bool HasFreeUnits(const DecisionContext& context, const Reservation& reservation,
                  const ReservationItem& item) {
  if (context.catalogue().FindAsset(item.asset)->units.empty()) return true;
  return FreeUnits(context, reservation, item).size() == static_cast<size_t>(item.quantity);
}

bool HoldsUnitsFor(const Asset& asset, const Reservation& holder, const ReservationItem& item) {
  for (const ReservationItem& held : holder.items) {
    if (held.asset != asset.id) continue;
    for (const std::string& unit : held.units) {
      const Unit* known = FindUnit(asset, unit);
      if (known != nullptr && HasLabels(item.unit_labels, known->labels)) return true;
    }
  }
  return false;
}

std::string UnitsInWords(const Reservation& reservation, absl::string_view asset) {
  for (const ReservationItem& item : reservation.items) {
    if (item.asset == asset) return absl::StrJoin(item.units, ", ");
  }
  return "";
}

}  // namespace labslot::engine
