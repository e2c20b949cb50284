#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_ASSET_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_ASSET_H_

#include "absl/strings/string_view.h"
#include "daemon/domain/catalogue.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/catalogue.pb.h"

namespace labslot::service {

inline constexpr double kFastestTravelKmh = 200;
inline constexpr double kMostRoadFactor = 10;

namespace v1 = ::labslot::v1;

// `id` is what the request said the record is called (IdFromProto of a create
// request, IdFromName else); `name`, output-only fields and the etag of
// `proto` are not read. `path` is the field of the request that holds `proto`.
Asset AssetFromProto(const v1::Asset& proto, absl::string_view id, absl::string_view path,
                     FieldErrors& errors);
void ToProto(const Asset& asset, v1::Asset& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_ASSET_H_
