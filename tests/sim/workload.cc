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
  things["line"] = Thing();
  things["cell-a"].parent = "line";
  things["cell-b"].parent = "line";
  things["cell-b"].capacity = 2;
  things["robot"].parent = "cell-a";
  things["rigs"].capacity = 3;
  for (const char* id : {"laser", "scope"}) {
    things[id].in_group = true;
    things[id].set_up = 600;
    things[id].tear_down = 900;
  }
  things["office"].office_hours = true;
  return things;
}

Request Workload::Next(const Model& model, Instant now) {
  if (!asked_.empty() && Roll(6) == 0) {
    Request again = asked_[asked_.size() - 1 - Roll(std::min<size_t>(asked_.size(), 12))];
    if (Roll(8) == 0) again.interval.end += kGrid;  // the same id for something else
    return again;
  }
  Request request = Fresh(model, now);
  request.dry_run = Roll(12) == 0;
  if (Roll(10) != 0) request.request_id = absl::StrCat("q", next_id_++);
  if (!request.request_id.empty()) asked_.push_back(request);
  return request;
}

Request Workload::Fresh(const Model& model, Instant now) {
  const uint64_t roll = Roll(20);
  if (roll < 2) return AboutAsset(model);
  if (roll < 9 && !model.reservations().empty()) return AboutReservation(model, now);
  Request request;
  request.verb = Verb::kBook;
  request.principal = Someone();
  request.items = SomeItems(model);
  request.interval = SomeTime(now);
  if (Roll(4) == 0) {
    request.hold_for = 60 * static_cast<Seconds>(1 + Roll(40));
  } else if (Roll(3) == 0) {
    request.may_wait = true;
    request.priority = static_cast<int32_t>(10 * Roll(3));
  }
  if (Roll(4) == 0) {
    request.window = request.interval.Widened(kGrid * static_cast<Seconds>(Roll(4)),
                                              kGrid * static_cast<Seconds>(Roll(12)));
  }
  if (Roll(6) == 0) request.user = Someone();
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

Items Workload::SomeItems(const Model& model) {
  Items items;
  const size_t count = Roll(4) == 0 ? 2 : 1;
  while (items.size() < count) {
    const auto it =
        std::next(model.things().begin(), static_cast<std::ptrdiff_t>(Roll(model.things().size())));
    if (!items.empty() && items[0].first == it->first) continue;
    items.push_back({it->first, it->second.capacity > 1 ? static_cast<int32_t>(1 + Roll(3)) : 1});
  }
  return items;
}

Interval Workload::SomeTime(Instant now) {
  const Instant start =
      now - now % kGrid - kGrid + kGrid * static_cast<Seconds>(Roll(20)) + 60 * (Roll(9) == 0);
  return {start, start + kGrid * static_cast<Seconds>(1 + Roll(6))};
}

std::string Workload::Someone() {
  static constexpr const char* kPeople[] = {"ada", "bob", "eve", "sam"};
  return kPeople[Roll(4)];
}

}  // namespace labslot::sim
