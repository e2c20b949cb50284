#include "daemon/service/reservation_service.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/place.h"
#include "daemon/service/commands.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/patch.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/list_reservations.h"
#include "daemon/storage/records.h"
#include "labslot/v1/reservation_service.pb.h"

namespace labslot::service {
namespace {

void SubmitReservationCommand(const DaemonCore& core, const CallInfo& call, engine::Command command,
                              const FieldErrors& errors, const Reply<v1::Reservation>& reply) {
  const bool dry_run = command.validate_only;
  SubmitCommand(core, call, std::move(command), errors, reply,
                [&core, dry_run](const runtime::Answer& answer, v1::Reservation& response) {
                  const auto& reservation = std::get<Reservation>(answer.result);
                  ToProto(reservation, engine::ZoneNameOf(core.catalogue(), reservation), response);
                  // The number that it would get may go to another.
                  if (dry_run) response.clear_etag();
                  if (dry_run && reservation.id > core.state().head()) response.clear_name();
                });
}

void CreateReservation(const DaemonCore& core, const CallInfo& call,
                       const v1::CreateReservationRequest& request,
                       const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::CreateReservation body;
  body.draft = ReservationFromProto(request.reservation(), "reservation", errors);
  if (request.has_hold_duration()) {
    body.hold_for = DurationFromProto(request.hold_duration(), 1, limits::kLongestHold,
                                      "hold_duration", errors);
  }
  command.body = std::move(body);
  SubmitReservationCommand(core, call, std::move(command), errors, reply);
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

// Cancel and confirm differ in nothing but the command.
template <typename Body, typename Request>
void ChangeState(const DaemonCore& core, const CallInfo& call, const Request& request,
                 const Reply<v1::Reservation>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  const ReservationId id = ReservationIdFromName(request.name(), "name", errors);
  command.body = Body{id, RevisionFromEtag(request.etag(), "etag", errors)};
  SubmitReservationCommand(core, call, std::move(command), errors, reply);
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
  v1::Reservation response;
  ToProto(*reservation, engine::ZoneNameOf(core.catalogue(), *reservation), response);
  reply.Send(response);
}

}  // namespace

void AddReservationMethods(Methods& methods) {
  methods.Add("CreateReservation", CreateReservation);
  methods.Add("GetReservation", GetReservation);
  methods.Add("ListReservations", ListReservations);
  methods.Add("UpdateReservation", UpdateReservation);
  methods.Add("CancelReservation",
              ChangeState<engine::CancelReservation, v1::CancelReservationRequest>);
  methods.Add("ConfirmReservation",
              ChangeState<engine::ConfirmReservation, v1::ConfirmReservationRequest>);
}

}  // namespace labslot::service
