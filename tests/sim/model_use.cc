#include <algorithm>
#include <tuple>

#include "daemon/domain/reservation.h"
#include "tests/sim/model.h"

// The part of the model about who came, who did not, and who stayed.

namespace labslot::sim {
namespace {

constexpr Seconds kCheckInLead = 900;
constexpr Seconds kLateClock = 600;
constexpr Seconds kLongestOverrun = 7 * 86400;
constexpr Seconds kUsualCloseAfter = 12 * 3600;

struct Closing {
  Instant at = 0;
  bool for_next = false;
};

Seconds CloseAfter(const Books& books, const Reservation& r) {
  Seconds least = 0;
  for (const ReservationItem& item : r.items) {
    const Seconds after = books.things.at(item.asset).close_after;
    if (after != 0) least = least == 0 ? after : std::min(least, after);
  }
  return least == 0 ? kUsualCloseAfter : least;
}

// When others need something of it again.
std::optional<Instant> NeededAgain(const Books& books, const Reservation& r, Instant until) {
  const Interval ahead = {r.interval.end, until};
  std::optional<Instant> first;
  const auto consider = [&](const std::optional<Instant>& at) {
    if (at && (!first || *at < *first)) first = at;
  };
  for (const ReservationItem& item : r.items) {
    consider(books.NeededAt(item.asset, item.quantity, ahead, r.id));
    for (const std::string& other : books.RelatedTo(item.asset)) {
      consider(books.NeededAt(other, books.things.at(other).capacity, ahead, 0));
    }
  }
  return first;
}

bool IsWarning(const Note& note) { return note.rule == Rule::kInUseBeyondEnd; }

bool IsWarned(const Reservation& r) {
  return std::any_of(r.notes.begin(), r.notes.end(), IsWarning);
}

void ForgetWarning(Reservation& r) {
  r.notes.erase(std::remove_if(r.notes.begin(), r.notes.end(), IsWarning), r.notes.end());
}

Closing ClosingOf(const Books& books, const Reservation& r) {
  const Closing forgotten = {r.interval.end + CloseAfter(books, r), false};
  const bool ends_for_next = std::any_of(r.items.begin(), r.items.end(), [&](const auto& item) {
    return books.things.at(item.asset).ends_for_next;
  });
  if (!ends_for_next) return forgotten;
  const std::optional<Instant> needed = NeededAgain(books, r, forgotten.at);
  if (!needed) return forgotten;
  Seconds tear_down = 0;
  for (const ReservationItem& item : r.items) tear_down = std::max(tear_down, item.tear_down);
  return {std::max(r.interval.end, *needed - tear_down), true};
}

Reservation GivenBack(const Reservation& current, Instant at) {
  Reservation next = current;
  next.state = ReservationState::kCompleted;
  next.use.check_out = at;
  next.use.close_by = 0;
  if (at < current.interval.end) next.use.freed = at;
  return next;
}

Reservation Closed(const Reservation& current, const Closing& closing) {
  Reservation next = GivenBack(current, closing.for_next ? closing.at : current.interval.end);
  if (!closing.for_next) next.use.problem = Problem::kForgottenCheckOut;
  return next;
}

// Others who have something of it, or beside it, that begins in the span or overlaps
// its start.
std::vector<ReservationId> OthersIn(const Books& books, const Reservation& r,
                                    const Interval& span) {
  const std::set<std::string> assets = AssetsOf(r);
  std::vector<ReservationId> others;
  for (const auto& [id, other] : books.reservations) {
    if (id == r.id) continue;
    const std::vector<Taken> all = TakenOf(other);
    const bool concerned = std::any_of(all.begin(), all.end(), [&](const Taken& theirs) {
      return span.Contains(theirs.interval.start) &&
             std::any_of(assets.begin(), assets.end(), [&](const std::string& ours) {
               return ours == theirs.asset || books.Related(ours, theirs.asset);
             });
    });
    if (concerned) others.push_back(id);
  }
  return others;
}

// Who uses something of the asset, but for one.
std::vector<Reservation> UsersOf(const Books& books, const std::string& asset, ReservationId but) {
  std::vector<Reservation> users;
  for (const auto& [id, r] : books.reservations) {
    if (id == but || r.state != ReservationState::kCheckedIn) continue;
    const bool has_some = std::any_of(r.items.begin(), r.items.end(),
                                      [&](const auto& item) { return item.asset == asset; });
    if (has_some) users.push_back(r);
  }
  return users;
}

int32_t QuantityOf(const std::vector<Reservation>& users, const std::string& asset) {
  int32_t quantity = 0;
  for (const Reservation& r : users) {
    for (const ReservationItem& item : r.items) quantity += item.asset == asset ? item.quantity : 0;
  }
  return quantity;
}

std::vector<std::tuple<std::string, Instant, Instant, int32_t>> StillTaken(const Reservation& r,
                                                                           Instant now) {
  std::vector<std::tuple<std::string, Instant, Instant, int32_t>> still;
  for (const Taken& taken : TakenOf(r)) {
    const Interval rest = taken.interval.Intersect({now, kEver});
    if (!rest.empty()) still.push_back({taken.asset, rest.start, rest.end, taken.quantity});
  }
  return still;
}

// Moves the units that are named, or the last ones. False if it does not have them.
bool MoveUnits(const std::vector<std::string>& named, ReservationItem& from, ReservationItem& to) {
  if (!named.empty() && named.size() != static_cast<size_t>(to.quantity)) return false;
  for (const std::string& unit : named) {
    const auto had = std::find(from.units.begin(), from.units.end(), unit);
    if (had == from.units.end()) return false;
    from.units.erase(had);
    to.units.push_back(unit);
  }
  while (to.units.size() < static_cast<size_t>(to.quantity) && !from.units.empty()) {
    to.units.push_back(from.units.back());
    from.units.pop_back();
  }
  return true;
}

// False if it does not have so much.
bool TakeBack(const Wanted& back, const std::vector<std::string>& units, Instant now,
              Reservation& r) {
  const auto had = std::find_if(r.items.begin(), r.items.end(),
                                [&](const auto& item) { return item.asset == back.asset; });
  if (had == r.items.end() || back.quantity > had->quantity) return false;
  Return part = {*had, now};
  part.item.units.clear();
  part.item.unit_labels.clear();
  if (!units.empty()) part.item.quantity = static_cast<int32_t>(units.size());
  if (back.quantity != 0) part.item.quantity = back.quantity;
  if (!MoveUnits(units, *had, part.item)) return false;
  had->quantity -= part.item.quantity;
  if (had->quantity == 0) r.items.erase(had);
  r.returns.push_back(std::move(part));
  return true;
}

}  // namespace

Outcome Model::CheckIn(const Request& request, Instant now) {
  if (auto failed = MayNotTouch(request)) return *failed;
  const Reservation current = books_.reservations.at(request.reservation);
  if (current.state != ReservationState::kConfirmed || current.interval.end <= now ||
      now < current.interval.start - kCheckInLead) {
    return Failed(ErrorKind::kRefused);
  }
  CloseFor(current, now);
  Reservation next = current;
  next.state = ReservationState::kCheckedIn;
  next.check_in_by = 0;
  next.use.check_in = now;
  ForgetWarning(next);
  if (auto failed = BindUnits(request, next, now)) return *failed;
  return Commit(std::move(next), current, now);
}

// Whoever takes something into use proves that it was free.
void Model::CloseFor(const Reservation& next, Instant now) {
  const auto end = [&](const Reservation& overdue) {
    Closing closing = ClosingOf(books_, overdue);
    closing.at = now;
    Commit(Closed(overdue, closing), overdue, now);
    TellItIsOver(overdue, next.id, now);
  };
  for (const ReservationItem& item : next.items) {
    const std::string& asset = item.asset;
    const int32_t there = books_.things.at(asset).capacity - books_.OutAt(asset, now);
    for (const Reservation& user : UsersOf(books_, asset, next.id)) {
      const int32_t free = there - QuantityOf(UsersOf(books_, asset, next.id), asset);
      const bool enough = free >= item.quantity;
      if (enough && AreThereUnitsFor(next, item, now)) break;
      if (user.interval.end <= now && (!enough || HoldsUnitsFor(user, item))) end(user);
    }
    for (const std::string& other : books_.RelatedTo(asset)) {
      for (const Reservation& user : UsersOf(books_, other, next.id)) {
        if (user.interval.end <= now) end(user);
      }
    }
  }
}

Outcome Model::CheckOut(const Request& request, Instant now) {
  if (auto failed = MayNotTouch(request)) return *failed;
  const Reservation current = books_.reservations.at(request.reservation);
  if (current.state != ReservationState::kCheckedIn) return Failed(ErrorKind::kRefused);
  Reservation rest = current;
  for (const Wanted& back : request.items) {
    const bool of_pool = back.asset == kUnitPool;
    if (!TakeBack(back, of_pool ? request.units : std::vector<std::string>(), now, rest)) {
      return Failed(ErrorKind::kInvalidFields);
    }
  }
  const bool has_some = !request.items.empty() && !rest.items.empty();
  if (has_some) return Commit(std::move(rest), current, now);
  const Outcome outcome = Commit(GivenBack(current, now), current, now);
  TellItIsOver(current, 0, now);
  return outcome;
}

Outcome Model::Correct(const Request& request, Instant now) {
  if (auto failed = MayNotTouch(request); failed && failed->error == ErrorKind::kNotFound) {
    return *failed;
  }
  if (!Manages(request.principal)) return Failed(ErrorKind::kRoleRequired);
  const Reservation current = books_.reservations.at(request.reservation);
  const bool is_past =
      current.state == ReservationState::kCompleted || current.state == ReservationState::kNoShow ||
      (current.state == ReservationState::kConfirmed && current.interval.end <= now);
  if (!is_past) return Failed(ErrorKind::kRefused);
  Reservation next = current;
  Use& use = next.use;
  if (request.nobody_came) {
    next.state = ReservationState::kNoShow;
    use.check_in = use.check_out = 0;
  } else {
    next.state = ReservationState::kCompleted;
    if (use.check_in == 0) use.check_in = next.interval.start;
    if (use.check_out == 0) use.check_out = next.interval.end;
    if (use.check_in < next.interval.start - kCheckInLead || use.check_in >= next.interval.end ||
        use.check_out <= use.check_in || use.check_out > now) {
      return Failed(ErrorKind::kInvalidFields);
    }
  }
  if (StillTaken(current, now) != StillTaken(next, now)) return Failed(ErrorKind::kRefused);
  use.problem = Problem::kNone;
  if (next.state == current.state && use == current.use) {
    return {true, ErrorKind::kDefect, current.revision, current};
  }
  return Commit(std::move(next), current, now);
}

void Model::EndOne(const Reservation& due, Instant now) {
  if (due.state == ReservationState::kCheckedIn) return EndOverdue(due, now);
  Reservation next = due;
  next.hold_expire_time = 0;
  next.check_in_by = 0;
  next.leaves_slot_free = false;
  if (due.state != ReservationState::kConfirmed) {
    next.state = ReservationState::kExpired;
  } else {
    // While the daemon was away, or the asset out of service, nobody could come.
    const bool could_not_come =
        now > due.check_in_by + kLateClock ||
        std::any_of(due.items.begin(), due.items.end(), [&](const auto& item) {
          return books_.ShortAt(item.asset, item.quantity, {due.interval.start, now + 1}, due.id)
              .has_value();
        });
    if (!could_not_come) {
      next.state = ReservationState::kNoShow;
      next.use.freed = now;
    }
  }
  Commit(std::move(next), due, now);
}

void Model::EndOverdue(const Reservation& due, Instant now) {
  const Closing closing = ClosingOf(books_, due);
  if (closing.at <= now) {
    Commit(Closed(due, closing), due, now);
    return TellItIsOver(due, 0, now);
  }
  Reservation next = due;
  next.use.close_by = closing.at;
  Commit(std::move(next), due, now);
  if (due.use.close_by == 0) TellNext(due, now);
}

// Those who are next to have what is still in use are told once.
void Model::TellNext(const Reservation& overdue, Instant now) {
  const Instant until = overdue.interval.end + CloseAfter(books_, overdue);
  const std::optional<Instant> needed = NeededAgain(books_, overdue, until);
  if (!needed) return;
  for (const ReservationId id : OthersIn(books_, overdue, {*needed, *needed + 1})) {
    const Reservation holder = books_.reservations.at(id);
    if (IsWarned(holder)) continue;
    Reservation next = holder;
    next.notes.emplace_back().rule = Rule::kInUseBeyondEnd;
    Commit(std::move(next), holder, now);
  }
}

void Model::TellItIsOver(const Reservation& over, ReservationId taker, Instant now) {
  if (over.use.close_by == 0) return;
  const Interval told = {over.interval.end, over.interval.end + kLongestOverrun};
  for (const ReservationId id : OthersIn(books_, over, told)) {
    const Reservation holder = books_.reservations.at(id);
    if (id == taker || IsChanged(id) || !IsWarned(holder)) continue;
    Reservation next = holder;
    ForgetWarning(next);
    Commit(std::move(next), holder, now);
  }
}

// Those who still use what the decision gives to others.
void Model::MindOverdue(Instant now) {
  std::set<std::string> given;
  const auto claim = [](const Reservation& r) {
    std::vector<std::pair<std::string, int32_t>> items;
    for (const ReservationItem& item : r.items) items.push_back({item.asset, item.quantity});
    return items;
  };
  for (const Change& change : changes_) {
    const Reservation& after = change.after;
    if (!Blocks(after) || after.interval.end <= now) continue;
    const bool had_it = change.before && Blocks(*change.before) &&
                        change.before->interval == after.interval &&
                        claim(*change.before) == claim(after);
    if (had_it) continue;
    for (const ReservationItem& item : after.items) {
      given.insert(item.asset);
      for (const std::string& other : books_.RelatedTo(item.asset)) given.insert(other);
    }
  }
  std::set<ReservationId> overdue;
  for (const std::string& asset : given) {
    for (const Reservation& user : UsersOf(books_, asset, 0)) {
      if (user.use.close_by != 0) overdue.insert(user.id);
    }
  }
  for (const ReservationId id : overdue) {
    const Reservation current = books_.reservations.at(id);
    const Closing closing = ClosingOf(books_, current);
    if (closing.at < current.use.close_by) {
      Reservation next = current;
      next.use.close_by = closing.at;
      Commit(std::move(next), current, now);
    }
    TellNext(current, now);
  }
}

}  // namespace labslot::sim
