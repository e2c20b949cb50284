#include "daemon/service/convert/error_details.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/service/convert/cut_text.h"
#include "daemon/service/convert/refusal.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"
#include "labslot/v1/error_reason.pb.h"

namespace labslot::service {
namespace {

constexpr size_t kLongestValue = 300;
// What packing a detail into the status adds: its type, tags and lengths.
constexpr size_t kPacking = 64;
constexpr int64_t kRetryDelaySeconds = 1;

google::rpc::Code CodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidFields:
      return google::rpc::INVALID_ARGUMENT;
    case ErrorKind::kRefused:
      return google::rpc::FAILED_PRECONDITION;
    case ErrorKind::kNotFound:
      return google::rpc::NOT_FOUND;
    case ErrorKind::kIdInUse:
    case ErrorKind::kRequestIdReused:
      return google::rpc::ALREADY_EXISTS;
    case ErrorKind::kEtagMismatch:
      return google::rpc::ABORTED;
    case ErrorKind::kRoleRequired:
      return google::rpc::PERMISSION_DENIED;
    case ErrorKind::kNoValidIdentity:
      return google::rpc::UNAUTHENTICATED;
    case ErrorKind::kOverloaded:
    case ErrorKind::kDiskFull:
      return google::rpc::RESOURCE_EXHAUSTED;
    case ErrorKind::kDraining:
    case ErrorKind::kOutcomeUnknown:
      return google::rpc::UNAVAILABLE;
    case ErrorKind::kRevisionAhead:
      return google::rpc::OUT_OF_RANGE;
    case ErrorKind::kDefect:
      return google::rpc::INTERNAL;
    case ErrorKind::kBackupFailed:
      return google::rpc::FAILED_PRECONDITION;
  }
  return google::rpc::INTERNAL;
}

// What `Error::resource` is, by kind.
const char* MetadataKeyOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kRoleRequired:
      return "role";
    case ErrorKind::kRevisionAhead:
      return "head_revision";
    default:
      return "resource";
  }
}

google::rpc::ErrorInfo InfoOf(const Error& error) {
  google::rpc::ErrorInfo info;
  info.set_reason(v1::ErrorReason_Name(static_cast<v1::ErrorReason>(error.kind)));
  info.set_domain("labslot");
  if (!error.resource.empty()) {
    (*info.mutable_metadata())[MetadataKeyOf(error.kind)] = CutText(error.resource, kLongestValue);
  }
  if (error.request) {
    (*info.mutable_metadata())["request"] = absl::StrCat("requests[", *error.request, "]");
  }
  if (error.stop) (*info.mutable_metadata())["stop"] = absl::StrCat("stops[", *error.stop, "]");
  return info;
}

google::rpc::BadRequest BadRequestOf(const std::vector<FieldViolation>& fields, size_t most) {
  // For the words that tell of what was left out.
  constexpr size_t kReserve = 80;
  google::rpc::BadRequest detail;
  for (size_t i = 0; i < fields.size(); ++i) {
    auto* violation = detail.add_field_violations();
    violation->set_field(CutText(fields[i].field, kLongestValue));
    violation->set_description(CutText(fields[i].description, kLongestValue));
    if (detail.ByteSizeLong() + kReserve <= most) continue;
    detail.mutable_field_violations()->RemoveLast();
    if (!detail.field_violations().empty()) {
      auto& last = *detail.mutable_field_violations()->rbegin();
      last.set_description(absl::StrCat(last.description(), " (and ", fields.size() - i,
                                        " more violations that are not listed)"));
    }
    break;
  }
  return detail;
}

// How much of a refusal is told.
struct Extent {
  size_t conflicts;  // of each violation
  size_t alternatives;
  size_t violations;
  size_t text;    // bytes
  size_t actors;  // who may override a rule
};

// From all down to what always fits. Alternatives outlast conflicts: they are
// what the caller can act on. Three are promised where there are three.
constexpr Extent kExtents[] = {
    {20, 6, 60, 2000, 400}, {8, 6, 60, 1000, 20}, {3, 6, 60, 500, 8}, {3, 3, 40, 500, 5},
    {1, 3, 40, 300, 3},     {0, 3, 20, 300, 3},   {0, 3, 10, 200, 2}, {0, 1, 10, 200, 2},
    {0, 1, 3, 200, 1},      {0, 0, 10, 200, 1},   {0, 0, 1, 200, 1},
};

template <typename List>
void Keep(List& list, size_t most) {
  if (list.size() > most) list.erase(list.begin() + static_cast<std::ptrdiff_t>(most), list.end());
}

v1::Refusal Told(const Refusal& refusal, const Extent& extent) {
  v1::Refusal told;
  Refusal frame;
  frame.earliest_start = refusal.earliest_start;
  frame.alternatives = refusal.alternatives;
  Keep(frame.alternatives, extent.alternatives);
  ToProto(frame, told);
  const size_t count = std::min(refusal.violations.size(), extent.violations);
  for (size_t i = 0; i < count; ++i) {
    Violation violation = refusal.violations[i];
    Keep(violation.conflicts, extent.conflicts);
    violation.message = CutText(violation.message, extent.text);
    violation.limit = CutText(violation.limit, extent.text);
    violation.found = CutText(violation.found, extent.text);
    violation.source = CutText(violation.source, kLongestValue);
    violation.scope = CutText(violation.scope, extent.text);
    Keep(violation.overridable_by, extent.actors);
    for (std::string& actor : violation.overridable_by) actor = CutText(actor, kLongestValue);
    ToProto(violation, *told.add_violations());
  }
  return told;
}

v1::Refusal RefusalOf(const Refusal& refusal, size_t most) {
  v1::Refusal told;
  for (const Extent& extent : kExtents) {
    told = Told(refusal, extent);
    if (told.ByteSizeLong() <= most) break;
  }
  return told;
}

bool IsWorthRetrying(ErrorKind kind) {
  return kind == ErrorKind::kOverloaded || kind == ErrorKind::kOutcomeUnknown;
}

}  // namespace

google::rpc::Status RpcStatusOf(const Error& error) {
  google::rpc::Status status;
  status.set_code(CodeOf(error.kind));
  status.set_message(CutText(error.message, kMaxStatusMessageBytes));
  status.add_details()->PackFrom(InfoOf(error));
  const size_t room = kMaxDetailBytes - status.ByteSizeLong() - kPacking;
  if (!error.fields.empty()) status.add_details()->PackFrom(BadRequestOf(error.fields, room));
  if (error.refusal) status.add_details()->PackFrom(RefusalOf(*error.refusal, room));
  if (IsWorthRetrying(error.kind)) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(kRetryDelaySeconds);
    status.add_details()->PackFrom(retry);
  }
  return status;
}

}  // namespace labslot::service
