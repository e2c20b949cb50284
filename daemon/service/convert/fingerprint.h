#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_FINGERPRINT_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_FINGERPRINT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"

namespace labslot::service {

inline constexpr size_t kFingerprintBytes = 16;

// SHA-256 of `bytes`: 32 bytes.
std::string Sha256(absl::string_view bytes);

// Tells requests apart that come with one request_id: kFingerprintBytes of a
// hash over the method, such as `/labslot.v1.CatalogueService/CreateSite`, and
// the message without `request_id` and `validate_only`. It does not depend on
// the order of map entries.
std::string RequestFingerprint(absl::string_view method, const google::protobuf::Message& request);

// The same over any context, without the top-level fields named in `ignored`.
std::string FingerprintWithout(absl::Span<const absl::string_view> ignored,
                               absl::string_view context, const google::protobuf::Message& message);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_FINGERPRINT_H_
