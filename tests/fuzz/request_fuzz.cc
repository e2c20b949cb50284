// Requests end to end: bytes through the handlers of all methods, the engine and a store
// in memory, to answers. An input is a few requests that follow one another; see
// request_steps.h.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/service/convert/error_details.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "labslot/v1/error_reason.pb.h"
#include "tests/fuzz/escaped.h"
#include "tests/fuzz/fuzzed_lab.h"
#include "tests/fuzz/message_text.h"
#include "tests/fuzz/request_steps.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/targets.h"

namespace labslot::service {
namespace {

using fuzz::Fail;
using fuzz::Require;
using fuzz::Step;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

FuzzedLab& Lab() {
  static auto* const lab = new FuzzedLab();
  return *lab;
}

// True of the name of a oneof.
bool IsChoice(const Descriptor& type, absl::string_view name) {
  return type.FindOneofByName(std::string(name)) != nullptr;
}

// True of a path such as `reservation.items[0].asset` that leads to a field of requests
// of this type; true of `request`, which is all of it.
bool LeadsSomewhere(const Descriptor& request, absl::string_view path) {
  if (path == "request") return true;
  const Descriptor* type = &request;
  for (const absl::string_view part : absl::StrSplit(path, '.')) {
    const FieldDescriptor* field =
        type == nullptr ? nullptr
                        : type->FindFieldByName(std::string(part.substr(0, part.find('['))));
    if (field == nullptr) return type != nullptr && IsChoice(*type, part);
    type = field->message_type();
    // The key of a map may have dots.
    if (field->is_map()) return true;
  }
  return true;
}

bool IsExpected(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::OUT_OF_RANGE:
      return true;
    default:
      return false;
  }
}

void RequireFields(const Descriptor& request, const google::rpc::Status& status) {
  google::rpc::BadRequest bad;
  for (const auto& detail : status.details()) detail.UnpackTo(&bad);
  Require(!bad.field_violations().empty(), "INVALID_ARGUMENT names a field");
  for (const auto& violation : bad.field_violations()) {
    Require(!violation.description().empty(), "INVALID_ARGUMENT says what a field must be");
    if (!LeadsSomewhere(request, violation.field())) {
      Fail(absl::StrCat("INVALID_ARGUMENT names a field of the request: ", violation.field(),
                        " in ", request.full_name()));
    }
  }
}

// Errors are documented data: error_reason.proto.
void RequireDetails(const MethodDescriptor& method, const grpc::Status& told) {
  google::rpc::Status status;
  google::rpc::ErrorInfo info;
  Require(status.ParseFromString(told.error_details()) && status.details_size() > 0 &&
              status.details(0).UnpackTo(&info),
          "an error begins its details with ErrorInfo");
  v1::ErrorReason reason;
  Require(info.domain() == "labslot" && v1::ErrorReason_Parse(info.reason(), &reason),
          "an error has a reason");
  Require(!told.error_message().empty(), "an error says something");
  Require(told.error_message().size() <= kMaxStatusMessageBytes &&
              told.error_details().size() <= kMaxDetailBytes,
          "an error fits into headers");
  if (told.error_code() == grpc::StatusCode::INVALID_ARGUMENT) {
    RequireFields(*method.input_type(), status);
  }
}

bool ChangesNothing(const MethodDescriptor& method, const Message& request) {
  for (const char* verb : {"Get", "List", "Query", "Find", "Explain", "Export", "Test", "Expand",
                           "WhoAmI", "PlanDisplacement", "PlanAllocation"}) {
    if (absl::StartsWith(method.name(), verb)) return true;
  }
  const FieldDescriptor* dry = method.input_type()->FindFieldByName("validate_only");
  return dry != nullptr && request.GetReflection()->GetBool(request, dry);
}

void Try(const Step& step) {
  FuzzedLab& lab = Lab();
  const auto bytes = fuzz::WireOf(*step.method->input_type(), step.request);
  if (!bytes || !lab.MayCall(step.caller)) return;
  Require(lab.Wait(step.later), "the daemon comes to an end of what is due");
  const Revision before = lab.head();
  const FuzzedLab::Answer answer = lab.Ask(*step.method, step.caller, *bytes);
  Require(answer.times == 1, "a request is answered once");
  const grpc::StatusCode code = answer.status.error_code();
  if (!IsExpected(code)) {
    Fail(absl::StrCat(step.method->name(), " is answered with code ", static_cast<int>(code), ": ",
                      answer.status.error_message()));
  }
  const std::unique_ptr<Message> request = fuzz::NewMessage(*step.method->input_type());
  const bool is_request = request->ParseFromString(*bytes);
  Require(is_request || !answer.status.ok(), "mangled bytes are refused");
  if (!answer.status.ok()) RequireDetails(*step.method, answer.status);
  if (!answer.status.ok() || ChangesNothing(*step.method, *request)) {
    Require(lab.head() == before, "what is refused, or only asks, changes nothing");
  }
}

}  // namespace
}  // namespace labslot::service

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using labslot::fuzz::Require;
  auto& lab = labslot::service::Lab();
  lab.BeginAgain();
  const labslot::Revision first = lab.head();
  for (const labslot::fuzz::Step& step :
       labslot::fuzz::ReadSteps({reinterpret_cast<const char*>(data), size})) {
    labslot::service::Try(step);
  }
  if (lab.head() == first) return 0;
  Require(lab.Wait(0), "the daemon comes to an end of what is due");
  Require(lab.Memory() == lab.Reloaded(), "a restart finds what is in memory");
  return 0;
}
