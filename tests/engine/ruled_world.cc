#include "tests/engine/ruled_world.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "daemon/engine/admission.h"
#include "tests/engine/naive.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::engine {

using support::At;
using support::kDay;
using support::kHour;
using support::kMinute;
using support::MakeAsset;
using support::MakeChild;
using support::MakeSite;
using support::Weekly;

RuledWorld::RuledWorld(unsigned seed)
    : random_(seed), assets_{"line", "cell-a", "cell-b", "rigs",  "rigs",  "rigs",
                             "room", "room",   "laser",  "scope", "truck", "mill"} {
  // The switches of 28 March and 31 October are on Sundays.
  static constexpr const char* kNow[] = {"mon 6:00", "2027-03-26 14:00", "2027-10-29 6:15"};
  world_.now = At(kNow[Roll(3)]);
  AddPlaces();
  AddPeople();
  AddAssets();
  BookALot(35);
  AddPolicies();
  AddQuotas();
  BookALot(15);
}

Seconds RuledWorld::Quarters(unsigned least, unsigned sides) {
  return 15 * kMinute * static_cast<Seconds>(least + Roll(sides));
}

void RuledWorld::AddPlaces() {
  world_.Add(support::MakeOrganisation("beta"));
  Group staff;
  staff.id = staff.display_name = "staff";
  staff.users = {"ada"};
  world_.Add(staff);
  Group partners;
  partners.id = partners.display_name = "partners";
  partners.organisations = {"beta"};
  world_.Add(partners);
  Site lommel = MakeSite("lommel");
  lommel.calendar = support::Hours("mon-fri", "8:00-12:00");
  lommel.calendar->weekly.push_back(
      Weekly("mon-fri", Roll(2) == 0 ? "12:15-18:00" : "12:00-18:00"));
  lommel.calendar->weekly.push_back(Weekly("sat-sun", "22:00-6:00"));
  WeeklyWindow evening = Weekly("mon-sat", "18:00-21:00");
  evening.window.groups = {"staff"};
  lommel.calendar->weekly.push_back(evening);
  world_.Add(lommel);
  world_.Add(MakeSite("tartu", "Europe/Tallinn"));
}

void RuledWorld::AddPeople() {
  world_.Add(support::MakeUser("bob", {"acme", "beta"}));
  User cyd = support::MakeUser("cyd", {"beta"});
  cyd.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "line")};
  User ada = *world_.catalogue().FindUser("ada");
  ada.qualifications = {{"laser", world_.now + Quarters(50, 200)}};
  (void)world_.Replace(ada);
  world_.Add(MakeAsset("line"));
  world_.Add(cyd);
}

void RuledWorld::AddAssets() {
  world_.Add(MakeChild("cell-a", "line"));
  Asset tools = MakeChild("cell-b", "line");
  tools.capacity_kind = CapacityKind::kPool;
  tools.capacity = 2;
  tools.kind = "tools";
  world_.Add(tools);
  world_.Add(support::MakePool("rigs", 3, "tartu"));
  world_.Add(support::MakeSeats("room", 6));
  for (const char* id : {"laser", "scope"}) {
    Asset asset = MakeAsset(id);
    asset.kind = "microscope";
    asset.exclusion_groups = {"bench"};
    asset.set_up = 15 * kMinute;
    asset.tear_down = 30 * kMinute;
    asset.labels = {{"vendor", id}};
    world_.Add(asset);
  }
  Asset truck = support::MakeMobile("truck");
  truck.set_up = 30 * kMinute;
  truck.kind = "truck";
  world_.Add(truck);
  Asset mill = MakeAsset("mill", "tartu");
  mill.may_span_closed_time = true;
  mill.organisation = "beta";
  mill.calendar = support::Hours("mon-sun", "9:00-12:00");
  world_.Add(mill);
}

Reservation RuledWorld::AnyRequest() {
  Reservation draft = AnyDraft();
  if (Roll(8) == 0) draft.interval = {draft.interval.start + 420, draft.interval.end + 420};
  return draft;
}

Reservation RuledWorld::AnyDraft() {
  const Instant start = world_.now + Quarters(0, 4 * 72);
  const Seconds length = Roll(6) == 0 ? Quarters(16, 100) : Quarters(1, 16);
  Reservation draft = support::Draft({}, {start, start + length});
  const unsigned items = 1 + Roll(8) / 7;
  while (draft.items.size() < items) {
    const std::string& id = OneOf(assets_);
    const Asset& asset = *world_.catalogue().FindAsset(id);
    const auto related = NaivelyRelated(world_.catalogue(), asset);
    const bool fits =
        std::none_of(draft.items.begin(), draft.items.end(), [&](const ReservationItem& other) {
          return other.asset == id || std::count(related.begin(), related.end(), other.asset) > 0;
        });
    if (!fits) continue;
    const auto most = static_cast<unsigned>(asset.capacity);
    draft.items.push_back(support::Item(id, 1 + static_cast<int32_t>(Roll(most) * Roll(2))));
    if (asset.mobile) draft.site = Roll(2) == 0 ? "lommel" : "tartu";
  }
  draft.user = OneOf<std::string>({"ada", "bob", "cyd"});
  draft.organisation =
      draft.user == "ada" || (draft.user == "bob" && Roll(2) == 0) ? "acme" : "beta";
  if (Roll(3) == 0) draft.purpose = "Course";
  if (Roll(3) == 0) draft.activity_class = ActivityClass::kEducation;
  if (Roll(3) == 0) draft.project = "p1";
  return WithChangeover(world_.catalogue(), draft);
}

void RuledWorld::BookALot(int requests) {
  for (int i = 0; i < requests; ++i) {
    const Reservation draft = AnyDraft();
    // To look for ways out of a refusal takes long.
    if (!Passes(world_.state(), {draft, nullptr, world_.now})) continue;
    (void)world_.Book(draft, draft.user, Roll(6) == 0 ? kHour : 0);
  }
}

Selector RuledWorld::AnyAssets() {
  Selector selector;
  switch (Roll(5)) {
    case 0:
      selector.assets = {OneOf(assets_), "line"};
      break;
    case 1:
      selector.asset_kinds = {"lab"};
      break;
    case 2:
      selector.asset_kinds = {"microscope", "tools", "truck"};
      break;
    case 3:
      selector.labels = {{"vendor", "laser"}};
      break;
    default:
      selector.assets = {OneOf(assets_), OneOf(assets_)};
  }
  return selector;
}

Selector RuledWorld::AnyHolders() {
  Selector selector;
  switch (Roll(8)) {
    case 0:
      selector.groups = {"staff"};
      break;
    case 1:
      selector.groups = {"partners", "staff"};
      break;
    case 2:
      selector.organisations = {"acme"};
      break;
    case 3:
      selector.users = {"bob", "cyd"};
      break;
    case 4:
      selector.relations = {Relation::kOwner, Relation::kManager};
      break;
    case 5:
      selector.activity_classes = {ActivityClass::kEducation};
      break;
    case 6:
      selector.sites = {Roll(2) == 0 ? "lommel" : "tartu"};
      break;
    default:
      selector.relations = {Relation::kManager};
      selector.users = {"cyd"};
  }
  return selector;
}

std::vector<WeeklyWindow> RuledWorld::AnyWindows() {
  switch (Roll(4)) {
    case 0:
      return {Weekly("mon-fri", "0:00-8:00"), Weekly("mon-fri", "17:00-24:00"),
              Weekly("sat-sun", "0:00-24:00")};
    case 1:
      return {Weekly("mon-sun", "22:00-2:30")};
    case 2:
      return {Weekly("tue,thu,sun", "2:15-13:00"), Weekly("mon", "6:00-10:15")};
    default:
      return {Weekly("sat-sun", "0:00-24:00")};
  }
}

Lead RuledWorld::AnyLead(unsigned days) {
  Lead lead;
  lead.days = static_cast<int32_t>(Roll(days));
  lead.seconds = Roll(2) == 0 ? 0 : Quarters(1, 60);
  if (lead.zero()) lead.days = 1;
  return lead;
}

Effect RuledWorld::AnyEffect() {
  const unsigned roll = Roll(6);
  if (roll == 0) return Effect::kWarn;
  return roll == 1 ? Effect::kNeedsApproval : Effect::kReject;
}

PolicyRule RuledWorld::AnyRule(unsigned kind) {
  switch (kind) {
    case 0:
      return Roll(2) == 0 ? DurationRule{Quarters(2, 6), 0} : DurationRule{0, Quarters(4, 20)};
    case 1:
      return GranularityRule{Roll(2) == 0 ? 15 * kMinute : kHour};
    case 2:
      return SlotRule{Roll(2) == 0 ? std::vector<WeeklyWindow>{Weekly("mon-sun", "6:00-14:00"),
                                                               Weekly("mon-sun", "14:00-22:00"),
                                                               Weekly("mon-sun", "22:00-6:00")}
                                   : std::vector<WeeklyWindow>{Weekly("mon-fri", "8:00-10:00"),
                                                               Weekly("mon-sun", "10:15-12:00")}};
    case 3:
      return NoticeRule{AnyLead(2), {}, {}};
    case 4:
      return HorizonRule{AnyLead(6)};
    case 5:
      return BufferRule{Quarters(1, 12), Roll(2) == 0, Roll(2) == 0};
    case 6:
      return QualificationRule{"laser"};
    case 7:
      return ReservedRule{{AnyHolders()}, AnyLead(3)};
    default:
      return ClosedTimeRule{Roll(2) == 0};
  }
}

void RuledWorld::AddPolicies() {
  const unsigned count = 3 + Roll(6);
  for (unsigned i = 0; i < count; ++i) {
    const unsigned kind = Roll(9);
    Policy policy;
    policy.id = policy.display_name = absl::StrCat("p", i);
    policy.rule = AnyRule(kind);
    policy.effect = AnyEffect();
    policy.disabled = Roll(12) == 0;
    policy.applies_to = {AnyAssets()};
    // Whether a run of others counts for a buffer is said by its asset.
    if (kind != 5 && Roll(2) == 0) policy.applies_to.push_back(AnyHolders());
    if (kind != 5 && Roll(3) == 0) policy.except = {AnyHolders()};
    // Purposes are not for companions elsewhere, nor for closed time.
    if (kind != 5 && kind != 8 && Roll(6) == 0) {
      policy.except.emplace_back();
      policy.except.back().purposes = {"COURSE"};
    }
    if (kind != 8 && Roll(2) == 0) policy.sleeps = AnyWindows();
    if (kind != 8 && Roll(5) == 0) {
      const absl::CivilDay today = LocalDay(world_.now, support::Zone(support::kBrussels));
      policy.periods = {{today, today + static_cast<int>(Roll(2))}, {today + 4, today + 10}};
    }
    world_.Add(policy);
  }
}

void RuledWorld::AddQuotas() {
  const bool leaves_closed_time_out = std::any_of(
      world_.catalogue().policies().begin(), world_.catalogue().policies().end(),
      [](const auto& entry) { return std::holds_alternative<ClosedTimeRule>(entry.second->rule); });
  const unsigned count = 1 + Roll(3);
  for (unsigned i = 0; i < count; ++i) {
    Quota quota;
    quota.id = quota.display_name = absl::StrCat("q", i);
    quota.applies_to = {AnyAssets()};
    if (Roll(3) == 0) quota.applies_to = {AnyHolders()};
    if (Roll(4) == 0) quota.except = {AnyHolders()};
    for (int dimension = 1; dimension <= 7; ++dimension) {
      if (Roll(4) == 0) quota.each.push_back(static_cast<Dimension>(dimension));
    }
    quota.period = static_cast<QuotaPeriod>(1 + Roll(6));
    quota.rolling_days = quota.period == QuotaPeriod::kRolling ? 2 + static_cast<int>(Roll(5)) : 0;
    quota.measure = Roll(3) == 0 ? Measure::kCount : Measure::kTime;
    quota.limit = quota.measure == Measure::kCount ? 1 + Roll(4) : Quarters(8, 60);
    if (Roll(3) == 0) quota.prime_time = AnyWindows();
    quota.counts_set_up =
        quota.measure == Measure::kTime && !leaves_closed_time_out && Roll(2) == 0;
    if (Roll(4) == 0) quota.hand_back = AnyLead(3);
    quota.effect = AnyEffect();
    world_.Add(quota);
  }
}

}  // namespace labslot::engine
