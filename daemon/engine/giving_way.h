#ifndef LABSLOT_DAEMON_ENGINE_GIVING_WAY_H_
#define LABSLOT_DAEMON_ENGINE_GIVING_WAY_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/engine/decision_context.h"
#include "daemon/engine/rehearsal.h"

namespace labslot::engine {

// What outages and displacement have in common: somebody has to give way, with as
// little harm as possible, and gets another place if there is one.

// Room that those who are there leave: of the asset at most `allowed` is theirs at
// any instant of the interval. Several of one asset touch each other, in order of
// time, or are the same.
struct Squeeze {
  std::string asset;
  Interval interval;
  int32_t allowed = 0;
};

// Somebody who has to give way, and the harm that is done to him in weighted
// unit-seconds.
struct GivingWay {
  Reservation reservation;
  int64_t harm = 0;
};

// The harm of displacing a reservation now, and what a request is worth: weighted
// unit-seconds, as the API's DisplacementRule says.
int64_t HarmOf(const DisplacementRule& rule, const Reservation& reservation, Instant now,
               const absl::TimeZone& zone);
int64_t WorthOf(const DisplacementRule& rule, const Reservation& reservation);

// Those who have to give way so that all squeezes hold, with the least sum of harm:
// by priority, the greatest first, then by number. `harm_of` says the harm, or
// nothing for who cannot give way. Nothing if the squeezes cannot hold. Exact, but
// where units are taken several at once and the search for the best choice is cut
// short by limits::kMaxDisplacementNodes.
std::optional<std::vector<GivingWay>> LeastHarm(
    const DecisionContext& context, const std::vector<Squeeze>& squeezes,
    const std::function<std::optional<int64_t>(const Reservation&)>& harm_of);

// What somebody who gives way keeps, if anything: who has begun goes on until `ends_at`.
std::optional<Reservation> KeptBy(const Reservation& current, Instant ends_at, Instant now);

// Takes away what they have, because of `cause`, a name: a hold is given up, an
// offer goes back to the wait list, a run that has begun ends at `ends_at`, all
// others become displaced. The reason is that of the context.
void TakeAway(const DecisionContext& context, const std::vector<GivingWay>& givers,
              const std::string& cause, Instant ends_at, Rehearsal& rehearsal);

// Gives those who were displaced in the decision another place, where one is left
// that will do, and tells what became of each of `givers`, in their order.
std::vector<Hit> Resettle(const DecisionContext& context, const std::vector<GivingWay>& givers,
                          Rehearsal& rehearsal);

// In the order in which they are served: by priority, the greatest first, then by
// number.
void SortGivers(std::vector<GivingWay>& givers);

// The reservation as the decision leaves it; null if it does not change it.
const Reservation* LastVersion(const Decision& decision, ReservationId id);

// A displaced reservation in another place: granted anew, in the same state of
// approval as anything that is booked. Nothing if none will do now.
std::optional<Reservation> Replaced(const DecisionContext& context, const Reservation& displaced);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_GIVING_WAY_H_
