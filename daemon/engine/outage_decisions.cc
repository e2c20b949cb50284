#include "daemon/engine/outage_decisions.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/giving_way.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/record_decisions.h"
#include "daemon/engine/unit_givers.h"
#include "daemon/engine/units.h"

namespace labslot::engine {
namespace {

// Priority counts as in the usual rule of displacement; what is in use stays if
// anything can.
constexpr DisplacementRule kHarm = {.priority_weight = 1};
constexpr int64_t kInUse = 1000;
constexpr int64_t kGreatestHarm = 100000000;

// What is out of service from now on: the past cannot be helped.
Interval StillToCome(const Outage& outage, Instant now) {
  return outage.interval.Intersect({now, limits::kLatestInstant + limits::kLongestChangeover});
}

// The asset and, if all of it is out, those that cannot be used without it.
std::vector<std::string> AssetsHit(const Catalogue& catalogue, const Outage& outage) {
  const Asset& asset = *catalogue.FindAsset(outage.asset);
  std::vector<std::string> assets;
  if (IsOfAll(outage, asset)) assets = RelativesOf(catalogue, asset);
  assets.insert(assets.begin(), asset.id);
  return assets;
}

// True if it takes some of the units of a pool of which it matters who gets which.
bool LeavesUnitsThatMatter(const State& state, const Outage& outage, Instant now) {
  const Asset& asset = *state.catalogue().FindAsset(outage.asset);
  return !IsOfAll(outage, asset) && UnitsMatter(state, asset, {}, now);
}

// What outages leave of the assets that this one hits.
std::vector<Squeeze> SqueezesOf(const Catalogue& catalogue, const Outage& outage, Instant now) {
  std::vector<Squeeze> squeezes;
  for (const std::string& id : AssetsHit(catalogue, outage)) {
    VisitService(catalogue, *catalogue.FindAsset(id), StillToCome(outage, now),
                 [&](const Interval& part, int32_t in_service) {
                   squeezes.push_back({id, part, in_service});
                 });
  }
  return squeezes;
}

int64_t HarmOfOutage(const Reservation& reservation, Instant now) {
  const int64_t harm = HarmOf(kHarm, reservation, now, absl::UTCTimeZone());
  return reservation.interval.start <= now ? std::min(harm, kGreatestHarm) * kInUse : harm;
}

bool IsThere(const Reservation& r, const Outage& outage, const Interval& times) {
  return std::any_of(r.items.begin(), r.items.end(), [&](const ReservationItem& item) {
    return item.asset == outage.asset && OccupancyOf(r, item).Overlaps(times);
  });
}

// Those who have to give way to it: of units that are all alike as many as must, of
// others also who asks for what is not left.
std::vector<GivingWay> GiversTo(const DecisionContext& context, const Outage& outage) {
  const Interval times = StillToCome(outage, context.now);
  std::optional<std::vector<GivingWay>> givers;
  if (LeavesUnitsThatMatter(context.state, outage, context.now)) {
    givers = LeastHarmOnUnits(context, *context.catalogue().FindAsset(outage.asset), times, {},
                              times.start, [&](const Reservation& r) -> std::optional<int64_t> {
                                if (!IsThere(r, outage, times)) return std::nullopt;
                                return HarmOfOutage(r, context.now);
                              });
  }
  if (!givers) {
    givers = LeastHarm(context, SqueezesOf(context.catalogue(), outage, context.now),
                       [&](const Reservation& r) { return HarmOfOutage(r, context.now); });
  }
  // Nobody is beyond an outage, so there are always some who make room.
  SortGivers(*givers);
  return *std::move(givers);
}

// Others than the givers who hold a unit that is out of service get another one.
void Rebind(const DecisionContext& context, const Outage& outage, Rehearsal& rehearsal,
            std::vector<Hit>& hits) {
  if (outage.units.empty()) return;
  const Timeline& timeline = context.state.timeline(outage.asset);
  for (const Occupant& occupant :
       timeline.Overlapping(StillToCome(outage, context.now), timeline.size())) {
    const auto current = context.reservations.FindReservation(occupant.reservation);
    const bool is_giver = std::any_of(hits.begin(), hits.end(), [&](const Hit& hit) {
      return hit.reservation == occupant.reservation;
    });
    if (!current || is_giver || IsFinal(current->state)) continue;
    std::optional<Reservation> rebound = WithOtherUnits(context, *current);
    if (!rebound) continue;
    hits.push_back({current->id, HitOutcome::kRebound,
                    absl::StrCat("it goes on with ", UnitsInWords(*rebound, outage.asset))});
    rehearsal.Add(context, EventType::kUpdated, *std::move(rebound), &*current);
  }
}

void KeepHits(std::vector<Hit> hits, Outage& outage) {
  std::move(hits.begin(), hits.end(), std::back_inserter(outage.hits));
  if (outage.hits.size() > limits::kMaxHitsKept) {
    outage.hits.erase(outage.hits.begin(),
                      outage.hits.end() - static_cast<std::ptrdiff_t>(limits::kMaxHitsKept));
  }
}

// The reason that those who are hit are told: not the words on what is wrong, which
// are for those who mend it.
std::string ReasonFor(const DecisionContext& context, const Outage& outage) {
  const Asset& asset = *context.catalogue().FindAsset(outage.asset);
  return absl::StrCat(asset.display_name, " is out of service",
                      outage.category.empty() ? "" : absl::StrCat(" (", outage.category, ")"), ": ",
                      NameOf(kOutages, outage.id));
}

// Makes `next` the outage that holds, and deals with whom it hits.
Decision Put(const DecisionContext& caller, Outage next, const Outage* before) {
  const DaemonContext daemon(caller, ReasonFor(caller, next));
  const DecisionContext& context = daemon.get();
  next.update_time = context.now;
  Decision decision;
  decision.guards.push_back(GuardOfAsset(next.asset));
  std::vector<Hit> hits;
  {
    Rehearsal rehearsal(caller.state, decision);
    const EventType type = before == nullptr ? EventType::kCreated : EventType::kUpdated;
    rehearsal.AddRecord(caller, type, next, before);
    const std::vector<GivingWay> givers = GiversTo(context, next);
    TakeAway(context, givers, NameOf(kOutages, next.id), StillToCome(next, context.now).start,
             rehearsal);
    hits = Resettle(context, givers, rehearsal);
    Rebind(context, next, rehearsal, hits);
  }
  auto& outage = std::get<Outage>(decision.changes.front().event.resource);
  KeepHits(std::move(hits), outage);
  decision.result = outage;
  return decision;
}

// How far it reaches if nobody knows its end.
void Reach(Instant now, Outage& outage) {
  if (!outage.open) return;
  outage.interval.end = std::max(now, outage.interval.start) + limits::kOutageReach;
}

std::optional<Error> Inadmissible(const DecisionContext& context, const Outage& next,
                                  const Outage* before) {
  Catalogue after = context.catalogue();
  after.Put(next);
  const std::optional<Resource> old =
      before == nullptr ? std::nullopt : std::optional<Resource>(*before);
  return Inadmissible(context.catalogue(), context.principal, after, {{next, old, "outage"}});
}

}  // namespace

Result<Decision> CreateOutage(const DecisionContext& context, const Outage& outage) {
  Outage next = outage;
  if (next.id.empty()) next.id = absl::StrCat("outage-", context.state.head() + 1);
  next.create_time = context.now;
  Reach(context.now, next);
  if (auto error = Inadmissible(context, next, nullptr)) return *std::move(error);
  if (context.catalogue().FindOutage(next.id) != nullptr) return IdInUse(NameOf(next));
  return Put(context, std::move(next), nullptr);
}

Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Outage>& command) {
  const Outage* found = context.catalogue().FindOutage(command.id);
  if (found == nullptr) return NotFound(NameOf(kOutages, command.id));
  const Outage before = *found;
  if (command.etag != 0 && command.etag != before.revision) return EtagMismatch(NameOf(before));
  Result<Outage> patched = command.patch(before);
  if (!patched.ok()) return std::move(patched).error();
  Outage next = std::move(patched).value();
  if (next.open && !before.open) Reach(context.now, next);
  if (auto error = Inadmissible(context, next, &before)) return *std::move(error);
  if (next == before) {
    Decision decision;
    decision.result = before;
    return decision;
  }
  return Put(context, std::move(next), &before);
}

Result<Decision> DecideBody(const DecisionContext& context, const ExtendOutage& command) {
  if (context.principal != DaemonPrincipal()) {
    return RoleRequired("extend an outage: the clock of the daemon does", kAdministratorRole);
  }
  const Outage* found = context.catalogue().FindOutage(command.id);
  if (found == nullptr || !found->open) return NotFound(NameOf(kOutages, command.id));
  const Outage before = *found;
  Outage next = before;
  Reach(context.now, next);
  return Put(context, std::move(next), &before);
}

std::optional<Instant> NextOutageDue(const Catalogue& catalogue) {
  if (catalogue.open_outages().empty()) return std::nullopt;
  return catalogue.open_outages().begin()->first - limits::kOutageReachLeft;
}

}  // namespace labslot::engine
