#include "tests/engine/quota_life.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"
#include "daemon/domain/policy.h"
#include "tests/engine/quota_model.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Draft;
using support::Item;
using support::kDay;
using support::kHour;
using support::MakeAsset;
using support::MakeOrganisation;
using support::MakePool;
using support::MakeSite;
using support::MakeUser;

constexpr Seconds kQuarter = QuotaModel::kQuarter;

constexpr const char* kAssets[] = {"rig", "cell", "sem", "truck", "mill", "kiln"};
constexpr const char* kSites[] = {"lommel", "tartu", "ktm"};
constexpr const char* kUsers[] = {"ada", "bob", "eve", "kim", "mia"};
constexpr const char* kGroupIds[] = {"cluster", "teaching"};

}  // namespace

QuotaLife::QuotaLife(unsigned seed) : random_(seed) {
  const bool spring = seed % 2 == 0;
  world_.now = At(spring ? "2027-03-12 9:00" : "2027-10-15 9:00");
  switch_ = At(spring ? "2027-03-28 3:00" : "2027-10-31 3:00");
  AddPeopleAndPlaces();
  AddAssets();
  if (!OneIn(4)) {
    Policy nights;
    nights.id = "nights";
    nights.display_name = "nights";
    nights.rule = ClosedTimeRule{OneIn(4)};
    world_.Add(nights);
  }
  if (OneIn(2)) {
    Policy grace;
    grace.id = "grace";
    grace.display_name = "grace";
    grace.applies_to.emplace_back().asset_kinds = {"lab"};
    grace.rule = GraceRule{kQuarter};
    world_.Add(grace);
  }
  for (int i = 0; i < 5; ++i) world_.Add(AnyQuota(absl::StrCat("quota-", i)));
}

void QuotaLife::AddPeopleAndPlaces() {
  world_.Add(MakeSite("lommel"));
  world_.Add(MakeSite("tartu", "Europe/Tallinn"));
  world_.Add(MakeSite("ktm", "Asia/Kathmandu"));
  for (const char* id : {"beta", "gamma"}) world_.Add(MakeOrganisation(id));
  (void)world_.Replace(MakeUser("ada", {"acme", "beta"}));
  world_.Add(MakeUser("bob", {"acme"}));
  world_.Add(MakeUser("eve", {"beta"}));
  world_.Add(MakeUser("kim", {"gamma"}));
  User mia = MakeUser("mia", {"gamma", "acme"});
  mia.role_bindings = {support::Binding(Role::kAdministrator)};
  world_.Add(mia);
  for (const char* id : kGroupIds) {
    Group group;
    group.id = id;
    group.display_name = id;
    group.users = {Pick(kUsers)};
    group.organisations = {OneIn(2) ? "beta" : "acme"};
    world_.Add(group);
  }
}

void QuotaLife::AddAssets() {
  world_.Add(MakeAsset("line"));
  for (const char* id : kAssets) {
    const std::string name = id;
    Asset asset = MakePool(name, 1000,
                           name == "mill"   ? "tartu"
                           : name == "kiln" ? "ktm"
                                            : "lommel");
    if (name == "cell") asset.parent = "line";
    if (name == "sem" || name == "kiln") asset.kind = "sem";
    if (name == "sem" || name == "mill") asset.set_up = 2 * kQuarter;
    if (name == "sem") asset.tear_down = kQuarter;
    if (name == "mill") asset.calendar = support::Hours("mon-sat", "8:00-18:00");
    if (name == "rig") asset.organisation = "acme";
    asset.mobile = name == "truck";
    world_.Add(asset);
  }
}

Selector QuotaLife::AnySelector() {
  Selector selector;
  switch (Roll(11)) {
    case 0:
      selector.organisation_kinds = {OrganisationKind::kSme, OrganisationKind::kEducation};
      break;
    case 1:
      selector.organisations = {"acme", "gamma"};
      break;
    case 2:
      selector.regions = {"BE2"};
      break;
    case 3:
      selector.users = {Pick(kUsers), "ada"};
      break;
    case 4:
      selector.relations = {OneIn(2) ? Relation::kOwner : Relation::kManager};
      break;
    case 5:
      selector.assets = {"line", Pick(kAssets)};
      break;
    case 6:
      selector.asset_kinds = {OneIn(2) ? "sem" : "lab"};
      break;
    case 7:
      selector.labels = {{"price", "high"}};
      break;
    case 8:
      selector.sites = {Pick(kSites)};
      break;
    case 9:
      selector.activity_classes = {ActivityClass::kEducation};
      break;
    default:
      selector.groups = {Pick(kGroupIds)};
  }
  return selector;
}

void QuotaLife::MeasureAnything(Quota& quota) {
  quota.measure = OneIn(3) ? Measure::kCount : Measure::kTime;
  quota.limit = quota.measure == Measure::kCount ? 1 + Roll(8) : (1 + Roll(60)) * kHour;
  quota.period = static_cast<QuotaPeriod>(1 + Roll(6));
  if (OneIn(4)) quota.period = QuotaPeriod::kRolling;
  if (quota.period == QuotaPeriod::kRolling) quota.rolling_days = static_cast<int>(1 + Roll(20));
  if (OneIn(3)) {
    static constexpr const char* kHours[] = {"8:00-17:00", "17:00-8:00", "2:30-12:00",
                                             "22:00-2:15"};
    quota.prime_time = {support::Weekly(OneIn(2) ? "mon-fri" : "sat-sun", Pick(kHours))};
    if (OneIn(3)) quota.prime_time.push_back(support::Weekly("tue-sun", Pick(kHours)));
  }
  if (OneIn(5)) {
    const absl::CivilDay day = LocalDay(switch_, support::Zone(support::kBrussels));
    quota.periods = {{day - static_cast<int>(Roll(12)), day + static_cast<int>(Roll(3))},
                     {day + 5, day + 12}};
  }
  quota.counts_set_up = OneIn(3);
  quota.counts_no_shows = OneIn(2);
  if (OneIn(2)) quota.counts_cancelled_within = (1 + Roll(4)) * kDay;
  if (OneIn(4)) quota.hand_back = Lead{static_cast<int>(Roll(8)), 4 * kQuarter};
  quota.fair_share = !quota.hand_back;
}

Quota QuotaLife::AnyQuota(const std::string& id) {
  Quota quota;
  quota.id = id;
  quota.display_name = id;
  MeasureAnything(quota);
  while (OneIn(2)) quota.applies_to.push_back(AnySelector());
  if (OneIn(4)) quota.except.push_back(AnySelector());
  for (int dimension = 1; dimension <= 6; ++dimension) {
    if (OneIn(4)) quota.each.push_back(static_cast<Dimension>(dimension));
  }
  if (OneIn(4)) {
    quota.applies_to.resize(std::min<size_t>(quota.applies_to.size(), 1));
    quota.applies_to.emplace_back();
    for (Selector& selector : quota.applies_to) selector.groups = {Pick(kGroupIds)};
    quota.each.push_back(Dimension::kGroup);
    std::shuffle(quota.each.begin(), quota.each.end(), random_);
  }
  // Most warn, so that there is something beyond the limits.
  quota.effect = OneIn(4) ? Effect::kReject : Effect::kWarn;
  quota.disabled = OneIn(15);
  return quota;
}

// To another quarter of an hour of a working day: no switch is near.
void QuotaLife::PassTime() {
  Instant until = world_.now + kQuarter * Roll(70);
  const Instant hour = until % kDay / kHour;
  if (hour < 6 || hour > 20) until += (24 + 6 - hour) % 24 * kHour;
  const auto& dues = world_.state().dues();
  while (!dues.empty() && dues.begin()->first <= until) {
    world_.now = std::max(world_.now, dues.begin()->first);
    world_.EndWhatIsDue();
  }
  world_.now = until;
}

void QuotaLife::ChangeAnAsset() {
  Asset asset = *catalogue().FindAsset(Pick(kAssets));
  switch (Roll(3)) {
    case 0:
      asset.kind = OneIn(2) ? "sem" : "lab";
      break;
    case 1:
      asset.labels = OneIn(2) ? Labels{{"price", "high"}} : Labels{};
      break;
    default:
      asset.organisation = OneIn(2) ? "acme" : "gamma";
  }
  Try(ImportRecords{{asset}});
}

void QuotaLife::ChangeCatalogue() {
  switch (Roll(7)) {
    case 0: {
      Organisation organisation = MakeOrganisation(OneIn(2) ? "acme" : "beta");
      organisation.kind = static_cast<OrganisationKind>(1 + Roll(4));
      organisation.region = OneIn(2) ? "BE221" : "NL41";
      return Try(ImportRecords{{organisation}});
    }
    case 1: {
      Group group = *catalogue().FindGroup(Pick(kGroupIds));
      group.users = {Pick(kUsers)};
      group.organisations = {OneIn(2) ? "acme" : "gamma"};
      return Try(ImportRecords{{group}});
    }
    case 2: {
      User bob = *catalogue().FindUser("bob");
      const std::string scope[] = {"line", Pick(kSites), "gamma"};
      const ScopeKind kinds[] = {ScopeKind::kAsset, ScopeKind::kSite, ScopeKind::kOrganisation};
      const unsigned which = Roll(3);
      bob.role_bindings = {support::Binding(Role::kAssetManager, kinds[which], scope[which])};
      return Try(ImportRecords{{bob}});
    }
    case 3: {
      Site tartu = *catalogue().FindSite("tartu");
      tartu.time_zone = OneIn(2) ? "Europe/Tallinn" : "Europe/Brussels";
      return Try(ImportRecords{{tartu}});
    }
    case 4: {
      const Policy* nights = catalogue().FindPolicy("nights");
      if (nights == nullptr) return;
      Policy changed = *nights;
      changed.rule = ClosedTimeRule{OneIn(2)};
      return Try(ImportRecords{{changed}});
    }
    case 5:
      return Try(ImportRecords{{AnyQuota(absl::StrCat("quota-", Roll(6)))}});
    default:
      ChangeAnAsset();
  }
}

Interval QuotaLife::AnyInterval(const std::string& asset) {
  Instant start = world_.now + kQuarter * Roll(OneIn(3) ? 96 * 25 : 96 * 3);
  if (OneIn(8)) start = world_.now;
  if (OneIn(4) && switch_ - kDay > world_.now) start = switch_ - kDay + kQuarter * Roll(150);
  const Seconds length = kQuarter * (1 + Roll(OneIn(6) ? 96 * 3 : 48));
  if (asset != "mill") return {start, start + length};
  // Within the hours of a day, or from one such day to another.
  const Instant noon = start / kDay * kDay + 10 * kHour;
  const Instant first =
      std::max(noon, start) - noon > 4 * kHour ? noon + kDay : std::max(noon, start);
  return {first, first + kQuarter * (1 + Roll(4)) + (OneIn(2) ? kDay * Roll(3) : 0)};
}

Reservation QuotaLife::AnyDraft() {
  const std::string asset = Pick(kAssets);
  Reservation draft = Draft({Item(asset, static_cast<int>(1 + Roll(3)))}, AnyInterval(asset));
  if (asset == "truck") draft.site = Pick(kSites);
  // A second one at the same place.
  if (asset == "rig" && OneIn(3)) draft.items.push_back(Item("sem", 2));
  if (asset == "cell" && OneIn(3)) draft.items.push_back(Item("rig"));
  draft.user = Pick(kUsers);
  const auto& organisations = catalogue().FindUser(draft.user)->organisations;
  draft.organisation = organisations[Roll(static_cast<unsigned>(organisations.size()))];
  if (OneIn(2)) draft.project = OneIn(2) ? "moon" : "mars";
  if (OneIn(4)) draft.activity_class = ActivityClass::kEducation;
  for (ReservationItem& item : draft.items) {
    item.set_up = catalogue().FindAsset(item.asset)->set_up;
    item.tear_down = catalogue().FindAsset(item.asset)->tear_down;
  }
  return draft;
}

Reservation QuotaLife::ChangedAtRandom(const Reservation& current) {
  Reservation changed = current;
  const Seconds step = kQuarter * (1 + Roll(12));
  if (current.interval.start <= world_.now) {
    changed.interval.end =
        std::max(world_.now + kQuarter, current.interval.end + step - 6 * kQuarter);
    return changed;
  }
  switch (Roll(6)) {
    case 0:
      changed.interval = AnyInterval(current.items[0].asset);
      return changed;
    case 1:
      changed.interval.end += step;
      return changed;
    case 2:
      changed.interval.end =
          std::max(changed.interval.start + kQuarter, changed.interval.end - step);
      return changed;
    case 3:
      changed.items[0].quantity = static_cast<int>(1 + Roll(4));
      return changed;
    case 4: {
      const Reservation other = AnyDraft();
      changed.user = other.user;
      changed.organisation = other.organisation;
      changed.project = other.project;
      return changed;
    }
    default:
      changed.interval.start = std::max(world_.now, changed.interval.start - step);
      changed.interval.end =
          std::max(changed.interval.start + kQuarter, changed.interval.end - step);
      return changed;
  }
}

ReservationId QuotaLife::AnyReservation() {
  const auto& all = world_.reservations();
  std::vector<ReservationId> live;
  for (const auto& [id, reservation] : all) {
    if (!IsFinal(reservation.state) && reservation.interval.end > world_.now) live.push_back(id);
  }
  return live.empty() ? 0 : live[Roll(static_cast<unsigned>(live.size()))];
}

void QuotaLife::Step(const Judged& judged) {
  if (OneIn(2)) PassTime();
  if (OneIn(12)) ChangeCatalogue();
  const ReservationId id = OneIn(2) ? AnyReservation() : 0;
  if (id == 0) {
    const Reservation draft = AnyDraft();
    if (judged(draft, nullptr)) return;
    const auto made =
        world_.Run({"mia"}, CreateReservation{draft, OneIn(5) ? kHour * Roll(48) : 0});
    // What no rule refuses is granted.
    if (!made.ok()) Die(support::Describe(made.error()));
    return;
  }
  const unsigned roll = Roll(10);
  if (roll == 0) return Try(ConfirmReservation{id, 0});
  if (roll <= 2) return Try(CancelReservation{id, 0});
  if (roll == 3) return Try(CheckIn{id, 0});
  const Reservation current = world_.reservation(id);
  const Reservation changed = ChangedAtRandom(current);
  if (judged(changed, &current)) return;
  UpdateReservation update;
  update.id = id;
  update.patch = [changed](const Reservation&) { return Result<Reservation>(changed); };
  Try(update);
}

}  // namespace labslot::engine
