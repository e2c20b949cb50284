#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_PAGE_TOKEN_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/message.h"

namespace labslot::service {

// The token that goes on with `request` at `position`, which is any string of
// the handler's. It is tied to the type of the request and to its fields
// except `page_token` and `page_size`. URL-safe.
//
// The token has a checksum but no signature: a caller could forge one. A
// position must therefore grant nothing that the request itself does not.
std::string PageTokenOf(const google::protobuf::Message& request, absl::string_view position);

// The position in the request's `page_token`, `token`; empty on the first
// page. A token from elsewhere, or given out for other arguments, is a
// violation of `page_token`.
std::string PositionFromToken(const google::protobuf::Message& request, absl::string_view token,
                              FieldErrors& errors);

// The number of results in a page: 0 is the default, more than
// limits::kMaxPageSize counts as that, less than 0 is a violation of
// `page_size`.
int32_t PageSizeFromProto(int32_t page_size, FieldErrors& errors);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_PAGE_TOKEN_H_
