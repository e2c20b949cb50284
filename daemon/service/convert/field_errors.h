#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_FIELD_ERRORS_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_FIELD_ERRORS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/error.h"

namespace labslot::service {

// What is wrong with the fields of one request. Converters add to it and go
// on, so that a caller learns of everything at once; a handler asks ok() when
// all of them have run. Not thread-safe.
class FieldErrors {
 public:
  // More than this is counted but not kept: the reply is for a person to mend
  // a request by, and must not grow with a hostile one.
  static constexpr size_t kMost = 100;

  // `path` in the spelling of the API, as `reservation.items[1].quantity`;
  // `description` completes "path ..." and says what the value must be.
  void Add(absl::string_view path, absl::string_view description);

  bool ok() const { return violations_.empty(); }
  const std::vector<FieldViolation>& violations() const { return violations_; }

  // The kInvalidFields error with all of them. There must be one.
  Error ToError() const;

 private:
  std::vector<FieldViolation> violations_;
  size_t not_kept_ = 0;
};

// `site.calendar` of `site` and `calendar`; the field alone if there is no
// parent.
std::string FieldPath(absl::string_view parent, absl::string_view field);

// `items[1]` of `items` and 1.
std::string ElementPath(absl::string_view list, size_t index);

// `labels["room"]` of `labels` and `room`.
std::string EntryPath(absl::string_view map, absl::string_view key);

// A value of the caller's as it may appear in a description: in single
// quotes, on one line, well-formed, and cut if it is long.
std::string Quoted(absl::string_view value);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_FIELD_ERRORS_H_
