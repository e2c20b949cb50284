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
  Reservation reservation;
  reservation.display_name =
      LineFromProto(proto.display_name(), limits::kMaxNameText, Presence::kOptional,
                    FieldPath(path, "display_name"), errors);
  reservation.items = ItemsFromProto(proto.items(), FieldPath(path, "items"), errors);
  reservation.interval =
      IntervalFromProto(proto.interval(), limits::kLongestRun, FieldPath(path, "interval"), errors);
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
  reservation.labels = LabelsFromProto(proto.labels(), FieldPath(path, "labels"), errors);
  return reservation;
}

void ToProto(const ReservationItem& item, v1::Item& proto) {
  proto.set_asset(NameOf(kAssets, item.asset));
  proto.set_quantity(item.quantity);
  if (item.set_up != 0) ToProto(item.set_up, *proto.mutable_set_up());
  if (item.tear_down != 0) ToProto(item.tear_down, *proto.mutable_tear_down());
}

void ToProto(const Reservation& reservation, absl::string_view time_zone, v1::Reservation& proto) {
  proto.set_name(NameOf(reservation.id));
  proto.set_display_name(reservation.display_name);
  for (const ReservationItem& item : reservation.items) ToProto(item, *proto.add_items());
  ToProto(reservation.interval, *proto.mutable_interval());
  proto.set_site(NameOf(kSites, reservation.site));
  proto.set_user(NameOf(kUsers, reservation.user));
  proto.set_organisation(NameOf(kOrganisations, reservation.organisation));
  proto.set_state(static_cast<v1::Reservation::State>(reservation.state));
  if (reservation.hold_expire_time != 0) {
    ToProto(reservation.hold_expire_time, *proto.mutable_hold_expire_time());
  }
  proto.set_purpose(reservation.purpose);
  proto.set_project(reservation.project);
  proto.set_priority(reservation.priority);
  proto.set_activity_class(static_cast<v1::Reservation::ActivityClass>(reservation.activity_class));
  proto.set_attendees(reservation.attendees);
  proto.set_confidential(reservation.confidential);
  ToProto(reservation.labels, *proto.mutable_labels());
  proto.set_state_reason(reservation.state_reason);
  proto.set_time_zone(std::string(time_zone));
  ToProto(reservation.create_time, *proto.mutable_create_time());
  ToProto(reservation.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(reservation.revision));
}

}  // namespace labslot::service
