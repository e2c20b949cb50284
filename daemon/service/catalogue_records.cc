#include "daemon/service/catalogue_records.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/record_methods.h"

namespace labslot::service {
namespace {

int CountOf(const v1::Catalogue& given) {
  return given.holiday_regions_size() + given.organisations_size() + given.users_size() +
         given.groups_size() + given.sites_size() + given.assets_size() + given.policies_size() +
         given.quotas_size();
}

template <typename Record, typename Protos>
void ReadRecords(const Protos& protos, const std::string& list, std::vector<Resource>& records,
                 FieldErrors& errors) {
  using Kind = RecordKind<Record>;
  for (int i = 0; i < protos.size(); ++i) {
    const std::string path = ElementPath(list, static_cast<size_t>(i));
    const std::string id = IdFromName(Kind::kCollection, protos[i].name(), Presence::kRequired,
                                      FieldPath(path, "name"), errors);
    records.push_back(Kind::kFromProto(protos[i], id, path, errors));
  }
}

std::vector<std::string> RemovalsFromProto(
    const google::protobuf::RepeatedPtrField<std::string>& names, FieldErrors& errors) {
  CheckCount(names.size(), limits::kMaxPolicyChanges, "removals", errors);
  std::vector<std::string> removals;
  std::set<std::string> seen;
  for (int i = 0; i < AtMost(names.size(), limits::kMaxPolicyChanges); ++i) {
    const std::string path = ElementPath("removals", static_cast<size_t>(i));
    if (!IdIn(kPolicies, names[i]) && !IdIn(kQuotas, names[i])) {
      errors.Add(path, absl::StrCat("must be policies/{id} or quotas/{id}; ", Quoted(names[i]),
                                    " is not"));
    } else if (!seen.insert(names[i]).second) {
      errors.Add(path, absl::StrCat("must not be listed twice: ", names[i]));
    } else {
      removals.push_back(names[i]);
    }
  }
  return removals;
}

}  // namespace

std::vector<Resource> RecordsFromProto(const v1::Catalogue& given, size_t most,
                                       absl::string_view path, FieldErrors& errors) {
  std::vector<Resource> records;
  CheckCount(CountOf(given), most, path, errors);
  if (static_cast<size_t>(CountOf(given)) > most) return records;
  const auto list = [&](const char* field) { return FieldPath(path, field); };
  ReadRecords<HolidayRegion>(given.holiday_regions(), list("holiday_regions"), records, errors);
  ReadRecords<Organisation>(given.organisations(), list("organisations"), records, errors);
  ReadRecords<User>(given.users(), list("users"), records, errors);
  ReadRecords<Group>(given.groups(), list("groups"), records, errors);
  ReadRecords<Site>(given.sites(), list("sites"), records, errors);
  ReadRecords<Asset>(given.assets(), list("assets"), records, errors);
  ReadRecords<Policy>(given.policies(), list("policies"), records, errors);
  ReadRecords<Quota>(given.quotas(), list("quotas"), records, errors);
  return records;
}

engine::RuleChange RuleChangeFromProto(
    const v1::Catalogue& changes, const google::protobuf::RepeatedPtrField<std::string>& removals,
    FieldErrors& errors) {
  engine::RuleChange change;
  change.records = RecordsFromProto(changes, limits::kMaxPolicyChanges, "changes", errors);
  change.removals = RemovalsFromProto(removals, errors);
  if (errors.ok() && change.records.empty() && change.removals.empty()) {
    errors.Add("changes", "must have at least one record, or removals at least one name");
  }
  return change;
}

}  // namespace labslot::service
