#include "tests/fuzz/require.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

// Our code dies by _Exit where going on would be wrong (Die of base/log.h). A fuzzer
// would take that for the end of its work; an abort tells it which input did it.
extern "C" void _Exit(int code) noexcept {
  if (code == EXIT_FAILURE) std::abort();
  ::syscall(SYS_exit_group, code);
  __builtin_unreachable();
}

namespace labslot::fuzz {

void Fail(absl::string_view what) {
  std::fprintf(stderr, "does not hold: %s\n", std::string(what).c_str());
  std::abort();
}

}  // namespace labslot::fuzz
