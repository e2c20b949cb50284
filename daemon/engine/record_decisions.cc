#include "daemon/engine/record_decisions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/masking.h"
#include "daemon/engine/outage_decisions.h"
#include "daemon/engine/record_rules.h"
#include "daemon/engine/round_decisions.h"

namespace labslot::engine {
namespace {

// Whoever relates an asset to others can block them by booking his own: that
// takes a manager of the others too.
std::optional<Error> MayRelate(const Catalogue& now, const Principal& principal,
                               const Catalogue& draft, const Asset& asset) {
  const std::vector<std::string>& known = now.Related(asset.id);
  for (const std::string& id : draft.Related(asset.id)) {
    if (std::find(known.begin(), known.end(), id) != known.end()) continue;
    if (ManagesAsset(draft, principal, *draft.FindAsset(id))) continue;
    return RoleRequired(absl::StrCat("make ", NameOf(asset), " exclude ", NameOf(kAssets, id),
                                     ": it takes a manager of both"),
                        kAssetManagerRole);
  }
  return std::nullopt;
}

// A rule may be written by who manages all that it is about, as it is and as it
// becomes.
template <typename Rule>
std::optional<Error> MayWriteRuleAs(const Catalogue& now, const Principal& principal,
                                    const Rule& rule, const Resource* before) {
  if (MayWriteRule(now, principal, rule.applies_to) &&
      (before == nullptr || MayWriteRule(now, principal, std::get<Rule>(*before).applies_to))) {
    return std::nullopt;
  }
  return RoleRequired(absl::StrCat("write ", NameOf(rule),
                                   ": it takes an administrator, or a manager of all assets that "
                                   "each entry of applies_to names"),
                      kAssetManagerRole);
}

Error MayNotKeep(const Resource& record) {
  const std::string name = NameOf(record);
  return RoleRequired(absl::StrCat("write ", name.empty() ? "an outage" : name,
                                   ": it takes an asset manager of all its assets"),
                      kAssetManagerRole);
}

// Administrators may write everything; managers the assets in their scope, as
// they are and as they become, with their outages and rounds, and rules about them;
// users their own tokens.
std::optional<Error> MayWrite(const Catalogue& now, const Principal& principal,
                              const Catalogue& draft, const Resource& record,
                              const Resource* before) {
  if (IsAdministrator(now, principal)) return std::nullopt;
  if (const auto* asset = std::get_if<Asset>(&record)) {
    const bool manages_it = ManagesAsset(draft, principal, *asset);
    const bool managed_it =
        before == nullptr || ManagesAsset(now, principal, std::get<Asset>(*before));
    if (!manages_it || !managed_it) {
      return RoleRequired(
          absl::StrCat("write ", NameOf(record), ": it takes an asset manager of its scope"),
          kAssetManagerRole);
    }
    return MayRelate(now, principal, draft, *asset);
  }
  if (const auto* policy = std::get_if<Policy>(&record)) {
    return MayWriteRuleAs(now, principal, *policy, before);
  }
  if (const auto* quota = std::get_if<Quota>(&record)) {
    return MayWriteRuleAs(now, principal, *quota, before);
  }
  if (const auto* outage = std::get_if<Outage>(&record)) {
    if (ManagesAll(now, principal, {outage->asset})) return std::nullopt;
    return MayNotKeep(record);
  }
  if (const auto* round = std::get_if<Round>(&record)) {
    const bool managed_it =
        before == nullptr || ManagesAll(now, principal, std::get<Round>(*before).assets);
    if (managed_it && ManagesAll(now, principal, round->assets)) return std::nullopt;
    return MayNotKeep(record);
  }
  if (const auto* token = std::get_if<Token>(&record)) {
    if (token->user == principal.user) return std::nullopt;
    return RoleRequired(
        absl::StrCat("keep tokens of ", NameOf(kUsers, token->user), ": it takes an administrator"),
        kAdministratorRole);
  }
  return RoleRequired(absl::StrCat("write ", NameOf(record), ": it takes an administrator"),
                      kAdministratorRole);
}

template <typename T>
constexpr bool kHasTimes = requires(T record) {
  record.update_time;
};

// Judges the drafts together and turns them into changes.
Result<Decision> Admit(const DecisionContext& context, std::vector<RecordDraft> drafts) {
  Catalogue after = context.catalogue();
  for (const RecordDraft& draft : drafts) after.Put(draft.record);
  if (auto error = Inadmissible(context.catalogue(), context.principal, after, drafts)) {
    return *std::move(error);
  }
  std::vector<Violation> violations;
  for (const RecordDraft& draft : drafts) {
    if (const auto* asset = std::get_if<Asset>(&draft.record)) {
      const Asset* before = draft.before ? &std::get<Asset>(*draft.before) : nullptr;
      CheckReservationsHold(context, after, *asset, before, violations);
    }
  }
  if (!violations.empty()) {
    Mask(context.catalogue(), context.reservations, context.principal, violations);
    return Refused({std::move(violations), std::nullopt, {}});
  }
  Decision decision;
  for (RecordDraft& draft : drafts) {
    std::visit(
        [&](auto& record) {
          using T = std::decay_t<decltype(record)>;
          const T* before = draft.before ? &std::get<T>(*draft.before) : nullptr;
          if constexpr (kHasTimes<T>) record.update_time = context.now;
          const EventType type = before == nullptr ? EventType::kCreated : EventType::kUpdated;
          AddChange(context, type, std::move(record), before, decision);
        },
        draft.record);
    decision.result = decision.changes.back().event.resource;
    if (const auto* asset = std::get_if<Asset>(&decision.result)) {
      decision.guards.push_back(GuardOfAsset(asset->id));
    }
  }
  return decision;
}

// Gives a new record its beginning.
struct Begin {
  const Instant now;
  void operator()(HolidayRegion&) const {}
  void operator()(Token& token) const {
    token.create_time = now;
    if (token.expire_time == 0) token.expire_time = now + limits::kDefaultTokenLife;
  }
  template <typename T>
  void operator()(T& record) const {
    record.create_time = now;
  }
};

// Carries over what an update leaves alone.
struct Continue {
  const Resource& before;
  void operator()(Token&) const {}
  void operator()(Reservation&) const {}
  void operator()(Series&) const {}
  void operator()(MachineReport&) const {}
  void operator()(HolidayRegion& region) const {
    region.revision = std::get<HolidayRegion>(before).revision;
  }
  template <typename T>
  void operator()(T& record) const {
    const T& old = std::get<T>(before);
    record.create_time = old.create_time;
    record.update_time = old.update_time;
    record.revision = old.revision;
    if constexpr (requires { record.state; }) record.state = old.state;
    if constexpr (requires { record.retire_time; }) record.retire_time = old.retire_time;
  }
};

std::optional<Error> TokenLifeIsWrong(const DecisionContext& context, const Resource& record) {
  const auto* token = std::get_if<Token>(&record);
  if (token == nullptr || token->expire_time == 0) return std::nullopt;
  if (token->expire_time > context.now &&
      token->expire_time <= context.now + limits::kLongestTokenLife) {
    return std::nullopt;
  }
  return InvalidField("token.expire_time", "must be in the future, at most 5 years ahead");
}

// The record of a collection by id.
std::optional<Resource> FindRecord(const Catalogue& catalogue, const std::string& collection,
                                   const std::string& id) {
  const auto keyed = [&](auto record) {
    record.id = id;
    return catalogue.Current(record);
  };
  if (collection == kSites) return keyed(Site());
  if (collection == kAssets) return keyed(Asset());
  if (collection == kHolidayRegions) return keyed(HolidayRegion());
  if (collection == kOrganisations) return keyed(Organisation());
  if (collection == kUsers) return keyed(User());
  if (collection == kTokens) return keyed(Token());
  if (collection == kGroups) return keyed(Group());
  if (collection == kPolicies) return keyed(Policy());
  if (collection == kQuotas) return keyed(Quota());
  if (collection == kOutages) return keyed(Outage());
  if (collection == kRounds) return keyed(Round());
  return std::nullopt;
}

Revision RevisionOf(const Resource& record) {
  return std::visit([](const auto& r) { return r.revision; }, record);
}

// The record as it is, if the principal may read it and has its last version.
Result<Resource> CurrentRecord(const DecisionContext& context, const std::string& collection,
                               const std::string& id, Revision etag) {
  std::optional<Resource> current = FindRecord(context.catalogue(), collection, id);
  if (!current || !MayRead(context.catalogue(), context.principal, *current)) {
    return NotFound(NameOf(collection, id));
  }
  if (etag != 0 && etag != RevisionOf(*current)) return EtagMismatch(NameOf(collection, id));
  return *std::move(current);
}

template <typename T>
Result<Decision> Update(const DecisionContext& context, const char* collection, const char* path,
                        const UpdateRecord<T>& command) {
  Result<Resource> found = CurrentRecord(context, collection, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Resource& before = found.value();
  Result<T> patched = command.patch(std::get<T>(before));
  if (!patched.ok()) return std::move(patched).error();
  T next = std::move(patched).value();
  if (next == std::get<T>(before)) {
    if (auto error = MayWrite(context.catalogue(), context.principal, context.catalogue(), before,
                              &before)) {
      return *std::move(error);
    }
    Decision decision;
    decision.result = before;
    return decision;
  }
  return Admit(context, {{std::move(next), before, path}});
}

void AddRemoval(const DecisionContext& context, const Resource& record, Decision& decision) {
  std::visit(
      [&](auto copy) {
        using T = std::decay_t<decltype(copy)>;
        if constexpr (std::is_same_v<T, Asset>) {
          copy.state = AssetState::kRetired;
          copy.retire_time = context.now;
          copy.update_time = context.now;
        }
        if constexpr (std::is_same_v<T, User>) {
          copy.state = UserState::kDisabled;
          copy.update_time = context.now;
        }
        AddChange(context, EventType::kDeleted, std::move(copy), &std::get<T>(record), decision);
      },
      record);
}

bool IsGone(const Resource& record) {
  const auto* asset = std::get_if<Asset>(&record);
  const auto* user = std::get_if<User>(&record);
  return (asset != nullptr && asset->state == AssetState::kRetired) ||
         (user != nullptr && user->state == UserState::kDisabled);
}

}  // namespace

Result<Decision> DecideBody(const DecisionContext& context, const CreateRecord& command) {
  if (const auto* outage = std::get_if<Outage>(&command.record)) {
    return CreateOutage(context, *outage);
  }
  RecordDraft draft{command.record, std::nullopt, ""};
  if (context.catalogue().Current(draft.record)) {
    // Who may not create it learns nothing about what exists.
    if (auto error = MayWrite(context.catalogue(), context.principal, context.catalogue(),
                              draft.record, nullptr)) {
      return *std::move(error);
    }
    return IdInUse(NameOf(draft.record));
  }
  if (auto error = TokenLifeIsWrong(context, draft.record)) return *std::move(error);
  std::visit(Begin{context.now}, draft.record);
  static constexpr const char* kPaths[] = {
      "site",  "asset",  "holiday_region", "organisation", "user",   "token", "reservation",
      "group", "policy", "quota",          "series",       "outage", "round"};
  draft.path = kPaths[draft.record.index()];
  std::vector<RecordDraft> drafts;
  drafts.push_back(std::move(draft));
  return Admit(context, std::move(drafts));
}

Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Site>& command) {
  return Update(context, kSites, "site", command);
}
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Asset>& command) {
  return Update(context, kAssets, "asset", command);
}
Result<Decision> DecideBody(const DecisionContext& context,
                            const UpdateRecord<HolidayRegion>& command) {
  return Update(context, kHolidayRegions, "holiday_region", command);
}
Result<Decision> DecideBody(const DecisionContext& context,
                            const UpdateRecord<Organisation>& command) {
  return Update(context, kOrganisations, "organisation", command);
}
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<User>& command) {
  return Update(context, kUsers, "user", command);
}
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Group>& command) {
  return Update(context, kGroups, "group", command);
}
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Policy>& command) {
  return Update(context, kPolicies, "policy", command);
}
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Quota>& command) {
  return Update(context, kQuotas, "quota", command);
}

Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Round>& command) {
  const Round* round = context.catalogue().FindRound(command.id);
  if (round != nullptr && round->state == RoundState::kCleared) return RoundIsCleared(*round);
  Result<Decision> decision = Update(context, kRounds, "round", command);
  if (!decision.ok()) return decision;
  std::vector<Violation> left_out =
      RequestsLeftOut(context, *round, std::get<Round>(decision.value().result));
  if (left_out.empty()) return decision;
  Mask(context.catalogue(), context.reservations, context.principal, left_out);
  return Refused({std::move(left_out), std::nullopt, {}});
}

Result<Decision> DecideBody(const DecisionContext& context, const DeleteRecord& command) {
  Result<Resource> found = CurrentRecord(context, command.collection, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Resource& record = found.value();
  if (auto error =
          MayWrite(context.catalogue(), context.principal, context.catalogue(), record, &record)) {
    return *std::move(error);
  }
  Decision decision;
  decision.result = record;
  if (IsGone(record)) return decision;
  std::vector<Violation> needs = WhatNeeds(context, record);
  if (!needs.empty()) {
    Mask(context.catalogue(), context.reservations, context.principal, needs);
    return Refused({std::move(needs), std::nullopt, {}});
  }
  AddRemoval(context, record, decision);
  decision.result = decision.changes.back().event.resource;
  if (const auto* user = std::get_if<User>(&record)) {
    for (const auto& [id, token] : context.catalogue().tokens()) {
      if (token->user == user->id) AddRemoval(context, *token, decision);
    }
  }
  return decision;
}

std::optional<Error> Inadmissible(const Catalogue& now, const Principal& principal,
                                  const Catalogue& after, const std::vector<RecordDraft>& drafts) {
  std::vector<FieldViolation> fields;
  for (const RecordDraft& draft : drafts) {
    const Resource* before = draft.before ? &*draft.before : nullptr;
    if (auto error = MayWrite(now, principal, after, draft.record, before)) return error;
    CheckReferences(after, draft.record, draft.path, fields);
  }
  if (fields.empty()) return std::nullopt;
  return InvalidFields(std::move(fields));
}

Result<std::vector<RecordDraft>> DraftsOf(const Catalogue& catalogue,
                                          const std::vector<Resource>& records,
                                          const std::string& path, Instant now) {
  static constexpr const char* kLists[] = {
      "sites",  "assets",   "holiday_regions", "organisations", "users",   "tokens", "reservations",
      "groups", "policies", "quotas",          "series",        "outages", "rounds"};
  std::vector<RecordDraft> drafts;
  std::map<size_t, size_t> seen;  // records of each type so far, for the path
  std::set<std::string> names;
  for (const Resource& given : records) {
    const size_t index = seen[given.index()]++;
    RecordDraft draft{given, catalogue.Current(given),
                      absl::StrCat(path, ".", kLists[given.index()], "[", index, "]")};
    if (!names.insert(NameOf(given)).second) {
      return InvalidField(draft.path + ".name", "comes twice; name every record once");
    }
    if (draft.before) {
      std::visit(Continue{*draft.before}, draft.record);
      if (draft.record == *draft.before) continue;
    } else {
      std::visit(Begin{now}, draft.record);
    }
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

Result<Decision> AdmitRecords(const DecisionContext& context, const std::vector<Resource>& records,
                              const std::string& path) {
  Result<std::vector<RecordDraft>> drafts =
      DraftsOf(context.catalogue(), records, path, context.now);
  if (!drafts.ok()) return std::move(drafts).error();
  const int unchanged = static_cast<int>(records.size() - drafts.value().size());
  Result<Decision> decision = Admit(context, std::move(drafts).value());
  if (!decision.ok()) return decision;
  Decision admitted = std::move(decision).value();
  admitted.unchanged_count = unchanged;
  return admitted;
}

Result<Decision> DecideBody(const DecisionContext& context, const ImportRecords& command) {
  Result<Decision> decision = AdmitRecords(context, command.records, "catalogue");
  // Who changes nothing is not asked for a role above.
  if (decision.ok() && decision.value().changes.empty() &&
      !IsAdministrator(context.catalogue(), context.principal)) {
    return RoleRequired("import a catalogue: it takes an administrator", kAdministratorRole);
  }
  return decision;
}

}  // namespace labslot::engine
