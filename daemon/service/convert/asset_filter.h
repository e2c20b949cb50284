#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_ASSET_FILTER_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_ASSET_FILTER_H_

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "daemon/domain/catalogue.h"
#include "daemon/service/convert/field_errors.h"

namespace labslot::service {

// What a report is restricted to. All that is set must hold.
struct AssetFilter {
  std::optional<std::string> kind;
  std::optional<std::string> site;  // id
  std::optional<std::string> region;
  std::optional<std::string> owner;  // id
  std::map<std::string, std::string> labels;
};

// Reads the language that QueryUtilisationRequest.filter documents. What is wrong is a
// violation of `filter` that tells the place, counted from 1.
AssetFilter AssetFilterFromProto(absl::string_view filter, FieldErrors& errors);

// `site` is that of the asset, or null.
bool Matches(const AssetFilter& filter, const Asset& asset, const Site* site);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_ASSET_FILTER_H_
