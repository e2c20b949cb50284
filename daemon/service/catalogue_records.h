#ifndef LABSLOT_DAEMON_SERVICE_CATALOGUE_RECORDS_H_
#define LABSLOT_DAEMON_SERVICE_CATALOGUE_RECORDS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"
#include "daemon/engine/impact.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "labslot/v1/catalogue_service.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// The records of a catalogue in a request, each of which says its name itself,
// at most `most` in all. Those that others refer to come first, as far as the
// references do not go round in a circle.
std::vector<Resource> RecordsFromProto(const v1::Catalogue& given, size_t most,
                                       absl::string_view path, FieldErrors& errors);

// The change in a request to test one or to apply it, which must not be empty:
// its fields are `changes` and `removals`.
engine::RuleChange RuleChangeFromProto(
    const v1::Catalogue& changes, const google::protobuf::RepeatedPtrField<std::string>& removals,
    FieldErrors& errors);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CATALOGUE_RECORDS_H_
