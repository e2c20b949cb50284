#include "tests/sim/tally.h"

#include <algorithm>

namespace labslot::sim {
namespace {

bool IsFor(Rule rule, const Error& error) {
  return error.refusal &&
         std::any_of(error.refusal->violations.begin(), error.refusal->violations.end(),
                     [&](const auto& v) { return v.rule == rule; });
}

bool IsForQuotasAlone(const Error& error) {
  return error.refusal && !error.refusal->violations.empty() &&
         std::all_of(error.refusal->violations.begin(), error.refusal->violations.end(),
                     [](const auto& v) { return v.rule == Rule::kQuotaExceeded; });
}

int64_t CountRefused(const Series& series) {
  return std::count_if(series.occurrences.begin(), series.occurrences.end(),
                       [](const Occurrence& o) { return o.refusal.has_value(); });
}

bool IsOfQuota(const Note& note) { return note.rule == Rule::kQuotaExceeded; }

int64_t LabelledUnitsOf(const Reservation& r) {
  int64_t units = 0;
  for (const ReservationItem& item : r.items) {
    if (!item.unit_labels.empty()) units += static_cast<int64_t>(item.units.size());
  }
  return units;
}

int64_t CountRebound(const Outage& outage) {
  return std::count_if(outage.hits.begin(), outage.hits.end(),
                       [](const Hit& hit) { return hit.outcome == HitOutcome::kRebound; });
}

}  // namespace

void Tally::Add(const Tally& other) {
  requests += other.requests;
  granted += other.granted;
  conflicts += other.conflicts;
  replays += other.replays;
  reused_ids += other.reused_ids;
  crashes += other.crashes;
  full += other.full;
  unknown_lost += other.unknown_lost;
  unknown_kept += other.unknown_kept;
  expired_holds += other.expired_holds;
  waits += other.waits;
  accepted += other.accepted;
  elsewhere += other.elsewhere;
  checked_in += other.checked_in;
  no_shows += other.no_shows;
  overdue += other.overdue;
  displaced += other.displaced;
  hit += other.hit;
  cleared += other.cleared;
  corrected += other.corrected;
  remembered += other.remembered;
  unit_refusals += other.unit_refusals;
  visits += other.visits;
  way_refusals += other.way_refusals;
  units_bound += other.units_bound;
  rebound += other.rebound;
  returned += other.returned;
  asked += other.asked;
  approved += other.approved;
  rejected += other.rejected;
  series += other.series;
  series_changes += other.series_changes;
  skipped_days += other.skipped_days;
  quota_refusals += other.quota_refusals;
  quota_warnings += other.quota_warnings;
  quota_changes += other.quota_changes;
  capacity_shares += other.capacity_shares;
}

void Tally::CountRefusal(const Error& error) {
  if (error.kind == ErrorKind::kRefused) ++conflicts;
  if (error.kind == ErrorKind::kRequestIdReused) ++reused_ids;
  if (IsFor(Rule::kNoFittingUnit, error)) ++unit_refusals;
  if (IsFor(Rule::kTravelDoesNotFit, error) || IsFor(Rule::kTourTooLong, error)) ++way_refusals;
  if (IsForQuotasAlone(error)) ++quota_refusals;
}

void Tally::CountEvent(const Event& event) {
  const auto* reservation = std::get_if<Reservation>(&event.resource);
  if (const auto* outage = std::get_if<Outage>(&event.resource)) {
    hit += static_cast<int64_t>(outage->hits.size());
    rebound += CountRebound(*outage);
  }
  if (const auto* quota = std::get_if<Quota>(&event.resource)) {
    ++quota_changes;
    if (quota->share) ++capacity_shares;
  }
  if (const auto* chain = std::get_if<Series>(&event.resource)) {
    ++(event.type == EventType::kCreated ? series : series_changes);
    if (event.type != EventType::kCancelled) skipped_days += CountRefused(*chain);
  }
  if (reservation == nullptr) return;
  quota_warnings += std::count_if(reservation->notes.begin(), reservation->notes.end(), IsOfQuota);
  const bool is_of_round = !reservation->round.empty();
  const auto add = [&](EventType type, int64_t& number) { number += event.type == type ? 1 : 0; };
  add(EventType::kCheckedIn, checked_in);
  add(EventType::kNoShow, no_shows);
  add(EventType::kOverdue, overdue);
  add(EventType::kDisplaced, displaced);
  add(EventType::kCorrected, corrected);
  add(EventType::kReturned, returned);
  add(EventType::kApproved, approved);
  if (!is_of_round) add(EventType::kRejected, rejected);
  const bool is_request =
      std::any_of(reservation->notes.begin(), reservation->notes.end(), IsOpenRequest);
  if (event.type == EventType::kCreated && !reservation->site.empty()) ++visits;
  if (is_request && reservation->state == ReservationState::kPending) ++asked;
  if (is_of_round) add(EventType::kConfirmed, cleared);
  if (is_of_round) add(EventType::kRejected, cleared);
  if (event.type == EventType::kCheckedIn) units_bound += LabelledUnitsOf(*reservation);
}

}  // namespace labslot::sim
