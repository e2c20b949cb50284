#ifndef LABSLOT_DAEMON_ENGINE_UNITS_H_
#define LABSLOT_DAEMON_ENGINE_UNITS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// The units of pools that name theirs. A booking is for any of them, or any that have
// what it asks for; which ones it gets is decided when it is checked in.

// The reservation with the units that it is handed out: those wanted, by pool, or
// the first free ones that others can spare. The error names the field, or is a refusal, if one
// cannot be had.
Result<Reservation> WithUnits(const DecisionContext& context, const Reservation& reservation,
                              const std::map<std::string, std::vector<std::string>>& wanted);

// The reservation with other units in place of those of its units that are out of
// service; nothing if there is no need, or no other unit is free.
std::optional<Reservation> WithOtherUnits(const DecisionContext& context,
                                          const Reservation& reservation);

// True if as many units as the item takes can be handed out to the reservation now, or
// its pool names none.
bool HasFreeUnits(const DecisionContext& context, const Reservation& reservation,
                  const ReservationItem& item);

// True if `holder` has a unit of the asset that has what the item asks for.
bool HoldsUnitsFor(const Asset& asset, const Reservation& holder, const ReservationItem& item);

// The units of the reservation on the asset, in words: `rig-3, rig-5`.
std::string UnitsInWords(const Reservation& reservation, absl::string_view asset);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNITS_H_
