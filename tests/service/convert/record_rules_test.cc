#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/service/convert/asset.h"
#include "daemon/service/convert/group.h"
#include "daemon/service/convert/machine_report.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/outage.h"
#include "daemon/service/convert/round.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/token.h"
#include "daemon/service/convert/user.h"
#include "tests/service/convert/rule_table.h"

namespace labslot::service {
namespace {

template <typename Proto, typename Record>
Proto ProtoOf(const Record& record) {
  Proto proto;
  ToProto(record, proto);
  return proto;
}

std::string TooLong(size_t most) { return std::string(most + 1, 'x'); }

TEST(SiteRules, EveryFieldHasItsRule) {
  ExpectRules(
      ProtoOf<v1::Site>(FullSite()),
      {
          {"", "", "", ""},
          {"", "name: '?' etag: '?' create_time { seconds: -1 nanos: 7 }", "", ""},
          {"display_name", "", "", ""},
          {"calendar", "", "", ""},
          {"location", "", "", ""},
          {"organisation", "", "", ""},
          {"region", "", "", ""},
          {"", "display_name: '" + TooLong(limits::kMaxNameText) + "'", "site.display_name",
           "at most 200 characters, not 201"},
          {"", "display_name: '\\xC3'", "site.display_name", "well-formed UTF-8"},
          {"time_zone", "", "site.time_zone", "must be set to an IANA time zone"},
          {"", "time_zone: 'Europe/Lommel'", "site.time_zone", "'Europe/Lommel' is not known"},
          {"", "location { latitude: 91 }", "site.location.latitude", "-90 to 90"},
          {"", "location { longitude: nan }", "site.location.longitude", "-180 to 180"},
          {"", "region: 'Lommel'", "site.region", "NUTS code"},
          {"", "organisation: 'sites/x'", "site.organisation", "must be organisations/{id}"},
          {"", "power_kw: -0.5", "site.power_kw", "must be 0 to 100000, not -0.5"},
          {"", "power_kw: inf", "site.power_kw", "not inf"},
          {"", "clearance_m: nan", "site.clearance_m", "must be 0 to 1000, not nan"},
          {"", "labels { key: ' ' value: '' }", "site.labels[\" \"]", "a key of 1 to 63"},
          {"", "calendar { holiday_region: 'x' }", "site.calendar.holiday_region",
           "holidayRegions/{id}"},
          {"travel_times", "", "", ""},
          {"", "travel_times { site: 'brno' }", "site.travel_times[2].site", "sites/{id}"},
          {"", "travel_times { site: 'sites/brno' }", "site.travel_times[2].site",
           "must not be listed twice"},
          {"", "travel_times { site: 'sites/lommel' }", "site.travel_times[2].site",
           "must be another site"},
          {"", "travel_times { site: 'sites/ghent' duration { seconds: -1 } }",
           "site.travel_times[2].duration", ""},
      },
      [](const v1::Site& site, FieldErrors& errors) {
        SiteFromProto(site, "lommel", "site", errors);
      });
}

TEST(AssetRules, UnitsAreThoseOfThePool) {
  auto proto = ProtoOf<v1::Asset>(FullAsset());
  proto.clear_mobile();
  proto.clear_travel();
  proto.set_capacity(2);
  ExpectRules(proto,
              {
                  {"", "", "asset.units", "as many as its capacity of 2, not 1"},
                  {"", "units { id: 'rig-2' }", "", ""},
                  {"", "units { id: 'rig-1' }", "asset.units[1].id", "another one"},
                  {"", "units { id: 'Rig 2' }", "asset.units[1].id", "1 to 63 characters"},
                  {"", "units { id: 'rig-2' } capacity_kind: CAPACITY_KIND_SEATS", "asset.units",
                   "CAPACITY_KIND_POOL"},
                  {"units", "", "", ""},
              },
              [](const v1::Asset& asset, FieldErrors& errors) {
                AssetFromProto(asset, "rigs", "asset", errors);
              });
}

TEST(OutageRules, EveryFieldHasItsRule) {
  ExpectRules(ProtoOf<v1::Outage>(FullOutage()),
              {
                  {"", "", "", ""},
                  {"asset", "", "outage.asset", "must"},
                  {"interval", "", "outage.interval.start_time", "must be set"},
                  {"units", "quantity: 100001", "outage.quantity", "must be 0 to 100000"},
                  {"", "quantity: 1", "outage.quantity", "must be 0 or 2"},
                  {"", "quantity: 0", "", ""},
                  {"", "units: 'rig-1' quantity: 0", "outage.units[2]", "must not be listed twice"},
                  {"", "category: '\\x07'", "outage.category", ""},
              },
              [](const v1::Outage& outage, FieldErrors& errors) {
                OutageFromProto(outage, "broken", "outage", errors);
              });
}

TEST(RoundRules, EveryFieldHasItsRule) {
  ExpectRules(ProtoOf<v1::Round>(FullRound()),
              {
                  {"", "", "", ""},
                  {"assets", "", "round.assets", "at least one"},
                  {"deadline_time", "", "round.deadline_time", "must be set"},
                  {"organisation_limit", "", "", ""},
                  {"", "organisation_limit { seconds: -1 }", "round.organisation_limit", ""},
                  {"", "user_limit: -1", "round.user_limit", "must be 0 to"},
              },
              [](const v1::Round& round, FieldErrors& errors) {
                RoundFromProto(round, "spring", "round", errors);
              });
}

TEST(AssetRules, EveryFieldHasItsRule) {
  auto without_units = ProtoOf<v1::Asset>(FullAsset());
  without_units.clear_units();
  ExpectRules(
      without_units,
      {
          {"", "", "", ""},
          {"", "state: 77 retire_time { nanos: 7 }", "", ""},  // output only
          {"kind", "", "", ""},
          {"parent", "", "", ""},
          {"set_up", "", "", ""},
          {"", "capacity: 1", "", ""},
          {"", "kind: 'a\\tb'", "asset.kind", "one line"},
          {"capacity_kind", "", "asset.capacity_kind", "one of CAPACITY_KIND_EXCLUSIVE, "},
          {"", "capacity_kind: 12", "asset.capacity_kind", "there is no value 12"},
          {"", "capacity: 0", "asset.capacity", "must be 1 to 100000, not 0"},
          {"", "capacity: -7", "asset.capacity", "not -7"},
          {"", "capacity: 100001", "asset.capacity", "not 100001"},
          {"", "capacity_kind: CAPACITY_KIND_EXCLUSIVE capacity: 2", "asset.capacity",
           "must be 1 with"},
          {"", "capacity: 2", "asset.capacity", "must be 1 for what is mobile"},
          {"mobile", "", "asset.mobile", "must be true for what has travel"},
          {"", "travel { speed_kmh: 201 }", "asset.travel.speed_kmh", "200"},
          {"", "travel { speed_kmh: -1 }", "asset.travel.speed_kmh", ""},
          {"", "travel { road_factor: 0.5 }", "asset.travel.road_factor", "1 to 10"},
          {"", "travel { driving_per_day { seconds: 3599 } }", "asset.travel.driving_per_day", ""},
          {"", "travel { between: 9 }", "asset.travel.between", "there is no value 9"},
          {"", "rates { currency_code: 'eur' }", "asset.rates.currency_code", "ISO 4217"},
          {"", "rates { cost_per_hour: -1 }", "asset.rates.cost_per_hour", "must be 0 to"},
          {"", "rates { price_per_hour: 1.005 }", "asset.rates.price_per_hour", "two decimals"},
          {"", "rates { prices { price_per_hour: 1 } }", "asset.rates.prices[1].activity_class",
           "must be set to one of"},
          {"", "rates { prices { activity_class: ACTIVITY_CLASS_RENTAL } }",
           "asset.rates.prices[1].activity_class", "listed twice"},
          {"", "travel { between: STAYS longest_tour { seconds: 60 } }",
           "asset.travel.longest_tour", "must be unset with STAYS"},
          {"", "capacity_kind: CAPACITY_KIND_EXCLUSIVE capacity: 1", "", ""},
          {"site", "", "asset.site", "must be set, as sites/{id}"},
          {"", "site: 'Lommel'", "asset.site", "must be sites/{id}"},
          {"", "parent: 'rigs'", "asset.parent", "must be assets/{id}"},
          {"", "parent: 'assets/rigs'", "asset.parent", "another asset than this one"},
          {"", "exclusion_groups: ''", "asset.exclusion_groups[2]", "must be set"},
          {"", "exclusion_groups: 'power'", "asset.exclusion_groups[2]", "listed twice: 'power'"},
          {"", "set_up { seconds: 1209601 }", "asset.set_up", "0 seconds to 14 days"},
          {"", "set_up { seconds: -1 }", "asset.set_up", "0 seconds to 14 days"},
          {"", "tear_down { nanos: 1 }", "asset.tear_down", "whole seconds"},
          {"", "tear_down { seconds: 9999999999 }", "asset.tear_down", "14 days"},
          {"", "max_attendees: -1", "asset.max_attendees", "0 to 100000"},
          {"", "organisation: '\\xFF'", "asset.organisation", "organisations/{id}"},
          {"", "description: '" + TooLong(limits::kMaxText) + "'", "asset.description",
           "at most 2000"},
          {"", "labels { key: '' value: '' }", "asset.labels[\"\"]", "a key of 1 to 63"},
          {"", "calendar { weekly_windows { window { opens {} closes {} } } }",
           "asset.calendar.weekly_windows[3].days", "at least one day"},
      },
      [](const v1::Asset& asset, FieldErrors& errors) {
        AssetFromProto(asset, "rigs", "asset", errors);
      });
}

TEST(AssetRules, ThereIsAMostOfExclusionGroups) {
  auto proto = ProtoOf<v1::Asset>(FullAsset());
  for (int i = 0; i < 15; ++i) proto.add_exclusion_groups(absl::StrCat("g", i));
  FieldErrors errors;
  AssetFromProto(proto, "rigs", "asset", errors);
  EXPECT_EQ(Told(errors), "asset.exclusion_groups: must have at most 16 elements, not 17\n");
}

TEST(AssetRules, AllMistakesAreToldAtOnce) {
  v1::Asset proto;
  Apply({"",
         "display_name: '\\x07' kind: '\\xFF' capacity: -1 parent: 'x' set_up { nanos: 1 } "
         "max_attendees: -1 labels { key: '' }",
         "", ""},
        proto);
  FieldErrors errors;
  AssetFromProto(proto, "rigs", "asset", errors);
  EXPECT_EQ(errors.violations().size(), 9u) << Told(errors);
}

TEST(OrganisationRules, EveryFieldHasItsRule) {
  ExpectRules(ProtoOf<v1::Organisation>(FullOrganisation()),
              {
                  {"", "", "", ""},
                  {"region", "", "", ""},
                  {"", "display_name: '\\x00'", "organisation.display_name", "control characters"},
                  {"kind", "", "organisation.kind", "must be set to one of KIND_SME"},
                  {"", "kind: 7", "organisation.kind", "there is no value 7"},
                  {"", "region: 'be'", "organisation.region", "NUTS code"},
                  {"", "identifiers { key: 'a b' value: 'x' }", "organisation.identifiers[\"a b\"]",
                   "a key of 1 to 63"},
              },
              [](const v1::Organisation& organisation, FieldErrors& errors) {
                OrganisationFromProto(organisation, "flanders-make", "organisation", errors);
              });
}

TEST(UserRules, EveryFieldHasItsRule) {
  ExpectRules(
      ProtoOf<v1::User>(FullUser()),
      {
          {"", "", "", ""},
          {"email", "", "", ""},
          {"unix_login", "", "", ""},
          {"organisations", "", "", ""},
          {"role_bindings", "", "", ""},
          {"", "unix_login: 'DOM\\\\anna@example.org'", "", ""},
          {"", "display_name: 'a\\nb'", "user.display_name", "one line"},
          {"", "email: 'anna'", "user.email", "must be like name@host; 'anna' is not"},
          {"", "email: '@b'", "user.email", "name@host"},
          {"", "email: 'a@'", "user.email", "name@host"},
          {"", "email: 'a b@c'", "user.email", "name@host"},
          {"", "email: '" + TooLong(254) + "'", "user.email", "at most 254"},
          {"", "organisations: 'imec'", "user.organisations[2]", "must be organisations/{id}"},
          {"", "organisations: 'organisations/imec'", "user.organisations[2]", "listed twice"},
          {"", "role_bindings { scope: 'sites/x' }", "user.role_bindings[4].role",
           "one of ROLE_ADMINISTRATOR"},
          {"", "role_bindings { role: 9 }", "user.role_bindings[4].role", "there is no value 9"},
          {"", "role_bindings { role: ROLE_MEMBER scope: 'users/x' }",
           "user.role_bindings[4].scope", "must be empty (the whole platform)"},
          {"", "role_bindings { role: ROLE_ADMINISTRATOR }", "user.role_bindings[4]",
           "must not repeat"},
          {"qualifications", "", "", ""},
          {"", "qualifications { name: 'x' expire_time { seconds: 1 } }", "", ""},
          {"", "qualifications {}", "user.qualifications[2].name", "must be set"},
          {"", "qualifications { name: 'a\\nb' }", "user.qualifications[2].name", "one line"},
          {"", "qualifications { name: 'crane' }", "user.qualifications[2].name", "listed twice"},
          {"", "qualifications { name: 'x' expire_time {} }", "user.qualifications[2].expire_time",
           "or not set if it is for good"},
          {"", "qualifications { name: 'x' expire_time { seconds: 5 nanos: 1 } }",
           "user.qualifications[2].expire_time", "whole seconds"},
          {"", "unix_login: 'a b'", "user.unix_login", "must be a login name"},
          {"", "unix_login: 'a:b'", "user.unix_login", "must be a login name"},
          {"", "unix_login: '" + TooLong(256) + "'", "user.unix_login", "at most 256"},
      },
      [](const v1::User& user, FieldErrors& errors) {
        UserFromProto(user, "anna", "user", errors);
      });
}

TEST(UserRules, ThereIsAMostOfMembershipsAndRoles) {
  auto proto = ProtoOf<v1::User>(FullUser());
  for (size_t i = 0; i < limits::kMaxMemberships; ++i) {
    proto.add_organisations(absl::StrCat("organisations/o", i));
    auto* binding = proto.add_role_bindings();
    binding->set_role(v1::ROLE_MEMBER);
    binding->set_scope(absl::StrCat("sites/s", i));
  }
  FieldErrors errors;
  UserFromProto(proto, "anna", "user", errors);
  EXPECT_EQ(Told(errors),
            "user.organisations: must have at most 64 elements, not 66\n"
            "user.role_bindings: must have at most 64 elements, not 68\n");
}

TEST(UserRules, ThereIsAMostOfQualifications) {
  v1::User proto;
  for (size_t i = 0; i <= limits::kMaxQualifications; ++i) {
    proto.add_qualifications()->set_name(absl::StrCat("q", i));
  }
  FieldErrors errors;
  UserFromProto(proto, "anna", "user", errors);
  EXPECT_EQ(Told(errors), "user.qualifications: must have at most 64 elements, not 65\n");
}

TEST(GroupRules, EveryFieldHasItsRule) {
  ExpectRules(
      ProtoOf<v1::Group>(FullGroup()),
      {
          {"", "", "", ""},
          {"", "name: '?' etag: '?' create_time { nanos: 7 }", "", ""},
          {"users", "", "", ""},
          {"organisations", "", "", ""},
          {"", "display_name: 'a\\nb'", "group.display_name", "one line"},
          {"", "description: '\\xFF'", "group.description", "well-formed"},
          {"", "users: 'anna'", "group.users[2]", "must be users/{id}"},
          {"", "users: 'users/anna'", "group.users[2]", "listed twice"},
          {"", "organisations: 'users/x'", "group.organisations[1]", "must be organisations/{id}"},
      },
      [](const v1::Group& group, FieldErrors& errors) {
        GroupFromProto(group, "partners", "group", errors);
      });
}

TEST(GroupRules, ThereIsAMostOfMembers) {
  v1::Group proto;
  for (size_t i = 0; i <= limits::kMaxGroupMembers; ++i) {
    proto.add_users(absl::StrCat("users/u", i));
    proto.add_organisations(absl::StrCat("organisations/o", i));
  }
  FieldErrors errors;
  GroupFromProto(proto, "partners", "group", errors);
  EXPECT_EQ(Told(errors),
            "group.users: must have at most 5000 elements, not 5001\n"
            "group.organisations: must have at most 5000 elements, not 5001\n");
}

TEST(TokenRules, EveryFieldHasItsRule) {
  ExpectRules(
      ProtoOf<v1::Token>(FullToken()),
      {
          {"", "", "", ""},
          {"expire_time", "", "", ""},
          {"user", "", "token.user", "must be set, as users/{id}"},
          {"", "user: 'anna'", "token.user", "must be users/{id}"},
          {"", "display_name: '\\n'", "token.display_name", "one line"},
          {"", "expire_time { nanos: 1 }", "token.expire_time", "whole seconds"},
          {"", "expire_time { seconds: -1 }", "token.expire_time", "must lie between"},
      },
      [](const v1::Token& token, FieldErrors& errors) { TokenFromProto(token, "token", errors); });
}

TEST(MachineReportRules, EveryFieldHasItsRule) {
  ExpectRules(ProtoOf<v1::MachineReport>(FullMachineReport()),
              {
                  {"", "", "", ""},
                  {"unit", "", "", ""},
                  {"asset", "", "report.asset", "must be set, as assets/{id}"},
                  {"", "unit: 'a b'", "report.unit", ""},
                  {"spans", "", "report.spans", "at least one span"},
                  {"",
                   "spans { interval { start_time { seconds: 1700000089 } "
                   "end_time { seconds: 1700000099 } } state: IDLE }",
                   "report.spans[2].interval", "before the end of the one before"},
                  {"",
                   "spans { interval { start_time { seconds: 1700000090 } "
                   "end_time { seconds: 1702678491 } } state: IDLE }",
                   "report.spans[2].interval.end_time", "31 days"},
                  {"",
                   "spans { interval { start_time { seconds: 1700000090 } "
                   "end_time { seconds: 1700000091 } } }",
                   "report.spans[2].state", "one of RUNNING, IDLE, DOWN"},
              },
              [](const v1::MachineReport& report, FieldErrors& errors) {
                MachineReportFromProto(report, "report", errors);
              });
}

}  // namespace
}  // namespace labslot::service
