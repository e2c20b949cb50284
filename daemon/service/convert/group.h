#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_GROUP_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_GROUP_H_

#include "absl/strings/string_view.h"
#include "daemon/domain/directory.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/directory.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// `id` is what the request said the record is called (IdFromProto of a create
// request, IdFromName else); `name`, output-only fields and the etag of
// `proto` are not read. `path` is the field of the request that holds `proto`.
Group GroupFromProto(const v1::Group& proto, absl::string_view id, absl::string_view path,
                     FieldErrors& errors);
void ToProto(const Group& group, v1::Group& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_GROUP_H_
