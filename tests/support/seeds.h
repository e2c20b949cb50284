#ifndef LABSLOT_TESTS_SUPPORT_SEEDS_H_
#define LABSLOT_TESTS_SUPPORT_SEEDS_H_

#include <cstdlib>

namespace labslot::support {

// True if LABSLOT_TEST_LONG is set: the runs before a release.
inline bool LongRun() {
  const char* value = std::getenv("LABSLOT_TEST_LONG");
  return value != nullptr && *value != '\0';
}

// How many seeds a property is tried with: `usual`, or `in_long_run`.
inline unsigned Seeds(unsigned usual, unsigned in_long_run) {
  return LongRun() ? in_long_run : usual;
}

}  // namespace labslot::support

#endif  // LABSLOT_TESTS_SUPPORT_SEEDS_H_
