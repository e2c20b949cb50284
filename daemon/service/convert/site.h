#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_SITE_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_SITE_H_

#include "absl/strings/string_view.h"
#include "daemon/domain/catalogue.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/catalogue.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// Beyond what any place offers; they catch figures in the wrong unit.
inline constexpr double kMostPowerKw = 100000;
inline constexpr double kMostClearanceM = 1000;

// `id` is what the request said the record is called (IdFromProto of a create
// request, IdFromName else); `name`, output-only fields and the etag of
// `proto` are not read. `path` is the field of the request that holds `proto`.
Site SiteFromProto(const v1::Site& proto, absl::string_view id, absl::string_view path,
                   FieldErrors& errors);
void ToProto(const Site& site, v1::Site& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_SITE_H_
