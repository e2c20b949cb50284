#include "daemon/base/status_macros.h"

#include <gtest/gtest.h>

#include <memory>

namespace labslot {
namespace {

absl::StatusOr<std::unique_ptr<int>> Make(bool works) {
  if (!works) return absl::NotFoundError("none");
  return std::make_unique<int>(7);
}

absl::Status Take(bool works, int& out) {
  LABSLOT_ASSIGN_OR_RETURN(const std::unique_ptr<int> value, Make(works));
  LABSLOT_ASSIGN_OR_RETURN(const std::unique_ptr<int> second, Make(works));
  out = *value + *second;
  return absl::OkStatus();
}

absl::Status Forward(const absl::Status& status, bool& reached) {
  LABSLOT_RETURN_IF_ERROR(status);
  reached = true;
  return absl::OkStatus();
}

TEST(StatusMacrosTest, AssignmentMovesTheValueOut) {
  int out = 0;
  EXPECT_TRUE(Take(true, out).ok());
  EXPECT_EQ(out, 14);
}

TEST(StatusMacrosTest, AnErrorReturnsBeforeTheRestRuns) {
  int out = 0;
  EXPECT_EQ(Take(false, out).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(out, 0);
  bool reached = false;
  EXPECT_EQ(Forward(absl::AbortedError(""), reached).code(), absl::StatusCode::kAborted);
  EXPECT_FALSE(reached);
  EXPECT_TRUE(Forward(absl::OkStatus(), reached).ok());
  EXPECT_TRUE(reached);
}

}  // namespace
}  // namespace labslot
