#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_POLICY_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_POLICY_H_

#include "absl/strings/string_view.h"
#include "daemon/domain/policy.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/policy.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// `id` is what the request said the record is called (IdFromProto of a create
// request, IdFromName else); `name`, output-only fields and the etag of
// `proto` are not read. `path` is the field of the request that holds `proto`.
Policy PolicyFromProto(const v1::Policy& proto, absl::string_view id, absl::string_view path,
                       FieldErrors& errors);
void ToProto(const Policy& policy, v1::Policy& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_POLICY_H_
