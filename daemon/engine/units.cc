#include "daemon/engine/units.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/domain/names.h"
#include "daemon/engine/findings.h"

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

bool Has(const Asset& asset, const std::string& unit) {
  return std::any_of(asset.units.begin(), asset.units.end(),
                     [&](const Unit& known) { return known.id == unit; });
}

// What is wrong with the units that somebody wants.
std::optional<Error> Unfit(const DecisionContext& context, const Reservation& reservation,
                           const ReservationItem& item, const std::vector<std::string>& wanted) {
  const Asset& asset = *context.catalogue().FindAsset(item.asset);
  for (const std::string& unit : wanted) {
    if (!Has(asset, unit)) {
      return InvalidField(
          "units", absl::StrCat("names unit ", unit, ", which ", NameOf(asset), " does not have"));
    }
  }
  if (wanted.size() != static_cast<size_t>(item.quantity)) {
    return InvalidField("units", absl::StrCat("must name ", item.quantity, " of ", NameOf(asset),
                                              ", as many as are reserved, not ", wanted.size()));
  }
  const auto taken = TakenUnits(context, reservation, item);
  for (const std::string& unit : wanted) {
    const auto found = taken.find(unit);
    if (found == taken.end()) continue;
    std::vector<Conflict> conflicts;
    if (found->second.conflict) conflicts.push_back(*found->second.conflict);
    return NotFree(asset,
                   absl::StrCat("unit ", unit, " of ", asset.display_name, " ", found->second.why),
                   "free", found->second.why, std::move(conflicts));
  }
  return std::nullopt;
}

// Up to as many free units as the item takes, those that it has first.
std::vector<std::string> FreeUnits(const DecisionContext& context, const Reservation& reservation,
                                   const ReservationItem& item) {
  const Asset& asset = *context.catalogue().FindAsset(item.asset);
  const auto taken = TakenUnits(context, reservation, item);
  std::vector<std::string> free;
  const auto add = [&](const std::string& unit) {
    const bool full = free.size() == static_cast<size_t>(item.quantity);
    const bool twice = std::find(free.begin(), free.end(), unit) != free.end();
    if (!full && !twice && !taken.contains(unit) && Has(asset, unit)) free.push_back(unit);
  };
  for (const std::string& unit : item.units) add(unit);
  for (const Unit& unit : asset.units) add(unit.id);
  return free;
}

}  // namespace

Result<Reservation> WithUnits(const DecisionContext& context, const Reservation& reservation,
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
        return NotFree(
            asset,
            absl::StrCat("not enough units of ", asset.display_name, " are back or in service yet"),
            absl::StrCat(item.quantity, " needed"), absl::StrCat(item.units.size(), " free"), {});
      }
    }
  }
  return next;
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

std::string UnitsInWords(const Reservation& reservation, absl::string_view asset) {
  for (const ReservationItem& item : reservation.items) {
    if (item.asset == asset) return absl::StrJoin(item.units, ", ");
  }
  return "";
}

}  // namespace labslot::engine
