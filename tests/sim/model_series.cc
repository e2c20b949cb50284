#include <algorithm>

#include "absl/time/civil_time.h"
#include "tests/sim/model.h"

// The part of the model about series: a reservation on many days.

namespace labslot::sim {
namespace {

constexpr int64_t kDay = 86400;

absl::CivilDay CivilDayOf(int64_t day) { return absl::CivilDay(1970, 1, 1) + day; }

int64_t FirstDayOf(const Chain& chain) { return chain.first.start / kDay; }

std::vector<int64_t> DaysOf(const Chain& chain) {
  std::vector<int64_t> days;
  for (int64_t i = 0; i < chain.count; ++i) days.push_back(FirstDayOf(chain) + i * chain.step);
  return days;
}

// Wall clocks of the house never change.
Interval RunOn(const Chain& chain, int64_t day) {
  const Instant start = chain.first.start + (day - FirstDayOf(chain)) * kDay;
  return {start, start + chain.first.length()};
}

bool BearsSo(const Chain& chain, int64_t refused, int64_t granted) {
  if (refused == 0) return true;
  if (chain.contract == ContractKind::kAllOrNothing) return false;
  const bool too_many = chain.contract == ContractKind::kAtMost && refused > chain.max_refused;
  return granted > 0 && !too_many;
}

}  // namespace

// The occurrence as the series wants it; `current` is what is there, or null.
Reservation Model::WantedOn(const Chain& chain, SeriesId id, int64_t day,
                            const Reservation* current) const {
  Reservation r = chain.draft;
  r.id = head_ + 1;
  if (current != nullptr) {
    r.id = current->id;
    r.state = current->state;
    r.create_time = current->create_time;
  }
  r.interval = RunOn(chain, day);
  r.series = id;
  r.occurrence = CivilDayOf(day);
  books_.TakeChangeover(r, current);
  return r;
}

// True if the day is granted. `current` is what was there and has been taken away, or
// null.
bool Model::Place(Chain& chain, SeriesId id, int64_t day, const Reservation* current, Instant now) {
  Reservation next = WantedOn(chain, id, day, current);
  Chain::Day& on_day = chain.days[day];
  on_day = {current == nullptr ? 0 : current->id, /*refused=*/true};
  std::optional<Reservation> gone;
  if (current != nullptr) gone = books_.reservations.at(current->id);
  const Reservation* before = gone ? &*gone : nullptr;
  if (!books_.Passes(next, before, now)) return false;
  if (current == nullptr) next.create_time = now;
  next.notes = books_.NotesOn(next, before, now);
  Settle(next, now);
  const std::optional<Reservation> had =
      current == nullptr ? std::nullopt : std::optional<Reservation>(*current);
  on_day = {Commit(std::move(next), had, now).reservation.id, /*refused=*/false};
  return true;
}

Outcome Model::BookSeries(const Request& request, Instant now) {
  Chain chain;
  Reservation& draft = chain.draft;
  for (const Wanted& wanted : request.items) {
    if (books_.things.count(wanted.asset) == 0) return Failed(ErrorKind::kNotFound);
    draft.items.push_back({wanted.asset, wanted.quantity, 0, 0, {}, {}, wanted.labels});
  }
  draft.user = request.user.empty() ? request.principal : request.user;
  if (!Manages(request.principal) && draft.user != request.principal) {
    return Failed(ErrorKind::kRoleRequired);
  }
  if (books_.ItemsExclude(draft)) return Failed(ErrorKind::kInvalidFields);
  draft.priority = request.priority;
  draft.project = request.project;
  draft.site = request.site;
  chain.first = request.interval;
  chain.count = request.number;
  chain.step = request.step;
  chain.contract = request.contract;
  chain.max_refused = request.max_refused;
  CommitRecord(now);
  const SeriesId id = chain.revision = head_;
  int64_t granted = 0;
  for (const int64_t day : DaysOf(chain)) granted += Place(chain, id, day, nullptr, now) ? 1 : 0;
  if (!BearsSo(chain, chain.count - granted, granted)) return Failed(ErrorKind::kRefused);
  books_.chains[id] = chain;
  return {true, ErrorKind::kDefect, chain.revision, {}};
}

std::optional<Outcome> Model::MayNotTouchSeries(const Request& request) const {
  const auto found = books_.chains.find(request.reservation);
  if (found == books_.chains.end() || !MaySee(request.principal, found->second.draft)) {
    return Failed(ErrorKind::kNotFound);
  }
  const bool may_change =
      Manages(request.principal) || request.principal == found->second.draft.user;
  if (!may_change) return Failed(ErrorKind::kRoleRequired);
  return std::nullopt;
}

// What is there of the days from one on and neither over nor in use, those that lost
// their place among it.
std::map<int64_t, Reservation> Model::ToComeOf(const Chain& chain, int64_t from,
                                               Instant now) const {
  std::map<int64_t, Reservation> to_come;
  for (const auto& [day, there] : chain.days) {
    if (there.reservation == 0 || day < from) continue;
    const Reservation& r = books_.reservations.at(there.reservation);
    const bool lives = IsBlocking(r.state) || Waits(r.state);
    if (!lives || r.state == ReservationState::kCheckedIn || r.interval.start <= now) continue;
    to_come[day] = r;
  }
  return to_come;
}

Outcome Model::CancelSeries(const Request& request, Instant now) {
  if (auto failed = MayNotTouchSeries(request)) return *failed;
  Chain chain = books_.chains.at(request.reservation);
  CommitRecord(now);
  chain.revision = head_;
  chain.cancelled = chain.cancelled || request.from_day == 0;
  for (const auto& [day, r] : ToComeOf(chain, request.from_day, now)) {
    Commit(CalledOff(r, now), r, now);
  }
  // What was refused is not tried again.
  for (auto day = chain.days.begin(); day != chain.days.end();) {
    const bool goes = day->second.reservation == 0 && day->first >= request.from_day;
    day = goes ? chain.days.erase(day) : std::next(day);
  }
  books_.chains[request.reservation] = chain;
  return {true, ErrorKind::kDefect, chain.revision, {}};
}

// What was refused is tried again: days without anything, and those that the series could
// not take along.
Outcome Model::RetrySeries(const Request& request, Instant now) {
  if (auto failed = MayNotTouchSeries(request)) return *failed;
  Chain chain = books_.chains.at(request.reservation);
  const std::map<int64_t, Reservation> to_come = ToComeOf(chain, 0, now);
  std::vector<int64_t> to_try;
  for (const auto& [day, there] : chain.days) {
    const auto found = to_come.find(day);
    const bool stands = found != to_come.end() && IsBlocking(found->second.state);
    const bool over = RunOn(chain, day).start <= now;
    if (there.refused && !over && (there.reservation == 0 || stands)) to_try.push_back(day);
  }
  if (to_try.empty()) return {true, ErrorKind::kDefect, chain.revision, {}};
  CommitRecord(now);
  chain.revision = head_;
  int64_t granted = 0;
  for (const int64_t day : to_try) {
    const auto found = to_come.find(day);
    const Reservation* current = found == to_come.end() ? nullptr : &found->second;
    if (current != nullptr) TakeOut(*current);
    const bool placed = Place(chain, request.reservation, day, current, now);
    if (!placed && current != nullptr) books_.reservations[current->id] = *current;
    granted += placed ? 1 : 0;
  }
  if (granted == 0) return Failed(ErrorKind::kRefused);
  books_.chains[request.reservation] = chain;
  return {true, ErrorKind::kDefect, chain.revision, {}};
}

// So that the others of its series do not meet what it leaves.
void Model::TakeOut(const Reservation& r) {
  books_.reservations[r.id].state = ReservationState::kRejected;
}

// The days that are to be placed at their new time, and how many stay as they are. What
// is moved is taken out, the rest is taken off the list.
std::vector<int64_t> Model::TakeOutMoving(const Chain& before, const Chain& chain,
                                          const Request& request,
                                          std::map<int64_t, Reservation>& live, int64_t& kept,
                                          Instant now) {
  std::vector<int64_t> to_place;
  for (const int64_t day : DaysOf(chain)) {
    if (day < request.from_day) continue;
    const bool over = RunOn(chain, day).start <= now;
    const auto there = live.find(day);
    if (there == live.end() || Waits(there->second.state)) {
      const auto known = before.days.find(day);
      const bool was_there = known != before.days.end() && known->second.reservation != 0;
      if (!over && !was_there) to_place.push_back(day);
      live.erase(day);
      continue;
    }
    const Reservation& r = there->second;
    const bool by_hand = !before.days.at(day).refused && RunOn(before, day) != r.interval;
    const Reservation wanted = WantedOn(chain, request.reservation, day, &r);
    const bool same =
        wanted.interval == r.interval && wanted.items == r.items && wanted.site == r.site;
    if (by_hand || over || same) {
      ++kept;
      live.erase(there);
      continue;
    }
    to_place.push_back(day);
    TakeOut(r);
  }
  return to_place;
}

// Another time of the day, or another site. What somebody moved by hand, or called off, stays so.
Outcome Model::MoveSeries(const Request& request, Instant now) {
  if (auto failed = MayNotTouchSeries(request)) return *failed;
  const Chain before = books_.chains.at(request.reservation);
  if (books_.ItemsExclude(before.draft)) return Failed(ErrorKind::kInvalidFields);
  Chain chain = before;
  if (!request.site.empty()) chain.draft.site = request.site;
  const Instant start = FirstDayOf(before) * kDay + request.interval.start % kDay;
  chain.first = {start, start + request.interval.length()};
  chain.cancelled = false;
  CommitRecord(now);
  chain.revision = head_;
  int64_t kept = 0;
  int64_t refused = 0;
  std::map<int64_t, Reservation> moving = ToComeOf(before, request.from_day, now);
  std::vector<Reservation> left_behind;
  for (const int64_t day : TakeOutMoving(before, chain, request, moving, kept, now)) {
    const auto there = moving.find(day);
    const Reservation* current = there == moving.end() ? nullptr : &there->second;
    const bool placed = Place(chain, request.reservation, day, current, now);
    ++(placed ? kept : refused);
    if (!placed && current != nullptr) left_behind.push_back(*current);
  }
  for (const Reservation& r : left_behind) {
    const bool fits = books_.IsFree(r, nullptr, now) && books_.GetsThereAndOn(r, &r, now);
    const bool stays = r.leaves_slot_free || fits;
    if (!stays) return Failed(ErrorKind::kRefused);
    books_.reservations[r.id] = r;
  }
  if (!BearsSo(chain, refused, kept)) return Failed(ErrorKind::kRefused);
  books_.chains[request.reservation] = chain;
  return {true, ErrorKind::kDefect, chain.revision, {}};
}

}  // namespace labslot::sim
