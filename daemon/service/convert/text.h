#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_TEXT_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_TEXT_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "daemon/domain/catalogue.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/map.h"

namespace labslot::service {

enum class Presence { kOptional, kRequired };

// Number of characters (code points) of well-formed text.
size_t CharacterCount(absl::string_view text);

// Text on one line, at most `longest` characters: names, projects.
std::string LineFromProto(absl::string_view text, size_t longest, Presence presence,
                          absl::string_view path, FieldErrors& errors);

// Text that may have several lines, at most `longest` characters: purposes,
// descriptions, reasons.
std::string TextFromProto(absl::string_view text, size_t longest, Presence presence,
                          absl::string_view path, FieldErrors& errors);

// The `reason` of a request.
std::string ReasonFromProto(absl::string_view reason, absl::string_view path, FieldErrors& errors);

// Labels: at most limits::kMaxLabels; keys of 1 to 63 letters, digits and
// `_ - . /`, beginning with a letter or digit; values on one line.
Labels LabelsFromProto(const google::protobuf::Map<std::string, std::string>& labels,
                       absl::string_view path, FieldErrors& errors);
void ToProto(const std::map<std::string, std::string>& labels,
             google::protobuf::Map<std::string, std::string>& proto);

// The name of a time zone that this machine knows.
std::string ZoneFromProto(absl::string_view zone, Presence presence, absl::string_view path,
                          FieldErrors& errors);

// A NUTS code such as `BE22`, or empty.
std::string RegionFromProto(absl::string_view region, absl::string_view path, FieldErrors& errors);

// True if `request_id` is well-formed text of at most
// limits::kMaxRequestIdLength characters. The empty one is legal and means
// that the request has none.
bool IsLegalRequestId(absl::string_view request_id);

std::string RequestIdFromProto(absl::string_view request_id, absl::string_view path,
                               FieldErrors& errors);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_TEXT_H_
