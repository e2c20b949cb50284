#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "daemon/domain/names.h"
#include "tests/sim/model.h"

// The part of the model about those who give way. Who they are is a choice where
// several could, and read from the log; that the choice does least harm is tested in
// the engine (giving_way_property_test.cc). Here: nobody goes who must not or need not,
// and everything that follows from it is as it has to be.

namespace labslot::sim {
namespace {

int64_t Weighted(const Reservation& r) {
  int64_t units = 0;
  for (const ReservationItem& item : r.items) units += item.quantity;
  return std::llround(static_cast<double>(units * r.interval.length()) *
                      (1 + kPriorityWeight * r.priority));
}

bool MayBeDisplaced(const Reservation& r, const Reservation& by, Instant now) {
  return Blocks(r) && !r.firm && r.state != ReservationState::kCheckedIn &&
         r.interval.start > now && r.priority + kPriorityGap <= by.priority;
}

bool IsWorth(const Reservation& wish, const std::vector<Reservation>& givers) {
  int64_t harm = 0;
  for (const Reservation& giver : givers) harm += Weighted(giver);
  return static_cast<double>(Weighted(wish)) >= kLeastGain * static_cast<double>(harm);
}

// The order in which they go and are looked after.
void Order(std::vector<Reservation>& givers) {
  std::sort(givers.begin(), givers.end(), [](const Reservation& a, const Reservation& b) {
    return std::make_pair(-a.priority, a.id) < std::make_pair(-b.priority, b.id);
  });
}

bool TakesSomethingIn(const Books& books, const Reservation& r, const Fault& fault, Instant now) {
  const bool of_all =
      fault.quantity == 0 || fault.quantity >= books.things.at(fault.asset).capacity;
  return std::any_of(r.items.begin(), r.items.end(), [&](const auto& item) {
    const bool hit =
        item.asset == fault.asset || (of_all && books.Relatives(item.asset, fault.asset));
    return hit && !TakenBy(r, item).Intersect(fault.interval).Intersect({now, kEver}).empty();
  });
}

Reservation CutShort(const Reservation& current, Instant ends_at, Instant now) {
  Reservation next = current;
  next.interval.end = std::min(current.interval.end, ends_at);
  for (size_t i = 0; i < next.items.size(); ++i) {
    const Instant clear_at = std::min(OccupancyOf(current, current.items[i]).end, ends_at);
    next.items[i].tear_down = std::max<Seconds>(0, clear_at - next.interval.end);
  }
  if (next.state == ReservationState::kCheckedIn && next.interval.end <= now) {
    next.state = ReservationState::kCompleted;
    next.use.check_out = next.interval.end;
    next.use.close_by = 0;
  }
  return next;
}

// Without its slot: on the wait list, or called off if it cannot wait.
Reservation WithoutSlot(const Reservation& current, const std::string& cause, Instant now) {
  Reservation next = current;
  next.displaced_by = cause;
  next.check_in_by = 0;
  next.leaves_slot_free = false;
  const Instant last_start = LastStartOf(current);
  if (current.state == ReservationState::kHeld || last_start <= now) {
    next.state = ReservationState::kCancelled;
    next.hold_expire_time = 0;
    return next;
  }
  next.state = current.state == ReservationState::kOffered ? ReservationState::kWaitlisted
                                                           : ReservationState::kDisplaced;
  next.hold_expire_time = last_start;
  for (ReservationItem& item : next.items) item.units.clear();
  next.use = Use();
  next.returns.clear();
  return next;
}

// Finds the creation that a wish led to.
bool IsOf(const Reservation& made, const Reservation& wish) {
  return made.user == wish.user && made.priority == wish.priority && made.items == wish.items &&
         made.interval == wish.interval;
}

}  // namespace

const Event* EventAt(const std::vector<Event>* log, Revision revision) {
  if (log == nullptr || log->empty() || revision < log->front().revision) return nullptr;
  const auto place = static_cast<size_t>(revision - log->front().revision);
  return place < log->size() ? &(*log)[place] : nullptr;
}

const Reservation* ReservationAt(const std::vector<Event>* log, Revision revision) {
  const Event* event = EventAt(log, revision);
  return event == nullptr ? nullptr : std::get_if<Reservation>(&event->resource);
}

// Those of the next events up to the creation of the one that displaces them.
std::vector<Reservation> Model::SeenToGiveWay(ReservationId for_whom) const {
  std::vector<Reservation> givers;
  for (Revision revision = head_ + 1; revision < for_whom; ++revision) {
    const Reservation* gone = ReservationAt(log_, revision);
    if (gone == nullptr || gone->displaced_by != NameOf(for_whom)) return {};
    givers.push_back(books_.reservations.at(gone->id));
  }
  return givers;
}

std::vector<Reservation> Model::SeenToBeHit(const std::string& fault) const {
  std::vector<Reservation> givers;
  const Event* event = EventAt(log_, head_ + 1);
  const auto* outage = event == nullptr ? nullptr : std::get_if<Outage>(&event->resource);
  if (outage == nullptr || outage->id != fault) return givers;
  size_t known = 0;
  // What is new may have the name of one that is gone.
  const Revision last_known = event->type == EventType::kCreated ? 0 : head_;
  for (Revision revision = last_known; known == 0 && revision > 0; --revision) {
    const Event* before = EventAt(log_, revision);
    if (before == nullptr) break;
    const auto* earlier = std::get_if<Outage>(&before->resource);
    if (earlier == nullptr || earlier->id != fault) continue;
    known = earlier->hits.size();
    break;
  }
  for (size_t i = known; i < outage->hits.size(); ++i) {
    if (outage->hits[i].outcome == HitOutcome::kRebound) continue;
    givers.push_back(books_.reservations.at(outage->hits[i].reservation));
  }
  return givers;
}

// Others stand in the way, and the rules let all of them be displaced.
bool Model::MayDisplaceFor(const Reservation& wish, Instant now) const {
  bool in_the_way = false;
  for (const ReservationItem& item : wish.items) {
    Reservation alone = wish;
    alone.items = {item};
    if (books_.IsFree(alone, nullptr, now)) continue;
    if (!books_.MayDisplaceOn(item.asset)) return false;
    in_the_way = true;
  }
  return in_the_way;
}

// Those who gave way to the wish; none if it was refused, or nothing is known.
std::vector<Reservation> Model::SeenToGiveWayTo(const Reservation& wish) const {
  const Revision last = log_ == nullptr || log_->empty() ? head_ : log_->back().revision;
  for (ReservationId id = head_ + 2; id <= last; ++id) {
    const Reservation* made = ReservationAt(log_, id);
    if (made == nullptr || made->id != id || !IsOf(*made, wish)) continue;
    if (std::vector<Reservation> givers = SeenToGiveWay(id); !givers.empty()) return givers;
  }
  return {};
}

// All go who may, and those who do most harm come back first, as far as there is room.
// Nothing if that is not enough.
std::optional<std::vector<Reservation>> Model::EnoughToGiveWayTo(const Reservation& wish,
                                                                 Instant now) const {
  std::vector<Reservation> movable;
  Books rest = books_;
  for (const auto& [id, r] : books_.reservations) {
    if (!MayBeDisplaced(r, wish, now)) continue;
    movable.push_back(r);
    rest.reservations.erase(id);
  }
  if (!rest.Passes(wish, nullptr, now)) return std::nullopt;
  rest.reservations[wish.id] = wish;
  std::stable_sort(movable.begin(), movable.end(), [](const Reservation& a, const Reservation& b) {
    return Weighted(a) > Weighted(b);
  });
  std::vector<Reservation> gone;
  for (const Reservation& r : movable) {
    if (rest.IsFree(r, nullptr, now)) {
      rest.reservations[r.id] = r;
    } else {
      gone.push_back(r);
    }
  }
  // Nobody gives way for the way from or to where he is.
  rest.reservations.erase(wish.id);
  if (!rest.Passes(wish, nullptr, now)) return std::nullopt;
  Order(gone);
  return gone;
}

// If those are gone: then nobody gives way for it.
bool Model::WouldLeaveSlotFree(const Reservation& wish, const std::vector<Reservation>& givers,
                               Instant now) const {
  Books rest = books_;
  for (const Reservation& giver : givers) rest.reservations.erase(giver.id);
  Reservation next = wish;
  next.notes = rest.NotesOn(next, nullptr, now);
  return AwaitsApproval(next) && rest.LeavesSlotFree(next);
}

Outcome Model::Displace(const Request& request, const Reservation& wish, Instant now) {
  if (!MayDisplaceFor(wish, now)) return Failed(ErrorKind::kRefused);
  std::vector<Reservation> givers = SeenToGiveWayTo(wish);
  const bool seen = !givers.empty();
  if (!seen) {
    const auto enough = EnoughToGiveWayTo(wish, now);
    if (!enough) return Failed(ErrorKind::kRefused);
    givers = *enough;
  }
  if (!IsWorth(wish, givers)) return Failed(ErrorKind::kRefused);
  if (request.hold_for == 0 && WouldLeaveSlotFree(wish, givers, now)) {
    return Failed(ErrorKind::kRefused);
  }
  if (!seen && log_ != nullptr) {
    objections_.push_back(absl::StrCat("[", Fingerprint(request), "] was refused, though ",
                                       givers.size(), " could give way"));
    return Failed(ErrorKind::kRefused);
  }
  for (const Reservation& giver : givers) {
    if (MayBeDisplaced(giver, wish, now)) continue;
    objections_.push_back(absl::StrCat("reservation ", giver.id, " must not be displaced"));
  }
  const ReservationId id = head_ + 1 + static_cast<ReservationId>(givers.size());
  TakeAway(givers, NameOf(id), kEver, now);
  Reservation next = wish;
  next.id = id;
  Hold(next, request.hold_for, now);
  if (!books_.Passes(next, nullptr, now)) return Failed(ErrorKind::kRefused);
  const Outcome outcome = Commit(std::move(next), std::nullopt, now);
  MustHaveGone(givers, now);
  Resettle(givers, now);
  return outcome;
}

void Model::PutFault(const std::string& id, const Fault& fault, Instant now) {
  std::vector<Reservation> givers = SeenToBeHit(id);
  CommitRecord(now);
  books_.faults[id] = fault;
  books_.faults[id].revision = head_;
  if (log_ == nullptr) {
    for (const auto& [number, r] : books_.reservations) {
      if (r.state != ReservationState::kCompleted && TakesSomethingIn(books_, r, fault, now)) {
        givers.push_back(r);
      }
    }
    Order(givers);
  }
  TakeAway(givers, NameOf(kOutages, id), std::max(fault.interval.start, now), now);
  if (log_ != nullptr) MustHaveGone(givers, now);
  Resettle(givers, now);
  if (!fault.unit.empty()) Rebind(fault, givers, now);
}

void Model::TakeAway(const std::vector<Reservation>& givers, const std::string& cause,
                     Instant ends_at, Instant now) {
  for (const Reservation& giver : givers) {
    const bool begun = giver.interval.start <= now && giver.interval.start < ends_at &&
                       giver.state != ReservationState::kHeld;
    Commit(begun ? CutShort(giver, ends_at, now) : WithoutSlot(giver, cause, now), giver, now);
  }
  for (const Reservation& giver : givers) {
    const bool is_over = books_.reservations.at(giver.id).state == ReservationState::kCompleted;
    if (is_over) TellItIsOver(giver, 0, now);
  }
}

// Now that all are gone, none of them could have stayed.
void Model::MustHaveGone(const std::vector<Reservation>& givers, Instant now) {
  for (const Reservation& giver : givers) {
    if (!books_.IsFree(giver, &giver, now)) continue;
    objections_.push_back(absl::StrCat("reservation ", giver.id, " need not have given way"));
  }
}

void Model::Resettle(const std::vector<Reservation>& givers, Instant now) {
  for (const Reservation& giver : givers) {
    const Reservation current = books_.reservations.at(giver.id);
    if (current.state == ReservationState::kDisplaced) ServeOne(current, now);
  }
}

}  // namespace labslot::sim
