#include "daemon/service/convert/reservation.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"
#include "labslot/v1/refusal.pb.h"

namespace labslot::service {
namespace {

ReservationItem ItemFromProto(const v1::Item& proto, absl::string_view path, FieldErrors& errors) {
  ReservationItem item;
  item.asset =
      IdFromName(kAssets, proto.asset(), Presence::kRequired, FieldPath(path, "asset"), errors);
  // No asset has more, so that a larger quantity is a slip, not a refusal.
  item.quantity = proto.quantity() == 0 ? 1
                                        : NumberFromProto(proto.quantity(), 1, limits::kMaxCapacity,
                                                          FieldPath(path, "quantity"), errors);
  item.unit_labels = LabelsFromProto(proto.unit_labels(), FieldPath(path, "unit_labels"), errors);
  return item;
}

// For whom and where.
void PartiesFromProto(const v1::Reservation& proto, absl::string_view path, FieldErrors& errors,
                      Reservation& reservation) {
  reservation.site =
      IdFromName(kSites, proto.site(), Presence::kOptional, FieldPath(path, "site"), errors);
  reservation.user =
      IdFromName(kUsers, proto.user(), Presence::kOptional, FieldPath(path, "user"), errors);
  reservation.organisation = IdFromName(kOrganisations, proto.organisation(), Presence::kOptional,
                                        FieldPath(path, "organisation"), errors);
}

void NoteToProto(const Note& note, v1::Note& proto) {
  proto.set_kind(static_cast<v1::Note::Kind>(note.kind));
  proto.set_rule(v1::Violation::Rule_Name(static_cast<v1::Violation::Rule>(note.rule)));
  proto.set_source(note.source);
  proto.set_asset(NameOf(kAssets, note.asset));
  proto.set_message(note.message);
  proto.set_settled_by(NameOfActor(note.settled_by));
}

std::vector<Choice> ChoicesFromProto(const google::protobuf::RepeatedPtrField<v1::Choice>& protos,
                                     absl::string_view path, FieldErrors& errors) {
  CheckCount(protos.size(), limits::kMaxChoices, path, errors);
  std::vector<Choice> choices;
  for (int i = 0; i < AtMost(protos.size(), limits::kMaxChoices); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    Choice& choice = choices.emplace_back();
    if (!protos[i].items().empty()) {
      choice.items = ItemsFromProto(protos[i].items(), FieldPath(element, "items"), errors);
    }
    if (protos[i].has_interval()) {
      choice.interval = IntervalFromProto(protos[i].interval(), limits::kLongestRun,
                                          FieldPath(element, "interval"), errors);
    }
    if (protos[i].items().empty() && !protos[i].has_interval()) {
      errors.Add(element, "must have items or an interval: it says nothing else than the request");
    }
  }
  return choices;
}

void UseToProto(const Reservation& reservation, v1::Reservation& proto) {
  const Use& use = reservation.use;
  if (use.check_in != 0) ToProto(use.check_in, *proto.mutable_check_in_time());
  if (use.check_out != 0) ToProto(use.check_out, *proto.mutable_check_out_time());
  proto.set_overdue(use.close_by != 0);
  proto.set_problem(static_cast<v1::Reservation::Problem>(use.problem));
  for (const Return& part : reservation.returns) {
    v1::Return& added = *proto.add_returns();
    added.set_asset(NameOf(kAssets, part.item.asset));
    added.set_quantity(part.item.quantity);
    for (const std::string& unit : part.item.units) added.add_units(unit);
    ToProto(part.time, *added.mutable_time());
  }
}

void ChoiceToProto(const Choice& choice, v1::Choice& proto) {
  for (const ReservationItem& item : choice.items) ToProto(item, *proto.add_items());
  if (!choice.interval.empty()) ToProto(choice.interval, *proto.mutable_interval());
}

void WindowFromProto(const v1::Reservation& proto, absl::string_view path, FieldErrors& errors,
                     Reservation& reservation) {
  if (!proto.has_window()) return;
  reservation.window =
      IntervalFromProto(proto.window(), limits::kLongestAvailabilityPeriod, path, errors);
  if (errors.ok() && !reservation.window.Contains(reservation.interval)) {
    errors.Add(path, "must contain the interval");
  }
}

}  // namespace

std::vector<ReservationItem> ItemsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Item>& items, absl::string_view path,
    FieldErrors& errors) {
  if (items.empty()) errors.Add(path, "must have at least one item");
  CheckCount(items.size(), limits::kMaxItems, path, errors);
  std::vector<ReservationItem> result;
  std::set<std::string> seen;
  for (int i = 0; i < AtMost(items.size(), limits::kMaxItems); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    ReservationItem item = ItemFromProto(items[i], element, errors);
    if (!item.asset.empty() && !seen.insert(item.asset).second) {
      errors.Add(FieldPath(element, "asset"),
                 absl::StrCat("must not be in two items; raise the quantity of ", items[i].asset(),
                              " instead"));
    }
    result.push_back(std::move(item));
  }
  return result;
}

Reservation ReservationFromProto(const v1::Reservation& proto, absl::string_view path,
                                 FieldErrors& errors) {
  Reservation reservation = DraftFromProto(proto, path, errors);
  reservation.interval =
      IntervalFromProto(proto.interval(), limits::kLongestRun, FieldPath(path, "interval"), errors);
  reservation.like_assets = proto.like_assets();
  reservation.firm = proto.firm();
  return reservation;
}

Reservation NewReservationFromProto(const v1::Reservation& proto, absl::string_view path,
                                    FieldErrors& errors) {
  Reservation reservation = ReservationFromProto(proto, path, errors);
  WindowFromProto(proto, FieldPath(path, "window"), errors, reservation);
  reservation.choices = ChoicesFromProto(proto.choices(), FieldPath(path, "choices"), errors);
  reservation.round =
      IdFromName(kRounds, proto.round(), Presence::kOptional, FieldPath(path, "round"), errors);
  reservation.value = NumberFromProto(proto.value(), int64_t{0}, limits::kMaxRequestValue,
                                      FieldPath(path, "value"), errors);
  if (!reservation.round.empty() && !reservation.window.empty()) {
    errors.Add(FieldPath(path, "window"), "must be unset in a round: give choices instead");
  }
  if (reservation.round.empty() && reservation.value != 0) {
    errors.Add(FieldPath(path, "value"), "must be 0 outside of a round");
  }
  return reservation;
}

Reservation DraftFromProto(const v1::Reservation& proto, absl::string_view path,
                           FieldErrors& errors) {
  std::vector<ReservationItem> items =
      ItemsFromProto(proto.items(), FieldPath(path, "items"), errors);
  Reservation reservation = WordsFromProto(proto, path, errors);
  reservation.items = std::move(items);
  return reservation;
}

Reservation WordsFromProto(const v1::Reservation& proto, absl::string_view path,
                           FieldErrors& errors) {
  Reservation reservation;
  reservation.display_name =
      LineFromProto(proto.display_name(), limits::kMaxNameText, Presence::kOptional,
                    FieldPath(path, "display_name"), errors);
  PartiesFromProto(proto, path, errors, reservation);
  reservation.purpose = TextFromProto(proto.purpose(), limits::kMaxText, Presence::kOptional,
                                      FieldPath(path, "purpose"), errors);
  reservation.project = LineFromProto(proto.project(), limits::kMaxNameText, Presence::kOptional,
                                      FieldPath(path, "project"), errors);
  reservation.priority = NumberFromProto(proto.priority(), 0, limits::kMaxPriority,
                                         FieldPath(path, "priority"), errors);
  reservation.activity_class = EnumFromProto<ActivityClass>(
      proto.activity_class(), Presence::kOptional, FieldPath(path, "activity_class"), errors);
  reservation.attendees = NumberFromProto(proto.attendees(), 0, limits::kMaxAttendees,
                                          FieldPath(path, "attendees"), errors);
  reservation.confidential = proto.confidential();
  reservation.access_mode = EnumFromProto<AccessMode>(proto.access_mode(), Presence::kOptional,
                                                      FieldPath(path, "access_mode"), errors);
  reservation.on_behalf_of = IdFromName(kOrganisations, proto.on_behalf_of(), Presence::kOptional,
                                        FieldPath(path, "on_behalf_of"), errors);
  reservation.funding = LineFromProto(proto.funding(), limits::kMaxNameText, Presence::kOptional,
                                      FieldPath(path, "funding"), errors);
  reservation.activity_reason =
      TextFromProto(proto.activity_reason(), limits::kMaxText, Presence::kOptional,
                    FieldPath(path, "activity_reason"), errors);
  reservation.labels = LabelsFromProto(proto.labels(), FieldPath(path, "labels"), errors);
  return reservation;
}

void ToProto(const ReservationItem& item, v1::Item& proto) {
  proto.set_asset(NameOf(kAssets, item.asset));
  proto.set_quantity(item.quantity);
  if (item.set_up != 0) ToProto(item.set_up, *proto.mutable_set_up());
  if (item.tear_down != 0) ToProto(item.tear_down, *proto.mutable_tear_down());
  for (const std::string& unit : item.units) proto.add_units(unit);
  ToProto(item.unit_labels, *proto.mutable_unit_labels());
  if (!item.rate.currency.empty()) {
    proto.mutable_rate()->set_currency_code(item.rate.currency);
    proto.mutable_rate()->set_cost_per_hour(FromHundredths(item.rate.cost_per_hour));
    proto.mutable_rate()->set_price_per_hour(FromHundredths(item.rate.price_per_hour));
  }
}

void DraftToProto(const Reservation& draft, v1::Reservation& proto) {
  proto.set_display_name(draft.display_name);
  for (const ReservationItem& item : draft.items) ToProto(item, *proto.add_items());
  proto.set_site(NameOf(kSites, draft.site));
  proto.set_user(NameOf(kUsers, draft.user));
  proto.set_organisation(NameOf(kOrganisations, draft.organisation));
  proto.set_purpose(draft.purpose);
  proto.set_project(draft.project);
  proto.set_priority(draft.priority);
  proto.set_activity_class(static_cast<v1::Reservation::ActivityClass>(draft.activity_class));
  proto.set_attendees(draft.attendees);
  proto.set_confidential(draft.confidential);
  proto.set_access_mode(static_cast<v1::Reservation::AccessMode>(draft.access_mode));
  proto.set_on_behalf_of(NameOf(kOrganisations, draft.on_behalf_of));
  proto.set_funding(draft.funding);
  proto.set_activity_reason(draft.activity_reason);
  ToProto(draft.labels, *proto.mutable_labels());
}

void ToProto(const Reservation& reservation, absl::string_view time_zone, v1::Reservation& proto) {
  DraftToProto(reservation, proto);
  proto.set_name(NameOf(reservation.id));
  ToProto(reservation.interval, *proto.mutable_interval());
  proto.set_state(static_cast<v1::Reservation::State>(reservation.state));
  if (reservation.hold_expire_time != 0) {
    ToProto(reservation.hold_expire_time, *proto.mutable_hold_expire_time());
  }
  proto.set_state_reason(reservation.state_reason);
  proto.set_time_zone(std::string(time_zone));
  ToProto(reservation.create_time, *proto.mutable_create_time());
  ToProto(reservation.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(reservation.revision));
  if (reservation.series != 0) {
    proto.set_series(NameOfSeries(reservation.series));
    ToProto(reservation.occurrence, *proto.mutable_occurrence());
  }
  for (const Note& note : reservation.notes) NoteToProto(note, *proto.add_notes());
  for (const std::string& rules : reservation.rule_sets) proto.add_rule_sets(rules);
  proto.set_leaves_slot_free(reservation.leaves_slot_free);
  if (!reservation.window.empty()) ToProto(reservation.window, *proto.mutable_window());
  for (const Choice& choice : reservation.choices) ChoiceToProto(choice, *proto.add_choices());
  proto.set_like_assets(reservation.like_assets);
  proto.set_firm(reservation.firm);
  proto.set_displaced_by(reservation.displaced_by);
  proto.set_round(NameOf(kRounds, reservation.round));
  proto.set_value(reservation.value);
  UseToProto(reservation, proto);
  if (reservation.check_in_by != 0) {
    ToProto(reservation.check_in_by, *proto.mutable_check_in_by_time());
  }
}

}  // namespace labslot::service
