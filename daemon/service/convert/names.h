#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_NAMES_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_NAMES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/text.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace labslot::service {

// The id that a create request gives (`site_id`, ...). It must be set.
std::string IdFromProto(absl::string_view id, absl::string_view path, FieldErrors& errors);

// The id in a resource name of `collection` (kSites, ...). Whether the record
// exists is not asked here. An empty name that may be so gives an empty id.
std::string IdFromName(absl::string_view collection, absl::string_view name, Presence presence,
                       absl::string_view path, FieldErrors& errors);

// The number in `reservations/{id}`, which must be set; 0 if it is malformed.
ReservationId ReservationIdFromName(absl::string_view name, absl::string_view path,
                                    FieldErrors& errors);

// The number in `series/{id}`, likewise.
SeriesId SeriesIdFromName(absl::string_view name, absl::string_view path, FieldErrors& errors);

// The ids in a list of names of `collection`, at most `most`, each once.
std::vector<std::string> IdsFromNames(absl::string_view collection,
                                      const google::protobuf::RepeatedPtrField<std::string>& names,
                                      size_t most, absl::string_view path, FieldErrors& errors);

// The revision in an etag; 0 if the etag is empty, that is, not asked for.
int64_t RevisionFromEtag(absl::string_view etag, absl::string_view path, FieldErrors& errors);

// Who did something: `users/{id}`, or `operator` or `daemon` of those without a
// record; empty if it is nobody.
std::string NameOfActor(const std::string& actor);

// `"1042"` of 1042, the quotes included, as in HTTP.
std::string EtagOf(int64_t revision);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_NAMES_H_
