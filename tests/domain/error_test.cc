#include "daemon/domain/error.h"

#include <gtest/gtest.h>

#include <memory>

namespace labslot {
namespace {

TEST(ErrorTest, ConstructorsSayWhatAndWhere) {
  EXPECT_EQ(NotFound("assets/x").kind, ErrorKind::kNotFound);
  EXPECT_EQ(NotFound("assets/x").resource, "assets/x");
  EXPECT_EQ(IdInUse("assets/x").kind, ErrorKind::kIdInUse);
  EXPECT_EQ(EtagMismatch("assets/x").kind, ErrorKind::kEtagMismatch);
  EXPECT_EQ(RequestIdReused("r-1").kind, ErrorKind::kRequestIdReused);
  EXPECT_EQ(RoleRequired("create sites", kAssetManagerRole).kind, ErrorKind::kRoleRequired);
  EXPECT_EQ(NoValidIdentity("no").kind, ErrorKind::kNoValidIdentity);
  for (const Error& error :
       {NotFound("assets/x"), IdInUse("assets/x"), EtagMismatch("assets/x"), RequestIdReused("r-1"),
        RoleRequired("create sites", kAssetManagerRole)}) {
    EXPECT_FALSE(error.message.empty());
  }
}

TEST(ErrorTest, AllFieldViolationsAreKept) {
  const Error error = InvalidFields({{"a", "must be b"}, {"c", "must be d"}});
  EXPECT_EQ(error.kind, ErrorKind::kInvalidFields);
  ASSERT_EQ(error.fields.size(), 2u);
  EXPECT_EQ(InvalidField("a", "must be b").fields,
            (std::vector<FieldViolation>{{"a", "must be b"}}));
}

TEST(ErrorTest, ARefusalByOneRuleCarriesIt) {
  Violation violation;
  violation.rule = Rule::kStillReferenced;
  violation.message = "still needed";
  const Error error = RefusedBy(violation);
  EXPECT_EQ(error.kind, ErrorKind::kRefused);
  ASSERT_TRUE(error.refusal.has_value());
  EXPECT_EQ(error.refusal->violations.at(0).rule, Rule::kStillReferenced);
}

TEST(ResultTest, HoldsAValueOrAnError) {
  Result<std::unique_ptr<int>> value(std::make_unique<int>(7));
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*std::move(value).value(), 7);
  const Result<int> failed = NotFound("assets/x");
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().resource, "assets/x");
}

}  // namespace
}  // namespace labslot
