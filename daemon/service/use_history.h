#ifndef LABSLOT_DAEMON_SERVICE_USE_HISTORY_H_
#define LABSLOT_DAEMON_SERVICE_USE_HISTORY_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/engine/use_report.h"
#include "daemon/service/frozen_view.h"
#include "daemon/storage/store.h"

namespace labslot::service {

// What a report on a period is made from, as it was after an event: what became of
// records later is taken back. Costs a read of the log from that event on. Not
// thread-safe.
class UseHistory : public engine::UserSource {
 public:
  // What was refused after `until` is left out.
  static absl::StatusOr<std::unique_ptr<UseHistory>> Open(const FrozenView& view, Revision as_of,
                                                          Instant until, const Interval& period);

  // The catalogue after the event.
  const engine::Catalogue& catalogue() const { return *catalogue_; }

  // The period by what assets were in it.
  absl::StatusOr<std::vector<engine::Epoch>> Epochs() const;

  std::vector<Occupancy> Touching(const std::string& asset, const Interval& period) override;
  std::vector<RefusedRequest> Refused(const std::string& asset, const Interval& period) override;
  std::vector<MachineEntry> MachineStates(const std::string& asset,
                                          const Interval& period) override;
  std::vector<engine::Visit> Visits(const Asset& asset) override;
  std::optional<Reservation> FindReservation(ReservationId id) override;
  std::shared_ptr<const Organisation> OrganisationAt(const std::string& id, Instant time) override;

  // The first error of a read; what was read after it is empty.
  const absl::Status& status() const { return status_; }

 private:
  // What an organisation was from a time on; null: it was not.
  using Versions = std::vector<std::pair<Instant, std::shared_ptr<const Organisation>>>;

  UseHistory(const FrozenView& view, Revision as_of, Instant until, const Interval& period)
      : view_(view),
        snapshot_(*view_.snapshot),
        catalogue_(view_.catalogue),
        as_of_(as_of),
        until_(until),
        period_(period) {}

  absl::Status TakeBackWhatFollowed();
  absl::StatusOr<bool> ChangedInPeriod() const;
  absl::Status ReadOrganisations();
  std::vector<Occupancy> Occupancies(const std::string& asset, const Interval* touching);

  const FrozenView view_;
  const storage::Snapshot& snapshot_;
  std::shared_ptr<const engine::Catalogue> catalogue_;
  const Revision as_of_;
  const Instant until_;
  const Interval period_;
  // Reservations that changed later, as they were; nothing if they were not yet.
  absl::flat_hash_map<ReservationId, std::optional<Reservation>> changed_;
  absl::flat_hash_map<std::string, std::vector<Occupancy>> changed_by_asset_;
  std::optional<absl::flat_hash_map<std::string, Versions>> organisations_;
  absl::Status status_;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_USE_HISTORY_H_
