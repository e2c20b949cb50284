#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_LEAD_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_LEAD_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/policy.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/text.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "labslot/v1/policy.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// The times that rules speak in.

// A lead that is required must not be zero.
Lead LeadFromProto(const v1::Lead& proto, Presence presence, absl::string_view path,
                   FieldErrors& errors);
void ToProto(const Lead& lead, v1::Lead& proto);

// At most limits::kMaxDateRanges of them; they may overlap.
std::vector<DateRange> DateRangesFromProto(
    const google::protobuf::RepeatedPtrField<v1::DateRange>& protos, absl::string_view path,
    FieldErrors& errors);
void ToProto(const std::vector<DateRange>& ranges,
             google::protobuf::RepeatedPtrField<v1::DateRange>& protos);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_LEAD_H_
