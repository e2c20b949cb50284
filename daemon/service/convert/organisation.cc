#include "daemon/service/convert/organisation.h"

#include <string>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {

Organisation OrganisationFromProto(const v1::Organisation& proto, absl::string_view id,
                                   absl::string_view path, FieldErrors& errors) {
  Organisation organisation;
  organisation.id = std::string(id);
  organisation.display_name =
      LineFromProto(proto.display_name(), limits::kMaxNameText, Presence::kOptional,
                    FieldPath(path, "display_name"), errors);
  organisation.kind = EnumFromProto<OrganisationKind>(proto.kind(), Presence::kRequired,
                                                      FieldPath(path, "kind"), errors);
  organisation.size_class = EnumFromProto<SizeClass>(proto.size_class(), Presence::kOptional,
                                                     FieldPath(path, "size_class"), errors);
  organisation.region = RegionFromProto(proto.region(), FieldPath(path, "region"), errors);
  // Identifiers are written as labels are, so they have the same rules.
  organisation.identifiers =
      LabelsFromProto(proto.identifiers(), FieldPath(path, "identifiers"), errors);
  return organisation;
}

void ToProto(const Organisation& organisation, v1::Organisation& proto) {
  proto.set_name(NameOf(kOrganisations, organisation.id));
  proto.set_display_name(organisation.display_name);
  proto.set_kind(static_cast<v1::Organisation::Kind>(organisation.kind));
  proto.set_size_class(static_cast<v1::Organisation::SizeClass>(organisation.size_class));
  proto.set_region(organisation.region);
  ToProto(organisation.identifiers, *proto.mutable_identifiers());
  ToProto(organisation.create_time, *proto.mutable_create_time());
  ToProto(organisation.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(organisation.revision));
}

}  // namespace labslot::service
