#ifndef LABSLOT_TESTS_FUZZ_REQUEST_STEPS_H_
#define LABSLOT_TESTS_FUZZ_REQUEST_STEPS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/base/clock.h"
#include "google/protobuf/descriptor.h"

namespace labslot::fuzz {

// One request as an input has it:
//
//   +600 ada CreateReservation
//   reservation { items { asset: "assets/lab" } ... }
//
// Seconds that go by before it, which may be left out; who sends it; the method; and on
// the lines that follow, up to an empty one, the request as message_text.h keeps it.
struct Step {
  Seconds later = 0;
  std::string caller;
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string request;
};

// More are not read.
inline constexpr size_t kMaxSteps = 12;

// The steps of an input, up to the first that is malformed. Lines that begin with `#` are
// left out.
std::vector<Step> ReadSteps(absl::string_view text);

std::string WriteSteps(const std::vector<Step>& steps);

// All methods of the API that answer once.
const std::vector<const google::protobuf::MethodDescriptor*>& AllMethods();

}  // namespace labslot::fuzz

#endif  // LABSLOT_TESTS_FUZZ_REQUEST_STEPS_H_
