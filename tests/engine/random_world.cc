#include "tests/engine/random_world.h"

#include <iterator>

#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::engine {

using support::kMinute;
using support::MakeAsset;
using support::MakeChild;
using support::MakePool;
using support::MakeSite;

RandomWorld::RandomWorld(unsigned seed)
    : random_(seed), assets_{"line",  "cell-a", "cell-b", "rigs", "room",
                             "laser", "scope",  "truck",  "mill"} {
  world_.now = support::At("mon 6:00");
  Site lommel = MakeSite("lommel");
  lommel.calendar = support::Hours("mon-sun", "8:00-18:00");
  world_.Add(lommel);
  Site tartu = MakeSite("tartu", "Europe/Tallinn");
  world_.Add(tartu);
  world_.Add(MakeAsset("line"));
  world_.Add(MakeChild("cell-a", "line"));
  Asset tools = MakeChild("cell-b", "line");
  tools.capacity_kind = CapacityKind::kPool;
  tools.capacity = 2;
  world_.Add(tools);
  world_.Add(MakePool("rigs", 3));
  world_.Add(support::MakeSeats("room", 6));
  for (const char* id : {"laser", "scope"}) {
    Asset asset = MakeAsset(id);
    asset.exclusion_groups = {"bench"};
    asset.set_up = 10 * kMinute;
    asset.tear_down = 20 * kMinute;
    world_.Add(asset);
  }
  Asset truck = support::MakeMobile("truck");
  truck.set_up = 30 * kMinute;
  world_.Add(truck);
  Asset mill = MakeAsset("mill", "tartu");
  mill.may_span_closed_time = true;
  mill.calendar = support::Hours("mon-sun", "9:00-12:00");
  world_.Add(mill);
  world_.Add(support::MakeUser("bob", {"acme"}));
}

Interval RandomWorld::AnyInterval() {
  const Instant start = support::At("mon 6:00") + 10 * kMinute * static_cast<int>(Roll(240));
  return {start, start + 10 * kMinute * (1 + static_cast<int>(Roll(30)))};
}

const std::string& RandomWorld::AnyAsset() {
  return assets_[Roll(static_cast<unsigned>(assets_.size()))];
}

Reservation RandomWorld::AnyDraft() {
  Reservation draft = support::Draft({}, AnyInterval());
  const unsigned items = 1 + Roll(6) / 5;
  while (draft.items.size() < items) {
    const ReservationItem item =
        support::Item(AnyAsset(), 1 + static_cast<int32_t>(Roll(3) * Roll(2)));
    bool fits = true;
    for (const ReservationItem& other : draft.items) fits &= other.asset != item.asset;
    if (!fits) continue;
    draft.items.push_back(item);
    if (item.asset == "truck") draft.site = Roll(2) == 0 ? "lommel" : "tartu";
  }
  return draft;
}

ReservationId RandomWorld::AnyReservation() {
  const auto& all = world_.reservations();
  if (all.empty()) return 0;
  return std::next(all.begin(), Roll(static_cast<unsigned>(all.size())))->first;
}

void RandomWorld::Step() {
  if (Roll(8) == 0) world_.now += Roll(600);
  const Principal who{Roll(3) == 0 ? "bob" : "ada"};
  const ReservationId id = AnyReservation();
  switch (Roll(10)) {
    case 0:
      (void)world_.Run(who, CancelReservation{id, 0});
      return;
    case 1:
      (void)world_.Run(who, ConfirmReservation{id, 0});
      return;
    case 2:
      (void)world_.Run(DaemonPrincipal(), EndAtDueTime{id});
      return;
    case 3:
    case 4:
      (void)world_.Run(who, UpdateReservation{id, 0, support::SetInterval(AnyInterval())});
      return;
    default:
      (void)world_.Run(who, CreateReservation{AnyDraft(), Roll(4) == 0 ? 300 : 0});
  }
}

}  // namespace labslot::engine
