#include "daemon/engine/rule_scope.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"

namespace labslot::engine {
namespace {

template <typename List, typename Fits>
bool EmptyOrAny(const List& list, Fits fits) {
  return list.empty() || std::any_of(list.begin(), list.end(), fits);
}

bool AssetFits(const Selector& selector, const Catalogue& catalogue, const Asset& asset) {
  return EmptyOrAny(selector.asset_kinds,
                    [&](const std::string& kind) { return kind == asset.kind; }) &&
         HasLabels(selector.labels, asset.labels) &&
         EmptyOrAny(selector.assets,
                    [&](const std::string& id) { return catalogue.IsPartOf(asset, id); });
}

bool OrganisationFits(const Selector& selector, const Subject& subject) {
  if (!EmptyOrAny(selector.organisations,
                  [&](const std::string& id) { return id == subject.holder.organisation; })) {
    return false;
  }
  if (selector.organisation_kinds.empty() && selector.regions.empty()) return true;
  const Organisation* organisation = subject.holder.record;
  if (organisation == nullptr) return false;
  return EmptyOrAny(selector.organisation_kinds,
                    [&](OrganisationKind kind) { return kind == organisation->kind; }) &&
         EmptyOrAny(selector.regions, [&](const std::string& region) {
           return absl::StartsWith(organisation->region, region);
         });
}

bool RelationHolds(Relation relation, const Subject& subject) {
  switch (relation) {
    case Relation::kOwner:
      return !subject.holder.organisation.empty() &&
             subject.holder.organisation == subject.asset.organisation;
    case Relation::kManager:
      return !subject.holder.user.empty() &&
             ManagesAsset(subject.catalogue, Principal{std::string(subject.holder.user)},
                          subject.asset);
  }
  return false;
}

bool AsksForTheUser(const Selector& s) {
  return !s.organisation_kinds.empty() || !s.organisations.empty() || !s.regions.empty() ||
         !s.users.empty() || !s.groups.empty() || !s.relations.empty() || !s.purposes.empty() ||
         !s.activity_classes.empty();
}

bool AsksForTheAssetAlone(const Selector& s) { return !AsksForTheUser(s) && s.sites.empty(); }

bool FitsAtHome(const Selector& selector, const Catalogue& catalogue, const Asset& asset) {
  return AssetFits(selector, catalogue, asset) &&
         EmptyOrAny(selector.sites, [&](const std::string& id) { return id == asset.site; });
}

}  // namespace

Holder::Holder(const Catalogue& catalogue, absl::string_view holding_user,
               absl::string_view for_organisation)
    : user(holding_user),
      organisation(for_organisation),
      record(catalogue.FindOrganisation(for_organisation)),
      groups(catalogue.GroupsOf(holding_user, for_organisation)) {}

bool Holder::IsIn(absl::string_view group) const {
  return std::binary_search(groups.begin(), groups.end(), group);
}

bool HasLabels(const Labels& wanted, const Labels& labels) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
    const auto it = labels.find(label.first);
    return it != labels.end() && it->second == label.second;
  });
}

bool Matches(const Selector& selector, const Subject& subject) {
  return AssetFits(selector, subject.catalogue, subject.asset) &&
         EmptyOrAny(selector.sites,
                    [&](const std::string& id) { return id == subject.place.id; }) &&
         EmptyOrAny(selector.users,
                    [&](const std::string& id) { return id == subject.holder.user; }) &&
         OrganisationFits(selector, subject) &&
         EmptyOrAny(selector.groups,
                    [&](const std::string& id) { return subject.holder.IsIn(id); }) &&
         EmptyOrAny(selector.relations,
                    [&](Relation relation) { return RelationHolds(relation, subject); }) &&
         EmptyOrAny(selector.purposes,
                    [&](const std::string& purpose) {
                      return absl::EqualsIgnoreCase(purpose, subject.purpose);
                    }) &&
         EmptyOrAny(selector.activity_classes,
                    [&](ActivityClass c) { return c == subject.activity_class; });
}

bool AppliesTo(const std::vector<Selector>& applies_to, const std::vector<Selector>& except,
               const Subject& subject) {
  const auto fits = [&](const Selector& selector) { return Matches(selector, subject); };
  return EmptyOrAny(applies_to, fits) && std::none_of(except.begin(), except.end(), fits);
}

bool MatchesByAssetAlone(const std::vector<Selector>& applies_to, const Catalogue& catalogue,
                         const Asset& asset) {
  return EmptyOrAny(applies_to, [&](const Selector& selector) {
    return AsksForTheAssetAlone(selector) && AssetFits(selector, catalogue, asset);
  });
}

bool MayMatchAsset(const std::vector<Selector>& applies_to, const Catalogue& catalogue,
                   const Asset& asset) {
  return EmptyOrAny(
      applies_to, [&](const Selector& selector) { return AssetFits(selector, catalogue, asset); });
}

bool IsOfScope(const std::vector<Selector>& applies_to, const std::vector<Selector>& except,
               const Catalogue& catalogue, const Asset& asset) {
  const auto fits = [&](const Selector& selector) {
    return FitsAtHome(selector, catalogue, asset);
  };
  return EmptyOrAny(applies_to, fits) &&
         std::none_of(except.begin(), except.end(), [&](const Selector& selector) {
           return !AsksForTheUser(selector) && fits(selector);
         });
}

bool IsOneOf(const Catalogue& catalogue, const Principal& principal, const Actors& actors,
             const Asset* asset) {
  const auto is_user = [&](const std::string& id) { return id == principal.user; };
  if (std::any_of(actors.users.begin(), actors.users.end(), is_user)) return true;
  const auto is_member = [&](const std::string& id) {
    return catalogue.InGroup(id, principal.user, "");
  };
  if (std::any_of(actors.groups.begin(), actors.groups.end(), is_member)) return true;
  return actors.managers && asset != nullptr && ManagesAsset(catalogue, principal, *asset);
}

RuleTerms TermsOf(const Catalogue& catalogue, absl::string_view source) {
  if (const auto id = IdIn(kPolicies, source)) {
    const Policy* policy = catalogue.FindPolicy(*id);
    return policy == nullptr ? RuleTerms() : RuleTerms{&policy->overriders, &policy->approval};
  }
  if (const auto id = IdIn(kQuotas, source)) {
    const Quota* quota = catalogue.FindQuota(*id);
    return quota == nullptr ? RuleTerms() : RuleTerms{&quota->overriders, &quota->approval};
  }
  return {};
}

std::vector<std::string> NamesOf(const Actors& actors) {
  std::vector<std::string> names;
  for (const std::string& id : actors.users) names.push_back(NameOf(kUsers, id));
  for (const std::string& id : actors.groups) names.push_back(NameOf(kGroups, id));
  if (actors.managers) names.emplace_back("managers");
  return names;
}

}  // namespace labslot::engine
