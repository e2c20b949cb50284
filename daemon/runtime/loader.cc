#include "daemon/runtime/loader.h"

#include <limits>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/domain/names.h"
#include "daemon/engine/outages.h"
#include "daemon/runtime/sequencer.h"
#include "daemon/storage/read_ahead.h"
#include "daemon/storage/records.h"

namespace labslot::runtime {
namespace {

// Promise 1, checked before the daemon serves: a store that breaks it was
// damaged or written by something else. What was over at the last event is left
// out: an asset may have less capacity now than it had then.
absl::Status CheckNoDoubleBooking(const engine::State& state) {
  const Interval ahead = {state.last_time(), limits::kLatestInstant + limits::kLongestChangeover};
  for (const auto& [id, asset] : state.catalogue().assets()) {
    if (!engine::OverbookedTimes(state.catalogue(), *asset, state.timeline(id), ahead).empty()) {
      return absl::DataLossError(absl::StrCat(NameOf(kAssets, id), " has capacity ",
                                              asset->capacity,
                                              " less what is out of service, but more is reserved "
                                              "at once: up to ",
                                              state.timeline(id).Peak(ahead)));
    }
    for (const std::string& other : state.catalogue().Related(id)) {
      const bool both = !Intersection(state.timeline(id).TimesAbove(0, ahead),
                                      state.timeline(other).TimesAbove(0, ahead))
                             .empty();
      if (both) {
        return absl::DataLossError(absl::StrCat(NameOf(kAssets, id), " and ",
                                                NameOf(kAssets, other),
                                                " exclude each other but are both reserved"));
      }
    }
  }
  return absl::OkStatus();
}

// Of what is over only traces are kept, unless it ended behind `memory_from`.
absl::Status LoadOccupancies(const storage::Snapshot& snapshot, Instant memory_from,
                             engine::State& state) {
  const Asset* asset = nullptr;  // of the last one: they come by asset
  absl::Status result;
  const auto load = [&](const Occupancy& occupancy) {
    if (asset == nullptr || asset->id != occupancy.asset) {
      asset = state.catalogue().FindAsset(occupancy.asset);
    }
    if (asset == nullptr) {
      result = absl::DataLossError(absl::StrCat(NameOf(occupancy.reservation), " is of ",
                                                NameOf(kAssets, occupancy.asset),
                                                ", which the store does not have"));
      return false;
    }
    // What runs out may outlast its run, and must run out all the same.
    const bool held =
        DueTime(occupancy).has_value() && occupancy.state != ReservationState::kConfirmed;
    if (held || occupancy.blocked().end > memory_from) {
      state.LoadOccupancy(occupancy);
    } else {
      state.LoadPastOccupancy(occupancy);
    }
    return true;
  };
  LABSLOT_RETURN_IF_ERROR(storage::VisitOccupancies(storage::ReadAhead(snapshot), "",
                                                    std::numeric_limits<Instant>::min(),
                                                    std::numeric_limits<Instant>::max(), load));
  return result;
}

absl::Status LoadChoices(const storage::Snapshot& snapshot, engine::State& state) {
  for (const auto& [asset, waiting] : state.all_waiting()) {
    for (const ReservationId id : waiting) {
      LABSLOT_ASSIGN_OR_RETURN(const std::optional<Reservation> found,
                               storage::ReadReservation(snapshot, id));
      if (found) state.LoadChoices(*found);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<engine::State> LoadState(const storage::Store& store) {
  engine::State state;
  const std::unique_ptr<const storage::Snapshot> snapshot = store.TakeSnapshot();
  LABSLOT_RETURN_IF_ERROR(storage::VisitRecords(
      *snapshot, [&](Resource record) { state.LoadRecord(std::move(record)); }));

  Instant last_time = 0;
  if (snapshot->revision() > 0) {
    LABSLOT_ASSIGN_OR_RETURN(const std::optional<Event> last,
                             storage::ReadEvent(store, snapshot->revision()));
    if (!last) return absl::DataLossError("the last event of the log is missing");
    last_time = last->time;
  }
  const Instant memory_from = last_time - Sequencer::kMemoryOfThePast;
  LABSLOT_RETURN_IF_ERROR(LoadOccupancies(*snapshot, memory_from, state));
  LABSLOT_RETURN_IF_ERROR(LoadChoices(*snapshot, state));
  state.FinishLoad(snapshot->revision(), last_time, memory_from);
  LABSLOT_RETURN_IF_ERROR(CheckNoDoubleBooking(state));
  LABSLOT_RETURN_IF_ERROR(CountAgain(*snapshot, state));
  return state;
}

absl::Status CountAgain(const storage::Snapshot& snapshot, engine::State& state) {
  state.BeginLedger();
  if (state.ledger().idle()) return absl::OkStatus();
  const Instant from = state.last_time() - state.ledger().memory();
  for (const auto& [id, asset] : state.catalogue().assets()) {
    LABSLOT_RETURN_IF_ERROR(storage::VisitOccupancies(snapshot, id, from - limits::kLongestRun,
                                                      std::numeric_limits<Instant>::max(),
                                                      [&](const Occupancy& occupancy) {
                                                        if (occupancy.run.end > from)
                                                          state.Count(occupancy);
                                                        return true;
                                                      }));
  }
  return absl::OkStatus();
}

}  // namespace labslot::runtime
