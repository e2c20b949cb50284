#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/service/convert/reservation.h"
#include "tests/service/convert/rule_table.h"

namespace labslot::service {
namespace {

v1::Reservation Legal() {
  v1::Reservation proto;
  ToProto(FullReservation(), "Europe/Brussels", proto);
  return proto;
}

TEST(ReservationRules, EveryFieldHasItsRule) {
  ExpectRules(
      Legal(),
      {
          {"", "", "", ""},
          {"", "name: '?' state: 99 time_zone: '?' etag: '?' hold_expire_time { nanos: 5 }", "",
           ""},
          {"site", "", "", ""},
          {"user", "", "", ""},
          {"organisation", "", "", ""},
          {"activity_class", "", "", ""},
          {"", "display_name: 'a\\nb'", "reservation.display_name", "one line"},
          {"items", "", "reservation.items", "must have at least one item"},
          {"", "items {}", "reservation.items[2].asset", "must be set, as assets/{id}"},
          {"", "items { asset: 'x' }", "reservation.items[2].asset", "must be assets/{id}"},
          {"", "items { asset: 'assets/rigs' }", "reservation.items[2].asset",
           "must not be in two items; raise the quantity of assets/rigs"},
          {"", "items { asset: 'assets/a' quantity: -1 }", "reservation.items[2].quantity",
           "must be 1 to 100000, not -1"},
          {"", "items { asset: 'assets/a' quantity: 100001 }", "reservation.items[2].quantity",
           "must be 1 to 100000"},
          {"", "items { asset: 'assets/a' set_up { seconds: -1 } }", "", ""},  // output only
          {"", "interval { end_time { seconds: 1803884400 } }", "reservation.interval.end_time",
           "must be after start_time"},
          {"", "interval { start_time { nanos: 1 } }", "reservation.interval.start_time",
           "whole seconds"},
          {"", "interval { end_time { seconds: 1903927600 } }", "reservation.interval.end_time",
           "at most 366 days"},
          {"", "site: 'lommel'", "reservation.site", "must be sites/{id}"},
          {"", "user: 'sites/x'", "reservation.user", "must be users/{id}"},
          {"", "organisation: 'x'", "reservation.organisation", "must be organisations/{id}"},
          {"", "purpose: '\\xFF'", "reservation.purpose", "well-formed"},
          {"", "purpose: '" + std::string(2001, 'x') + "'", "reservation.purpose", "at most 2000"},
          {"", "project: 'a\\nb'", "reservation.project", "one line"},
          {"", "priority: -1", "reservation.priority", "must be 0 to 1000, not -1"},
          {"", "priority: 1001", "reservation.priority", "must be 0 to 1000"},
          {"", "activity_class: 8", "reservation.activity_class", "there is no value 8"},
          {"", "attendees: -2", "reservation.attendees", "must be 0 to 100000"},
          {"", "labels { key: 'a' value: '\\n' }", "reservation.labels[\"a\"]", "one line"},
      },
      [](const v1::Reservation& reservation, FieldErrors& errors) {
        ReservationFromProto(reservation, "reservation", errors);
      });
}

TEST(ReservationRules, AQuantityOfZeroIsOne) {
  v1::Reservation proto = Legal();
  proto.mutable_items(0)->clear_quantity();
  FieldErrors errors;
  EXPECT_EQ(ReservationFromProto(proto, "reservation", errors).items[0].quantity, 1);
  EXPECT_TRUE(errors.ok()) << Told(errors);
}

TEST(ReservationRules, ThereIsAMostOfItems) {
  v1::Reservation proto = Legal();
  for (size_t i = 0; i < limits::kMaxItems; ++i) {
    proto.add_items()->set_asset(absl::StrCat("assets/a", i));
  }
  FieldErrors errors;
  ReservationFromProto(proto, "reservation", errors);
  EXPECT_EQ(Told(errors), "reservation.items: must have at most 32 elements, not 34\n");
}

TEST(ReservationRules, AnEmptyReservationLacksItemsAndBothEnds) {
  FieldErrors errors;
  ReservationFromProto({}, "reservation", errors);
  EXPECT_EQ(Told(errors),
            "reservation.items: must have at least one item\n"
            "reservation.interval.start_time: must be set\n"
            "reservation.interval.end_time: must be set\n");
}

}  // namespace
}  // namespace labslot::service
