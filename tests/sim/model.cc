#include "tests/sim/model.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace labslot::sim {
namespace {

constexpr Seconds kTolerance = 300;
constexpr Instant kEver = Instant{1} << 40;

Outcome Failed(ErrorKind kind) {
  Outcome outcome;
  outcome.error = kind;
  return outcome;
}

// ada and bob are of one organisation, eve of another; sam manages everything.
bool MaySee(const std::string& principal, const Reservation& reservation) {
  return principal == "sam" || principal == reservation.user ||
         (principal != "eve" && reservation.user != "eve");
}

bool MayChange(const std::string& principal, const std::string& user) {
  return principal == "sam" || principal == user;
}

bool InOfficeHours(const Interval& run) {
  const Instant midnight = run.start - run.start % 86400;
  return Interval{midnight + 8 * 3600, midnight + 18 * 3600}.Contains(run);
}

}  // namespace

Model::Model(std::map<std::string, Thing> things, Revision head, Instant last_time)
    : things_(std::move(things)), head_(head), last_time_(last_time), event_time_(last_time) {}

bool Model::Related(const std::string& a, const std::string& b) const {
  if (a == b) return false;
  const auto above = [this](const std::string& whole, const std::string& part) {
    for (std::string id = things_.at(part).parent; !id.empty(); id = things_.at(id).parent) {
      if (id == whole) return true;
    }
    return false;
  };
  return above(a, b) || above(b, a) || (things_.at(a).in_group && things_.at(b).in_group);
}

int32_t Model::UsedAt(const std::string& asset, Instant at, ReservationId but) const {
  int32_t used = 0;
  for (const auto& [id, reservation] : reservations_) {
    if (id == but || !IsBlocking(reservation.state)) continue;
    for (const ReservationItem& item : reservation.items) {
      if (item.asset == asset && OccupancyOf(reservation, item).Contains(at)) used += item.quantity;
    }
  }
  return used;
}

// The sum can only rise where something starts.
int32_t Model::MostUsed(const std::string& asset, const Interval& span, ReservationId but) const {
  int32_t most = UsedAt(asset, span.start, but);
  for (const auto& [id, reservation] : reservations_) {
    if (!IsBlocking(reservation.state)) continue;
    for (const ReservationItem& item : reservation.items) {
      const Instant start = OccupancyOf(reservation, item).start;
      if (item.asset == asset && span.Contains(start)) {
        most = std::max(most, UsedAt(asset, start, but));
      }
    }
  }
  return most;
}

bool Model::ItemsExclude(const Reservation& reservation) const {
  for (const ReservationItem& a : reservation.items) {
    for (const ReservationItem& b : reservation.items) {
      if (Related(a.asset, b.asset)) return true;
    }
  }
  return false;
}

bool Model::Passes(const Reservation& candidate, const Reservation* current, Instant now) const {
  return FitsRules(candidate, current, now) && IsFree(candidate, current);
}

bool Model::FitsRules(const Reservation& candidate, const Reservation* current, Instant now) const {
  const bool same_start = current != nullptr && current->interval.start == candidate.interval.start;
  if (!same_start && candidate.interval.start < now - kTolerance) return false;
  for (const ReservationItem& item : candidate.items) {
    const Thing& thing = things_.at(item.asset);
    if (thing.retired || item.quantity > thing.capacity) return false;
    if (thing.office_hours && !InOfficeHours(candidate.interval)) return false;
  }
  return true;
}

bool Model::IsFree(const Reservation& candidate, const Reservation* current) const {
  const ReservationId but = current == nullptr ? 0 : current->id;
  for (const ReservationItem& item : candidate.items) {
    const Interval span = OccupancyOf(candidate, item);
    if (MostUsed(item.asset, span, but) + item.quantity > things_.at(item.asset).capacity) {
      return false;
    }
    for (const auto& [other, unused] : things_) {
      if (Related(item.asset, other) && MostUsed(other, span, but) > 0) return false;
    }
  }
  return true;
}

void Model::TakeChangeover(Reservation& next, const Reservation* current) const {
  for (ReservationItem& item : next.items) {
    item.set_up = things_.at(item.asset).set_up;
    item.tear_down = things_.at(item.asset).tear_down;
    if (current == nullptr) continue;
    for (const ReservationItem& kept : current->items) {
      if (kept.asset != item.asset) continue;
      item.set_up = kept.set_up;
      item.tear_down = kept.tear_down;
    }
  }
}

Outcome Model::Commit(Reservation next, Instant now) {
  next.revision = ++head_;
  next.update_time = now;
  last_time_ = event_time_ = now;
  Outcome outcome;
  outcome.ok = true;
  outcome.revision = next.revision;
  outcome.reservation = next;
  reservations_[next.id] = std::move(next);
  return outcome;
}

Outcome Model::CommitChange(Reservation next, const Reservation& before, Instant now) {
  const bool frees =
      IsBlocking(before.state) &&
      (!IsBlocking(next.state) || next.interval != before.interval || next.items != before.items);
  const ReservationId id = next.id;
  const Outcome outcome = Commit(std::move(next), now);
  if (frees) Serve(WithRelated(before), id, now);
  return outcome;
}

void Model::ExpireHolds(Instant now) {
  while (true) {
    const Reservation* first = nullptr;
    for (const auto& [id, r] : reservations_) {
      // Only holds, offers and waits have such a time.
      if (r.hold_expire_time == 0 || r.hold_expire_time > now) continue;
      if (first == nullptr || r.hold_expire_time < first->hold_expire_time) first = &r;
    }
    if (first == nullptr) return;
    const Reservation before = *first;
    Reservation expired = before;
    expired.state = ReservationState::kExpired;
    expired.hold_expire_time = 0;
    CommitChange(std::move(expired), before, now);
  }
}

std::vector<std::string> Model::WithRelated(const Reservation& reservation) const {
  std::vector<std::string> assets;
  for (const auto& [id, unused] : things_) {
    const bool concerned = std::any_of(reservation.items.begin(), reservation.items.end(),
                                       [&, &asset = id](const auto& item) {
                                         return item.asset == asset || Related(item.asset, asset);
                                       });
    if (concerned) assets.push_back(id);
  }
  return assets;
}

// Nothing gets free between these: where the window begins, where something ends,
// where the office opens.
std::vector<Instant> Model::StartsToTry(const Reservation& next, Instant from) const {
  std::vector<Instant> starts = {from};
  for (const auto& [id, other] : reservations_) {
    if (!IsBlocking(other.state)) continue;
    for (const ReservationItem& theirs : other.items) {
      for (const ReservationItem& ours : next.items) {
        starts.push_back(OccupancyOf(other, theirs).end + ours.set_up);
      }
    }
  }
  for (Instant day = from - from % 86400; day < next.window.end; day += 86400) {
    starts.push_back(day + 8 * 3600);
  }
  std::sort(starts.begin(), starts.end());
  return starts;
}

// Gives it its own time if that passes and it has no window, else the earliest in
// the window.
bool Model::FindRun(Reservation& next, Instant now, Instant earliest) const {
  if (next.window.empty()) return Passes(next, nullptr, now);
  const Seconds length = next.interval.length();
  const Instant from = std::max(earliest, next.window.start);
  for (const Instant start : StartsToTry(next, from)) {
    if (start < from || start + length > next.window.end) continue;
    next.interval = {start, start + length};
    if (Passes(next, nullptr, now)) return true;
  }
  return false;
}

void Model::Serve(const std::vector<std::string>& assets, ReservationId but, Instant now) {
  std::vector<Reservation> queue;
  for (const auto& [id, r] : reservations_) {
    const bool waits_for_one = std::any_of(r.items.begin(), r.items.end(), [&](const auto& item) {
      return std::count(assets.begin(), assets.end(), item.asset) > 0;
    });
    if (id != but && r.state == ReservationState::kWaitlisted && waits_for_one) queue.push_back(r);
  }
  std::stable_sort(queue.begin(), queue.end(), [](const Reservation& a, const Reservation& b) {
    return a.priority > b.priority;
  });
  for (Reservation& next : queue) {
    if (ItemsExclude(next)) continue;
    TakeChangeover(next, nullptr);
    const bool as_wished = next.interval.start > now && Passes(next, nullptr, now);
    if (!as_wished && (!FindRun(next, now, now + 1) || next.interval.start <= now)) continue;
    const Seconds half = (next.interval.start - now) / 2;
    const Seconds life = std::min<Seconds>(86400, std::max<Seconds>(900, half));
    next.state = ReservationState::kOffered;
    next.hold_expire_time = std::min(now + life, next.interval.start);
    Commit(std::move(next), now);
  }
}

void Model::ServeAllIfWoken(Instant now) {
  if (!wakes_) return;
  wakes_ = false;
  std::vector<std::string> all;
  for (const auto& [id, unused] : things_) all.push_back(id);
  Serve(all, 0, now);
}

Outcome Model::Do(const Request& request, Instant now) {
  const bool repeatable = !request.request_id.empty() && !request.dry_run;
  const std::string key = request.principal + "/" + request.request_id;
  const auto answered = answered_.find(key);
  if (repeatable && answered != answered_.end()) {
    if (answered->second.first != Fingerprint(request)) return Failed(ErrorKind::kRequestIdReused);
    return answered->second.second;
  }
  if (request.dry_run) return Model(*this).Judge(request, now);
  const Outcome outcome = Judge(request, now);
  if (repeatable && outcome.ok) answered_[key] = {Fingerprint(request), outcome};
  return outcome;
}

Outcome Model::Judge(const Request& request, Instant now) {
  switch (request.verb) {
    case Verb::kBook:
      return Book(request, now);
    case Verb::kMove:
    case Verb::kChangeItems:
      return Update(request, now);
    case Verb::kCancel:
      return Cancel(request, now);
    case Verb::kConfirm:
      return Confirm(request, now);
    case Verb::kAccept:
      return Accept(request, now);
    default:
      return ChangeThing(request, now);
  }
}

Outcome Model::Book(const Request& request, Instant now) {
  Reservation next;
  for (const auto& [asset, quantity] : request.items) {
    if (things_.count(asset) == 0) return Failed(ErrorKind::kNotFound);
    next.items.push_back({asset, quantity, 0, 0});
  }
  next.user = request.user.empty() ? request.principal : request.user;
  if (!MayChange(request.principal, next.user)) return Failed(ErrorKind::kRoleRequired);
  if (ItemsExclude(next)) return Failed(ErrorKind::kInvalidFields);
  next.id = head_ + 1;
  next.interval = request.interval;
  next.create_time = now;
  next.priority = request.priority;
  next.window = request.window;
  TakeChangeover(next, nullptr);
  if (request.hold_for > 0) {
    next.state = ReservationState::kHeld;
    next.hold_expire_time = std::min(now + request.hold_for, next.interval.end);
  }
  if (Passes(next, nullptr, now)) return Commit(std::move(next), now);
  Reservation elsewhere = next;
  if (!next.window.empty() && FindRun(elsewhere, now, now)) {
    if (request.hold_for > 0) {
      elsewhere.hold_expire_time = std::min(now + request.hold_for, elsewhere.interval.end);
    }
    return Commit(std::move(elsewhere), now);
  }
  if (!request.may_wait || !FitsRules(next, nullptr, now)) return Failed(ErrorKind::kRefused);
  next.state = ReservationState::kWaitlisted;
  const Interval room = next.window.empty() ? next.interval : next.window;
  next.hold_expire_time = room.end - next.interval.length();
  return Commit(std::move(next), now);
}

Outcome Model::Update(const Request& request, Instant now) {
  const auto found = reservations_.find(request.reservation);
  if (found == reservations_.end() || !MaySee(request.principal, found->second)) {
    return Failed(ErrorKind::kNotFound);
  }
  const Reservation current = found->second;
  if (!MayChange(request.principal, current.user)) return Failed(ErrorKind::kRoleRequired);
  if (!IsBlocking(current.state) || current.interval.end <= now) {
    return Failed(ErrorKind::kRefused);
  }
  Reservation next = current;
  bool same = false;
  if (request.verb == Verb::kMove) {
    next.interval = request.interval;
    same = next.interval == current.interval;
  } else {
    next.items.clear();
    for (const auto& [asset, quantity] : request.items) {
      const bool offered = current.state == ReservationState::kOffered;
      if (things_.count(asset) == 0 && !offered) return Failed(ErrorKind::kNotFound);
      next.items.push_back({asset, quantity, 0, 0});
    }
    same = next.items == current.items;  // only without any changeover
  }
  if (same) return {true, ErrorKind::kDefect, current.revision, current};
  if (current.state == ReservationState::kOffered) return Failed(ErrorKind::kRefused);
  if (ItemsExclude(next)) return Failed(ErrorKind::kInvalidFields);
  if (current.interval.start <= now) {
    const auto claims = [](const Reservation& r) {
      std::map<std::string, int32_t> quantities;
      for (const ReservationItem& item : r.items) quantities[item.asset] += item.quantity;
      return quantities;
    };
    if (next.interval.start != current.interval.start || claims(next) != claims(current) ||
        next.interval.end < now - kTolerance) {
      return Failed(ErrorKind::kRefused);
    }
  }
  TakeChangeover(next, &current);
  if (!Passes(next, &current, now)) return Failed(ErrorKind::kRefused);
  if (next.state == ReservationState::kHeld) {
    next.hold_expire_time = std::min(next.hold_expire_time, next.interval.end);
  }
  return CommitChange(std::move(next), current, now);
}

Outcome Model::Cancel(const Request& request, Instant now) {
  const auto found = reservations_.find(request.reservation);
  if (found == reservations_.end() || !MaySee(request.principal, found->second)) {
    return Failed(ErrorKind::kNotFound);
  }
  Reservation next = found->second;
  if (!MayChange(request.principal, next.user)) return Failed(ErrorKind::kRoleRequired);
  const Reservation before = next;
  // What is nobody's yet can always be left.
  const bool is_firm =
      next.state != ReservationState::kWaitlisted && next.state != ReservationState::kOffered;
  if (is_firm && (!IsBlocking(next.state) || next.interval.end <= now ||
                  next.interval.start < now - kTolerance)) {
    return Failed(ErrorKind::kRefused);
  }
  next.state = ReservationState::kCancelled;
  next.hold_expire_time = 0;
  return CommitChange(std::move(next), before, now);
}

Outcome Model::Accept(const Request& request, Instant now) {
  const auto found = reservations_.find(request.reservation);
  if (found == reservations_.end() || !MaySee(request.principal, found->second)) {
    return Failed(ErrorKind::kNotFound);
  }
  Reservation next = found->second;
  if (!MayChange(request.principal, next.user)) return Failed(ErrorKind::kRoleRequired);
  if (next.state != ReservationState::kOffered || next.hold_expire_time <= now) {
    return Failed(ErrorKind::kRefused);
  }
  next.state = ReservationState::kConfirmed;
  next.hold_expire_time = 0;
  return Commit(std::move(next), now);
}

Outcome Model::Confirm(const Request& request, Instant now) {
  const auto found = reservations_.find(request.reservation);
  if (found == reservations_.end() || !MaySee(request.principal, found->second)) {
    return Failed(ErrorKind::kNotFound);
  }
  Reservation next = found->second;
  if (!MayChange(request.principal, next.user)) return Failed(ErrorKind::kRoleRequired);
  if (next.state != ReservationState::kHeld || next.interval.end <= now ||
      next.hold_expire_time <= now) {
    return Failed(ErrorKind::kRefused);
  }
  next.state = ReservationState::kConfirmed;
  next.hold_expire_time = 0;
  return Commit(std::move(next), now);
}

Outcome Model::ChangeThing(const Request& request, Instant now) {
  const auto found = things_.find(request.asset);
  const bool missing = found == things_.end() && request.verb != Verb::kAddAsset;
  if (missing) return Failed(ErrorKind::kNotFound);
  if (request.principal != "sam") return Failed(ErrorKind::kRoleRequired);
  if (request.verb == Verb::kAddAsset) {
    if (found != things_.end()) return Failed(ErrorKind::kIdInUse);
    return ApplyToThing(request.asset, Thing(), now);
  }
  const Thing before = found->second;
  Thing after = before;
  bool same = false;
  if (request.verb == Verb::kSetCapacity) {
    after.capacity = static_cast<int32_t>(request.number);
    same = after.capacity == before.capacity;
  } else if (request.verb == Verb::kSetSetUp) {
    after.set_up = request.number;
    same = after.set_up == before.set_up;
  } else if (request.verb == Verb::kSetGroup) {
    after.in_group = request.in_group;
    same = after.in_group == before.in_group;
  } else {
    after.retired = true;
    same = before.retired;
  }
  if (same) return {true, ErrorKind::kDefect, thing_revisions_[request.asset], {}};
  things_[request.asset] = after;
  const bool breaks = after.retired && !before.retired
                          ? MostUsed(request.asset, {now, kEver}, 0) > 0
                          : BreaksSomething(request.asset, now);
  things_[request.asset] = before;
  if (breaks) return Failed(ErrorKind::kRefused);
  return ApplyToThing(request.asset, after, now);
}

Outcome Model::ApplyToThing(const std::string& id, const Thing& changed, Instant now) {
  things_[id] = changed;
  thing_revisions_[id] = ++head_;
  last_time_ = event_time_ = now;
  wakes_ = true;
  return {true, ErrorKind::kDefect, head_, {}};
}

// From now on, more than there is, or what would exclude each other.
bool Model::BreaksSomething(const std::string& id, Instant now) const {
  const Interval future{now, kEver};
  if (MostUsed(id, future, 0) > things_.at(id).capacity) return true;
  for (const auto& [other, unused] : things_) {
    if (!Related(id, other)) continue;
    for (const auto& [number, reservation] : reservations_) {
      if (!IsBlocking(reservation.state)) continue;
      for (const ReservationItem& item : reservation.items) {
        const Interval span = OccupancyOf(reservation, item).Intersect(future);
        if (item.asset == id && !span.empty() && MostUsed(other, span, 0) > 0) return true;
      }
    }
  }
  return false;
}

}  // namespace labslot::sim
