#include <utility>
#include <vector>

#include "daemon/storage/stored_messages.h"

namespace labslot::storage {
namespace {

bool IsKnown(stored::ReservationState state) {
  return state != stored::RESERVATION_STATE_UNSPECIFIED && stored::ReservationState_IsValid(state);
}

void ToStored(const Note& note, stored::Note& out) {
  out.set_kind(static_cast<stored::NoteKind>(note.kind));
  out.set_rule(static_cast<stored::Rule>(note.rule));
  out.set_source(note.source);
  out.set_asset(note.asset);
  out.set_message(note.message);
  out.set_settled_by(note.settled_by);
}

// False if a note is damaged.
bool ReadNotes(const stored::Reservation& reservation, std::vector<Note>& out) {
  for (const auto& note : reservation.notes()) {
    Note& added = out.emplace_back();
    if (!ReadEnumerator(note.kind(), stored::NoteKind_IsValid, added.kind) ||
        !ReadEnumerator(note.rule(), stored::Rule_IsValid, added.rule)) {
      return false;
    }
    added.source = note.source();
    added.asset = note.asset();
    added.message = note.message();
    added.settled_by = note.settled_by();
  }
  return true;
}

// Sets the rate of an item or a part of one.
template <typename Message>
void SetRate(const Rate& rate, Message& out) {
  if (rate == Rate()) return;
  out.mutable_rate()->set_currency(rate.currency);
  out.mutable_rate()->set_cost_per_hour(rate.cost_per_hour);
  out.mutable_rate()->set_price_per_hour(rate.price_per_hour);
}

Rate RateOf(const stored::Rate& rate) {
  return {rate.currency(), rate.cost_per_hour(), rate.price_per_hour()};
}

void ToStored(const Choice& choice, stored::Choice& out) {
  ToStoredList(choice.items, *out.mutable_items());
  out.set_start(choice.interval.start);
  out.set_length(choice.interval.length());
}

void ToStored(const Return& part, stored::Return& out) {
  out.set_asset(part.item.asset);
  out.set_quantity(part.item.quantity);
  ToStoredWords(part.item.units, *out.mutable_units());
  out.set_set_up(part.item.set_up);
  out.set_tear_down(part.item.tear_down);
  SetRate(part.item.rate, out);
  out.set_time(part.time);
}

Return ReturnOf(const stored::Return& part) {
  return {{.asset = part.asset(),
           .quantity = part.quantity(),
           .set_up = part.set_up(),
           .tear_down = part.tear_down(),
           .units = FromStoredWords(part.units()),
           .rate = RateOf(part.rate())},
          part.time()};
}

Choice ChoiceOf(const stored::Choice& choice) {
  Choice result;
  for (const auto& item : choice.items()) result.items.push_back(FromStored(item));
  result.interval = {choice.start(), Sum(choice.start(), choice.length())};
  return result;
}

}  // namespace

void ToStored(const ReservationItem& item, stored::ReservationItem& out) {
  out.set_asset(item.asset);
  out.set_more_units(item.quantity - 1);
  out.set_set_up(item.set_up);
  out.set_tear_down(item.tear_down);
  ToStoredWords(item.units, *out.mutable_units());
  SetRate(item.rate, out);
  ToStoredLabels(item.unit_labels, *out.mutable_unit_labels());
}

ReservationItem FromStored(const stored::ReservationItem& item) {
  return {.asset = item.asset(),
          .quantity = Sum(item.more_units(), 1),
          .set_up = item.set_up(),
          .tear_down = item.tear_down(),
          .units = FromStoredWords(item.units()),
          .rate = RateOf(item.rate()),
          .unit_labels = FromStoredLabels(item.unit_labels())};
}

void ToStored(const Reservation& reservation, stored::Reservation& out) {
  out.set_id(reservation.id);
  ToStoredList(reservation.items, *out.mutable_items());
  out.set_start(reservation.interval.start);
  out.set_length(reservation.interval.length());
  out.set_user(reservation.user);
  out.set_organisation(reservation.organisation);
  out.set_state(static_cast<stored::ReservationState>(reservation.state));
  out.set_create_time(reservation.create_time);
  out.set_update_delay(reservation.update_time - reservation.create_time);
  out.set_revision(reservation.revision);
  out.set_site(reservation.site);
  out.set_display_name(reservation.display_name);
  out.set_purpose(reservation.purpose);
  out.set_project(reservation.project);
  out.set_hold_expire_time(reservation.hold_expire_time);
  out.set_priority(reservation.priority);
  out.set_activity_class(static_cast<stored::ActivityClass>(reservation.activity_class));
  out.set_attendees(reservation.attendees);
  out.set_confidential(reservation.confidential);
  ToStoredLabels(reservation.labels, *out.mutable_labels());
  out.set_state_reason(reservation.state_reason);
  out.set_series(reservation.series);
  out.set_occurrence(ToStoredDay(reservation.occurrence));
  for (const Note& note : reservation.notes) ToStored(note, *out.add_notes());
  out.set_leaves_slot_free(reservation.leaves_slot_free);
  out.set_check_in_by(reservation.check_in_by);
  out.set_window_start(reservation.window.start);
  out.set_window_length(reservation.window.length());
  for (const Choice& choice : reservation.choices) ToStored(choice, *out.add_choices());
  out.set_like_assets(reservation.like_assets);
  out.set_firm(reservation.firm);
  out.set_displaced_by(reservation.displaced_by);
  out.set_round(reservation.round);
  out.set_value(reservation.value);
  out.set_check_in(reservation.use.check_in);
  out.set_check_out(reservation.use.check_out);
  out.set_freed(reservation.use.freed);
  out.set_close_by(reservation.use.close_by);
  out.set_problem(static_cast<stored::Problem>(reservation.use.problem));
  for (const Return& part : reservation.returns) ToStored(part, *out.add_returns());
  out.set_access_mode(static_cast<stored::AccessMode>(reservation.access_mode));
  out.set_on_behalf_of(reservation.on_behalf_of);
  out.set_funding(reservation.funding);
  out.set_activity_reason(reservation.activity_reason);
  ToStoredWords(reservation.rule_sets, *out.mutable_rule_sets());
}

std::optional<Reservation> FromStored(const stored::Reservation& reservation) {
  if (!IsKnown(reservation.state()) ||
      !stored::ActivityClass_IsValid(reservation.activity_class()) ||
      !stored::Problem_IsValid(reservation.problem()) ||
      !stored::AccessMode_IsValid(reservation.access_mode())) {
    return std::nullopt;
  }
  Reservation result;
  if (!ReadNotes(reservation, result.notes)) return std::nullopt;
  result.id = reservation.id();
  result.items.reserve(static_cast<size_t>(reservation.items_size()));
  for (const auto& item : reservation.items()) result.items.push_back(FromStored(item));
  result.interval = {reservation.start(), Sum(reservation.start(), reservation.length())};
  result.user = reservation.user();
  result.organisation = reservation.organisation();
  result.state = static_cast<ReservationState>(reservation.state());
  result.create_time = reservation.create_time();
  result.update_time = Sum(reservation.create_time(), reservation.update_delay());
  result.revision = reservation.revision();
  result.site = reservation.site();
  result.display_name = reservation.display_name();
  result.purpose = reservation.purpose();
  result.project = reservation.project();
  result.hold_expire_time = reservation.hold_expire_time();
  result.priority = reservation.priority();
  result.activity_class = static_cast<ActivityClass>(reservation.activity_class());
  result.attendees = reservation.attendees();
  result.confidential = reservation.confidential();
  result.labels = FromStoredLabels(reservation.labels());
  result.state_reason = reservation.state_reason();
  result.series = reservation.series();
  result.occurrence = FromStoredDay(reservation.occurrence());
  result.leaves_slot_free = reservation.leaves_slot_free();
  result.check_in_by = reservation.check_in_by();
  result.window = {reservation.window_start(),
                   Sum(reservation.window_start(), reservation.window_length())};
  for (const auto& choice : reservation.choices()) result.choices.push_back(ChoiceOf(choice));
  result.like_assets = reservation.like_assets();
  result.firm = reservation.firm();
  result.displaced_by = reservation.displaced_by();
  result.round = reservation.round();
  result.value = reservation.value();
  result.use = {.check_in = reservation.check_in(),
                .check_out = reservation.check_out(),
                .freed = reservation.freed(),
                .close_by = reservation.close_by(),
                .problem = static_cast<Problem>(reservation.problem())};
  for (const auto& part : reservation.returns()) result.returns.push_back(ReturnOf(part));
  result.access_mode = static_cast<AccessMode>(reservation.access_mode());
  result.on_behalf_of = reservation.on_behalf_of();
  result.funding = reservation.funding();
  result.activity_reason = reservation.activity_reason();
  result.rule_sets = FromStoredWords(reservation.rule_sets());
  return result;
}

void ToStored(const Occupancy& occupancy, stored::Occupancy& out) {
  out.set_length(occupancy.run.length());
  out.set_state(static_cast<stored::ReservationState>(occupancy.state));
  out.set_more_units(occupancy.quantity - 1);
  out.set_set_up(occupancy.set_up);
  out.set_tear_down(occupancy.tear_down);
  out.set_site(occupancy.site);
  out.set_hold_expire_time(occupancy.hold_expire_time);
  out.set_user(occupancy.user);
  out.set_organisation(occupancy.organisation);
  out.set_project(occupancy.project);
  out.set_activity_class(static_cast<stored::ActivityClass>(occupancy.activity_class));
  out.set_close_time(occupancy.close_time);
  out.set_check_in_by(occupancy.check_in_by);
  out.set_leaves_slot_free(occupancy.leaves_slot_free);
  out.set_competes(occupancy.competes);
  out.set_check_in(occupancy.check_in);
  out.set_check_out(occupancy.check_out);
  out.set_freed(occupancy.freed);
  out.set_close_by(occupancy.close_by);
  out.set_has_problem(occupancy.has_problem);
  out.set_engineering(occupancy.engineering);
  out.set_access_mode(static_cast<stored::AccessMode>(occupancy.access_mode));
  out.set_confidential(occupancy.confidential);
  out.set_lead_time(occupancy.lead_time);
  out.set_plain(occupancy.plain);
  for (const ReturnedPart& part : occupancy.returns) {
    stored::Return& added = *out.add_returns();
    added.set_quantity(part.quantity);
    added.set_time(part.time);
  }
  ToStoredWords(occupancy.units, *out.mutable_units());
  ToStoredLabels(occupancy.unit_labels, *out.mutable_unit_labels());
}

std::optional<Occupancy> FromStored(IndexEntry key, const stored::Occupancy& occupancy) {
  if (!IsKnown(occupancy.state()) || !stored::ActivityClass_IsValid(occupancy.activity_class()) ||
      !stored::AccessMode_IsValid(occupancy.access_mode())) {
    return std::nullopt;
  }
  Occupancy result;
  result.reservation = key.reservation;
  result.asset = std::move(key.asset);
  result.run = {key.start, Sum(key.start, occupancy.length())};
  result.set_up = occupancy.set_up();
  result.tear_down = occupancy.tear_down();
  result.quantity = Sum(occupancy.more_units(), 1);
  result.state = static_cast<ReservationState>(occupancy.state());
  result.hold_expire_time = occupancy.hold_expire_time();
  result.site = occupancy.site();
  result.user = occupancy.user();
  result.organisation = occupancy.organisation();
  result.project = occupancy.project();
  result.activity_class = static_cast<ActivityClass>(occupancy.activity_class());
  result.close_time = occupancy.close_time();
  result.check_in_by = occupancy.check_in_by();
  result.leaves_slot_free = occupancy.leaves_slot_free();
  result.competes = occupancy.competes();
  result.check_in = occupancy.check_in();
  result.check_out = occupancy.check_out();
  result.freed = occupancy.freed();
  result.close_by = occupancy.close_by();
  result.has_problem = occupancy.has_problem();
  result.engineering = occupancy.engineering();
  result.access_mode = static_cast<AccessMode>(occupancy.access_mode());
  result.confidential = occupancy.confidential();
  result.lead_time = occupancy.lead_time();
  result.plain = occupancy.plain();
  for (const auto& part : occupancy.returns()) {
    result.returns.push_back({part.quantity(), part.time()});
  }
  result.units = FromStoredWords(occupancy.units());
  result.unit_labels = FromStoredLabels(occupancy.unit_labels());
  return result;
}

}  // namespace labslot::storage
