#include "daemon/service/planning_service.h"

#include <string>
#include <utility>
#include <variant>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/allocation.h"
#include "daemon/engine/displacement.h"
#include "daemon/engine/place.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/refusal.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/record_methods.h"
#include "daemon/service/workers.h"
#include "labslot/v1/planning_service.pb.h"

namespace labslot::service {
namespace {

constexpr double kSecondsPerHour = 3600;

void AddDisplaced(const DaemonCore& core, const engine::PlannedDisplacement& planned,
                  v1::PlanDisplacementResponse& response) {
  v1::PlannedDisplacement& added = *response.add_displaced();
  ToProto(planned.hit, *added.mutable_hit());
  added.set_harm(static_cast<double>(planned.harm) / kSecondsPerHour);
  if (planned.hit.outcome != HitOutcome::kMoved || planned.hit.reservation == 0) return;
  v1::Reservation after;
  ToProto(planned.after, engine::ZoneNameOf(core.catalogue(), planned.after), after);
  *added.mutable_items() = after.items();
  *added.mutable_interval() = after.interval();
}

void PlanDisplacement(const DaemonCore& core, const CallInfo& call,
                      const v1::PlanDisplacementRequest& request,
                      const Reply<v1::PlanDisplacementResponse>& reply) {
  FieldErrors errors;
  const Reservation draft = NewReservationFromProto(request.reservation(), "reservation", errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  const auto plan = core.sequencer.Ask(call.principal, [&](const engine::DecisionContext& context) {
    return engine::PlanAdmission(context, draft);
  });
  if (!plan.ok()) return reply.Fail(plan.error());
  v1::PlanDisplacementResponse response;
  if (plan.value().reservation) {
    const Reservation& reservation = *plan.value().reservation;
    ToProto(reservation, engine::ZoneNameOf(core.catalogue(), reservation),
            *response.mutable_reservation());
    // The number that it would get may go to another.
    response.mutable_reservation()->clear_name();
    response.mutable_reservation()->clear_etag();
  }
  if (plan.value().refusal) ToProto(*plan.value().refusal, *response.mutable_refusal());
  for (const auto& displaced : plan.value().displaced) AddDisplaced(core, displaced, response);
  response.set_harm(static_cast<double>(plan.value().harm) / kSecondsPerHour);
  response.set_worth(static_cast<double>(plan.value().worth) / kSecondsPerHour);
  reply.Send(response);
}

v1::PlanAllocationResponse ResponseOf(const engine::AllocationPlan& plan, int64_t revision) {
  v1::PlanAllocationResponse response;
  for (const engine::PlannedGrant& grant : plan.grants) {
    v1::Grant& added = *response.add_grants();
    added.set_reservation(NameOf(grant.reservation));
    added.set_choice(static_cast<int32_t>(grant.option.choice));
    ToProto(grant.option.interval, *added.mutable_interval());
    added.set_value(grant.option.value);
  }
  for (const engine::PlannedRejection& rejection : plan.rejections) {
    v1::Rejection& added = *response.add_rejections();
    added.set_reservation(NameOf(rejection.reservation));
    added.set_reason(rejection.reason);
    added.set_value(rejection.value);
  }
  response.set_value(plan.value);
  response.set_bound(plan.bound);
  response.set_method(
      static_cast<v1::PlanAllocationResponse::Method>(static_cast<int>(plan.method) + 1));
  response.set_fairness(plan.fairness);
  response.set_fair_value(plan.fair_value);
  response.set_fair_fairness(plan.fair_fairness);
  for (const engine::OrganisationShare& share : plan.shares) {
    v1::OrganisationShare& added = *response.add_shares();
    added.set_organisation(NameOf(kOrganisations, share.organisation));
    added.set_requested_value(share.requested);
    added.set_granted_value(share.granted);
  }
  response.set_etag(EtagOf(revision));
  return response;
}

void PlanAllocation(const DaemonCore& core, const CallInfo& call,
                    const v1::PlanAllocationRequest& request,
                    const Reply<v1::PlanAllocationResponse>& reply) {
  FieldErrors errors;
  const std::string id = IdFromName(kRounds, request.name(), Presence::kRequired, "name", errors);
  engine::PackingLimits limits;
  limits.seed = static_cast<uint32_t>(
      NumberFromProto(request.seed(), 0, std::numeric_limits<int32_t>::max(), "seed", errors));
  limits.seconds = static_cast<double>(limits::kUsualPlanning);
  if (request.has_time_limit()) {
    limits.seconds = static_cast<double>(
        DurationFromProto(request.time_limit(), 1, limits::kLongestPlanning, "time_limit", errors));
  }
  if (!errors.ok()) return reply.Fail(errors.ToError());
  const Round* round = core.catalogue().FindRound(id);
  if (round == nullptr) return reply.Fail(NotFound(request.name()));
  if (!engine::ManagesAll(core.catalogue(), call.principal, round->assets)) {
    return reply.Fail(RoleRequired("plan a round: it takes an asset manager of all its assets",
                                   kAssetManagerRole));
  }
  auto gathered = std::make_shared<const engine::Call>(engine::GatherCall(
      core.state(), core.sequencer.reservations(), *round, core.sequencer.Now()));
  RunOnWorker(
      core, call, reply, [gathered, limits]() -> absl::StatusOr<v1::PlanAllocationResponse> {
        return ResponseOf(engine::PlanAllocation(*gathered, limits), gathered->round.revision);
      });
}

void ApplyAllocation(const DaemonCore& core, const CallInfo& call,
                     const v1::ApplyAllocationRequest& request, const Reply<v1::Round>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::ApplyAllocation body;
  body.round = IdFromName(kRounds, request.name(), Presence::kRequired, "name", errors);
  body.etag = RevisionFromEtag(request.etag(), "etag", errors);
  body.bound = NumberFromProto(request.bound(), int64_t{0}, std::numeric_limits<int64_t>::max(),
                               "bound", errors);
  CheckCount(request.grants_size(), limits::kMaxRoundRequests, "grants", errors);
  for (int i = 0; i < AtMost(request.grants_size(), limits::kMaxRoundRequests); ++i) {
    const std::string path = ElementPath("grants", static_cast<size_t>(i));
    const ReservationId id = ReservationIdFromName(request.grants(i).reservation(),
                                                   FieldPath(path, "reservation"), errors);
    const int32_t choice =
        NumberFromProto(request.grants(i).choice(), 0, static_cast<int32_t>(limits::kMaxChoices),
                        FieldPath(path, "choice"), errors);
    if (!body.grants.emplace(id, static_cast<size_t>(choice)).second) {
      errors.Add(FieldPath(path, "reservation"), "must not be granted twice");
    }
  }
  CheckCount(request.rejections_size(), limits::kMaxRoundRequests, "rejections", errors);
  for (int i = 0; i < AtMost(request.rejections_size(), limits::kMaxRoundRequests); ++i) {
    const std::string path = ElementPath("rejections", static_cast<size_t>(i));
    const ReservationId id = ReservationIdFromName(request.rejections(i).reservation(),
                                                   FieldPath(path, "reservation"), errors);
    if (body.grants.count(id) > 0) {
      errors.Add(FieldPath(path, "reservation"), "must not be granted and rejected");
    }
    body.rejections[id] =
        ReasonFromProto(request.rejections(i).reason(), FieldPath(path, "reason"), errors);
  }
  command.body = std::move(body);
  SubmitCommand(core, call, std::move(command), errors, reply, RespondWithRecord<Round>());
}

}  // namespace

void AddPlanningMethods(Methods& methods) {
  methods.Add("PlanDisplacement", PlanDisplacement);
  methods.Add("GetRound", GetRecord<Round, v1::GetRoundRequest>);
  methods.Add("ListRounds", ListRecords<Round, v1::ListRoundsRequest, v1::ListRoundsResponse>);
  methods.Add("CreateRound", CreateRecord<Round, v1::CreateRoundRequest>);
  methods.Add("UpdateRound", UpdateRecord<Round, v1::UpdateRoundRequest>);
  methods.Add("DeleteRound", DeleteRecord<Round, v1::DeleteRoundRequest>);
  methods.Add("PlanAllocation", PlanAllocation);
  methods.Add("ApplyAllocation", ApplyAllocation);
}

}  // namespace labslot::service
