#include "daemon/engine/wait_list.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/earliest_start.h"
#include "daemon/engine/granting.h"

namespace labslot::engine {
namespace {

// Where the run may lie: its window, or nowhere but where it is.
Interval Room(const Reservation& r) { return r.window.empty() ? r.interval : r.window; }

Instant LastStart(const Reservation& r) { return Room(r).end - r.interval.length(); }

// True if the change takes something of what the reservation blocked away.
bool Frees(const Reservation& before, const Reservation& after) {
  return Blocks(before) && (!Blocks(after) || after.interval != before.interval ||
                            after.items != before.items || after.site != before.site);
}

// The assets on which the changes of the decision free time.
std::set<std::string> FreedAssets(const Catalogue& catalogue, const Decision& decision) {
  std::set<std::string> assets;
  for (const Change& change : decision.changes) {
    const auto* after = std::get_if<Reservation>(&change.event.resource);
    if (after == nullptr || !change.before) continue;
    const auto& before = std::get<Reservation>(*change.before);
    if (!Frees(before, *after)) continue;
    for (const ReservationItem& item : before.items) {
      assets.insert(item.asset);
      const std::vector<std::string>& related = catalogue.Related(item.asset);
      assets.insert(related.begin(), related.end());
    }
  }
  return assets;
}

// True if the decision changes more than reservations and series. Such changes are
// not tried out: what is counted would have to be counted anew.
bool ChangesRecords(const Decision& decision) {
  return std::any_of(decision.changes.begin(), decision.changes.end(), [](const Change& change) {
    return !std::holds_alternative<Reservation>(change.event.resource) &&
           !std::holds_alternative<Series>(change.event.resource);
  });
}

bool IsChangedBy(const Decision& decision, ReservationId id) {
  return std::any_of(decision.changes.begin(), decision.changes.end(), [&](const Change& change) {
    const auto* reservation = std::get_if<Reservation>(&change.event.resource);
    return reservation != nullptr && reservation->id == id;
  });
}

// Those who wait for one of the assets, in the order in which they are served.
std::vector<Reservation> Queue(const DecisionContext& context, const Decision& decision,
                               const std::set<std::string>& assets) {
  std::set<ReservationId> ids;
  for (const std::string& asset : assets) {
    const auto& waiting = context.state.waiting(asset);
    ids.insert(waiting.begin(), waiting.end());
  }
  std::vector<Reservation> queue;
  for (const ReservationId id : ids) {
    if (IsChangedBy(decision, id)) continue;
    std::optional<Reservation> entry = context.reservations.FindReservation(id);
    if (entry && entry->state == ReservationState::kWaitlisted) queue.push_back(*std::move(entry));
  }
  std::stable_sort(queue.begin(), queue.end(), [](const Reservation& a, const Reservation& b) {
    return a.priority > b.priority;
  });
  return queue;
}

// Half of the time that is left to the start, within bounds: who is offered
// something for tomorrow must not block it until then.
Instant OfferEnd(Instant now, Instant start) {
  const Seconds half = (start - now) / 2;
  const Seconds life =
      std::clamp<Seconds>(half, limits::kShortestOfferLife, limits::kLongestOfferLife);
  return std::min(now + life, start);
}

// What is offered to an entry now, if there is anything.
std::optional<Reservation> OfferTo(const DecisionContext& context, const Reservation& entry) {
  if (Unsound(context.catalogue(), context.principal, entry)) return std::nullopt;
  Reservation next = entry;
  TakeOverChangeoverTimes(context.catalogue(), nullptr, next);
  // What begins now cannot be taken any more.
  const Instant from = context.now + 1;
  const std::optional<Interval> run = EarliestInWindow(context.state, next, context.now, from);
  if (!run || run->start < from) return std::nullopt;
  next.interval = *run;
  Result<Reservation> granted = Grant(context, std::move(next), nullptr, 0, false);
  if (!granted.ok()) return std::nullopt;
  Reservation offer = std::move(granted).value();
  offer.state = ReservationState::kOffered;
  offer.hold_expire_time = OfferEnd(context.now, offer.interval.start);
  offer.leaves_slot_free = false;
  offer.check_in_by = 0;
  return offer;
}

void Offer(const DecisionContext& caller, const std::set<std::string>& assets, Decision& decision) {
  const std::vector<Reservation> queue = Queue(caller, decision, assets);
  if (queue.empty()) return;
  const Principal daemon = DaemonPrincipal();
  const std::string reason = "time was freed";
  const std::string no_override;
  const DecisionContext context{caller.state, caller.reservations, daemon,
                                reason,       no_override,         caller.now};
  // From the head that the decision starts from, which the trial moves.
  Trial trial(context.state);
  for (const Change& change : decision.changes) trial.Apply(change.event, change.before_or_null());
  for (const Reservation& entry : queue) {
    std::optional<Reservation> offer = OfferTo(context, entry);
    if (!offer) continue;
    AddReservationChange(context, EventType::kOffered, *std::move(offer), &entry, decision);
    const Change& added = decision.changes.back();
    trial.Apply(added.event, added.before_or_null());
  }
}

}  // namespace

std::optional<Interval> EarliestInWindow(const State& state, const Reservation& reservation,
                                         Instant now, Instant from) {
  const Seconds length = reservation.interval.length();
  if (reservation.window.empty()) {
    if (Passes(state, {reservation, nullptr, now})) return reservation.interval;
    return std::nullopt;
  }
  const Interval window = {std::max(from, reservation.window.start), reservation.window.end};
  const IntervalSet starts = FeasibleStarts(state, DemandOf(reservation, nullptr), length, window);
  const auto start = EarliestStart(state, {reservation, nullptr, now}, starts, window.start);
  if (!start) return std::nullopt;
  return Interval{*start, *start + length};
}

bool IsForOthersOnly(const Refusal& refusal) {
  return std::all_of(refusal.violations.begin(), refusal.violations.end(), [](const Violation& v) {
    return v.effect != Effect::kReject || v.rule == Rule::kCapacityExceeded ||
           v.rule == Rule::kRelatedAssetBusy || v.rule == Rule::kTravelDoesNotFit ||
           v.rule == Rule::kTourTooLong;
  });
}

Result<Reservation> Waiting(const DecisionContext& context, Reservation reservation) {
  for (const ReservationItem& item : reservation.items) {
    const size_t waiting = context.state.waiting(item.asset).size();
    if (waiting < limits::kMaxWaiting) continue;
    const Asset& asset = *context.catalogue().FindAsset(item.asset);
    return RefusedBy({Rule::kWaitListFull,
                      absl::StrCat("the wait list of ", asset.display_name, " is full"),
                      item.asset,
                      absl::StrCat(limits::kMaxWaiting, " wait at most"),
                      absl::StrCat(waiting, " wait"),
                      {}});
  }
  reservation.state = ReservationState::kWaitlisted;
  reservation.hold_expire_time = LastStart(reservation);
  return reservation;
}

void OfferFreedTime(const DecisionContext& context, Decision& decision) {
  if (ChangesRecords(decision)) return;
  Offer(context, FreedAssets(context.catalogue(), decision), decision);
}

void OfferAll(const DecisionContext& context, Decision& decision) {
  std::set<std::string> assets;
  for (const auto& [asset, waiting] : context.state.all_waiting()) assets.insert(asset);
  Offer(context, assets, decision);
}

}  // namespace labslot::engine
