#ifndef LABSLOT_DAEMON_ENGINE_CATALOGUE_H_
#define LABSLOT_DAEMON_ENGINE_CATALOGUE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"

namespace labslot::engine {

// Records by id, in order of id. Records are immutable and shared, so that a
// long report can keep what it reads while the state moves on, and a copy of
// the catalogue costs little.
template <typename T>
using Records = absl::btree_map<std::string, std::shared_ptr<const T>, std::less<>>;

// All records but the reservations, and what follows from them. Copyable: a
// change is tried on a copy before it is decided. Not thread-safe.
class Catalogue {
 public:
  const Records<Site>& sites() const { return sites_; }
  const Records<Asset>& assets() const { return assets_; }
  const Records<HolidayRegion>& holiday_regions() const { return holiday_regions_; }
  const Records<Organisation>& organisations() const { return organisations_; }
  const Records<User>& users() const { return users_; }
  const Records<Token>& tokens() const { return tokens_; }
  const Records<Group>& groups() const { return groups_; }
  const Records<Policy>& policies() const { return policies_; }
  const Records<Quota>& quotas() const { return quotas_; }
  const Records<Outage>& outages() const { return outages_; }
  const Records<Round>& rounds() const { return rounds_; }

  // Null if there is none.
  const Site* FindSite(absl::string_view id) const;
  const Asset* FindAsset(absl::string_view id) const;
  const HolidayRegion* FindHolidayRegion(absl::string_view id) const;
  const Organisation* FindOrganisation(absl::string_view id) const;
  const User* FindUser(absl::string_view id) const;
  const User* FindUserByLogin(absl::string_view unix_login) const;
  // How many users have it.
  size_t CountUsersWithLogin(absl::string_view unix_login) const;
  const Token* FindToken(absl::string_view id) const;
  const Group* FindGroup(absl::string_view id) const;
  const Policy* FindPolicy(absl::string_view id) const;
  const Quota* FindQuota(absl::string_view id) const;
  const Outage* FindOutage(absl::string_view id) const;
  const Round* FindRound(absl::string_view id) const;
  const Token* FindTokenByHash(absl::string_view secret_sha256) const;

  // Ids of the groups that have the user or the organisation, in order.
  std::vector<std::string> GroupsOf(absl::string_view user, absl::string_view organisation) const;
  bool InGroup(absl::string_view group, absl::string_view user,
               absl::string_view organisation) const;

  // The record that has the same collection and id as `resource`, if any.
  // Reservations and series are not here.
  std::optional<Resource> Current(const Resource& resource) const;

  // The assets that exclude each other with `asset`: its ancestors, its
  // descendants, and those of its exclusion groups. By id.
  const std::vector<std::string>& Related(absl::string_view asset) const;

  // The assets of a kind, retired ones too. By id.
  const std::vector<const Asset*>& AssetsOfKind(absl::string_view kind) const;

  // Derives what these two need now, rather than when it is first asked. After
  // that, and until the next change, any thread may read.
  void DeriveRelations() const;

  // The outages of an asset by start, those that are over too.
  using OutageList = std::vector<std::shared_ptr<const Outage>>;
  const OutageList& OutagesOf(absl::string_view asset) const;

  // Outages that go on until they are ended, by how far they reach.
  const absl::btree_set<std::pair<Instant, std::string>>& open_outages() const {
    return open_outages_;
  }

  // True if `whole` is the asset itself or an ancestor of it.
  bool IsPartOf(const Asset& asset, absl::string_view whole) const;

  // Ids of the assets whose parent it is.
  std::vector<std::string> Children(absl::string_view asset) const;

  // Adds or replaces a record. Reservations and series are ignored.
  void Put(const Resource& record);

  // Takes a record away. Reservations and series are ignored.
  void Remove(const Resource& record);

 private:
  struct Putter;
  struct Remover;
  struct Finder;

  Records<Site> sites_;
  Records<Asset> assets_;
  Records<HolidayRegion> holiday_regions_;
  Records<Organisation> organisations_;
  Records<User> users_;
  Records<Token> tokens_;
  Records<Group> groups_;
  Records<Policy> policies_;
  Records<Quota> quotas_;
  Records<Outage> outages_;
  Records<Round> rounds_;
  // Logins with their users. A draft may have two of one login; that is found
  // and refused before it becomes the catalogue.
  absl::btree_set<std::pair<std::string, std::string>> users_by_login_;
  absl::flat_hash_map<std::string, std::string> token_by_hash_;
  // Names of users and organisations (`users/x`) with the ids of their groups.
  absl::btree_set<std::pair<std::string, std::string>> groups_by_member_;
  absl::flat_hash_map<std::string, OutageList> outages_by_asset_;
  absl::btree_set<std::pair<Instant, std::string>> open_outages_;
  // Derived from the assets when first asked for after they changed, because
  // an import changes thousands of them in a row.
  mutable bool relations_stale_ = true;
  mutable absl::flat_hash_map<std::string, std::vector<std::string>> related_;
  mutable absl::flat_hash_map<std::string, std::vector<const Asset*>> by_kind_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_CATALOGUE_H_
