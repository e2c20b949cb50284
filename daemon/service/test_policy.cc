#include "daemon/service/test_policy.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/place.h"
#include "daemon/service/catalogue_records.h"
#include "daemon/service/convert/refusal.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/workers.h"
#include "daemon/storage/records.h"

namespace labslot::service {
namespace {

// Of a reservation that the caller may not see: what free/busy tells him too,
// and which rule it is.
void AddHidden(const engine::BrokenReservation& broken, v1::BrokenReservation& to) {
  v1::Reservation& reservation = *to.mutable_reservation();
  for (const ReservationItem& item : broken.reservation.items) {
    reservation.add_items()->set_asset(NameOf(kAssets, item.asset));
  }
  ToProto(broken.reservation.interval, *reservation.mutable_interval());
  reservation.set_state(static_cast<v1::Reservation::State>(broken.reservation.state));
  for (const Violation& violation : broken.violations) {
    Violation told;
    told.rule = violation.rule;
    told.asset = violation.asset;
    told.limit = violation.limit;
    told.source = violation.source;
    told.effect = violation.effect;
    ToProto(told, *to.add_violations());
  }
}

struct Trial {
  engine::Principal principal;
  engine::RuleChange change;
  std::optional<Interval> interval;
  Instant now = 0;
  std::shared_ptr<const engine::Catalogue> catalogue;
  std::unique_ptr<const storage::Snapshot> snapshot;
};

absl::StatusOr<Result<v1::TestPolicyResponse>> RunTrial(const Trial& trial) {
  absl::Status read;
  Result<engine::Impact> impact = engine::ImpactOf(
      *trial.catalogue, trial.change, trial.principal, trial.interval,
      [&](Instant from, const engine::ReservationVisitor& visitor) {
        const Instant first = std::max(from, limits::kEarliestInstant);
        read.Update(storage::VisitReservations(*trial.snapshot, first, limits::kLatestInstant,
                                               [&](const Reservation& reservation) {
                                                 visitor(reservation);
                                                 return true;
                                               }));
      },
      trial.now);
  if (!read.ok()) return read;
  if (!impact.ok()) return Result<v1::TestPolicyResponse>(impact.error());
  engine::Impact found = std::move(impact).value();
  ConflictMask mask(*trial.catalogue, trial.principal, [&](ReservationId id) {
    return storage::ReadReservation(*trial.snapshot, id);
  });
  v1::TestPolicyResponse response;
  size_t bytes = 0;
  for (engine::BrokenReservation& broken : found.broken) {
    if (static_cast<size_t>(response.broken_size()) == limits::kMaxBrokenTold ||
        bytes >= limits::kFullPageBytes) {
      break;
    }
    TellBroken(*trial.catalogue, trial.principal, std::move(broken), mask, *response.add_broken());
    bytes += response.broken().rbegin()->ByteSizeLong();
  }
  response.set_broken_count(static_cast<int32_t>(found.broken.size()));
  response.set_judged_count(static_cast<int32_t>(found.judged_count));
  return Result<v1::TestPolicyResponse>(std::move(response));
}

}  // namespace

void TellBroken(const engine::Catalogue& catalogue, const engine::Principal& principal,
                engine::BrokenReservation broken, ConflictMask& mask, v1::BrokenReservation& to) {
  if (!engine::MaySee(catalogue, principal, broken.reservation)) return AddHidden(broken, to);
  ToProto(broken.reservation, engine::ZoneNameOf(catalogue, broken.reservation),
          *to.mutable_reservation());
  mask.Apply(broken.violations);
  for (const Violation& violation : broken.violations) ToProto(violation, *to.add_violations());
}

void TestPolicy(const DaemonCore& core, const CallInfo& call, const v1::TestPolicyRequest& request,
                const Reply<v1::TestPolicyResponse>& reply) {
  FieldErrors errors;
  auto trial = std::make_shared<Trial>();
  trial->principal = call.principal;
  trial->change = RuleChangeFromProto(request.changes(), request.removals(), errors);
  if (request.has_interval()) {
    trial->interval =
        IntervalFromProto(request.interval(), limits::kLongestReportPeriod, "interval", errors);
  }
  if (!errors.ok()) return reply.Fail(errors.ToError());
  trial->now = core.sequencer.Now();
  trial->catalogue = core.state().ShareCatalogue();
  trial->snapshot = core.store.TakeSnapshot();
  RunOnWorker(core, call, reply, [trial] { return RunTrial(*trial); });
}

}  // namespace labslot::service
