#include "daemon/service/convert/token.h"

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {

Token TokenFromProto(const v1::Token& proto, absl::string_view path, FieldErrors& errors) {
  Token token;
  token.user =
      IdFromName(kUsers, proto.user(), Presence::kRequired, FieldPath(path, "user"), errors);
  token.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText,
                                     Presence::kOptional, FieldPath(path, "display_name"), errors);
  if (proto.has_expire_time()) {
    token.expire_time =
        InstantFromProto(proto.expire_time(), FieldPath(path, "expire_time"), errors);
  }
  return token;
}

void ToProto(const Token& token, v1::Token& proto) {
  proto.set_name(NameOf(kTokens, token.id));
  proto.set_user(NameOf(kUsers, token.user));
  proto.set_display_name(token.display_name);
  ToProto(token.expire_time, *proto.mutable_expire_time());
  ToProto(token.create_time, *proto.mutable_create_time());
}

}  // namespace labslot::service
