#ifndef LABSLOT_DAEMON_DOMAIN_ERROR_H_
#define LABSLOT_DAEMON_DOMAIN_ERROR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/domain/refusal.h"

namespace labslot {

// Why a request failed. The numbers are those of the API's ErrorReason, which
// says what each means.
enum class ErrorKind {
  kInvalidFields = 1,
  kRefused = 2,
  kNotFound = 3,
  kIdInUse = 4,
  kRequestIdReused = 5,
  kEtagMismatch = 6,
  kRoleRequired = 7,
  kNoValidIdentity = 8,
  kOverloaded = 9,
  kDraining = 10,
  kOutcomeUnknown = 11,
  kRevisionAhead = 12,
  kDefect = 13,
  kBackupFailed = 14,
  kDiskFull = 15,
};

// A malformed field: its path in the request, and what it must be.
struct FieldViolation {
  std::string field;
  std::string description;
  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

// A failed request, as data. Made by the named constructors below.
struct Error {
  ErrorKind kind = ErrorKind::kDefect;
  std::string message;
  std::string resource;                // the name concerned, or empty
  std::vector<FieldViolation> fields;  // of kInvalidFields
  std::optional<Refusal> refusal;      // of kRefused
  // Which of the requests of a batch it is about.
  std::optional<size_t> request = std::nullopt;
  // Which of the stops of a visit it is about.
  std::optional<size_t> stop = std::nullopt;
};

// A value, or why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}      // NOLINT: converts like StatusOr
  Result(Error error) : content_(std::move(error)) {}  // NOLINT

  bool ok() const { return content_.index() == 0; }
  const T& value() const& { return std::get<0>(content_); }
  T&& value() && { return std::get<0>(std::move(content_)); }
  const Error& error() const& { return std::get<1>(content_); }
  Error&& error() && { return std::get<1>(std::move(content_)); }

 private:
  std::variant<T, Error> content_;
};

Error InvalidFields(std::vector<FieldViolation> fields);
Error InvalidField(std::string field, std::string description);
Error Refused(Refusal refusal);
// A refusal by one rule, for which no alternative is sought.
Error RefusedBy(Violation violation);
// `name` is a full resource name in the four that follow.
Error NotFound(std::string name);
Error IdInUse(std::string name);
Error EtagMismatch(std::string name);
Error RequestIdReused(const std::string& request_id);
// The revision asked for lies ahead of the log.
Error RevisionAhead(int64_t head);
// `what` completes "the caller may not ...: it takes ..."; `role` is the name in
// the API of the one that would do.
Error RoleRequired(const std::string& what, const char* role);
inline constexpr char kAdministratorRole[] = "ROLE_ADMINISTRATOR";
inline constexpr char kAssetManagerRole[] = "ROLE_ASSET_MANAGER";
Error NoValidIdentity(std::string message);

// The error of one request, as that of the batch `requests` that it is in.
Error OfRequest(size_t index, Error error);

// The same for one stop of a visit, whose `stops` it is in.
Error OfStop(size_t index, Error error);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_ERROR_H_
