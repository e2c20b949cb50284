#include "daemon/service/reservation_service.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/explain.h"
#include "daemon/engine/place.h"
#include "daemon/service/commands.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/patch.h"
#include "daemon/service/convert/refusal.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/list_problems.h"
#include "daemon/service/list_reservations.h"
#include "daemon/service/reservation_answer.h"
#include "daemon/service/series_methods.h"
#include "daemon/service/visit_method.h"
#include "daemon/storage/records.h"
#include "labslot/v1/reservation_service.pb.h"

namespace labslot::service {
namespace {

void SubmitReservationCommand(const DaemonCore& core, const CallInfo& call, engine::Command command,
                              const FieldErrors& errors, const Reply<v1::Reservation>& reply) {
  const bool dry_run = command.validate_only;
  SubmitCommand(core, call, std::move(command), errors, reply,
                [&core, dry_run](const runtime::Answer& answer, v1::Reservation& response) {
                  AnswerProto(core, std::get<Reservation>(answer.result), dry_run, response);
                });
}

// A request of a round awaits what the round decides.
void CheckRequestOfRound(const v1::CreateReservationRequest& request, absl::string_view path,
                         FieldErrors& errors) {
  if (request.has_hold_duration()) {
    errors.Add(FieldPath(path, "hold_duration"),
               "must be unset in a round: its requests hold nothing");
  }
  if (request.on_conflict() != v1::CreateReservationRequest::ON_CONFLICT_UNSPECIFIED) {
    errors.Add(FieldPath(path, "on_conflict"),
               "must be unset in a round: it decides between its requests");
  }
}

// Reads a request at `path`, but for what CommandOf reads.
engine::CreateReservation CreationFromProto(const v1::CreateReservationRequest& request,
                                            absl::string_view path, FieldErrors& errors) {
  engine::CreateReservation body;
  body.draft =
      NewReservationFromProto(request.reservation(), FieldPath(path, "reservation"), errors);
  if (request.has_hold_duration()) {
    body.hold_for = DurationFromProto(request.hold_duration(), 1, limits::kLongestHold,
                                      FieldPath(path, "hold_duration"), errors);
  }
  body.on_conflict = EnumFromProto<engine::OnConflict>(request.on_conflict(), Presence::kOptional,
                                                       FieldPath(path, "on_conflict"), errors);
  if (body.on_conflict == engine::OnConflict::kWaitList && body.hold_for > 0) {
    errors.Add(FieldPath(path, "hold_duration"),
               "must be unset with WAIT_LIST: what waits holds nothing");
  }
  if (!body.draft.round.empty()) CheckRequestOfRound(request, path, errors);
  return body;
}

void CreateReservation(const DaemonCore& core, const CallInfo& call,
                       const v1::CreateReservationRequest& request,
                       const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  command.body = CreationFromProto(request, "", errors);
  SubmitReservationCommand(core, call, std::move(command), errors, reply);
}

// What is said of the batch as a whole is not said of one of its requests.
void CheckRequestOfBatch(const v1::CreateReservationRequest& request, absl::string_view path,
                         FieldErrors& errors) {
  constexpr char kWhy[] = "must be unset: give it for the whole batch";
  if (!request.request_id().empty()) errors.Add(FieldPath(path, "request_id"), kWhy);
  if (request.validate_only()) errors.Add(FieldPath(path, "validate_only"), kWhy);
  if (!request.override_reason().empty()) errors.Add(FieldPath(path, "override_reason"), kWhy);
}

void BatchCreateReservations(const DaemonCore& core, const CallInfo& call,
                             const v1::BatchCreateReservationsRequest& request,
                             const Reply<v1::BatchCreateReservationsResponse>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::CreateReservations body;
  if (request.requests().empty()) errors.Add("requests", "must not be empty");
  CheckCount(request.requests_size(), limits::kMaxBatch, "requests", errors);
  for (int i = 0; i < AtMost(request.requests_size(), limits::kMaxBatch); ++i) {
    const std::string path = ElementPath("requests", static_cast<size_t>(i));
    CheckRequestOfBatch(request.requests(i), path, errors);
    body.requests.push_back(CreationFromProto(request.requests(i), path, errors));
  }
  const bool dry_run = command.validate_only;
  command.body = std::move(body);
  SubmitCommand(core, call, std::move(command), errors, reply,
                [&core, dry_run](const runtime::Answer& answer,
                                 v1::BatchCreateReservationsResponse& response) {
                  for (const Reservation& made : answer.reservations) {
                    AnswerProto(core, made, dry_run, *response.add_reservations());
                  }
                });
}

void UpdateReservation(const DaemonCore& core, const CallInfo& call,
                       const v1::UpdateReservationRequest& request,
                       const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::UpdateReservation body;
  body.id = ReservationIdFromName(request.reservation().name(), "reservation.name", errors);
  body.etag = RevisionFromEtag(request.reservation().etag(), "reservation.etag", errors);
  body.patch = PatchFrom(request.reservation(), request.update_mask(), errors);
  command.body = std::move(body);
  SubmitReservationCommand(core, call, std::move(command), errors, reply);
}

// Those that change the state differ in nothing but the command.
template <typename Body, typename Request>
void ChangeState(const DaemonCore& core, const CallInfo& call, const Request& request,
                 const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  const ReservationId id = ReservationIdFromName(request.name(), "name", errors);
  command.body = Body{id, RevisionFromEtag(request.etag(), "etag", errors)};
  SubmitReservationCommand(core, call, std::move(command), errors, reply);
}

void RejectReservation(const DaemonCore& core, const CallInfo& call,
                       const v1::RejectReservationRequest& request,
                       const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  RequireReason(command, "must be set: its holder is told why", errors);
  const ReservationId id = ReservationIdFromName(request.name(), "name", errors);
  command.body = engine::RejectReservation{id, RevisionFromEtag(request.etag(), "etag", errors)};
  SubmitReservationCommand(core, call, std::move(command), errors, reply);
}

std::vector<std::string> UnitsFromProto(
    const google::protobuf::RepeatedPtrField<std::string>& protos, const std::string& path,
    FieldErrors& errors) {
  CheckCount(protos.size(), limits::kMaxUnits, path, errors);
  std::vector<std::string> units;
  for (int i = 0; i < AtMost(protos.size(), limits::kMaxUnits); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    std::string unit = IdFromProto(protos[i], element, errors);
    if (std::find(units.begin(), units.end(), unit) != units.end()) {
      errors.Add(element, absl::StrCat("must not be listed twice: ", unit));
    }
    units.push_back(std::move(unit));
  }
  return units;
}

void CheckIn(const DaemonCore& core, const CallInfo& call, const v1::CheckInRequest& request,
             const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::CheckIn body;
  body.id = ReservationIdFromName(request.name(), "name", errors);
  body.etag = RevisionFromEtag(request.etag(), "etag", errors);
  CheckCount(request.units_size(), limits::kMaxItems, "units", errors);
  for (int i = 0; i < AtMost(request.units_size(), limits::kMaxItems); ++i) {
    const v1::UnitChoice& choice = request.units(i);
    const std::string path = ElementPath("units", static_cast<size_t>(i));
    const std::string asset =
        IdFromName(kAssets, choice.asset(), Presence::kRequired, FieldPath(path, "asset"), errors);
    body.units[asset] = UnitsFromProto(choice.units(), FieldPath(path, "units"), errors);
  }
  command.body = std::move(body);
  SubmitReservationCommand(core, call, std::move(command), errors, reply);
}

void CheckOut(const DaemonCore& core, const CallInfo& call, const v1::CheckOutRequest& request,
              const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::CheckOut body;
  body.id = ReservationIdFromName(request.name(), "name", errors);
  body.etag = RevisionFromEtag(request.etag(), "etag", errors);
  CheckCount(request.items_size(), limits::kMaxItems, "items", errors);
  for (int i = 0; i < AtMost(request.items_size(), limits::kMaxItems); ++i) {
    const v1::ReturnedItem& item = request.items(i);
    const std::string path = ElementPath("items", static_cast<size_t>(i));
    engine::ReturnedItem& returned = body.items.emplace_back();
    returned.asset =
        IdFromName(kAssets, item.asset(), Presence::kRequired, FieldPath(path, "asset"), errors);
    returned.quantity = NumberFromProto(item.quantity(), 0, limits::kMaxCapacity,
                                        FieldPath(path, "quantity"), errors);
    returned.units = UnitsFromProto(item.units(), FieldPath(path, "units"), errors);
  }
  command.body = std::move(body);
  SubmitReservationCommand(core, call, std::move(command), errors, reply);
}

void CorrectUse(const DaemonCore& core, const CallInfo& call, const v1::CorrectUseRequest& request,
                const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  RequireReason(command, "must be set: a correction without a reason explains nothing", errors);
  engine::CorrectUse body;
  body.id = ReservationIdFromName(request.name(), "name", errors);
  body.etag = RevisionFromEtag(request.etag(), "etag", errors);
  body.outcome =
      EnumFromProto<engine::Outcome>(request.outcome(), Presence::kOptional, "outcome", errors);
  if (request.has_check_in_time()) {
    body.check_in = InstantFromProto(request.check_in_time(), "check_in_time", errors);
  }
  if (request.has_check_out_time()) {
    body.check_out = InstantFromProto(request.check_out_time(), "check_out_time", errors);
  }
  if (request.update_mask().paths_size() > 0) {
    body.patch = UsePatchFrom(request.reservation(), request.update_mask(), errors);
  }
  command.body = std::move(body);
  SubmitReservationCommand(core, call, std::move(command), errors, reply);
}

void SendExplanation(const Result<engine::Explanation>& explanation,
                     const Reply<v1::ExplainResponse>& reply) {
  if (!explanation.ok()) return reply.Fail(explanation.error());
  v1::ExplainResponse response;
  for (const engine::RuleVerdict& verdict : explanation.value().verdicts) {
    v1::RuleVerdict& added = *response.add_verdicts();
    added.set_broken(verdict.broken);
    ToProto(verdict.rule, *added.mutable_rule());
  }
  if (explanation.value().refusal) {
    ToProto(*explanation.value().refusal, *response.mutable_refusal());
  }
  response.set_needs_approval(explanation.value().needs_approval);
  reply.Send(response);
}

void Explain(const DaemonCore& core, const CallInfo& call, const v1::ExplainRequest& request,
             const Reply<v1::ExplainResponse>& reply) {
  FieldErrors errors;
  const auto& source = core.sequencer.reservations();
  const Instant now = core.sequencer.Now();
  if (request.has_reservation()) {
    const Reservation draft = ReservationFromProto(request.reservation(), "reservation", errors);
    if (!errors.ok()) return reply.Fail(errors.ToError());
    return SendExplanation(engine::ExplainDraft(core.state(), source, call.principal, draft, now),
                           reply);
  }
  if (!request.has_name()) errors.Add("name", "must be set, or reservation");
  const ReservationId id =
      request.has_name() ? ReservationIdFromName(request.name(), "name", errors) : 0;
  if (!errors.ok()) return reply.Fail(errors.ToError());
  SendExplanation(engine::ExplainReservation(core.state(), source, call.principal, id, now), reply);
}

void GetReservation(const DaemonCore& core, const CallInfo& call,
                    const v1::GetReservationRequest& request, const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  const ReservationId id = ReservationIdFromName(request.name(), "name", errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  const absl::StatusOr<std::optional<Reservation>> found = storage::ReadReservation(core.store, id);
  if (!found.ok()) return reply.Fail(found.status());
  const std::optional<Reservation>& reservation = *found;
  if (!reservation || !engine::MaySee(core.catalogue(), call.principal, *reservation)) {
    return reply.Fail(NotFound(request.name()));
  }
  OnArena<v1::Reservation> response;
  ToProto(*reservation, engine::ZoneNameOf(core.catalogue(), *reservation), *response);
  reply.Send(*response);
}

}  // namespace

void AddReservationMethods(Methods& methods) {
  methods.Add("CreateReservation", CreateReservation);
  methods.Add("BatchCreateReservations", BatchCreateReservations);
  methods.Add("CreateVisit", CreateVisit);
  methods.Add("GetReservation", GetReservation);
  methods.Add("ListReservations", ListReservations);
  methods.Add("UpdateReservation", UpdateReservation);
  methods.Add("CancelReservation",
              ChangeState<engine::CancelReservation, v1::CancelReservationRequest>);
  methods.Add("ConfirmReservation",
              ChangeState<engine::ConfirmReservation, v1::ConfirmReservationRequest>);
  methods.Add("ApproveReservation",
              ChangeState<engine::ApproveReservation, v1::ApproveReservationRequest>);
  methods.Add("RejectReservation", RejectReservation);
  methods.Add("AcceptOffer", ChangeState<engine::AcceptOffer, v1::AcceptOfferRequest>);
  methods.Add("CheckIn", CheckIn);
  methods.Add("CheckOut", CheckOut);
  methods.Add("CorrectUse", CorrectUse);
  methods.Add("ListProblems", ListProblems);
  methods.Add("Explain", Explain);
  AddSeriesMethods(methods);
}

}  // namespace labslot::service
