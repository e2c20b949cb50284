#include "daemon/service/use_changes.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/place.h"
#include "daemon/service/convert/event.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/history.h"
#include "daemon/service/report_assets.h"
#include "daemon/service/workers.h"
#include "daemon/storage/record_history.h"
#include "daemon/storage/records.h"

namespace labslot::service {
namespace {

// What changed of the uses of some assets in a period.
struct UseChanges {
  std::set<std::string> assets;
  Interval period;
  Revision after = 0;
  Revision last = 0;
  std::shared_ptr<const engine::Catalogue> catalogue;
  std::unique_ptr<const storage::Snapshot> snapshot;
};

bool IsAbout(const UseChanges& changes, const Resource& resource) {
  if (const auto* outage = std::get_if<Outage>(&resource)) {
    return changes.assets.contains(outage->asset) && outage->interval.Overlaps(changes.period);
  }
  if (const auto* report = std::get_if<MachineReport>(&resource)) {
    const Interval told = {report->spans.front().interval.start, report->spans.back().interval.end};
    return changes.assets.contains(report->asset) && told.Overlaps(changes.period);
  }
  const auto* reservation = std::get_if<Reservation>(&resource);
  if (reservation == nullptr) return false;
  const std::vector<Occupancy> occupancies = OccupanciesOf(*reservation);
  return std::any_of(occupancies.begin(), occupancies.end(), [&](const Occupancy& occupancy) {
    return changes.assets.contains(occupancy.asset) && occupancy.Reach().Overlaps(changes.period);
  });
}

absl::StatusOr<v1::ListUseChangesResponse> ListChanges(const UseChanges& changes) {
  constexpr int kMost = 1000;
  v1::ListUseChangesResponse response;
  response.set_revision(changes.after);
  absl::Status result;
  const auto zone_of = [&](const Reservation& reservation) {
    return engine::ZoneNameOf(*changes.catalogue, reservation);
  };
  // Also if it was about them and is no more.
  const auto is_about = [&](const Event& event) -> absl::StatusOr<bool> {
    if (IsAbout(changes, event.resource)) return true;
    LABSLOT_ASSIGN_OR_RETURN(const std::optional<Event> before,
                             storage::LastEventOf(*changes.snapshot, storage::KeyOf(event.resource),
                                                  event.revision - 1));
    return before && IsAbout(changes, before->resource);
  };
  LABSLOT_RETURN_IF_ERROR(
      storage::VisitEvents(*changes.snapshot, changes.after, [&](const Event& event) {
        if (event.revision > changes.last || response.events_size() == kMost) return false;
        const absl::StatusOr<bool> about = is_about(event);
        result = about.status();
        if (!result.ok()) return false;
        if (*about) ToProto(event, zone_of, *response.add_events());
        response.set_revision(event.revision);
        return true;
      }));
  LABSLOT_RETURN_IF_ERROR(result);
  return response;
}

}  // namespace

void ListUseChanges(const DaemonCore& core, const CallInfo& call,
                    const v1::ListUseChangesRequest& request,
                    const Reply<v1::ListUseChangesResponse>& reply) {
  FieldErrors errors;
  auto changes = std::make_shared<UseChanges>();
  const std::vector<std::string> named =
      IdsFromNames(kAssets, request.assets(), limits::kMaxAssetsPerQuery, "assets", errors);
  changes->period =
      IntervalFromProto(request.interval(), limits::kLongestReportPeriod, "interval", errors);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max() - 1;
  changes->after =
      NumberFromProto(request.from_revision(), int64_t{0}, kMost, "from_revision", errors);
  changes->last = NumberFromProto(request.to_revision(), int64_t{0}, kMost, "to_revision", errors);
  if (changes->last == 0) changes->last = core.state().head();
  if (!errors.ok()) return reply.Fail(errors.ToError());
  Result<std::vector<std::string>> assets =
      AssetsOf(core, call, named, AssetFilter(), engine::ManagesAsset);
  if (!assets.ok()) return reply.Fail(assets.error());
  changes->assets.insert(assets.value().begin(), assets.value().end());
  changes->catalogue = core.state().ShareCatalogue();
  changes->snapshot = core.store.TakeSnapshot();
  RunOnWorker(core, call, reply, [changes] { return ListChanges(*changes); });
}

}  // namespace labslot::service
