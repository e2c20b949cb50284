#include "tests/sim/house.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/sim/request.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::sim {
namespace {

Asset AssetOf(const std::string& id, const Thing& thing) {
  Asset asset = support::MakeAsset(id, SiteOf(thing));
  asset.mobile = !thing.home.empty();
  if (thing.always_home) asset.travel.between = Between::kAlwaysHome;
  asset.travel.longest_tour = thing.longest_tour;
  asset.capacity = thing.capacity;
  if (thing.capacity > 1) asset.capacity_kind = CapacityKind::kPool;
  asset.parent = thing.parent;
  asset.kind = thing.kind;
  if (thing.in_group) asset.exclusion_groups = {"bench"};
  asset.set_up = thing.set_up;
  asset.tear_down = thing.tear_down;
  for (const auto& [unit, labels] : thing.units) asset.units.push_back({unit, "", labels});
  return asset;
}

// The ways from each place to those before it are stated there, and hold both ways.
Site MakePlace(const std::string& id) {
  Site site = support::MakeSite(id, "UTC");
  if (id == kOffice) site.calendar = support::Hours("mon-sun", "8:00-18:00");
  for (const char* other : kPlaces) {
    if (other == id) break;
    site.travel_times[other] = WayBetween(id, other);
  }
  return site;
}

Group MakeGroup(const std::string& id, const std::vector<std::string>& users,
                const std::vector<std::string>& organisations) {
  Group group;
  group.id = id;
  group.users = users;
  group.organisations = organisations;
  return group;
}

// The rules of an asset, each as a policy of its own.
void AddRules(const std::string& id, const Thing& thing, std::vector<Resource>& records) {
  const auto add = [&](const char* name, PolicyRule rule) {
    Policy policy;
    policy.id = absl::StrCat(name, "-", id);
    policy.rule = std::move(rule);
    policy.applies_to.emplace_back().assets = {id};
    records.push_back(std::move(policy));
  };
  if (thing.grace != 0) add("grace", GraceRule{thing.grace});
  if (thing.close_after != 0) add("overrun", OverrunRule{thing.ends_for_next, thing.close_after});
  if (thing.displaces) {
    add("displacement", DisplacementRule{.priority_gap = kPriorityGap,
                                         .least_gain = kLeastGain,
                                         .priority_weight = kPriorityWeight});
  }
  if (thing.approval) {
    Policy policy;
    policy.id = ApprovalOf(id);
    policy.rule = ApprovalRule{};
    policy.effect = Effect::kNeedsApproval;
    policy.approval = *thing.approval;
    Selector& who = policy.applies_to.emplace_back();
    who.assets = {id};
    who.users = thing.asks;
    records.push_back(std::move(policy));
  }
}

ApprovalTerms By(const std::vector<std::string>& users, const std::vector<std::string>& groups) {
  ApprovalTerms terms;
  terms.approvers.users = users;
  terms.approvers.groups = groups;
  return terms;
}

}  // namespace

std::map<std::string, Thing> HouseThings(Instant since) {
  std::map<std::string, Thing> things;
  things["line"].displaces = true;
  things["cell-a"].parent = "line";
  Thing& cell = things["cell-b"];
  cell.parent = "line";
  cell.capacity = 2;
  cell.tear_down = 900;
  cell.grace = 1200;
  cell.displaces = true;
  for (const char* id : {"cell-a", "cell-b", "rigs"}) things[id].kind = kStand;
  for (const char* id : {"laser", "scope"}) things[id].kind = "bench";
  things["robot"].parent = "cell-a";
  things["robot"].close_after = 3600;
  cell.asks = {"ada", "bob", "eve"};
  cell.approval = By({"sam"}, {"night"});
  cell.approval->leaves_slot_free = true;
  cell.approval->time_out = 3 * 3600;
  Thing& rigs = things["rigs"];
  rigs.capacity = 3;
  rigs.grace = 900;
  rigs.close_after = 7200;
  rigs.ends_for_next = true;
  rigs.displaces = true;
  for (const char* id : {"laser", "scope"}) {
    things[id].in_group = true;
    things[id].set_up = 600;
    things[id].tear_down = 900;
  }
  things["laser"].displaces = true;
  things["laser"].asks = {"ada", "eve"};
  things["laser"].approval = By({}, {});
  things["laser"].approval->time_out = 5400;
  things["scope"].asks = {"bob", "eve"};
  things["scope"].approval = By({"ada"}, {});
  things["scope"].approval->leaves_slot_free = true;
  things["scope"].ends_for_next = true;
  things["scope"].close_after = 3 * 3600;
  things["office"].office_hours = true;
  Thing& van = things["van"];
  van.home = "garage";
  van.set_up = 300;
  van.tear_down = 600;
  van.grace = 900;
  van.longest_tour = 6 * 3600;
  van.displaces = true;
  Thing& truck = things["truck"];
  truck.home = "hall";
  truck.always_home = true;
  truck.longest_tour = 5 * 3600;
  truck.ends_for_next = true;
  truck.close_after = 3600;
  Thing& cams = things[kUnitPool];
  cams.units = {{"a", {{"eds", "yes"}, {"hot", "yes"}}},
                {"b", {{"eds", "yes"}}},
                {"c", {{"hot", "yes"}}},
                {"d", {}}};
  cams.capacity = 4;
  cams.tear_down = 600;
  cams.grace = 1200;
  cams.close_after = 7200;
  cams.ends_for_next = true;
  cams.displaces = true;
  for (auto& [id, thing] : things) thing.exists = {since, kEver};
  return things;
}

std::string OrganisationOf(const std::string& user) { return user == "eve" ? "other" : "acme"; }

bool IsUserOf(const std::string& group, const std::string& user) {
  return group == "night" && (user == "ada" || user == "eve");
}

bool IsInGroup(const std::string& group, const std::string& user) {
  return IsUserOf(group, user) || (group == "firm" && OrganisationOf(user) == "acme");
}

std::string ApprovalOf(const std::string& asset) { return absl::StrCat("approval-", asset); }

std::string SiteOf(const Thing& thing) {
  if (!thing.home.empty()) return thing.home;
  return thing.office_hours ? kOffice : "hall";
}

Seconds WayBetween(const std::string& a, const std::string& b) {
  static const std::map<std::pair<std::string, std::string>, Seconds> ways = {
      {{"garage", "hall"}, 1200}, {{"garage", kOffice}, 1800}, {{"garage", "north"}, 3600},
      {{"hall", kOffice}, 1500},  {{"hall", "north"}, 3000},   {{kOffice, "north"}, 2400}};
  if (a == b) return 0;
  const auto way = ways.find({a, b});
  return way == ways.end() ? ways.at({b, a}) : way->second;
}

std::vector<Resource> HouseRecords(const std::map<std::string, Thing>& things) {
  User sam = support::MakeUser("sam", {"acme"});
  sam.role_bindings = {support::Binding(Role::kAssetManager)};
  std::vector<Resource> records = {
      support::MakeOrganisation("acme"),   support::MakeOrganisation("other"),
      support::MakeUser("ada", {"acme"}),  support::MakeUser("bob", {"acme"}),
      support::MakeUser("eve", {"other"}), sam,
      support::MakeSite("lommel", "UTC"),  MakeGroup("night", {"ada", "eve"}, {}),
      MakeGroup("firm", {}, {"acme"})};
  for (const char* id : kPlaces) records.push_back(MakePlace(id));
  for (const auto& [id, thing] : things) {
    records.push_back(AssetOf(id, thing));
    AddRules(id, thing, records);
  }
  return records;
}

}  // namespace labslot::sim
