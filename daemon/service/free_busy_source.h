#ifndef LABSLOT_DAEMON_SERVICE_FREE_BUSY_SOURCE_H_
#define LABSLOT_DAEMON_SERVICE_FREE_BUSY_SOURCE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/interval.h"
#include "daemon/engine/itinerary.h"
#include "daemon/engine/parties.h"
#include "daemon/engine/state.h"
#include "daemon/engine/timeline.h"
#include "daemon/service/history.h"
#include "daemon/storage/store.h"

namespace labslot::service {

// What free and busy times are worked out from. Not thread-safe.
class FreeBusySource {
 public:
  virtual ~FreeBusySource() = default;

  virtual const engine::Timeline& TimelineOf(absl::string_view asset) = 0;
  // The visits of a mobile asset, by start.
  virtual std::vector<engine::Visit> VisitsOf(const Asset& asset) = 0;
  virtual const engine::Parties& parties() const = 0;

  // The first error of a read of timelines or visits; those are empty then.
  virtual absl::Status status() const { return absl::OkStatus(); }
};

// The present and the future, on the loop's thread. The state must outlive it.
class StateSource : public FreeBusySource {
 public:
  explicit StateSource(const engine::State& state) : state_(state) {}

  const engine::Timeline& TimelineOf(absl::string_view asset) override {
    return state_.timeline(asset);
  }
  std::vector<engine::Visit> VisitsOf(const Asset& asset) override {
    return state_.itinerary(asset.id).All();
  }
  const engine::Parties& parties() const override { return state_.parties(); }

 private:
  const engine::State& state_;
};

// What the state has of some assets in a period, taken out of it on the loop's
// thread to be used on another.
class CopiedSource : public FreeBusySource {
 public:
  CopiedSource(const engine::State& state, const std::vector<std::string>& assets,
               const Interval& period);

  const engine::Timeline& TimelineOf(absl::string_view asset) override;
  std::vector<engine::Visit> VisitsOf(const Asset& asset) override { return visits_[asset.id]; }
  const engine::Parties& parties() const override { return parties_; }

 private:
  void Copy(const engine::State& state, const std::string& asset, const Interval& period);

  // Inserted where they are used: copying is what keeps the loop busy.
  absl::flat_hash_map<std::string, std::vector<engine::Occupant>> occupants_;
  absl::flat_hash_map<std::string, std::vector<engine::Visit>> visits_;
  absl::flat_hash_map<std::string, std::unique_ptr<engine::Timeline>> timelines_;
  engine::Parties parties_;
};

// What the store has, for times that the state has forgotten.
class HistoricSource : public FreeBusySource {
 public:
  HistoricSource(const FrozenView& view, const Interval& period)
      : view_(view), timelines_(view, period) {}

  const engine::Timeline& TimelineOf(absl::string_view asset) override {
    return timelines_.Of(asset);
  }
  std::vector<engine::Visit> VisitsOf(const Asset& asset) override;
  const engine::Parties& parties() const override { return timelines_.parties(); }
  absl::Status status() const override { return status_.ok() ? timelines_.status() : status_; }

 private:
  const FrozenView view_;
  HistoricTimelines timelines_;
  absl::Status status_;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_FREE_BUSY_SOURCE_H_
