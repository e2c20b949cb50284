#include "daemon/engine/wait_list.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/giving_way.h"
#include "daemon/engine/granting.h"
#include "daemon/engine/placing.h"
#include "daemon/engine/rehearsal.h"

namespace labslot::engine {
namespace {

// Where the run may lie: its window, or nowhere but where it is.
Interval Room(const Reservation& r) { return r.window.empty() ? r.interval : r.window; }

// True if the change takes something of what the reservation blocked away.
bool Frees(const Reservation& before, const Reservation& after) {
  return Blocks(before) && (!Blocks(after) || after.interval != before.interval ||
                            after.items != before.items || after.site != before.site);
}

// The assets of which the change frees time: a reservation that gives something
// back, or an outage that becomes another one.
std::vector<std::string> FreedBy(const Change& change) {
  std::vector<std::string> assets;
  if (!change.before) return assets;
  if (const auto* outage = std::get_if<Outage>(&*change.before)) assets.push_back(outage->asset);
  if (const auto* before = std::get_if<Reservation>(&*change.before)) {
    if (!Frees(*before, std::get<Reservation>(change.event.resource))) return assets;
    for (const ReservationItem& item : before->items) assets.push_back(item.asset);
  }
  return assets;
}

// Those, and what could not be used because of them.
std::set<std::string> FreedAssets(const Catalogue& catalogue, const Decision& decision) {
  std::set<std::string> assets;
  for (const Change& change : decision.changes) {
    for (const std::string& asset : FreedBy(change)) {
      assets.insert(asset);
      const std::vector<std::string>& related = catalogue.Related(asset);
      assets.insert(related.begin(), related.end());
    }
  }
  return assets;
}

// True if the decision changes records after which what is counted would have to
// be counted anew: such changes are not tried out.
bool ChangesRecords(const Decision& decision) {
  return std::any_of(decision.changes.begin(), decision.changes.end(), [](const Change& change) {
    const Resource& resource = change.event.resource;
    return IsRecord(resource) && !std::holds_alternative<Outage>(resource);
  });
}

bool IsChangedBy(const Decision& decision, ReservationId id) {
  return std::any_of(decision.changes.begin(), decision.changes.end(), [&](const Change& change) {
    const auto* reservation = std::get_if<Reservation>(&change.event.resource);
    return reservation != nullptr && reservation->id == id;
  });
}

// True if it waits for one of the assets, or said that one of them will do.
bool HasOneOf(const Reservation& entry, const std::set<std::string>& assets) {
  const auto has_one = [&](const std::vector<ReservationItem>& items) {
    return std::any_of(items.begin(), items.end(),
                       [&](const ReservationItem& item) { return assets.count(item.asset) > 0; });
  };
  return has_one(entry.items) ||
         std::any_of(entry.choices.begin(), entry.choices.end(),
                     [&](const Choice& choice) { return has_one(choice.items); });
}

// What is like one of the assets and waited for.
std::set<std::string> WaitedForAlike(const State& state, const std::set<std::string>& assets) {
  std::set<std::string> alike;
  for (const auto& [id, waiting] : state.all_waiting()) {
    const Asset& wanted = *state.catalogue().FindAsset(id);
    if (std::any_of(assets.begin(), assets.end(), [&](const std::string& freed) {
          return AreAlike(wanted, *state.catalogue().FindAsset(freed));
        })) {
      alike.insert(id);
    }
  }
  return alike;
}

// An entry with what decides when it is served.
struct Turn {
  Reservation entry;
  UsedPart share_used;  // when it was looked at last
};

// Who had a place and lost it goes first, then the greatest priority, then who has
// used the smaller part of his fair share, then who came first.
struct GoesBefore {
  bool operator()(const Turn& a, const Turn& b) const {
    const auto rank = [](const Reservation& r) {
      return std::make_pair(r.state != ReservationState::kDisplaced, -r.priority);
    };
    if (rank(a.entry) != rank(b.entry)) return rank(a.entry) < rank(b.entry);
    if (a.share_used < b.share_used) return true;
    if (b.share_used < a.share_used) return false;
    return a.entry.id < b.entry.id;
  }
};

// Those who wait, in the order in which they are served.
class Queue {
 public:
  bool empty() const { return turns_.empty(); }

  void Add(Reservation entry) { turns_.insert({std::move(entry), {}}); }

  // Takes out who is served next, given what those before him have got. A share that is
  // used only grows while others are served, so whoever is still first once his own was
  // looked at anew is the next.
  Reservation TakeNext(const State& state, Instant now) {
    while (true) {
      auto first = turns_.extract(turns_.begin());
      Turn& turn = first.value();
      const UsedPart used = FairSharePart(state, {turn.entry, nullptr, now});
      if (!(turn.share_used < used)) return std::move(turn.entry);
      turn.share_used = used;
      turns_.insert(std::move(first));
    }
  }

 private:
  std::set<Turn, GoesBefore> turns_;
};

// Those who wait for one of the assets, or would take one instead. Who cannot be served
// by the records as they are is left out.
Queue WaitingFor(const DecisionContext& context, const Decision& decision,
                 const std::set<std::string>& assets) {
  std::set<std::string> looked_at = WaitedForAlike(context.state, assets);
  looked_at.insert(assets.begin(), assets.end());
  std::set<ReservationId> ids;
  for (const std::string& asset : looked_at) {
    const auto& waiting = context.state.waiting(asset);
    ids.insert(waiting.begin(), waiting.end());
  }
  const std::set<ReservationId> alike = ids;
  const auto& with_choices = context.state.waiting_with_choices();
  ids.insert(with_choices.begin(), with_choices.end());
  Queue queue;
  for (const ReservationId id : ids) {
    if (IsChangedBy(decision, id)) continue;
    std::optional<Reservation> entry = context.reservations.FindReservation(id);
    if (!entry || !Waits(entry->state)) continue;
    const bool takes_one_alike = entry->like_assets && alike.contains(id);
    if (!takes_one_alike && !HasOneOf(*entry, assets)) continue;
    if (!Unsound(context.catalogue(), context.principal, *entry)) queue.Add(*std::move(entry));
  }
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
  std::optional<Reservation> offer = GrantedSomewhere(context, entry, Preference::kEarliest);
  if (!offer) return std::nullopt;
  offer->state = ReservationState::kOffered;
  offer->hold_expire_time = OfferEnd(context.now, offer->interval.start);
  offer->leaves_slot_free = false;
  offer->check_in_by = 0;
  return offer;
}

void Offer(const DecisionContext& caller, const std::set<std::string>& assets, Decision& decision) {
  const DaemonContext daemon(caller, "time was freed");
  const DecisionContext& context = daemon.get();
  Queue queue = WaitingFor(context, decision, assets);
  if (queue.empty()) return;
  Rehearsal rehearsal(context.state, decision);
  while (!queue.empty()) {
    const Reservation entry = queue.TakeNext(context.state, context.now);
    // Who had it gets it back; others are asked.
    const bool had_it = entry.state == ReservationState::kDisplaced;
    std::optional<Reservation> next = had_it ? Replaced(context, entry) : OfferTo(context, entry);
    if (!next) continue;
    rehearsal.Add(context, had_it ? EventType::kReplaced : EventType::kOffered, *std::move(next),
                  &entry);
  }
}

}  // namespace

Instant LastStart(const Reservation& reservation) {
  // It may have been moved out of its window.
  return std::max(reservation.interval.start,
                  Room(reservation).end - reservation.interval.length());
}

bool IsForOthersOnly(const Refusal& refusal) {
  return std::all_of(refusal.violations.begin(), refusal.violations.end(), [](const Violation& v) {
    return v.effect != Effect::kReject || v.rule == Rule::kCapacityExceeded ||
           v.rule == Rule::kRelatedAssetBusy || v.rule == Rule::kOutOfService ||
           v.rule == Rule::kNoFittingUnit || v.rule == Rule::kTravelDoesNotFit ||
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
  const std::set<std::string> freed = FreedAssets(context.catalogue(), decision);
  if (!freed.empty()) Offer(context, freed, decision);
}

void OfferAll(const DecisionContext& context, Decision& decision) {
  std::set<std::string> assets;
  for (const auto& [asset, waiting] : context.state.all_waiting()) assets.insert(asset);
  Offer(context, assets, decision);
}

}  // namespace labslot::engine
