#include "tests/sim/workload.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/sim/house.h"

namespace labslot::sim {
namespace {

constexpr Seconds kGrid = 1800;

}  // namespace

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
  // Who would have to give way is known by who does; likewise who would get which unit.
  request.dry_run = Roll(12) == 0 && !request.may_displace && request.verb != Verb::kCheckIn;
  if (Roll(10) != 0) request.request_id = absl::StrCat("q", next_id_++);
  if (!request.request_id.empty()) asked_.push_back(request);
  return request;
}

Request Workload::Fresh(const Model& model, Instant now) {
  const bool few_quotas = model.books().quotas.size() < 3;
  if (Roll(few_quotas ? 10 : 30) == 0) return AboutQuota(model);
  if (Roll(8) == 0) {
    if (const auto request = AboutApproval(model)) return *request;
  }
  if (Roll(3) == 0) {
    if (const auto request = AboutOffer(model)) return *request;
  }
  if (Roll(40) == 0) return NewSeries(model, now);
  if (Roll(24) == 0) {
    if (const auto request = AboutSeries(model, now)) return *request;
  }
  const uint64_t roll = Roll(30);
  if (roll < 2) return AboutAsset(model);
  if (roll < 4) return AboutFault(model, now);
  if (roll < 6) return AboutCall(model, now);
  if (roll < 8) {
    if (const auto request = ToCall(model, now)) return *request;
  }
  if (roll < 17 && model.reservations().size() > 1) return AboutReservation(model, now);
  return Booking(model, now);
}

Request Workload::Booking(const Model& model, Instant now) {
  Request request;
  request.verb = Verb::kBook;
  request.principal = Someone();
  request.items = SomeItems(model);
  request.site = SomeSite(model, request.items);
  request.interval = SomeTime(now);
  request.priority = static_cast<int32_t>(10 * Roll(3));
  if (Roll(4) == 0) {
    request.hold_for = 60 * static_cast<Seconds>(1 + Roll(40));
  } else if (Roll(2) == 0) {
    request.may_wait = true;
  } else if (Roll(2) == 0) {
    request.may_displace = true;
    request.priority += 20;
  }
  if (Roll(4) == 0) {
    request.window = request.interval.Widened(kGrid * static_cast<Seconds>(Roll(4)),
                                              kGrid * static_cast<Seconds>(Roll(12)));
  }
  if (Roll(4) == 0) AddChoices(model, now, request);
  request.like_assets = Roll(4) == 0;
  if (Roll(6) == 0) request.user = Someone();
  request.project = SomeProject();
  request.firm = Roll(request.principal == "sam" ? 4 : 40) == 0;
  return request;
}

// Other assets, another time, or both.
void Workload::AddChoices(const Model& model, Instant now, Request& request) {
  const uint64_t count = 1 + Roll(2);
  for (uint64_t i = 0; i < count; ++i) {
    Option& option = request.choices.emplace_back();
    if (Roll(3) != 0) option.items = SomeItems(model);
    if (option.items.empty() || Roll(2) == 0) option.interval = SomeTime(now);
  }
}

// A request that is submitted to a call, if one takes requests.
std::optional<Request> Workload::ToCall(const Model& model, Instant now) {
  for (const auto& [id, call] : model.books().calls) {
    if (call.deadline <= now && Roll(6) != 0) continue;
    Request request;
    request.verb = Verb::kBook;
    request.principal = Someone();
    request.call = id;
    const std::string& asset = call.assets[Roll(call.assets.size())];
    request.items = {Some(asset, model.things().at(asset))};
    request.items.front().quantity = 1;
    request.interval.start = call.interval.start + kGrid * static_cast<Seconds>(Roll(8));
    request.interval.end = request.interval.start + kGrid * static_cast<Seconds>(1 + Roll(4));
    request.priority = static_cast<int32_t>(10 * Roll(3));
    request.project = SomeProject();
    return request;
  }
  return std::nullopt;
}

// About somebody who may come now, is there, or was, if anybody.
std::optional<Request> Workload::AboutUse(const Model& model, Instant now) {
  std::vector<const Reservation*> around;
  std::vector<const Reservation*> over;
  for (const auto& [id, r] : model.reservations()) {
    const bool may_come = r.state == ReservationState::kConfirmed &&
                          r.interval.start - 900 <= now && now < r.interval.end;
    const bool was =
        r.state == ReservationState::kNoShow || r.state == ReservationState::kCompleted;
    if (may_come || r.state == ReservationState::kCheckedIn) around.push_back(&r);
    if (was) over.push_back(&r);
  }
  if (around.empty() || Roll(4) == 0) around = over;
  if (around.empty()) return std::nullopt;
  const Reservation& r = *around[Roll(around.size())];
  Request request;
  request.reservation = r.id;
  request.principal = Roll(6) == 0 ? Someone() : r.user;
  request.verb = r.state == ReservationState::kConfirmed ? Verb::kCheckIn : Verb::kCheckOut;
  if (request.verb == Verb::kCheckIn && Roll(3) == 0) request.units = SomeUnits(r);
  if (request.verb == Verb::kCheckOut && Roll(3) != 0) GiveBackSome(r, request);
  if (IsFinal(r.state)) {
    request.verb = Verb::kCorrect;
    request.principal = Roll(6) == 0 ? Someone() : "sam";
    request.nobody_came = Roll(2) == 0;
  }
  return request;
}

// A part of something that it has; now and then more than that.
void Workload::GiveBackSome(const Reservation& reservation, Request& request) {
  const ReservationItem& item = reservation.items[Roll(reservation.items.size())];
  Wanted& back = request.items.emplace_back();
  back.asset = Roll(20) == 0 ? "rigs" : item.asset;
  back.quantity = static_cast<int32_t>(Roll(static_cast<uint64_t>(item.quantity) + 1));
  if (Roll(20) == 0) back.quantity = item.quantity + 1;
  if (Roll(3) == 0 && !item.units.empty()) request.units = {item.units[Roll(item.units.size())]};
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
  if (Roll(3) != 0) {
    if (const auto request = AboutUse(model, now)) return *request;
  }
  const auto& all = model.reservations();
  // Mostly the young ones; the old ones are over. The first one is that of the house.
  const size_t back = std::min<size_t>(all.size() - 1, Roll(5) == 0 ? all.size() : 15);
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
    if (!it->second.site.empty() && Roll(3) == 0) request.site = kPlaces[Roll(kPlaces.size())];
  } else {
    request.verb = Verb::kChangeItems;
    request.items = SomeItems(model);
    request.site = SomeSite(model, request.items);
  }
  return request;
}

Request Workload::AboutAsset(const Model& model) {
  Request request;
  request.principal = Roll(8) == 0 ? Someone() : "sam";
  const uint64_t roll = Roll(12);
  if (roll >= 10) {
    request.verb = Verb::kSetLabel;
    request.asset = kUnitPool;
    request.unit = Roll(2) == 0 ? "c" : "d";
    request.is_hot = Roll(2) == 0;
  } else if (roll < 3) {
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
  static constexpr const char* kBreaks[] = {"line", "cell-a", "cell-b", "robot", "rigs",
                                            "rigs", "laser",  "scope",  "van",   "truck"};
  Request request;
  request.principal = Roll(8) == 0 ? Someone() : "sam";
  request.interval = SomeTime(now);
  if (Roll(2) == 0) request.interval.start = now;
  const std::string unit = UnitInUse(model);
  if (!unit.empty() || Roll(5) == 0) return AboutUnit(model, request, unit);
  const auto& faults = model.books().faults;
  if (faults.empty() || Roll(2) == 0) {
    request.verb = Verb::kBreakDown;
    request.record = absl::StrCat("fault-", next_record_++);
    request.asset = kBreaks[Roll(std::size(kBreaks))];
    const bool is_pool = request.asset == "rigs" || request.asset == "cell-b";
    request.number = is_pool ? static_cast<int64_t>(Roll(2)) : 0;
    return request;
  }
  const auto fault = OneOf(faults);
  request.record = fault->first;
  request.verb = Roll(2) == 0 ? Verb::kRepair : Verb::kMoveFault;
  return request;
}

// No more than two units are out at once, so that often those that are left can do for all.
Request Workload::AboutUnit(const Model& model, Request request, const std::string& in_use) {
  static constexpr const char* kNames[] = {"unit-fault-1", "unit-fault-2"};
  const auto& faults = model.books().faults;
  const uint64_t which = Roll(2);
  const auto other = faults.find(kNames[1 - which]);
  // Which unit is meant by one that names none is not told, and need not be the same for
  // all of its time where another one begins meanwhile: it is out alone.
  const bool others_is_any = other != faults.end() && other->second.unit.empty();
  request.record = others_is_any ? other->first : kNames[which];
  if (faults.count(request.record) > 0) {
    request.verb = Roll(3) == 0 ? Verb::kMoveFault : Verb::kRepair;
    return request;
  }
  request.verb = Verb::kBreakDown;
  request.asset = kUnitPool;
  request.number = 1;
  if (other != faults.end() || Roll(4) != 0)
    request.unit = std::string(1, static_cast<char>('a' + Roll(4)));
  if (!in_use.empty() && Roll(6) != 0) request.unit = in_use;
  return request;
}

Request Workload::AboutCall(const Model& model, Instant now) {
  Request request;
  request.principal = Roll(8) == 0 ? Someone() : "sam";
  const auto& calls = model.books().calls;
  if (calls.empty() || Roll(4) == 0) {
    request.verb = Verb::kOpenCall;
    request.record = absl::StrCat("call-", next_record_++);
    request.items = {{"rigs"}, {"cell-b"}, {"laser"}, {kUnitPool}};
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
    const auto it = Roll(4) == 0 ? model.things().find(kUnitPool) : OneOf(model.things());
    if (!items.empty() && items[0].asset == it->first) continue;
    items.push_back(Some(it->first, it->second));
  }
  return items;
}

// Where what travels has to come to, mostly.
std::string Workload::SomeSite(const Model& model, const Items& items) {
  const bool travels = std::any_of(items.begin(), items.end(), [&](const Wanted& wanted) {
    return model.books().Travels(wanted.asset);
  });
  if (Roll(40) == 0) return travels ? "" : kPlaces[Roll(kPlaces.size())];
  return travels ? kPlaces[Roll(kPlaces.size())] : "";
}

Wanted Workload::Some(const std::string& asset, const Thing& thing) {
  Wanted wanted = {asset, thing.capacity > 1 ? static_cast<int32_t>(1 + Roll(3)) : 1};
  if (thing.units.empty()) return wanted;
  const uint64_t roll = Roll(8);
  if (roll < 3 || roll == 7) wanted.labels["eds"] = "yes";
  if (roll > 4) wanted.labels["hot"] = "yes";
  if (roll == 7) wanted.quantity = 1;
  return wanted;
}

// Empty if none is.
std::string Workload::UnitInUse(const Model& model) {
  std::string in_use;
  for (const auto& [id, r] : model.reservations()) {
    if (r.state != ReservationState::kCheckedIn) continue;
    for (const ReservationItem& item : r.items) {
      if (!item.units.empty()) in_use = item.units[Roll(item.units.size())];
    }
  }
  return in_use;
}

// Now and then more than it has, or what nobody has.
std::vector<std::string> Workload::SomeUnits(const Reservation& reservation) {
  std::vector<std::string> units;
  for (const ReservationItem& item : reservation.items) {
    if (item.asset != kUnitPool) continue;
    std::string all = Roll(10) == 0 ? "dcbaz" : "dcba";
    std::shuffle(all.begin(), all.end(), random_);
    const auto count = static_cast<size_t>(item.quantity) + (Roll(10) == 0 ? 1 : 0);
    for (const char unit : all.substr(0, count)) units.emplace_back(1, unit);
  }
  return units;
}

Interval Workload::SomeTime(Instant now) {
  // Soon, so that somebody comes or does not, or some time today.
  const uint64_t steps_ahead = Roll(2) == 0 ? Roll(4) : Roll(20);
  const Instant start =
      now - now % kGrid - kGrid + kGrid * static_cast<Seconds>(steps_ahead) + 60 * (Roll(9) == 0);
  return {start, start + kGrid * static_cast<Seconds>(1 + Roll(6))};
}

std::string Workload::SomeAsset(const Model& model) { return OneOf(model.things())->first; }

std::string Workload::Someone() {
  static constexpr const char* kPeople[] = {"ada", "bob", "eve", "sam"};
  return kPeople[Roll(4)];
}

}  // namespace labslot::sim
