#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_TOKEN_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_TOKEN_H_

#include "absl/strings/string_view.h"
#include "daemon/domain/directory.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/directory.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// What a create request says of a token: user, display name, and the expiry
// if it is set (else 0). Whether the expiry is ahead and near enough depends on
// the clock and is not asked here.
Token TokenFromProto(const v1::Token& proto, absl::string_view path, FieldErrors& errors);

// Never with the secret, nor with its hash.
void ToProto(const Token& token, v1::Token& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_TOKEN_H_
