#include "tests/service/convert/samples.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"

namespace labslot::service {

Calendar FullCalendar() {
  Calendar calendar;
  calendar.weekly = {{0b0001111, {8 * 3600, 17 * 3600}},
                     {0b0010000, {22 * 3600, 30 * 3600}},
                     {0b1000000, {0, 86400}}};
  calendar.exceptions = {{absl::CivilDay(2027, 12, 24),
                          absl::CivilDay(2028, 1, 2),
                          DayEffect::kClosed,
                          {},
                          0,
                          "Year-end closing"},
                         {absl::CivilDay(2027, 5, 15),
                          absl::CivilDay(2027, 5, 15),
                          DayEffect::kSpecialHours,
                          {{10 * 3600, 12 * 3600}, {11 * 3600, 16 * 3600 + 61}},
                          0,
                          "Open day"},
                         {absl::CivilDay(2027, 6, 30),
                          absl::CivilDay(2027, 6, 30),
                          DayEffect::kShortened,
                          {},
                          7200,
                          "Stocktaking"}};
  calendar.holiday_region = "be-vlg";
  return calendar;
}

Site FullSite() {
  Site site;
  site.id = "lommel";
  site.display_name = "Lommel \xC3\xA9";
  site.time_zone = "Europe/Brussels";
  site.latitude = 51.229;
  site.longitude = -5.303;
  site.region = "BE22";
  site.calendar = FullCalendar();
  site.organisation = "flanders-make";
  site.power_kw = 125.5;
  site.clearance_m = 4.5;
  site.labels = {{"park", "kristalpark"}, {"a/b.c_d-e", ""}};
  site.create_time = 1700000000;
  site.update_time = 1700000001;
  site.revision = 7;
  return site;
}

Asset FullAsset() {
  Asset asset;
  asset.id = "rigs";
  asset.display_name = "Test rigs";
  asset.kind = "test-rig";
  asset.capacity_kind = CapacityKind::kPool;
  asset.capacity = 7;
  asset.site = "lommel";
  asset.mobile = true;
  asset.parent = "line";
  asset.exclusion_groups = {"shared-crane", "power"};
  asset.set_up = 7200;
  asset.tear_down = 3600;
  asset.calendar = FullCalendar();
  asset.may_span_closed_time = true;
  asset.max_attendees = 18;
  asset.organisation = "flanders-make";
  asset.description = "Two\nlines";
  asset.labels = {{"safety", "laser-4"}};
  asset.state = AssetState::kRetired;
  asset.create_time = 1700000000;
  asset.update_time = 1700000001;
  asset.retire_time = 1700000002;
  asset.revision = 8;
  return asset;
}

HolidayRegion FullHolidayRegion() {
  HolidayRegion region;
  region.id = "be-vlg";
  region.display_name = "Flanders";
  region.valid_from = absl::CivilDay(2026, 1, 1);
  region.valid_through = absl::CivilDay(2027, 12, 31);
  region.holidays = {
      {absl::CivilDay(2027, 5, 6), "Ascension Day", DayEffect::kClosed, 0},
      {absl::CivilDay(2027, 12, 31), "New Year's Eve", DayEffect::kShortened, 10800}};
  region.attribution = "date-holidays 3.37.0, CC-BY-3.0";
  region.revision = 9;
  return region;
}

Organisation FullOrganisation() {
  Organisation organisation;
  organisation.id = "flanders-make";
  organisation.display_name = "Flanders Make";
  organisation.kind = OrganisationKind::kOperator;
  organisation.region = "BE22";
  organisation.identifiers = {{"be-enterprise", "0860.286.629"}};
  organisation.create_time = 1700000000;
  organisation.update_time = 1700000001;
  organisation.revision = 10;
  return organisation;
}

User FullUser() {
  User user;
  user.id = "anna";
  user.display_name = "Anna DEMO";
  user.email = "anna@example.org";
  user.organisations = {"flanders-make", "imec"};
  user.role_bindings = {{Role::kAdministrator, {}},
                        {Role::kAssetManager, {ScopeKind::kOrganisation, "flanders-make"}},
                        {Role::kAssetManager, {ScopeKind::kSite, "lommel"}},
                        {Role::kMember, {ScopeKind::kAsset, "rigs"}}};
  user.unix_login = "anna";
  user.state = UserState::kDisabled;
  user.create_time = 1700000000;
  user.update_time = 1700000001;
  user.revision = 11;
  return user;
}

Token FullToken() {
  Token token;
  token.id = "t-1";
  token.user = "anna";
  token.display_name = "for the planner";
  token.secret_sha256 = std::string(32, '\x7F');
  token.expire_time = 1800000000;
  token.create_time = 1700000000;
  token.revision = 12;
  return token;
}

Reservation FullReservation() {
  Reservation reservation;
  reservation.id = 1042;
  reservation.display_name = "Visit";
  reservation.items = {{"make-lab", 1, 7200, 3600}, {"rigs", 3, 60, 120}};
  reservation.interval = {1803884400, 1803913200};
  reservation.site = "lommel";
  reservation.user = "anna";
  reservation.organisation = "flanders-make";
  reservation.state = ReservationState::kHeld;
  reservation.hold_expire_time = 1800000600;
  reservation.purpose = "Show\nand tell";
  reservation.project = "P-1";
  reservation.priority = 5;
  reservation.activity_class = ActivityClass::kCollaboration;
  reservation.attendees = 12;
  reservation.confidential = true;
  reservation.labels = {{"cost-centre", "42"}};
  reservation.state_reason = "as asked";
  reservation.create_time = 1800000000;
  reservation.update_time = 1800000001;
  reservation.revision = 1043;
  return reservation;
}

Refusal LargeRefusal(int violations, int conflicts, int alternatives, size_t text) {
  const std::string words(text, 'x');
  Refusal refusal;
  for (int i = 0; i < violations; ++i) {
    Violation violation{Rule::kCapacityExceeded, words, "rigs", "7 units", words, {}};
    for (int k = 0; k < conflicts; ++k) {
      violation.conflicts.push_back({1000 + k, "rigs", {1803884400, 1803913200}, 7});
    }
    refusal.violations.push_back(violation);
  }
  refusal.earliest_start = 1803913200;
  for (int i = 0; i < alternatives; ++i) {
    Alternative alternative{
        AlternativeKind::kOtherTime, {}, {1803913200, 1803942000}, "lommel", "Europe/Brussels"};
    for (int k = 0; k < 4; ++k) {
      alternative.items.push_back({absl::StrCat("asset-", k), 1, 7200, 7200});
    }
    refusal.alternatives.push_back(alternative);
  }
  return refusal;
}

void Apply(const RuleRow& row, google::protobuf::Message& message) {
  if (!row.cleared.empty()) {
    const auto* field = message.GetDescriptor()->FindFieldByName(row.cleared);
    if (field == nullptr) {
      std::fprintf(stderr, "there is no field %s\n", row.cleared.c_str());
      std::abort();
    }
    message.GetReflection()->ClearField(&message, field);
  }
  if (!google::protobuf::TextFormat::MergeFromString(row.merged, &message)) {
    std::fprintf(stderr, "this cannot be merged: %s\n", row.merged.c_str());
    std::abort();
  }
}

std::string Told(const FieldErrors& errors) {
  std::string told;
  for (const FieldViolation& violation : errors.violations()) {
    absl::StrAppend(&told, violation.field, ": ", violation.description, "\n");
  }
  return told;
}

}  // namespace labslot::service
