#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/sim/model.h"

// The part of the model about units of pools whose units differ. Which ones somebody
// gets, if he names none, is a choice, and read from the log; here: they may be handed
// out to him, and somebody gets some whenever there are any that may.

namespace labslot::sim {
namespace {

bool HasOneOf(const ReservationItem& item, const std::set<std::string>& units) {
  return std::any_of(item.units.begin(), item.units.end(),
                     [&](const std::string& unit) { return units.count(unit) > 0; });
}

// Those who have something of the asset at some time of the span, by start.
std::vector<ReservationId> HoldersIn(const Books& books, const std::string& asset,
                                     const Interval& span) {
  std::vector<std::pair<Instant, ReservationId>> holders;
  for (const auto& [id, r] : books.reservations) {
    for (const ReservationItem& item : r.items) {
      const Interval taken = TakenBy(r, item);
      if (item.asset == asset && Blocks(r) && !taken.Intersect(span).empty()) {
        holders.push_back({taken.start, id});
      }
    }
  }
  std::sort(holders.begin(), holders.end());
  std::vector<ReservationId> ids;
  for (const auto& [start, id] : holders) ids.push_back(id);
  return ids;
}

}  // namespace

// Units that the next event says the reservation has; none if it is about something else.
std::vector<std::string> Model::SeenToGet(ReservationId id, const std::string& asset) const {
  const Reservation* seen = ReservationAt(log_, head_ + 1);
  if (seen == nullptr || seen->id != id) return {};
  for (const ReservationItem& item : seen->items) {
    if (item.asset == asset) return item.units;
  }
  return {};
}

bool Model::AreThereUnitsFor(const Reservation& next, const ReservationItem& item,
                             Instant now) const {
  return books_.things.at(item.asset).units.empty() || !books_.HandOuts(next, item, now).empty();
}

bool Model::HoldsUnitsFor(const Reservation& holder, const ReservationItem& item) const {
  const auto& units = books_.things.at(item.asset).units;
  return std::any_of(holder.items.begin(), holder.items.end(), [&](const auto& held) {
    return held.asset == item.asset &&
           std::any_of(held.units.begin(), held.units.end(), [&](const std::string& unit) {
             return HasLabels(units.at(unit), item.unit_labels);
           });
  });
}

// Why it cannot have the units that it names, or any.
std::optional<Outcome> Model::BindUnits(const Request& request, Reservation& next, Instant now) {
  const bool is_of_pool = std::any_of(next.items.begin(), next.items.end(),
                                      [](const auto& item) { return item.asset == kUnitPool; });
  if (!request.units.empty() && !is_of_pool) return Failed(ErrorKind::kInvalidFields);
  for (ReservationItem& item : next.items) {
    const auto& units = books_.things.at(item.asset).units;
    if (units.empty()) continue;
    if (!request.units.empty()) {
      const bool known = std::all_of(request.units.begin(), request.units.end(),
                                     [&](const auto& unit) { return units.count(unit) > 0; });
      const bool as_many = request.units.size() == static_cast<size_t>(item.quantity);
      if (!known || !as_many) return Failed(ErrorKind::kInvalidFields);
      if (!books_.MayBeHandedOut(request.units, next, item, now)) {
        return Failed(ErrorKind::kRefused);
      }
      item.units = request.units;
    } else if (!BindSeenUnits(next, item, now)) {
      return Failed(ErrorKind::kRefused);
    }
  }
  return std::nullopt;
}

// Binds those units of the item that it was seen to get, or some where nothing was seen.
// False if there are none.
bool Model::BindSeenUnits(const Reservation& next, ReservationItem& item, Instant now) {
  const std::vector<std::vector<std::string>> sets = books_.HandOuts(next, item, now);
  if (sets.empty()) return false;
  const std::vector<std::string> seen = SeenToGet(next.id, item.asset);
  std::vector<std::string> in_order = seen;
  std::sort(in_order.begin(), in_order.end());
  if (!seen.empty() && std::count(sets.begin(), sets.end(), in_order) == 0) {
    objections_.push_back(
        absl::StrCat("reservation ", next.id, " must not have got ", absl::StrJoin(seen, ", ")));
  }
  item.units = seen.empty() ? sets.front() : seen;
  return true;
}

// Whoever has the unit, and does not give way, goes on with another one if he can.
void Model::Rebind(const Fault& fault, const std::vector<Reservation>& givers, Instant now) {
  const Interval out = fault.interval.Intersect({now, kEver});
  for (const ReservationId id : HoldersIn(books_, fault.asset, out)) {
    const bool gave_way = std::any_of(givers.begin(), givers.end(),
                                      [&](const Reservation& giver) { return giver.id == id; });
    if (gave_way) continue;
    const Reservation current = books_.reservations.at(id);
    Reservation next = current;
    for (size_t i = 0; i < next.items.size(); ++i) {
      ReservationItem& item = next.items[i];
      const Interval rest = OccupancyOf(current, item).Intersect({now, kEver});
      const std::set<std::string> lost = books_.UnitsOut(item.asset, rest);
      if (!HasOneOf(item, lost) || !BindSeenUnits(current, item, now)) continue;
      MustHaveKept(id, current.items[i].units, item.units, lost);
    }
    if (!(next == current)) Commit(std::move(next), current, now);
  }
}

// Nobody changes a unit that stays in service.
void Model::MustHaveKept(ReservationId id, const std::vector<std::string>& before,
                         const std::vector<std::string>& after, const std::set<std::string>& lost) {
  for (const std::string& unit : before) {
    if (lost.count(unit) > 0 || std::count(after.begin(), after.end(), unit) > 0) continue;
    objections_.push_back(absl::StrCat("reservation ", id, " need not have changed ", unit));
  }
}

}  // namespace labslot::sim
