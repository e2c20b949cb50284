#include "daemon/engine/policy_decisions.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/granting.h"
#include "daemon/engine/impact.h"
#include "daemon/engine/record_decisions.h"

namespace labslot::engine {
namespace {

// Adds the changes of another decision behind those that are there.
void Append(const DecisionContext& context, Decision&& more, Decision& decision) {
  for (Change& change : more.changes) {
    change.event.revision = NextRevision(context, decision);
    std::visit([&](auto& record) { record.revision = change.event.revision; },
               change.event.resource);
    decision.changes.push_back(std::move(change));
  }
  for (std::string& guard : more.guards) decision.guards.push_back(std::move(guard));
}

std::optional<Error> Remove(const DecisionContext& context, const std::string& name,
                            const std::string& path, Decision& decision) {
  for (const char* collection : {kPolicies, kQuotas}) {
    const std::optional<std::string> id = IdIn(collection, name);
    if (!id) continue;
    Result<Decision> removed = DecideBody(context, DeleteRecord{collection, *id, 0});
    if (!removed.ok()) return std::move(removed).error();
    Append(context, std::move(removed).value(), decision);
    return std::nullopt;
  }
  return InvalidField(path, "must be the name of a policy or quota: policies/{id} or quotas/{id}");
}

// The reservation with a note for each rule that it breaks now.
Reservation Warned(const BrokenReservation& broken) {
  Reservation next = broken.reservation;
  for (const Violation& violation : broken.violations) {
    if (next.notes.size() == limits::kMaxNotes) break;
    next.notes.push_back({NoteKind::kWarning, violation.rule, violation.source, violation.asset,
                          violation.message, ""});
  }
  return next;
}

std::optional<Error> DealWith(const DecisionContext& context, const ApplyPolicy& command,
                              const Impact& impact, Decision& decision) {
  if (impact.broken.size() > limits::kMaxAffected) {
    return InvalidField(
        "existing", absl::StrCat("would change ", impact.broken.size(), " reservations; more than ",
                                 limits::kMaxAffected,
                                 " are not changed in one step. Use KEEP, or make the change "
                                 "in parts"));
  }
  for (const BrokenReservation& broken : impact.broken) {
    const Reservation& current = broken.reservation;
    const bool cancels = command.existing == Existing::kCancel &&
                         current.interval.start >= context.now + command.notice &&
                         MayBecome(current.state, ReservationState::kCancelled);
    AddReservationChange(context, cancels ? EventType::kCancelled : EventType::kUpdated,
                         cancels ? CalledOff(context, current) : Warned(broken), &current,
                         decision);
  }
  return std::nullopt;
}

}  // namespace

Result<Decision> DecideBody(const DecisionContext& context, const ApplyPolicy& command) {
  Result<Decision> admitted = AdmitRecords(context, command.records, "changes");
  if (!admitted.ok()) return std::move(admitted).error();
  Decision decision = std::move(admitted).value();
  for (size_t i = 0; i < command.removals.size(); ++i) {
    const std::string path = absl::StrCat("removals[", i, "]");
    if (auto error = Remove(context, command.removals[i], path, decision)) {
      return *std::move(error);
    }
  }
  if (command.existing == Existing::kKeep || decision.changes.empty()) return decision;
  Result<Impact> impact = ImpactOf(
      context.catalogue(), {command.records, command.removals}, context.principal, std::nullopt,
      [&](Instant from, const ReservationVisitor& visitor) {
        context.reservations.VisitReservations(from, visitor);
      },
      context.now);
  if (!impact.ok()) return std::move(impact).error();
  if (auto error = DealWith(context, command, impact.value(), decision)) return *std::move(error);
  return decision;
}

}  // namespace labslot::engine
