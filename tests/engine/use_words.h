#ifndef LABSLOT_TESTS_ENGINE_USE_WORDS_H_
#define LABSLOT_TESTS_ENGINE_USE_WORDS_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/engine/partition.h"

namespace labslot::engine {

// The states that a row has something of, in minutes; fails if they are not its sum.
inline std::string Minutes(const UseSeconds& row) {
  static constexpr const char* kWords[] = {"used",   "overrun", "changeover", "travel", "booked",
                                           "held",   "broken",  "planned",    "idle",   "no-show",
                                           "closed", "blocked", "available"};
  std::vector<std::string> words;
  Seconds sum = 0;
  for (size_t i = 0; i < kUseStates; ++i) {
    sum += row.by_state[i];
    if (row.by_state[i] != 0) words.push_back(absl::StrCat(kWords[i], " ", row.by_state[i] / 60));
  }
  EXPECT_EQ(sum, row.total);
  return absl::StrJoin(words, ", ");
}

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_USE_WORDS_H_
