#include <utility>
#include <vector>

#include "daemon/storage/stored_messages.h"

namespace labslot::storage {
namespace {

constexpr absl::CivilSecond kFirstSecond(1970, 1, 1);

void ToStored(const Conflict& conflict, stored::Conflict& out) {
  out.set_reservation(conflict.reservation);
  out.set_asset(conflict.asset);
  out.set_start(conflict.occupancy.start);
  out.set_length(conflict.occupancy.length());
  out.set_quantity(conflict.quantity);
}

Conflict FromStored(const stored::Conflict& conflict) {
  return {.reservation = conflict.reservation(),
          .asset = conflict.asset(),
          .occupancy = {conflict.start(), Sum(conflict.start(), conflict.length())},
          .quantity = conflict.quantity()};
}

template <typename List>
void ToStoredDays(const std::vector<absl::CivilDay>& days, List& out) {
  for (const absl::CivilDay day : days) out.Add(ToStoredDay(day));
}

template <typename List>
std::vector<absl::CivilDay> FromStoredDays(const List& list) {
  std::vector<absl::CivilDay> days;
  for (const int32_t day : list) days.push_back(FromStoredDay(day));
  return days;
}

void ToStored(const Recurrence& recurrence, stored::Recurrence& out) {
  out.set_start(recurrence.start - kFirstSecond);
  out.set_length(recurrence.length);
  out.set_zone(recurrence.zone);
  out.set_rrule(recurrence.rrule);
  ToStoredDays(recurrence.extra_days, *out.mutable_extra_days());
  ToStoredDays(recurrence.left_out_days, *out.mutable_left_out_days());
  out.set_repeated_hour(static_cast<stored::RepeatedHour>(recurrence.repeated_hour));
}

std::optional<Recurrence> FromStored(const stored::Recurrence& recurrence) {
  if (!stored::RepeatedHour_IsValid(recurrence.repeated_hour())) return std::nullopt;
  Recurrence result;
  result.start = kFirstSecond + recurrence.start();
  result.length = recurrence.length();
  result.zone = recurrence.zone();
  result.rrule = recurrence.rrule();
  result.extra_days = FromStoredDays(recurrence.extra_days());
  result.left_out_days = FromStoredDays(recurrence.left_out_days());
  result.repeated_hour = static_cast<RepeatedHour>(recurrence.repeated_hour());
  return result;
}

void ToStored(const SeriesContract& contract, stored::SeriesContract& out) {
  out.set_kind(static_cast<stored::ContractKind>(contract.kind));
  out.set_max_refused(contract.max_refused);
  out.set_max_refused_percent(contract.max_refused_percent);
}

std::optional<SeriesContract> FromStored(const stored::SeriesContract& contract) {
  SeriesContract result;
  if (!ReadEnumerator(contract.kind(), stored::ContractKind_IsValid, result.kind)) {
    return std::nullopt;
  }
  result.max_refused = contract.max_refused();
  result.max_refused_percent = contract.max_refused_percent();
  return result;
}

}  // namespace

void ToStored(const Violation& violation, stored::Violation& out) {
  out.set_rule(static_cast<stored::Rule>(violation.rule));
  out.set_message(violation.message);
  out.set_asset(violation.asset);
  out.set_limit(violation.limit);
  out.set_found(violation.found);
  for (const Conflict& conflict : violation.conflicts) ToStored(conflict, *out.add_conflicts());
  out.set_source(violation.source);
  out.set_scope(violation.scope);
  out.set_effect(static_cast<stored::Effect>(violation.effect));
  ToStoredWords(violation.overridable_by, *out.mutable_overridable_by());
}

std::optional<Violation> FromStored(const stored::Violation& violation) {
  Violation result;
  if (!ReadEnumerator(violation.rule(), stored::Rule_IsValid, result.rule) ||
      !ReadEnumerator(violation.effect(), stored::Effect_IsValid, result.effect)) {
    return std::nullopt;
  }
  result.message = violation.message();
  result.asset = violation.asset();
  result.limit = violation.limit();
  result.found = violation.found();
  for (const auto& conflict : violation.conflicts()) {
    result.conflicts.push_back(FromStored(conflict));
  }
  result.source = violation.source();
  result.scope = violation.scope();
  result.overridable_by = FromStoredWords(violation.overridable_by());
  return result;
}

void ToStored(const Alternative& alternative, stored::Alternative& out) {
  out.set_kind(static_cast<stored::AlternativeKind>(alternative.kind));
  ToStoredList(alternative.items, *out.mutable_items());
  out.set_start(alternative.interval.start);
  out.set_length(alternative.interval.length());
  out.set_site(alternative.site);
  out.set_time_zone(alternative.time_zone);
  out.set_needs_approval(alternative.needs_approval);
}

std::optional<Alternative> FromStored(const stored::Alternative& alternative) {
  Alternative result;
  if (!ReadEnumerator(alternative.kind(), stored::AlternativeKind_IsValid, result.kind) ||
      !ReadList(alternative.items(), result.items)) {
    return std::nullopt;
  }
  result.interval = {alternative.start(), Sum(alternative.start(), alternative.length())};
  result.site = alternative.site();
  result.time_zone = alternative.time_zone();
  result.needs_approval = alternative.needs_approval();
  return result;
}

void ToStored(const Refusal& refusal, stored::Refusal& out) {
  ToStoredList(refusal.violations, *out.mutable_violations());
  if (refusal.earliest_start) out.set_earliest_start(*refusal.earliest_start);
  ToStoredList(refusal.alternatives, *out.mutable_alternatives());
}

std::optional<Refusal> FromStored(const stored::Refusal& refusal) {
  Refusal result;
  if (!ReadList(refusal.violations(), result.violations) ||
      !ReadList(refusal.alternatives(), result.alternatives)) {
    return std::nullopt;
  }
  if (refusal.has_earliest_start()) result.earliest_start = refusal.earliest_start();
  return result;
}

void ToStored(const Occurrence& occurrence, stored::Occurrence& out) {
  out.set_day(ToStoredDay(occurrence.day));
  out.set_start(occurrence.interval.start);
  out.set_length(occurrence.interval.length());
  out.set_reservation(occurrence.reservation);
  if (occurrence.refusal) {
    ToStored(*occurrence.refusal, *out.mutable_refusal());
  }
}

std::optional<Occurrence> FromStored(const stored::Occurrence& occurrence) {
  Occurrence result;
  result.day = FromStoredDay(occurrence.day());
  result.interval = {occurrence.start(), Sum(occurrence.start(), occurrence.length())};
  result.reservation = occurrence.reservation();
  if (occurrence.has_refusal()) {
    result.refusal = FromStored(occurrence.refusal());
    if (!result.refusal) return std::nullopt;
  }
  return result;
}

void ToStored(const Series& series, stored::Series& out) {
  out.set_id(series.id);
  ToStored(series.draft, *out.mutable_draft());
  ToStored(series.recurrence, *out.mutable_recurrence());
  ToStored(series.contract, *out.mutable_contract());
  ToStoredList(series.occurrences, *out.mutable_occurrences());
  out.set_create_time(series.create_time);
  out.set_update_delay(series.update_time - series.create_time);
  out.set_revision(series.revision);
  out.set_cancelled(series.cancelled);
  out.set_state_reason(series.state_reason);
}

std::optional<Series> FromStored(const stored::Series& series) {
  std::optional<Reservation> draft = FromStored(series.draft());
  std::optional<Recurrence> recurrence = FromStored(series.recurrence());
  std::optional<SeriesContract> contract = FromStored(series.contract());
  Series result;
  if (!draft || !recurrence || !contract || !ReadList(series.occurrences(), result.occurrences)) {
    return std::nullopt;
  }
  result.id = series.id();
  result.draft = *std::move(draft);
  result.recurrence = *std::move(recurrence);
  result.contract = *contract;
  result.cancelled = series.cancelled();
  result.state_reason = series.state_reason();
  result.create_time = series.create_time();
  result.update_time = Sum(series.create_time(), series.update_delay());
  result.revision = series.revision();
  return result;
}

}  // namespace labslot::storage
