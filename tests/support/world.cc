#include "tests/support/world.h"

#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"
#include "daemon/domain/names.h"
#include "daemon/engine/outage_decisions.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::support {

using engine::Decision;
using engine::Principal;

World::World() : now(At("2027-02-28 12:00")) {
  Add(MakeOrganisation("acme"));
  Add(MakeUser("ada", {"acme"}));
}

std::optional<Reservation> World::FindReservation(ReservationId id) const {
  const auto found = reservations_.find(id);
  if (found == reservations_.end()) return std::nullopt;
  return found->second;
}

std::optional<Series> World::FindSeries(SeriesId id) const {
  const auto found = series_.find(id);
  if (found == series_.end()) return std::nullopt;
  return found->second;
}

void World::VisitReservations(Instant from,
                              const std::function<void(const Reservation&)>& visitor) const {
  for (const auto& [id, reservation] : reservations_) {
    if (reservation.interval.start >= from) visitor(reservation);
  }
}

void World::EndWhatIsDue() {
  while (!state_.dues().empty() && state_.dues().begin()->first <= now) {
    const auto ended =
        Run(engine::DaemonPrincipal(), engine::EndAtDueTime{state_.dues().begin()->second});
    if (!ended.ok()) Die(Describe(ended.error()));
  }
  for (auto due = engine::NextOutageDue(catalogue()); due && *due <= now;
       due = engine::NextOutageDue(catalogue())) {
    const std::string id = catalogue().open_outages().begin()->second;
    const auto extended = Run(engine::DaemonPrincipal(), engine::ExtendOutage{id});
    if (!extended.ok()) Die(Describe(extended.error()));
  }
}

Result<Decision> World::Try(const Principal& principal, engine::CommandBody body,
                            const std::string& reason, const std::string& override_reason) const {
  engine::Command command;
  command.principal = principal;
  command.reason = reason;
  command.override_reason = override_reason;
  command.body = std::move(body);
  return Decide(state_, *this, command, now);
}

Result<Decision> World::Run(const Principal& principal, engine::CommandBody body,
                            const std::string& reason, const std::string& override_reason) {
  auto decision = Try(principal, std::move(body), reason, override_reason);
  if (decision.ok()) Apply(decision.value());
  return decision;
}

void World::Apply(const Decision& decision) {
  for (const engine::Change& change : decision.changes) {
    state_.Apply(change.event, change.before_or_null());
    events_.push_back(change.event);
    if (const auto* reservation = std::get_if<Reservation>(&change.event.resource)) {
      reservations_[reservation->id] = *reservation;
    } else if (const auto* series = std::get_if<Series>(&change.event.resource)) {
      series_[series->id] = *series;
    }
  }
  if (!state_.ledger_is_stale()) return;
  state_.BeginLedger();
  for (const auto& [id, reservation] : reservations_) {
    for (const Occupancy& occupancy : OccupanciesOf(reservation)) state_.Count(occupancy);
  }
}

void World::Add(const Resource& record) {
  const auto result = Run(engine::CreateRecord{record});
  if (!result.ok()) Die(absl::StrCat(NameOf(record), ": ", Describe(result.error())));
}

namespace {

template <typename T>
engine::UpdateRecord<T> Replacement(const T& record) {
  engine::UpdateRecord<T> update;
  update.id = record.id;
  update.patch = [record](const T& current) -> Result<T> {
    T result = record;
    result.create_time = current.create_time;
    result.update_time = current.update_time;
    result.revision = current.revision;
    return result;
  };
  return update;
}

}  // namespace

Result<Decision> World::Replace(const Asset& asset) {
  auto update = Replacement(asset);
  update.patch = [inner = update.patch](const Asset& current) {
    auto result = inner(current);
    if (!result.ok()) return result;
    Asset replaced = result.value();
    replaced.state = current.state;
    replaced.retire_time = current.retire_time;
    return Result<Asset>(replaced);
  };
  return Run(update);
}

Result<Decision> World::Replace(const Site& site) { return Run(Replacement(site)); }
Result<Decision> World::Replace(const User& user) { return Run(Replacement(user)); }

Result<Decision> World::Book(const Reservation& draft, const std::string& user, Seconds hold_for) {
  engine::CreateReservation command;
  command.draft = draft;
  command.hold_for = hold_for;
  return Run(Principal{user}, command);
}

ReservationId World::MustBook(const Reservation& draft, const std::string& user, Seconds hold_for) {
  const auto result = Book(draft, user, hold_for);
  if (!result.ok()) Die(absl::StrCat("booking of ", user, ": ", Describe(result.error())));
  return std::get<Reservation>(result.value().result).id;
}

Result<Decision> World::Move(ReservationId id, const Interval& to, const std::string& user) {
  engine::UpdateReservation command;
  command.id = id;
  command.patch = SetInterval(to);
  return Run(Principal{user}, command);
}

Result<Decision> World::Cancel(ReservationId id, const std::string& user) {
  engine::CancelReservation command;
  command.id = id;
  return Run(Principal{user}, command);
}

engine::Patch<Reservation> SetInterval(const Interval& interval) {
  return [interval](const Reservation& current) -> Result<Reservation> {
    Reservation moved = current;
    moved.interval = interval;
    return moved;
  };
}

std::string Describe(const Error& error) {
  std::string text = error.message;
  for (const FieldViolation& field : error.fields) {
    absl::StrAppend(&text, " [", field.field, ": ", field.description, "]");
  }
  if (error.refusal) {
    for (const Violation& violation : error.refusal->violations) {
      absl::StrAppend(&text, " {", violation.asset, ": ", violation.message, "}");
    }
  }
  return text;
}

}  // namespace labslot::support
