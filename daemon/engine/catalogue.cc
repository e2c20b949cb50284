#include "daemon/engine/catalogue.h"

#include <algorithm>
#include <variant>

#include "daemon/domain/names.h"

namespace labslot::engine {
namespace {

template <typename T>
const T* Find(const Records<T>& records, absl::string_view id) {
  const auto it = records.find(id);
  return it == records.end() ? nullptr : it->second.get();
}

template <typename T>
void Store(Records<T>& records, const T& record) {
  records.insert_or_assign(record.id, std::make_shared<const T>(record));
}

// The entries of a group in the index by member.
std::vector<std::pair<std::string, std::string>> MembersOf(const Group& group) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const std::string& user : group.users) entries.push_back({NameOf(kUsers, user), group.id});
  for (const std::string& organisation : group.organisations) {
    entries.push_back({NameOf(kOrganisations, organisation), group.id});
  }
  return entries;
}

}  // namespace

// Takes a record out, with the indexes that go with it.
struct Catalogue::Remover {
  Catalogue& catalogue;
  void operator()(const Site& site) const { catalogue.sites_.erase(site.id); }
  void operator()(const Asset& asset) const {
    catalogue.assets_.erase(asset.id);
    catalogue.relations_stale_ = true;
  }
  void operator()(const HolidayRegion& region) const {
    catalogue.holiday_regions_.erase(region.id);
  }
  void operator()(const Organisation& organisation) const {
    catalogue.organisations_.erase(organisation.id);
  }
  void operator()(const User& user) const {
    catalogue.users_by_login_.erase({user.unix_login, user.id});
    catalogue.users_.erase(user.id);
  }
  void operator()(const Token& token) const {
    catalogue.token_by_hash_.erase(token.secret_sha256);
    catalogue.tokens_.erase(token.id);
  }
  void operator()(const Group& group) const {
    for (const auto& entry : MembersOf(group)) catalogue.groups_by_member_.erase(entry);
    catalogue.groups_.erase(group.id);
  }
  void operator()(const Policy& policy) const { catalogue.policies_.erase(policy.id); }
  void operator()(const Quota& quota) const { catalogue.quotas_.erase(quota.id); }
  void operator()(const Outage& removed) const {
    const Outage* outage = catalogue.FindOutage(removed.id);
    if (outage == nullptr) return;
    OutageList& list = catalogue.outages_by_asset_[outage->asset];
    std::erase_if(list, [&](const auto& other) { return other->id == outage->id; });
    if (list.empty()) catalogue.outages_by_asset_.erase(outage->asset);
    catalogue.open_outages_.erase({outage->interval.end, outage->id});
    catalogue.outages_.erase(removed.id);
  }
  void operator()(const Round& round) const { catalogue.rounds_.erase(round.id); }
  void operator()(const Reservation&) const {}
  void operator()(const Series&) const {}
  void operator()(const MachineReport&) const {}
};

// Takes a record in, with the indexes that go with it.
struct Catalogue::Putter {
  Catalogue& catalogue;
  void operator()(const Site& site) const { Store(catalogue.sites_, site); }
  void operator()(const Asset& asset) const {
    Store(catalogue.assets_, asset);
    catalogue.relations_stale_ = true;
  }
  void operator()(const HolidayRegion& region) const { Store(catalogue.holiday_regions_, region); }
  void operator()(const Organisation& organisation) const {
    Store(catalogue.organisations_, organisation);
  }
  void operator()(const User& user) const {
    if (const User* before = catalogue.FindUser(user.id)) {
      catalogue.users_by_login_.erase({before->unix_login, before->id});
    }
    Store(catalogue.users_, user);
    if (!user.unix_login.empty()) catalogue.users_by_login_.insert({user.unix_login, user.id});
  }
  void operator()(const Token& token) const {
    Store(catalogue.tokens_, token);
    catalogue.token_by_hash_[token.secret_sha256] = token.id;
  }
  void operator()(const Group& group) const {
    if (const Group* before = catalogue.FindGroup(group.id)) {
      for (auto& entry : MembersOf(*before)) catalogue.groups_by_member_.erase(entry);
    }
    Store(catalogue.groups_, group);
    for (auto& entry : MembersOf(group)) catalogue.groups_by_member_.insert(std::move(entry));
  }
  void operator()(const Policy& policy) const { Store(catalogue.policies_, policy); }
  void operator()(const Quota& quota) const { Store(catalogue.quotas_, quota); }
  void operator()(const Outage& outage) const {
    if (const Outage* before = catalogue.FindOutage(outage.id)) Remover{catalogue}(*before);
    Store(catalogue.outages_, outage);
    OutageList& list = catalogue.outages_by_asset_[outage.asset];
    const auto later = [](Instant start, const auto& other) {
      return start < other->interval.start;
    };
    list.insert(std::upper_bound(list.begin(), list.end(), outage.interval.start, later),
                catalogue.outages_.find(outage.id)->second);
    if (outage.open) catalogue.open_outages_.insert({outage.interval.end, outage.id});
  }
  void operator()(const Round& round) const { Store(catalogue.rounds_, round); }
  void operator()(const Reservation&) const {}
  void operator()(const Series&) const {}
  void operator()(const MachineReport&) const {}
};

struct Catalogue::Finder {
  const Catalogue& catalogue;
  template <typename T>
  static std::optional<Resource> Copy(const T* record) {
    return record == nullptr ? std::nullopt : std::optional<Resource>(*record);
  }
  std::optional<Resource> operator()(const Site& r) const { return Copy(catalogue.FindSite(r.id)); }
  std::optional<Resource> operator()(const Asset& r) const {
    return Copy(catalogue.FindAsset(r.id));
  }
  std::optional<Resource> operator()(const HolidayRegion& r) const {
    return Copy(catalogue.FindHolidayRegion(r.id));
  }
  std::optional<Resource> operator()(const Organisation& r) const {
    return Copy(catalogue.FindOrganisation(r.id));
  }
  std::optional<Resource> operator()(const User& r) const { return Copy(catalogue.FindUser(r.id)); }
  std::optional<Resource> operator()(const Token& r) const {
    return Copy(catalogue.FindToken(r.id));
  }
  std::optional<Resource> operator()(const Group& r) const {
    return Copy(catalogue.FindGroup(r.id));
  }
  std::optional<Resource> operator()(const Policy& r) const {
    return Copy(catalogue.FindPolicy(r.id));
  }
  std::optional<Resource> operator()(const Quota& r) const {
    return Copy(catalogue.FindQuota(r.id));
  }
  std::optional<Resource> operator()(const Outage& r) const {
    return Copy(catalogue.FindOutage(r.id));
  }
  std::optional<Resource> operator()(const Round& r) const {
    return Copy(catalogue.FindRound(r.id));
  }
  std::optional<Resource> operator()(const Reservation&) const { return std::nullopt; }
  std::optional<Resource> operator()(const Series&) const { return std::nullopt; }
  std::optional<Resource> operator()(const MachineReport&) const { return std::nullopt; }
};

const Site* Catalogue::FindSite(absl::string_view id) const { return Find(sites_, id); }
const Asset* Catalogue::FindAsset(absl::string_view id) const { return Find(assets_, id); }
const HolidayRegion* Catalogue::FindHolidayRegion(absl::string_view id) const {
  return Find(holiday_regions_, id);
}
const Organisation* Catalogue::FindOrganisation(absl::string_view id) const {
  return Find(organisations_, id);
}
const User* Catalogue::FindUser(absl::string_view id) const { return Find(users_, id); }
const Token* Catalogue::FindToken(absl::string_view id) const { return Find(tokens_, id); }
const Group* Catalogue::FindGroup(absl::string_view id) const { return Find(groups_, id); }
const Policy* Catalogue::FindPolicy(absl::string_view id) const { return Find(policies_, id); }
const Quota* Catalogue::FindQuota(absl::string_view id) const { return Find(quotas_, id); }
const Outage* Catalogue::FindOutage(absl::string_view id) const { return Find(outages_, id); }
const Round* Catalogue::FindRound(absl::string_view id) const { return Find(rounds_, id); }

const Catalogue::OutageList& Catalogue::OutagesOf(absl::string_view asset) const {
  static const OutageList& none = *new OutageList();
  if (outages_by_asset_.empty()) return none;
  const auto it = outages_by_asset_.find(asset);
  return it == outages_by_asset_.end() ? none : it->second;
}

std::vector<std::string> Catalogue::GroupsOf(absl::string_view user,
                                             absl::string_view organisation) const {
  std::vector<std::string> groups;
  if (groups_by_member_.empty()) return groups;
  for (const std::string& name : {NameOf(kUsers, user), NameOf(kOrganisations, organisation)}) {
    if (name.empty()) continue;
    for (auto it = groups_by_member_.lower_bound({name, ""});
         it != groups_by_member_.end() && it->first == name; ++it) {
      groups.push_back(it->second);
    }
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

bool Catalogue::InGroup(absl::string_view group, absl::string_view user,
                        absl::string_view organisation) const {
  const std::string id(group);
  return groups_by_member_.contains({NameOf(kUsers, user), id}) ||
         groups_by_member_.contains({NameOf(kOrganisations, organisation), id});
}

const User* Catalogue::FindUserByLogin(absl::string_view unix_login) const {
  const std::string login(unix_login);
  const auto it = users_by_login_.lower_bound({login, ""});
  return it == users_by_login_.end() || it->first != login ? nullptr : FindUser(it->second);
}

size_t Catalogue::CountUsersWithLogin(absl::string_view unix_login) const {
  const std::string login(unix_login);
  size_t count = 0;
  for (auto it = users_by_login_.lower_bound({login, ""});
       it != users_by_login_.end() && it->first == login; ++it) {
    ++count;
  }
  return count;
}

const Token* Catalogue::FindTokenByHash(absl::string_view secret_sha256) const {
  const auto it = token_by_hash_.find(secret_sha256);
  return it == token_by_hash_.end() ? nullptr : FindToken(it->second);
}

std::optional<Resource> Catalogue::Current(const Resource& resource) const {
  return std::visit(Finder{*this}, resource);
}

void Catalogue::Put(const Resource& record) { std::visit(Putter{*this}, record); }

void Catalogue::Remove(const Resource& record) { std::visit(Remover{*this}, record); }

const std::vector<std::string>& Catalogue::Related(absl::string_view asset) const {
  static const std::vector<std::string>& none = *new std::vector<std::string>();
  DeriveRelations();
  const auto it = related_.find(asset);
  return it == related_.end() ? none : it->second;
}

const std::vector<const Asset*>& Catalogue::AssetsOfKind(absl::string_view kind) const {
  static const std::vector<const Asset*>& none = *new std::vector<const Asset*>();
  DeriveRelations();
  const auto it = by_kind_.find(kind);
  return it == by_kind_.end() ? none : it->second;
}

void Catalogue::DeriveRelations() const {
  if (!relations_stale_) return;
  by_kind_.clear();
  absl::flat_hash_map<std::string, absl::btree_set<std::string>> related;
  absl::flat_hash_map<std::string, std::vector<std::string>> groups;
  for (const auto& [id, asset] : assets_) {
    by_kind_[asset->kind].push_back(asset.get());
    for (const std::string& group : asset->exclusion_groups) groups[group].push_back(id);
    const Asset* ancestor = FindAsset(asset->parent);
    // Drafts may hold circles until they are refused: the count ends those.
    for (size_t depth = 0; ancestor != nullptr && depth < assets_.size(); ++depth) {
      related[id].insert(ancestor->id);
      related[ancestor->id].insert(id);
      ancestor = FindAsset(ancestor->parent);
    }
  }
  for (const auto& [group, members] : groups) {
    for (const std::string& a : members) {
      for (const std::string& b : members) {
        if (a != b) related[a].insert(b);
      }
    }
  }
  related_.clear();
  for (const auto& [id, others] : related) related_[id].assign(others.begin(), others.end());
  relations_stale_ = false;
}

bool Catalogue::IsPartOf(const Asset& asset, absl::string_view whole) const {
  const Asset* current = &asset;
  // A draft may hold a circle until it is refused: the count ends it.
  for (size_t depth = 0; current != nullptr && depth <= assets_.size(); ++depth) {
    if (current->id == whole) return true;
    current = FindAsset(current->parent);
  }
  return false;
}

std::vector<std::string> Catalogue::Children(absl::string_view asset) const {
  std::vector<std::string> children;
  for (const std::string& other : Related(asset)) {
    if (FindAsset(other)->parent == asset) children.push_back(other);
  }
  return children;
}

}  // namespace labslot::engine
