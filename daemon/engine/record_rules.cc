#include "daemon/engine/record_rules.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/round_decisions.h"
#include "daemon/engine/unit_uses.h"

namespace labslot::engine {
namespace {

constexpr int64_t kMaxTokensOfUser = 200;  // each is copied with the catalogue

class ReferenceCheck {
 public:
  ReferenceCheck(const Catalogue& draft, const std::string& path,
                 std::vector<FieldViolation>& violations)
      : draft_(draft), path_(path), violations_(violations) {}

  void operator()(const Site& site) {
    Organisation_("organisation", site.organisation);
    CalendarOf(site.calendar);
    for (const auto& [to, seconds] : site.travel_times) {
      if (draft_.FindSite(to) == nullptr) Missing("travel_times", NameOf(kSites, to));
    }
  }

  void operator()(const Asset& asset) {
    if (draft_.FindSite(asset.site) == nullptr) Missing("site", NameOf(kSites, asset.site));
    Organisation_("organisation", asset.organisation);
    CalendarOf(asset.calendar);
    ParentOf(asset);
    if (asset.capacity > 1 && !draft_.Children(asset.id).empty()) {
      Add("capacity", "must be 1, because the asset has parts that are booked by themselves");
    }
  }

  void operator()(const HolidayRegion&) {}
  void operator()(const Organisation&) {}
  void operator()(const Reservation&) {}
  void operator()(const Series&) {}
  void operator()(const MachineReport&) {}

  void operator()(const Outage& outage) {
    const Asset* asset = draft_.FindAsset(outage.asset);
    if (asset == nullptr) return Missing("asset", NameOf(kAssets, outage.asset));
    if (outage.quantity > asset->capacity) {
      Add("quantity", absl::StrCat("must be at most ", asset->capacity, ", as many as there are"));
    }
    for (size_t i = 0; i < outage.units.size(); ++i) {
      const bool known = std::any_of(asset->units.begin(), asset->units.end(),
                                     [&](const Unit& unit) { return unit.id == outage.units[i]; });
      if (known) continue;
      Add(absl::StrCat("units[", i, "]"), absl::StrCat("names unit ", outage.units[i], ", which ",
                                                       NameOf(*asset), " does not have"));
    }
  }

  void operator()(const Round& round) {
    AllExist("assets", round.assets, draft_.assets(), kAssets);
    for (size_t i = 0; i < round.assets.size(); ++i) {
      const Asset* asset = draft_.FindAsset(round.assets[i]);
      if (asset == nullptr || !asset->mobile) continue;
      Add(absl::StrCat("assets[", i, "]"),
          "is mobile; what it can visit depends on its ways, which no round reckons with");
    }
  }

  void operator()(const Group& group) {
    AllExist("users", group.users, draft_.users(), kUsers);
    AllExist("organisations", group.organisations, draft_.organisations(), kOrganisations);
  }

  void operator()(const Policy& policy) {
    RuleParts(policy);
    const auto* companion = std::get_if<CompanionRule>(&policy.rule);
    if (companion != nullptr && companion->other_reservation_will_do) {
      NoPurposes(policy, "where other reservations will do as companion");
    }
    const auto* closed = std::get_if<ClosedTimeRule>(&policy.rule);
    if (closed != nullptr && !closed->counts) {
      NoPurposes(policy, "where closed time does not count");
    }
    std::visit(RuleReferences{*this}, policy.rule);
    if (draft_.policies().size() > limits::kMaxPolicies) {
      Add("name", absl::StrCat("makes more than ", limits::kMaxPolicies, " policies"));
    }
  }

  void operator()(const Quota& quota) {
    RuleParts(quota);
    if (draft_.quotas().size() > limits::kMaxQuotas) {
      Add("name", absl::StrCat("makes more than ", limits::kMaxQuotas, " quotas"));
    }
  }

  void operator()(const User& user) {
    for (size_t i = 0; i < user.organisations.size(); ++i) {
      Organisation_(absl::StrCat("organisations[", i, "]"), user.organisations[i]);
    }
    for (size_t i = 0; i < user.role_bindings.size(); ++i) {
      ScopeOf(absl::StrCat("role_bindings[", i, "].scope"), user.role_bindings[i].scope);
    }
    if (draft_.CountUsersWithLogin(user.unix_login) > 1) {
      Add("unix_login", "is that of another user already; a login stands for one user");
    }
  }

  void operator()(const Token& token) {
    const User* user = draft_.FindUser(token.user);
    if (user == nullptr) return Missing("user", NameOf(kUsers, token.user));
    if (user->state != UserState::kActive) Add("user", "is disabled");
    const auto is_his = [&](const auto& entry) { return entry.second->user == token.user; };
    const auto& tokens = draft_.tokens();
    if (std::count_if(tokens.begin(), tokens.end(), is_his) > kMaxTokensOfUser) {
      Add("user", absl::StrCat("has ", kMaxTokensOfUser,
                               " tokens, as many as one may; delete some that are not used"));
    }
  }

 private:
  // The references of the kinds of rule that have any.
  struct RuleReferences {
    ReferenceCheck& check;
    void operator()(const EligibilityRule& rule) const {
      check.Selectors("eligibility.who", rule.who);
    }
    void operator()(const ReservedRule& rule) const { check.Selectors("reserved.who", rule.who); }
    void operator()(const CompanionRule& rule) const {
      if (rule.asset.empty() || check.draft_.FindAsset(rule.asset) != nullptr) return;
      check.Missing("companion.asset", NameOf(kAssets, rule.asset));
    }
    template <typename T>
    void operator()(const T&) const {}
  };

  // What policies and quotas have in common.
  template <typename T>
  void RuleParts(const T& rule) {
    Selectors("applies_to", rule.applies_to);
    Selectors("except", rule.except);
    ActorsExist("overriders", rule.overriders);
    ActorsExist("approval.approvers", rule.approval.approvers);
  }

  void Selectors(const std::string& field, const std::vector<Selector>& selectors) {
    for (size_t i = 0; i < selectors.size(); ++i) {
      const std::string path = absl::StrCat(field, "[", i, "].");
      const Selector& selector = selectors[i];
      AllExist(path + "organisations", selector.organisations, draft_.organisations(),
               kOrganisations);
      AllExist(path + "users", selector.users, draft_.users(), kUsers);
      AllExist(path + "groups", selector.groups, draft_.groups(), kGroups);
      AllExist(path + "assets", selector.assets, draft_.assets(), kAssets);
      AllExist(path + "sites", selector.sites, draft_.sites(), kSites);
    }
  }

  // What relies on a companion in another reservation, and what quotas count, is
  // found by what the index knows of a run, which has no words.
  void NoPurposes(const Policy& policy, absl::string_view where) {
    NoPurposes("applies_to", policy.applies_to, where);
    NoPurposes("except", policy.except, where);
  }

  void NoPurposes(const std::string& field, const std::vector<Selector>& selectors,
                  absl::string_view where) {
    for (size_t i = 0; i < selectors.size(); ++i) {
      if (selectors[i].purposes.empty()) continue;
      Add(absl::StrCat(field, "[", i, "].purposes"),
          absl::StrCat("must be empty ", where, "; use activity_classes"));
    }
  }

  void ActorsExist(const std::string& field, const Actors& actors) {
    AllExist(field + ".users", actors.users, draft_.users(), kUsers);
    AllExist(field + ".groups", actors.groups, draft_.groups(), kGroups);
  }

  template <typename T>
  void AllExist(const std::string& field, const std::vector<std::string>& ids,
                const Records<T>& records, absl::string_view collection) {
    for (size_t i = 0; i < ids.size(); ++i) {
      if (!records.contains(ids[i])) {
        Missing(absl::StrCat(field, "[", i, "]"), NameOf(collection, ids[i]));
      }
    }
  }

  void GroupsOf(const std::string& field, const OpeningWindow& window) {
    AllExist(field + ".groups", window.groups, draft_.groups(), kGroups);
  }

  void Add(absl::string_view field, std::string description) {
    violations_.push_back({absl::StrCat(path_, ".", field), std::move(description)});
  }

  void Missing(absl::string_view field, absl::string_view name) {
    Add(field, absl::StrCat("names ", name, ", which does not exist; create it first"));
  }

  void Organisation_(absl::string_view field, const std::string& id) {
    if (!id.empty() && draft_.FindOrganisation(id) == nullptr) {
      Missing(field, NameOf(kOrganisations, id));
    }
  }

  void CalendarOf(const std::optional<Calendar>& calendar) {
    if (!calendar) return;
    for (size_t i = 0; i < calendar->weekly.size(); ++i) {
      GroupsOf(absl::StrCat("calendar.weekly_windows[", i, "].window"), calendar->weekly[i].window);
    }
    for (size_t i = 0; i < calendar->exceptions.size(); ++i) {
      const auto& windows = calendar->exceptions[i].windows;
      for (size_t j = 0; j < windows.size(); ++j) {
        GroupsOf(absl::StrCat("calendar.exceptions[", i, "].windows[", j, "]"), windows[j]);
      }
    }
    if (calendar->holiday_region.empty()) return;
    if (draft_.FindHolidayRegion(calendar->holiday_region) == nullptr) {
      Missing("calendar.holiday_region", NameOf(kHolidayRegions, calendar->holiday_region));
    }
  }

  void ScopeOf(absl::string_view field, const Scope& scope) {
    switch (scope.kind) {
      case ScopeKind::kPlatform:
        return;
      case ScopeKind::kOrganisation:
        return Organisation_(field, scope.id);
      case ScopeKind::kSite:
        if (draft_.FindSite(scope.id) == nullptr) Missing(field, NameOf(kSites, scope.id));
        return;
      case ScopeKind::kAsset:
        if (draft_.FindAsset(scope.id) == nullptr) Missing(field, NameOf(kAssets, scope.id));
        return;
    }
  }

  void ParentOf(const Asset& asset) {
    if (asset.parent.empty()) return;
    const Asset* parent = draft_.FindAsset(asset.parent);
    if (parent == nullptr) return Missing("parent", NameOf(kAssets, asset.parent));
    if (parent->capacity > 1) {
      Add("parent", absl::StrCat("has capacity ", parent->capacity,
                                 "; only an exclusive asset can have parts"));
    }
    if (Depth(asset) > draft_.assets().size()) {
      return Add("parent", "makes the asset an ancestor of itself");
    }
    size_t deepest = Depth(asset);
    for (const std::string& id : draft_.Related(asset.id)) {
      deepest = std::max(deepest, Depth(*draft_.FindAsset(id)));
    }
    if (deepest > limits::kMaxTreeDepth) {
      Add("parent", absl::StrCat("makes a tree deeper than ", limits::kMaxTreeDepth));
    }
  }

  // The number of ancestors; more than there are assets if it is one itself.
  size_t Depth(const Asset& asset) const {
    size_t depth = 0;
    const Asset* ancestor = draft_.FindAsset(asset.parent);
    while (ancestor != nullptr && depth <= draft_.assets().size()) {
      ++depth;
      ancestor = draft_.FindAsset(ancestor->parent);
    }
    return depth;
  }

  const Catalogue& draft_;
  const std::string& path_;
  std::vector<FieldViolation>& violations_;
};

Interval FromNowOn(const DecisionContext& context) {
  return {context.now, limits::kLatestInstant + limits::kLongestChangeover};
}

std::vector<Conflict> ConflictsAt(const DecisionContext& context, const std::string& asset,
                                  const IntervalSet& times) {
  std::vector<Conflict> conflicts;
  for (const Interval& span : times) {
    const size_t room = limits::kMaxConflictsShown - conflicts.size();
    for (const Occupant& occupant : context.state.timeline(asset).Overlapping(span, room)) {
      conflicts.push_back({occupant.reservation, asset, occupant.blocked, occupant.quantity});
    }
    if (conflicts.size() >= limits::kMaxConflictsShown) break;
  }
  return conflicts;
}

Violation Breaks(const DecisionContext& context, const Asset& asset, std::string message,
                 const IntervalSet& times) {
  return {Rule::kBreaksReservations,
          std::move(message),
          asset.id,
          "",
          "",
          ConflictsAt(context, asset.id, times)};
}

// Reservations of two assets that from now on exclude each other must not
// overlap.
void CheckNewRelation(const DecisionContext& context, const Asset& asset, const std::string& other,
                      std::vector<Violation>& violations) {
  const Interval future = FromNowOn(context);
  const IntervalSet both = Intersection(context.state.timeline(asset.id).TimesAbove(0, future),
                                        context.state.timeline(other).TimesAbove(0, future));
  if (both.empty()) return;
  violations.push_back(Breaks(context, asset,
                              absl::StrCat(asset.display_name, " and ", NameOf(kAssets, other),
                                           " would exclude each other, but are both reserved"),
                              both));
}

// Everybody who asks for units that have something still gets some.
void CheckUnitsHold(const DecisionContext& context, const Catalogue& draft, const Asset& after,
                    const Asset& before, std::vector<Violation>& violations) {
  if (before.units == after.units || !UnitsMatter(context.state, before, {}, context.now)) return;
  const Interval future = FromNowOn(context);
  const IntervalSet known = MisfitTimes(context.state, context.catalogue(), before, context.now);
  const IntervalSet misfits = Intersection(MisfitTimes(context.state, draft, after, context.now),
                                           Difference(future, known));
  if (misfits.empty()) return;
  violations.push_back(Breaks(context, after,
                              absl::StrCat("the units of ", after.display_name,
                                           " would not do any more for all who reserved some "
                                           "that have what they need"),
                              misfits));
}

Violation Needed(absl::string_view what, size_t count, absl::string_view singular,
                 absl::string_view plural) {
  const std::string found = Counted(static_cast<long long>(count), singular, plural);
  return {Rule::kStillReferenced,
          absl::StrCat(what, " is still needed by ", found),
          "",
          "none",
          found,
          {}};
}

// Finds what still refers to a record.
class NeedCheck {
 public:
  explicit NeedCheck(const DecisionContext& context) : context_(context) {}

  std::vector<Violation> operator()(const Site& site) {
    Count(NameOf(kSites, site.id), context_.catalogue().assets(), "asset", "assets",
          [&](const Asset& asset) { return asset.site == site.id; });
    Count(NameOf(kSites, site.id), context_.catalogue().sites(), "travel time of another site",
          "travel times of other sites",
          [&](const Site& other) { return other.travel_times.contains(site.id); });
    size_t visits = 0;
    for (const auto& [id, asset] : context_.catalogue().assets()) {
      if (asset->mobile) visits += VisitsTo(site.id, id);
    }
    if (visits > 0) {
      violations_.push_back(
          Needed(NameOf(kSites, site.id), visits, "live reservation", "live reservations"));
    }
    CountRolesIn(NameOf(kSites, site.id), {ScopeKind::kSite, site.id});
    CountRulesWith(NameOf(kSites, site.id),
                   [&](const Selector& selector) { return Has(selector.sites, site.id); });
    return std::move(violations_);
  }

  std::vector<Violation> operator()(const Asset& asset) {
    const Timeline& timeline = context_.state.timeline(asset.id);
    if (timeline.UsedFrom(context_.now)) {
      violations_.push_back(Breaks(context_, asset,
                                   absl::StrCat(NameOf(kAssets, asset.id),
                                                " has live reservations; cancel or "
                                                "move them first"),
                                   {FromNowOn(context_)}));
    }
    Count(NameOf(kAssets, asset.id), context_.catalogue().assets(), "part", "parts",
          [&](const Asset& other) {
            return other.parent == asset.id && other.state == AssetState::kActive;
          });
    return std::move(violations_);
  }

  std::vector<Violation> operator()(const HolidayRegion& region) {
    const auto uses = [&](const auto& record) {
      return record.calendar && record.calendar->holiday_region == region.id;
    };
    const std::string name = NameOf(kHolidayRegions, region.id);
    Count(name, context_.catalogue().sites(), "site", "sites", uses);
    Count(name, context_.catalogue().assets(), "asset", "assets", uses);
    return std::move(violations_);
  }

  std::vector<Violation> operator()(const Organisation& organisation) {
    const auto owned = [&](const auto& record) { return record.organisation == organisation.id; };
    const std::string name = NameOf(kOrganisations, organisation.id);
    Count(name, context_.catalogue().sites(), "site", "sites", owned);
    Count(name, context_.catalogue().assets(), "asset", "assets", owned);
    Count(name, context_.catalogue().users(), "user", "users", [&](const User& user) {
      return std::find(user.organisations.begin(), user.organisations.end(), organisation.id) !=
             user.organisations.end();
    });
    CountRolesIn(name, {ScopeKind::kOrganisation, organisation.id});
    CountRulesWith(name, [&](const Selector& selector) {
      return Has(selector.organisations, organisation.id);
    });
    Count(name, context_.catalogue().groups(), "group", "groups",
          [&](const Group& group) { return Has(group.organisations, organisation.id); });
    if (HasLiveReservation(organisation.id)) {
      violations_.push_back({Rule::kStillReferenced,
                             absl::StrCat(name,
                                          " has live reservations; cancel them, or move "
                                          "them to another organisation, first"),
                             "",
                             "none",
                             "live reservations",
                             {}});
    }
    return std::move(violations_);
  }

  std::vector<Violation> operator()(const Group& group) {
    const std::string name = NameOf(kGroups, group.id);
    CountRulesWith(name, [&](const Selector& selector) { return Has(selector.groups, group.id); });
    const auto acts = [&](const auto& rule) {
      return Has(rule.overriders.groups, group.id) || Has(rule.approval.approvers.groups, group.id);
    };
    Count(name, context_.catalogue().policies(), "policy's list of people",
          "policies' lists of people", acts);
    Count(name, context_.catalogue().quotas(), "quota's list of people", "quotas' lists of people",
          acts);
    const auto opens = [&](const auto& record) {
      return record.calendar && OpensTo(*record.calendar, group.id);
    };
    Count(name, context_.catalogue().sites(), "site's hours", "sites' hours", opens);
    Count(name, context_.catalogue().assets(), "asset's hours", "assets' hours", opens);
    return std::move(violations_);
  }

  std::vector<Violation> operator()(const Round& round) {
    const size_t requests = RequestsOf(context_.state, context_.reservations, round).size();
    if (requests > 0) {
      violations_.push_back(Needed(NameOf(kRounds, round.id), requests, "request", "requests"));
    }
    return std::move(violations_);
  }

  std::vector<Violation> operator()(const Outage&) { return {}; }
  std::vector<Violation> operator()(const Policy&) { return {}; }
  std::vector<Violation> operator()(const Quota&) { return {}; }
  std::vector<Violation> operator()(const Series&) { return {}; }
  std::vector<Violation> operator()(const MachineReport&) { return {}; }
  std::vector<Violation> operator()(const User&) { return {}; }
  std::vector<Violation> operator()(const Token&) { return {}; }
  std::vector<Violation> operator()(const Reservation&) { return {}; }

 private:
  template <typename T, typename Predicate>
  void Count(const std::string& what, const Records<T>& records, absl::string_view singular,
             absl::string_view plural, Predicate needs) {
    const auto count = static_cast<size_t>(std::count_if(
        records.begin(), records.end(), [&](const auto& entry) { return needs(*entry.second); }));
    if (count > 0) violations_.push_back(Needed(what, count, singular, plural));
  }

  static bool Has(const std::vector<std::string>& ids, const std::string& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  }

  static bool OpensTo(const Calendar& calendar, const std::string& group) {
    const auto opens = [&](const OpeningWindow& window) { return Has(window.groups, group); };
    return std::any_of(calendar.weekly.begin(), calendar.weekly.end(),
                       [&](const WeeklyWindow& weekly) { return opens(weekly.window); }) ||
           std::any_of(calendar.exceptions.begin(), calendar.exceptions.end(),
                       [&](const CalendarException& exception) {
                         return std::any_of(exception.windows.begin(), exception.windows.end(),
                                            opens);
                       });
  }

  // Policies and quotas that name it in a selector.
  template <typename Names>
  void CountRulesWith(const std::string& what, Names names) {
    const auto any = [&](const std::vector<Selector>& selectors) {
      return std::any_of(selectors.begin(), selectors.end(), names);
    };
    Count(what, context_.catalogue().policies(), "policy", "policies", [&](const Policy& policy) {
      const auto* eligibility = std::get_if<EligibilityRule>(&policy.rule);
      const auto* reserved = std::get_if<ReservedRule>(&policy.rule);
      return any(policy.applies_to) || any(policy.except) ||
             (eligibility != nullptr && any(eligibility->who)) ||
             (reserved != nullptr && any(reserved->who));
    });
    Count(what, context_.catalogue().quotas(), "quota", "quotas",
          [&](const Quota& quota) { return any(quota.applies_to) || any(quota.except); });
  }

  // Users who hold a role there; they would get it back with a new record of
  // the same id.
  void CountRolesIn(const std::string& what, const Scope& scope) {
    Count(what, context_.catalogue().users(), "user's role", "users' roles", [&](const User& user) {
      return std::any_of(user.role_bindings.begin(), user.role_bindings.end(),
                         [&](const RoleBinding& binding) { return binding.scope == scope; });
    });
  }

  // Reads all live reservations: slow, but organisations seldom go.
  bool HasLiveReservation(const std::string& organisation) const {
    for (const auto& [id, asset] : context_.catalogue().assets()) {
      const Timeline& timeline = context_.state.timeline(id);
      for (const Occupant& occupant : timeline.Overlapping(FromNowOn(context_), timeline.size())) {
        const auto reservation = context_.reservations.FindReservation(occupant.reservation);
        if (!reservation) continue;
        if (reservation->organisation == organisation ||
            reservation->on_behalf_of == organisation) {
          return true;
        }
      }
    }
    return false;
  }

  size_t VisitsTo(const std::string& site, const std::string& mobile_asset) const {
    size_t visits = 0;
    const Timeline& timeline = context_.state.timeline(mobile_asset);
    for (const Occupant& occupant : timeline.Overlapping(FromNowOn(context_), timeline.size())) {
      const auto reservation = context_.reservations.FindReservation(occupant.reservation);
      if (reservation && reservation->site == site) ++visits;
    }
    return visits;
  }

  const DecisionContext& context_;
  std::vector<Violation> violations_;
};

}  // namespace

void CheckReferences(const Catalogue& draft, const Resource& record, const std::string& path,
                     std::vector<FieldViolation>& violations) {
  std::visit(ReferenceCheck(draft, path, violations), record);
}

void CheckReservationsHold(const DecisionContext& context, const Catalogue& draft,
                           const Asset& after, const Asset* before,
                           std::vector<Violation>& violations) {
  if (before == nullptr) return;
  const Timeline& timeline = context.state.timeline(after.id);
  const IntervalSet above = OverbookedTimes(draft, after, timeline, FromNowOn(context));
  if (!above.empty()) {
    violations.push_back(Breaks(context, after,
                                absl::StrCat(after.display_name, " has reservations for more than ",
                                             after.capacity, " at once"),
                                above));
  }
  CheckUnitsHold(context, draft, after, *before, violations);
  const bool moved = before->site != after.site || before->mobile != after.mobile;
  if (moved && timeline.UsedFrom(context.now)) {
    violations.push_back(Breaks(context, after,
                                absl::StrCat(after.display_name,
                                             " has live reservations where it is; move or cancel "
                                             "them first"),
                                {FromNowOn(context)}));
  }
  // Its parts get new ancestors with it.
  std::vector<std::string> affected = draft.Related(after.id);
  affected.push_back(after.id);
  for (const std::string& id : affected) {
    const IntervalSet out = OverbookedTimes(draft, *draft.FindAsset(id), context.state.timeline(id),
                                            FromNowOn(context));
    if (id != after.id && !out.empty()) {
      violations.push_back(
          Breaks(context, *draft.FindAsset(id),
                 absl::StrCat(NameOf(kAssets, id), " is reserved while ", after.display_name,
                              ", its relative then, is out of service"),
                 out));
    }
    const std::vector<std::string>& known = context.catalogue().Related(id);
    for (const std::string& other : draft.Related(id)) {
      const bool is_new = std::find(known.begin(), known.end(), other) == known.end();
      if (is_new && id < other) {
        CheckNewRelation(context, *draft.FindAsset(id), other, violations);
      }
    }
  }
}

std::vector<Violation> WhatNeeds(const DecisionContext& context, const Resource& record) {
  return std::visit(NeedCheck(context), record);
}

}  // namespace labslot::engine
