#include "tests/service/convert/samples.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <variant>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"

namespace labslot::service {

Calendar FullCalendar() {
  Calendar calendar;
  calendar.weekly = {{0b0001111, {8 * 3600, 17 * 3600, {}}},
                     {0b0010000, {22 * 3600, 30 * 3600, {"partners", "staff"}}},
                     {0b1000000, {0, 86400, {}}}};
  calendar.exceptions = {{absl::CivilDay(2027, 12, 24),
                          absl::CivilDay(2028, 1, 2),
                          DayEffect::kClosed,
                          {},
                          0,
                          "Year-end closing"},
                         {absl::CivilDay(2027, 5, 15),
                          absl::CivilDay(2027, 5, 15),
                          DayEffect::kSpecialHours,
                          {{10 * 3600, 12 * 3600, {"staff"}}, {11 * 3600, 16 * 3600 + 61, {}}},
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
  site.travel_times = {{"brno", 72000}, {"kortrijk", 10800}};
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
  asset.capacity = 1;
  asset.units = {{"rig-1", "The old one", {{"detector", "eds"}}}};
  asset.rates = {{"EUR", 1250, 8001}, {{ActivityClass::kRental, 12050}}};
  asset.site = "lommel";
  asset.mobile = true;
  asset.travel = {80.5, 1.2, 10 * 3600, Between::kAlwaysHome, 20 * 86400};
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
  organisation.size_class = SizeClass::kMedium;
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
  user.qualifications = {{"laser-4", 1830000000}, {"crane", 0}};
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
  reservation.items = {
      {"make-lab", 1, 7200, 3600},
      {"rigs", 3, 60, 120, {"rig-1", "rig-3"}, {"EUR", 1250, 8001}, {{"detector", "eds"}}}};
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
  reservation.series = 1040;
  reservation.occurrence = absl::CivilDay(2027, 3, 1);
  reservation.notes = {
      {NoteKind::kOverridden, Rule::kTooLong, "policies/short", "rigs", "Longer than 2 h", "mia"},
      {NoteKind::kNeedsApproval, Rule::kApprovalRequired, "policies/ask", "", "Ask", "@operator"}};
  reservation.leaves_slot_free = true;
  reservation.check_in_by = 1803885300;
  reservation.window = {reservation.interval.start - 3600, reservation.interval.end + 86400};
  reservation.choices = {{{{"press", 2}}, {1803970800, 1803999600}}, {{{"lathe", 1}}, {}}};
  reservation.like_assets = true;
  reservation.firm = true;
  reservation.displaced_by = "outages/broken";
  reservation.round = "spring";
  reservation.value = 40;
  reservation.access_mode = AccessMode::kMarket;
  reservation.on_behalf_of = "imec";
  reservation.funding = "FP-10";
  reservation.activity_reason = "Paid\nby the hour";
  reservation.rule_sets = {"RDI Framework", "de minimis"};
  reservation.use = {1803884400, 1803900000, 1803900001, 1803916800, Problem::kForgottenCheckOut};
  reservation.returns = {{{"rigs", 2, 60, 120, {"rig-7", "rig-8"}}, 1803890000}};
  reservation.create_time = 1800000000;
  reservation.update_time = 1800000001;
  reservation.revision = 1043;
  return reservation;
}

Group FullGroup() {
  Group group;
  group.id = "partners";
  group.display_name = "Partners";
  group.description = "Who pays\na fee";
  group.users = {"anna", "ben"};
  group.organisations = {"imec"};
  group.create_time = 1700000000;
  group.update_time = 1700000001;
  group.revision = 13;
  return group;
}

Selector FullSelector() {
  Selector selector;
  selector.organisation_kinds = {OrganisationKind::kSme, OrganisationKind::kOperator};
  selector.organisations = {"imec"};
  selector.regions = {"BE2", "EE008"};
  selector.users = {"anna"};
  selector.groups = {"partners", "staff"};
  selector.relations = {Relation::kOwner, Relation::kManager};
  selector.assets = {"rigs"};
  selector.asset_kinds = {"test-rig"};
  selector.labels = {{"safety", "laser-4"}};
  selector.sites = {"lommel"};
  selector.purposes = {"Teaching"};
  selector.activity_classes = {ActivityClass::kEducation};
  return selector;
}

std::vector<PolicyRule> FullRules() {
  const Lead lead = {14, 3600};
  return {DurationRule{900, 7200},
          GranularityRule{900},
          SlotRule{{{0b0011111, {6 * 3600, 14 * 3600, {}}}, {0b0000001, {0, 86400, {}}}}},
          NoticeRule{{1, 0}, {0, 7200}, lead},
          HorizonRule{lead},
          LockRule{lead},
          BufferRule{1800, true, true},
          QualificationRule{"laser-4"},
          CompanionRule{"crane", "", 2, true},
          SiteRule{12.5, 4.25, {{"park", "kristalpark"}}},
          EligibilityRule{{FullSelector(), Selector()}},
          ApprovalRule{},
          HoldRule{3600, 7200},
          ProtectionRule{lead},
          ClosedTimeRule{true},
          ReservedRule{{FullSelector()}, lead},
          GraceRule{900},
          DisplacementRule{3, 2.5, 0.5, 4, lead},
          OverrunRule{true, 7200}};
}

Policy FullPolicy(const PolicyRule& rule) {
  Policy policy;
  policy.id = "short";
  policy.display_name = "Short runs";
  policy.description = "So that\nall have a turn";
  policy.rule = rule;
  // What only grants, or acts by the clock, has no effect.
  const bool is_broken =
      !std::holds_alternative<ClosedTimeRule>(rule) && !std::holds_alternative<GraceRule>(rule) &&
      !std::holds_alternative<DisplacementRule>(rule) && !std::holds_alternative<OverrunRule>(rule);
  policy.effect = is_broken ? Effect::kNeedsApproval : Effect::kReject;
  policy.applies_to = {FullSelector()};
  policy.except = {Selector(), FullSelector()};
  policy.sleeps = {{0b0000001, {18 * 3600, 30 * 3600, {}}}};
  policy.periods = {{absl::CivilDay(2027, 2, 1), absl::CivilDay(2027, 6, 30)},
                    {absl::CivilDay(2027, 9, 1), absl::CivilDay(2027, 9, 1)}};
  policy.overriders = {{"mia"}, {"staff"}, true};
  policy.approval = {{{"ben"}, {"partners"}, true}, 86400, true};
  policy.disabled = true;
  policy.create_time = 1700000000;
  policy.update_time = 1700000001;
  policy.revision = 14;
  return policy;
}

Quota FullQuota(Measure measure) {
  Selector counted = FullSelector();
  counted.purposes.clear();
  Quota quota;
  quota.id = "share";
  quota.display_name = "Fair share";
  quota.description = "20 hours\nin two weeks";
  quota.applies_to = {counted};
  quota.except = {counted};
  quota.each = {Dimension::kGroup, Dimension::kAsset};
  quota.measure = measure;
  quota.limit = measure == Measure::kTime ? 72000 : 2;
  quota.period = QuotaPeriod::kRolling;
  quota.rolling_days = 14;
  quota.prime_time = {{0b0011111, {9 * 3600, 17 * 3600, {}}}};
  quota.periods = {{absl::CivilDay(2027, 2, 1), absl::CivilDay(2027, 6, 30)}};
  quota.counts_set_up = true;
  quota.counts_no_shows = true;
  quota.counts_cancelled_within = 86400;
  // They exclude each other.
  if (measure == Measure::kTime) {
    quota.hand_back = Lead{3, 0};
  } else {
    quota.fair_share = true;
  }
  quota.effect = Effect::kWarn;
  quota.overriders = {{"mia"}, {}, false};
  quota.approval = {{{}, {"partners"}, false}, 86400, true};
  quota.rule_set = "RDI Framework";
  quota.disabled = true;
  quota.create_time = 1700000000;
  quota.update_time = 1700000001;
  quota.revision = 15;
  return quota;
}

Outage FullOutage() {
  Outage outage;
  outage.id = "broken";
  outage.asset = "rigs";
  outage.quantity = 2;
  outage.units = {"rig-1", "rig-2"};
  outage.interval = {1803884400, 1803913200};
  outage.planned = true;
  outage.category = "calibration";
  outage.description = "Yearly,\nby the maker";
  outage.hits = {{1042, HitOutcome::kMoved, "it was moved"}};
  outage.create_time = 1700000000;
  outage.update_time = 1700000001;
  outage.revision = 16;
  return outage;
}

Round FullRound() {
  Round round;
  round.id = "spring";
  round.display_name = "Spring call";
  round.description = "Two months\nof rigs";
  round.assets = {"press", "rigs"};
  round.interval = {1803884400, 1808913200};
  round.deadline = 1803000000;
  round.organisation_limit = 360000;
  round.user_limit = 3;
  round.state = RoundState::kCleared;
  round.value = 120;
  round.bound = 121;
  round.granted_count = 4;
  round.rejected_count = 5;
  round.create_time = 1700000000;
  round.update_time = 1700000001;
  round.revision = 17;
  return round;
}

MachineReport FullMachineReport() {
  MachineReport report;
  report.id = 1044;
  report.asset = "rigs";
  report.unit = "rig-1";
  report.spans = {{{1700000000, 1700000060}, MachineState::kIdle},
                  {{1700000060, 1700000090}, MachineState::kDown}};
  report.create_time = 1700000100;
  report.revision = 1044;
  return report;
}

Quota ShareQuota() {
  Quota quota = FullQuota();
  quota.limit = 0;
  quota.period = QuotaPeriod::kYear;
  quota.rolling_days = 0;
  quota.prime_time.clear();
  quota.share = CapacityShare{2013, CapacityBase::kAvailable};
  return quota;
}

Series FullSeries() {
  Series series;
  series.id = 1040;
  series.draft = FullReservation();
  // What only a reservation that is there has.
  series.draft.id = 0;
  series.draft.interval = {};
  series.draft.state = ReservationState::kConfirmed;
  series.draft.hold_expire_time = 0;
  series.draft.state_reason = "";
  series.draft.series = 0;
  series.draft.occurrence = {};
  series.draft.notes = {};
  series.draft.leaves_slot_free = false;
  series.draft.check_in_by = 0;
  series.draft.use = {};
  series.draft.returns = {};
  series.draft.window = {};
  series.draft.choices = {};
  series.draft.like_assets = false;
  series.draft.firm = false;
  series.draft.displaced_by = "";
  series.draft.round = "";
  series.draft.value = 0;
  series.draft.rule_sets = {};
  for (ReservationItem& item : series.draft.items) item.units = {};
  series.draft.create_time = 0;
  series.draft.update_time = 0;
  series.draft.revision = 0;
  series.recurrence.start = absl::CivilSecond(2027, 3, 1, 9, 0, 0);
  series.recurrence.length = 26 * 3600 + 30;
  series.recurrence.zone = "Europe/Brussels";
  series.recurrence.rrule = "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=8";
  series.recurrence.extra_days = {absl::CivilDay(2027, 3, 3)};
  series.recurrence.left_out_days = {absl::CivilDay(2027, 3, 8)};
  series.recurrence.repeated_hour = RepeatedHour::kSecond;
  series.contract = {ContractKind::kAtMost, 3, 25};
  series.occurrences = {{absl::CivilDay(2027, 3, 1), {1803888000, 1803981630}, 1042, std::nullopt},
                        {absl::CivilDay(2027, 3, 3), {}, 0, LargeRefusal(1, 1, 1, 20)}};
  series.cancelled = true;
  series.state_reason = "moved";
  series.create_time = 1700000000;
  series.update_time = 1700000001;
  series.revision = 1050;
  return series;
}

Refusal LargeRefusal(int violations, int conflicts, int alternatives, size_t text) {
  const std::string words(text, 'x');
  Refusal refusal;
  for (int i = 0; i < violations; ++i) {
    Violation violation{Rule::kCapacityExceeded, words, "rigs", "7 units", words, {}};
    violation.source = "policies/short";
    violation.scope = words;
    violation.effect = Effect::kWarn;
    violation.overridable_by = {"users/mia", "groups/staff", "managers"};
    for (int k = 0; k < conflicts; ++k) {
      violation.conflicts.push_back({1000 + k, "rigs", {1803884400, 1803913200}, 7});
    }
    refusal.violations.push_back(violation);
  }
  refusal.earliest_start = 1803913200;
  for (int i = 0; i < alternatives; ++i) {
    Alternative alternative{
        AlternativeKind::kOtherTime, {}, {1803913200, 1803942000}, "lommel", "Europe/Brussels"};
    alternative.needs_approval = true;
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
