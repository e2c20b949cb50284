#include "tests/storage/samples.h"

#include <string>
#include <utility>

namespace labslot::storage {
namespace {

Calendar FullCalendar() {
  CalendarException special;
  special.first = absl::CivilDay(1969, 12, 24);
  special.last = absl::CivilDay(2027, 1, 3);
  special.effect = DayEffect::kSpecialHours;
  special.windows = {{32400, 43200, {"staff"}}, {79200, 108000, {}}};
  special.reason = "inventory";
  CalendarException shortened;
  shortened.first = shortened.last = absl::CivilDay(2027, 3, 28);
  shortened.effect = DayEffect::kShortened;
  shortened.shortened_by = 7200;
  Calendar calendar;
  calendar.weekly = {{0x1f, {28800, 64800, {}}}, {0x60, {0, 86400, {"night-owls", "staff"}}}};
  calendar.exceptions = {special, shortened};
  calendar.holiday_region = "be";
  return calendar;
}

}  // namespace

Site FullSite() {
  Site site;
  site.id = "site-1";
  site.display_name = "Company Hall";
  site.time_zone = "Europe/Brussels";
  site.latitude = 50.123456789;
  site.longitude = -4.5;
  site.region = "BE10";
  site.calendar = FullCalendar();
  site.organisation = "owner";
  site.travel_times = {{"site-2", 7200}, {"site-3", 1}};
  site.power_kw = 63.5;
  site.clearance_m = 4.25;
  site.labels = {{"dock", "north"}, {"power", "three-phase"}};
  site.create_time = 1795000000;
  site.update_time = 1795000100;
  site.revision = 7;
  return site;
}

Asset FullAsset() {
  Asset asset;
  asset.id = "rig";
  asset.display_name = "Test Rig";
  asset.kind = "rig";
  asset.capacity_kind = CapacityKind::kPool;
  asset.capacity = 7;
  asset.units = {{"rig-1", "The old one", {{"detector", "eds"}}}, {"rig-2", ""}};
  asset.rates = {{"EUR", 1250, 8000}, {{ActivityClass::kEducation, 2}}};
  asset.site = "site-1";
  asset.mobile = true;
  asset.travel = {80.5, 1.2, 10 * 3600, Between::kStays, 0};
  asset.parent = "hall";
  asset.exclusion_groups = {"crane", "noise"};
  asset.set_up = 900;
  asset.tear_down = 1800;
  asset.calendar = FullCalendar();
  asset.may_span_closed_time = true;
  asset.max_attendees = 12;
  asset.organisation = "owner";
  asset.description = "seven alike, \xc3\xa9";
  asset.labels = {{"axis", "5"}};
  asset.state = AssetState::kRetired;
  asset.create_time = 1795000000;
  asset.update_time = 1795000200;
  asset.retire_time = 1795000300;
  asset.revision = 8;
  return asset;
}

HolidayRegion FullHolidayRegion() {
  Holiday shortened{absl::CivilDay(2027, 12, 24), "Christmas Eve", DayEffect::kShortened, 14400};
  Holiday closed{absl::CivilDay(2027, 12, 25), "Christmas", DayEffect::kClosed, 0};
  HolidayRegion region;
  region.id = "be";
  region.display_name = "Belgium";
  region.valid_from = absl::CivilDay(2026, 1, 1);
  region.valid_through = absl::CivilDay(2028, 12, 31);
  region.holidays = {shortened, closed};
  region.attribution = "public domain";
  region.revision = 9;
  return region;
}

Organisation FullOrganisation() {
  Organisation organisation;
  organisation.id = "maker";
  organisation.display_name = "Maker Ltd";
  organisation.kind = OrganisationKind::kSme;
  organisation.size_class = SizeClass::kSmall;
  organisation.region = "DE21";
  organisation.identifiers = {{"lei", "529900"}, {"vat", "DE1"}};
  organisation.create_time = 1795000000;
  organisation.update_time = 1794999999;  // clocks jump
  organisation.revision = 10;
  return organisation;
}

User FullUser() {
  User user;
  user.id = "ada";
  user.display_name = "Ada";
  user.email = "ada@example.org";
  user.organisations = {"maker", "owner"};
  user.role_bindings = {{Role::kAdministrator, {ScopeKind::kPlatform, ""}},
                        {Role::kAssetManager, {ScopeKind::kAsset, "rig"}},
                        {Role::kMember, {ScopeKind::kOrganisation, "maker"}},
                        {Role::kMember, {ScopeKind::kSite, "site-1"}}};
  user.unix_login = "ada";
  user.qualifications = {{"laser-4", 1799000000}, {"crane", 0}};
  user.state = UserState::kDisabled;
  user.create_time = 1795000000;
  user.update_time = 1795000400;
  user.revision = 11;
  return user;
}

Token FullToken() {
  Token token;
  token.id = "t-1";
  token.user = "ada";
  token.display_name = "script";
  token.secret_sha256 = std::string("\x00\xff\x80 bytes", 9);
  token.expire_time = 1799000000;
  token.create_time = 1795000000;
  token.revision = 12;
  return token;
}

Reservation FullReservation() {
  Reservation reservation;
  reservation.id = 13;
  reservation.display_name = "Vibration test";
  reservation.items = {{"rig",
                        3,
                        900,
                        1800,
                        {"rig-1", "rig-2", "rig-3"},
                        {"EUR", 1250, 8000},
                        {{"detector", "eds"}}},
                       {"hall", 1, 0, 60}};
  reservation.interval = {1796000000, 1796007200};
  reservation.site = "site-1";
  reservation.user = "ada";
  reservation.organisation = "maker";
  reservation.state = ReservationState::kHeld;
  reservation.hold_expire_time = 1795090000;
  reservation.purpose = "find out";
  reservation.project = "p-7";
  reservation.priority = -5;
  reservation.activity_class = ActivityClass::kContractResearch;
  reservation.attendees = 4;
  reservation.confidential = true;
  reservation.labels = {{"cost-centre", "42"}};
  reservation.state_reason = "awaits the customer";
  reservation.series = 12;
  reservation.occurrence = absl::CivilDay(2026, 11, 30);
  reservation.notes = {
      {NoteKind::kOverridden, Rule::kQuotaExceeded, "quotas/hours", "rig", "21 of 20 h", "bob"},
      {NoteKind::kWarning, Rule::kCompanionNeeded, "", "", "the crane", ""}};
  reservation.leaves_slot_free = true;
  reservation.check_in_by = 1796000900;
  reservation.window = {1796000000, 1796100000};
  reservation.choices = {{{{"lathe", 1, 0, 60}}, {1796000000, 1796003600}}, {{}, {1796010000, 1}}};
  reservation.like_assets = true;
  reservation.firm = true;
  reservation.displaced_by = "outages/broken";
  reservation.round = "spring";
  reservation.value = 40;
  reservation.access_mode = AccessMode::kMarket;
  reservation.on_behalf_of = "partner";
  reservation.funding = "FP-10";
  reservation.activity_reason = "paid by the hour";
  reservation.rule_sets = {"RDI Framework", "de minimis"};
  reservation.use = {1796000100, 1796003000, 1796003001, 1796090000, Problem::kForgottenCheckOut};
  reservation.returns = {
      {{reservation.items.front().asset, 2, 60, 120, {"rig-7"}, {"SEK", 1, 2}}, 1796001000},
      {{"crane", 1, 5, 6}, 1796002000}};
  reservation.create_time = 1795000000;
  reservation.update_time = 1795000500;
  reservation.revision = 14;
  return reservation;
}

Group FullGroup() {
  Group group;
  group.id = "partners";
  group.display_name = "Partners";
  group.description = "of the consortium";
  group.users = {"ada", "bob"};
  group.organisations = {"maker"};
  group.create_time = 1795000000;
  group.update_time = 1795000600;
  group.revision = 15;
  return group;
}

Outage FullOutage() {
  Outage outage;
  outage.id = "broken";
  outage.asset = "rig";
  outage.quantity = 2;
  outage.units = {"rig-1", "rig-2"};
  outage.interval = {1796000000, 1796604800};
  outage.open = true;
  outage.planned = true;
  outage.category = "spindle";
  outage.description = "a bearing";
  outage.hits = {{13, HitOutcome::kMoved, "to the hall"}, {14, HitOutcome::kRebound, "rig-3"}};
  outage.create_time = 1795000000;
  outage.update_time = 1795000700;
  outage.revision = 16;
  return outage;
}

Round FullRound() {
  Round round;
  round.id = "spring";
  round.display_name = "Spring call";
  round.description = "two months of rigs";
  round.assets = {"hall", "rig"};
  round.interval = {1796000000, 1801000000};
  round.deadline = 1795900000;
  round.organisation_limit = 360000;
  round.user_limit = 3;
  round.state = RoundState::kCleared;
  round.value = 120;
  round.bound = 121;
  round.granted_count = 4;
  round.rejected_count = 5;
  round.create_time = 1795000000;
  round.update_time = 1795000800;
  round.revision = 17;
  return round;
}

MachineReport FullMachineReport() {
  MachineReport report;
  report.id = 18;
  report.asset = "rig";
  report.unit = "rig-2";
  report.spans = {{{1796000000, 1796000060}, MachineState::kIdle},
                  {{1796000060, 1796000090}, MachineState::kDown}};
  report.create_time = 1796000100;
  report.revision = 18;
  return report;
}

std::vector<Resource> FullResources() {
  return {FullSite(),   FullAsset(),       FullHolidayRegion(), FullOrganisation(), FullUser(),
          FullToken(),  FullReservation(), FullGroup(),         FullPolicy(),       FullQuota(),
          FullSeries(), FullOutage(),      FullRound(),         FullMachineReport()};
}

std::vector<Resource> EmptyResources() {
  return {Site(),  Asset(),  HolidayRegion(), Organisation(), User(),   Token(), Reservation(),
          Group(), Policy(), Quota(),         Series(),       Outage(), Round(), MachineReport()};
}

Reservation SmallReservation(ReservationId id, const std::string& asset, Instant start) {
  Reservation reservation;
  reservation.id = id;
  reservation.items = {{asset, 1, 0, 0}};
  reservation.interval = {start, start + 3600};
  reservation.user = "ada";
  reservation.organisation = "maker";
  reservation.create_time = reservation.update_time = 1795000000;
  return reservation;
}

Event EventOf(Revision revision, EventType type, Reservation reservation) {
  reservation.revision = revision;
  Event event;
  event.revision = revision;
  event.time = reservation.update_time;
  event.actor = reservation.user;
  event.type = type;
  event.resource = std::move(reservation);
  return event;
}

}  // namespace labslot::storage
