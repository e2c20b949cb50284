#include "tests/bench/online.h"

#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::bench {

OnlineOutcome BookInTurn(const std::vector<Asked>& requests, int32_t units, double least_gain) {
  support::World world;
  world.Add(support::MakeSite("lommel"));
  world.Add(support::MakePool("rigs", units));
  Policy policy;
  policy.id = "displacement";
  policy.rule = DisplacementRule{.least_gain = least_gain, .priority_weight = 1};
  world.Add(policy);
  const Instant month = support::At("2027-03-01 00:00");
  std::map<ReservationId, int64_t> values;
  for (const Asked& asked : requests) {
    engine::CreateReservation command;
    command.draft = support::Draft({support::Item("rigs")},
                                   {month + asked.interval.start, month + asked.interval.end});
    // With the weight of priority at 1, harm and worth are hours times the class.
    command.draft.priority = static_cast<int32_t>(asked.weight - 1);
    command.on_conflict = engine::OnConflict::kDisplace;
    const auto booked = world.Run({"ada"}, command);
    if (booked.ok()) values[std::get<Reservation>(booked.value().result).id] = asked.value;
  }
  OnlineOutcome outcome;
  for (const auto& [id, reservation] : world.reservations()) {
    if (Blocks(reservation)) outcome.value += values[id];
  }
  for (const Event& event : world.events()) {
    outcome.displaced += event.type == EventType::kDisplaced ? 1 : 0;
  }
  return outcome;
}

}  // namespace labslot::bench
