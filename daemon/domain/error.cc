#include "daemon/domain/error.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace labslot {
namespace {

// The error of a part of a request, as that of the whole that it has this path in.
Error At(const std::string& path, Error error) {
  error.message = absl::StrCat(path, ": ", error.message);
  for (FieldViolation& violation : error.fields) {
    violation.field = absl::StrCat(path, ".", violation.field);
  }
  return error;
}

}  // namespace

Error InvalidFields(std::vector<FieldViolation> fields) {
  std::string message = absl::StrJoin(fields, "; ", [](std::string* out, const FieldViolation& f) {
    absl::StrAppend(out, f.field, " ", f.description);
  });
  Error error{ErrorKind::kInvalidFields, std::move(message), "", std::move(fields), std::nullopt};
  return error;
}

Error InvalidField(std::string field, std::string description) {
  return InvalidFields({{std::move(field), std::move(description)}});
}

Error Refused(Refusal refusal) {
  std::string message =
      absl::StrJoin(refusal.violations, "; ",
                    [](std::string* out, const Violation& v) { absl::StrAppend(out, v.message); });
  return {ErrorKind::kRefused, std::move(message), "", {}, std::move(refusal)};
}

Error RefusedBy(Violation violation) {
  Refusal refusal;
  refusal.violations.push_back(std::move(violation));
  return Refused(std::move(refusal));
}

Error NotFound(std::string name) {
  std::string message = absl::StrCat("there is no ", name, " that you may see");
  return {ErrorKind::kNotFound, std::move(message), std::move(name), {}, std::nullopt};
}

Error IdInUse(std::string name) {
  std::string message = absl::StrCat(name, " exists already; choose another id, or update it");
  return {ErrorKind::kIdInUse, std::move(message), std::move(name), {}, std::nullopt};
}

Error EtagMismatch(std::string name) {
  std::string message =
      absl::StrCat(name, " has changed since it was read; read it again and retry");
  return {ErrorKind::kEtagMismatch, std::move(message), std::move(name), {}, std::nullopt};
}

Error RequestIdReused(const std::string& request_id) {
  return {ErrorKind::kRequestIdReused,
          absl::StrCat("request_id '", request_id,
                       "' came before with another request; use a new one for a new request"),
          "",
          {},
          std::nullopt};
}

Error RevisionAhead(int64_t head) {
  return {ErrorKind::kRevisionAhead,
          absl::StrCat("the log ends at revision ", head, "; start at that or before"),
          absl::StrCat(head),
          {},
          std::nullopt};
}

Error RoleRequired(const std::string& what, const char* role) {
  return {
      ErrorKind::kRoleRequired, absl::StrCat("the caller may not ", what), role, {}, std::nullopt};
}

Error NoValidIdentity(std::string message) {
  return {ErrorKind::kNoValidIdentity, std::move(message), "", {}, std::nullopt};
}

Error OfRequest(size_t index, Error error) {
  error.request = index;
  return At(absl::StrCat("requests[", index, "]"), std::move(error));
}

Error OfStop(size_t index, Error error) {
  error.stop = index;
  return At(absl::StrCat("stops[", index, "]"), std::move(error));
}

}  // namespace labslot
