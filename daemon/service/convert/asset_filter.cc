#include "daemon/service/convert/asset_filter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/restrictions.h"

namespace labslot::service {
namespace {

constexpr absl::string_view kFields = "kind, site, region, owner, label.KEY";

struct Field {
  absl::string_view name;
  const char* collection;  // null: the value is a word
  std::optional<std::string> AssetFilter::*value;
};
constexpr Field kPlainFields[] = {
    {"kind", nullptr, &AssetFilter::kind},
    {"site", kSites, &AssetFilter::site},
    {"region", nullptr, &AssetFilter::region},
    {"owner", kOrganisations, &AssetFilter::owner},
};

// What the field is to be, of a restriction; nothing after a mistake.
std::optional<std::string> ValueOf(const Field& field, const Restriction& restriction,
                                   FieldErrors& errors) {
  if (field.collection == nullptr) return restriction.value.text;
  std::optional<std::string> id = IdIn(field.collection, restriction.value.text);
  if (!id) {
    RefuseFilter(restriction.value,
                 absl::StrCat(field.name, " must be compared with a name like ", field.collection,
                              "/{id}; ", restriction.value.Description(), " is not"),
                 errors);
  }
  return id;
}

void Apply(const Restriction& restriction, AssetFilter& filter, FieldErrors& errors) {
  if (restriction.op.text != "=") {
    RefuseFilter(restriction.op, "assets can be compared with = only", errors);
    return;
  }
  absl::string_view key = restriction.field.text;
  if (absl::ConsumePrefix(&key, "label.") && !key.empty()) {
    filter.labels[std::string(key)] = restriction.value.text;
    return;
  }
  for (const Field& field : kPlainFields) {
    if (restriction.field.text != field.name) continue;
    std::optional<std::string>& value = filter.*field.value;
    if (value) {
      RefuseFilter(restriction.field, absl::StrCat(field.name, " is restricted a second time"),
                   errors);
      return;
    }
    value = ValueOf(field, restriction, errors);
    return;
  }
  RefuseFilter(restriction.field,
               absl::StrCat("there is no field ", restriction.field.Description(),
                            "; the fields are ", kFields),
               errors);
}

}  // namespace

AssetFilter AssetFilterFromProto(absl::string_view filter, FieldErrors& errors) {
  AssetFilter result;
  ReadRestrictions(filter, kFields, errors, [&](const Restriction& restriction) {
    Apply(restriction, result, errors);
    return true;
  });
  return result;
}

bool Matches(const AssetFilter& filter, const Asset& asset, const Site* site) {
  const auto is = [](const std::optional<std::string>& wanted, const std::string& found) {
    return !wanted || *wanted == found;
  };
  return is(filter.kind, asset.kind) && is(filter.site, asset.site) &&
         is(filter.owner, asset.organisation) &&
         (!filter.region || (site != nullptr && *filter.region == site->region)) &&
         std::all_of(filter.labels.begin(), filter.labels.end(), [&](const auto& wanted) {
           const auto found = asset.labels.find(wanted.first);
           return found != asset.labels.end() && found->second == wanted.second;
         });
}

}  // namespace labslot::service
