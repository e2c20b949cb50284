#ifndef LABSLOT_TESTS_FUZZ_REQUIRE_H_
#define LABSLOT_TESTS_FUZZ_REQUIRE_H_

#include "absl/strings/string_view.h"

namespace labslot::fuzz {

// Ends the program as a crash does, so that the fuzzer keeps the input.
[[noreturn]] void Fail(absl::string_view what);

// Fails unless a property holds; `property` says it.
inline void Require(bool holds, absl::string_view property) {
  if (!holds) Fail(property);
}

}  // namespace labslot::fuzz

#endif  // LABSLOT_TESTS_FUZZ_REQUIRE_H_
