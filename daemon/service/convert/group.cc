#include "daemon/service/convert/group.h"

#include <string>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {

Group GroupFromProto(const v1::Group& proto, absl::string_view id, absl::string_view path,
                     FieldErrors& errors) {
  Group group;
  group.id = std::string(id);
  group.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText,
                                     Presence::kOptional, FieldPath(path, "display_name"), errors);
  group.description = TextFromProto(proto.description(), limits::kMaxText, Presence::kOptional,
                                    FieldPath(path, "description"), errors);
  group.users = IdsFromNames(kUsers, proto.users(), limits::kMaxGroupMembers,
                             FieldPath(path, "users"), errors);
  group.organisations =
      IdsFromNames(kOrganisations, proto.organisations(), limits::kMaxGroupMembers,
                   FieldPath(path, "organisations"), errors);
  return group;
}

void ToProto(const Group& group, v1::Group& proto) {
  proto.set_name(NameOf(kGroups, group.id));
  proto.set_display_name(group.display_name);
  proto.set_description(group.description);
  for (const std::string& user : group.users) proto.add_users(NameOf(kUsers, user));
  for (const std::string& organisation : group.organisations) {
    proto.add_organisations(NameOf(kOrganisations, organisation));
  }
  ToProto(group.create_time, *proto.mutable_create_time());
  ToProto(group.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(group.revision));
}

}  // namespace labslot::service
