#include "tests/sim/workload.h"

#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"

namespace labslot::sim {
namespace {

constexpr Seconds kGrid = 1800;

}  // namespace

std::map<std::string, Thing> HouseThings() {
  std::map<std::string, Thing> things;
  things["line"].displaces = true;
  things["cell-a"].parent = "line";
  Thing& cell = things["cell-b"];
  cell.parent = "line";
  cell.capacity = 2;
  cell.grace = 1200;
  cell.displaces = true;
  things["robot"].parent = "cell-a";
  things["robot"].close_after = 3600;
  Thing& rigs = things["rigs"];
  rigs.capacity = 3;
  rigs.grace = 900;
  rigs.close_after = 7200;
  rigs.ends_for_next = true;
  rigs.displaces = true;
  for (const char* id : {"laser", "scope"}) {
    things[id].in_group = true;
    things[id].set_up = 600;
    things[id].tear_down = 900;
  }
  things["laser"].displaces = true;
  things["scope"].ends_for_next = true;
  things["scope"].close_after = 3 * 3600;
  things["office"].office_hours = true;
  return things;
}

template <typename Map>
typename Map::const_iterator Workload::OneOf(const Map& map) {
  return std::next(map.begin(), static_cast<std::ptrdiff_t>(Roll(map.size())));
}

Request Workload::Next(const Model& model, Instant now) {
  if (!asked_.empty() && Roll(6) == 0) {
    Request again = asked_[asked_.size() - 1 - Roll(std::min<size_t>(asked_.size(), 12))];
    if (Roll(8) == 0) again.interval.end += kGrid;  // the same id for something else
    return again;
  }
  Request request = Fresh(model, now);
  // Who would have to give way is known by who does.
  request.dry_run = Roll(12) == 0 && !request.may_displace;
  if (Roll(10) != 0) request.request_id = absl::StrCat("q", next_id_++);
  if (!request.request_id.empty()) asked_.push_back(request);
  return request;
}

Request Workload::Fresh(const Model& model, Instant now) {
  const uint64_t roll = Roll(30);
  if (roll < 2) return AboutAsset(model);
  if (roll < 4) return AboutFault(model, now);
  if (roll < 6) return AboutCall(model, now);
  if (roll < 8) {
    if (const auto request = ToCall(model, now)) return *request;
  }
  if (roll < 17 && !model.reservations().empty()) return AboutReservation(model, now);
  return Booking(model, now);
}

Request Workload::Booking(const Model& model, Instant now) {
  Request request;
  request.verb = Verb::kBook;
  request.principal = Someone();
  request.items = SomeItems(model);
  request.interval = SomeTime(now);
  request.priority = static_cast<int32_t>(10 * Roll(3));
  if (Roll(4) == 0) {
    request.hold_for = 60 * static_cast<Seconds>(1 + Roll(40));
  } else if (Roll(3) == 0) {
    request.may_wait = true;
  } else if (Roll(3) == 0) {
    request.may_displace = true;
    request.priority += 20;
  }
  if (Roll(4) == 0) {
    request.window = request.interval.Widened(kGrid * static_cast<Seconds>(Roll(4)),
                                              kGrid * static_cast<Seconds>(Roll(12)));
  }
  if (Roll(6) == 0) request.user = Someone();
  request.firm = Roll(request.principal == "sam" ? 4 : 40) == 0;
  return request;
}

// A request that is submitted to a call, if one takes requests.
std::optional<Request> Workload::ToCall(const Model& model, Instant now) {
  for (const auto& [id, call] : model.books().calls) {
    if (call.deadline <= now && Roll(6) != 0) continue;
    Request request;
    request.verb = Verb::kBook;
    request.principal = Someone();
    request.call = id;
    request.items = {{call.assets[Roll(call.assets.size())], 1}};
    request.interval.start = call.interval.start + kGrid * static_cast<Seconds>(Roll(8));
    request.interval.end = request.interval.start + kGrid * static_cast<Seconds>(1 + Roll(4));
    request.priority = static_cast<int32_t>(10 * Roll(3));
    return request;
  }
  return std::nullopt;
}

// About somebody who may come now, or is there, if anybody.
std::optional<Request> Workload::AboutUse(const Model& model, Instant now) {
  std::vector<const Reservation*> around;
  for (const auto& [id, r] : model.reservations()) {
    const bool may_come = r.state == ReservationState::kConfirmed &&
                          r.interval.start - 900 <= now && now < r.interval.end;
    const bool was =
        r.state == ReservationState::kNoShow || r.state == ReservationState::kCompleted;
    if (may_come || r.state == ReservationState::kCheckedIn || was) around.push_back(&r);
  }
  if (around.empty()) return std::nullopt;
  const Reservation& r = *around[Roll(around.size())];
  Request request;
  request.reservation = r.id;
  request.principal = Roll(6) == 0 ? Someone() : r.user;
  request.verb = r.state == ReservationState::kConfirmed ? Verb::kCheckIn : Verb::kCheckOut;
  if (IsFinal(r.state)) {
    request.verb = Verb::kCorrect;
    request.principal = Roll(6) == 0 ? Someone() : "sam";
    request.nobody_came = Roll(2) == 0;
  }
  return request;
}

// About something that is offered, if anything is.
std::optional<Request> Workload::AboutOffer(const Model& model) {
  std::vector<const Reservation*> offers;
  for (const auto& [id, reservation] : model.reservations()) {
    if (reservation.state == ReservationState::kOffered) offers.push_back(&reservation);
  }
  if (offers.empty()) return std::nullopt;
  const Reservation& offer = *offers[Roll(offers.size())];
  Request request;
  request.reservation = offer.id;
  request.principal = Roll(6) == 0 ? Someone() : offer.user;
  request.verb = Roll(4) == 0 ? Verb::kCancel : Verb::kAccept;
  return request;
}

Request Workload::AboutReservation(const Model& model, Instant now) {
  if (Roll(3) == 0) {
    if (const auto request = AboutOffer(model)) return *request;
  }
  if (Roll(3) == 0) {
    if (const auto request = AboutUse(model, now)) return *request;
  }
  const auto& all = model.reservations();
  // Mostly the young ones; the old ones are over.
  const size_t back = std::min<size_t>(all.size(), Roll(5) == 0 ? all.size() : 15);
  Request request;
  const auto it = std::prev(all.end(), static_cast<std::ptrdiff_t>(1 + Roll(back)));
  request.reservation = Roll(40) == 0 ? it->first + 1000 : it->first;
  request.principal = Roll(3) == 0 ? Someone() : it->second.user;
  const uint64_t roll = Roll(8);
  if (roll < 2) {
    request.verb = Verb::kCancel;
  } else if (roll < 4) {
    request.verb = Verb::kConfirm;
  } else if (roll < 7) {
    request.verb = Verb::kMove;
    request.interval = SomeTime(now);
    if (Roll(2) == 0) {  // over its own slot, or from the start that it has
      request.interval = it->second.interval;
      request.interval.end += kGrid * static_cast<Seconds>(1 + Roll(3));
      if (Roll(2) == 0) request.interval.start += kGrid;
    }
  } else {
    request.verb = Verb::kChangeItems;
    request.items = SomeItems(model);
  }
  return request;
}

Request Workload::AboutAsset(const Model& model) {
  Request request;
  request.principal = Roll(8) == 0 ? Someone() : "sam";
  const uint64_t roll = Roll(10);
  if (roll < 3) {
    request.verb = Verb::kSetCapacity;
    request.asset = "rigs";
    request.number = static_cast<int64_t>(1 + Roll(4));
  } else if (roll < 5) {
    request.verb = Verb::kSetSetUp;
    request.asset = Roll(2) == 0 ? "laser" : "scope";
    request.number = static_cast<int64_t>(600 * Roll(4));
  } else if (roll < 7) {
    request.verb = Verb::kSetGroup;
    request.asset = Roll(2) == 0 ? "laser" : "scope";
    request.in_group = Roll(3) != 0;
  } else {
    request.verb = roll < 9 ? Verb::kAddAsset : Verb::kRetireAsset;
    request.asset = absl::StrCat("extra-", Roll(1 + model.things().size() / 2));
  }
  return request;
}

Request Workload::AboutFault(const Model& model, Instant now) {
  static constexpr const char* kBreaks[] = {"line", "cell-a", "cell-b", "robot",
                                            "rigs", "rigs",   "laser",  "scope"};
  Request request;
  request.principal = Roll(8) == 0 ? Someone() : "sam";
  request.interval = SomeTime(now);
  const auto& faults = model.books().faults;
  if (faults.empty() || Roll(2) == 0) {
    request.verb = Verb::kBreakDown;
    request.record = absl::StrCat("fault-", next_record_++);
    request.asset = kBreaks[Roll(8)];
    const bool is_pool = request.asset == "rigs" || request.asset == "cell-b";
    request.number = is_pool ? static_cast<int64_t>(Roll(2)) : 0;
    if (Roll(2) == 0) request.interval.start = now;
    return request;
  }
  request.record = OneOf(faults)->first;
  request.verb = Roll(2) == 0 ? Verb::kRepair : Verb::kMoveFault;
  return request;
}

Request Workload::AboutCall(const Model& model, Instant now) {
  Request request;
  request.principal = Roll(8) == 0 ? Someone() : "sam";
  const auto& calls = model.books().calls;
  if (calls.empty() || Roll(4) == 0) {
    request.verb = Verb::kOpenCall;
    request.record = absl::StrCat("call-", next_record_++);
    request.items = {{"rigs", 1}, {"cell-b", 1}, {"laser", 1}};
    const Instant start = now - now % kGrid + 4 * kGrid;
    request.interval = {start, start + 12 * kGrid};
    request.number = now + 60 * static_cast<Seconds>(10 + Roll(50));
    return request;
  }
  const auto call = OneOf(calls);
  request.verb = Verb::kClearCall;
  request.record = call->first;
  // Mostly what would be granted one by one, sometimes anything.
  Books books = model.books();
  for (const ReservationId id : books.RequestsOf(call->first)) {
    Reservation& r = books.reservations.at(id);
    const bool fits = books.Passes(r, nullptr, now);
    if (!fits && Roll(8) != 0) continue;
    request.granted.insert(id);
    r.state = ReservationState::kConfirmed;
    r.leaves_slot_free = false;
  }
  return request;
}

Items Workload::SomeItems(const Model& model) {
  Items items;
  const size_t count = Roll(4) == 0 ? 2 : 1;
  while (items.size() < count) {
    const auto it = OneOf(model.things());
    if (!items.empty() && items[0].first == it->first) continue;
    items.push_back({it->first, it->second.capacity > 1 ? static_cast<int32_t>(1 + Roll(3)) : 1});
  }
  return items;
}

Interval Workload::SomeTime(Instant now) {
  // Soon, so that somebody comes or does not, or some time today.
  const uint64_t steps_ahead = Roll(2) == 0 ? Roll(4) : Roll(20);
  const Instant start =
      now - now % kGrid - kGrid + kGrid * static_cast<Seconds>(steps_ahead) + 60 * (Roll(9) == 0);
  return {start, start + kGrid * static_cast<Seconds>(1 + Roll(6))};
}

std::string Workload::Someone() {
  static constexpr const char* kPeople[] = {"ada", "bob", "eve", "sam"};
  return kPeople[Roll(4)];
}

}  // namespace labslot::sim
