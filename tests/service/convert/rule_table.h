#ifndef LABSLOT_TESTS_SERVICE_CONVERT_RULE_TABLE_H_
#define LABSLOT_TESTS_SERVICE_CONVERT_RULE_TABLE_H_

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {

// Expects of each row that `convert` (message, FieldErrors&) finds the one
// violation that the row tells of, or none where its field is empty.
template <typename Proto, typename Convert>
void ExpectRules(const Proto& legal, const std::vector<RuleRow>& rows, Convert convert) {
  for (const RuleRow& row : rows) {
    SCOPED_TRACE("without '" + row.cleared + "', with '" + row.merged.substr(0, 200) + "'");
    Proto message = legal;
    Apply(row, message);
    FieldErrors errors;
    convert(message, errors);
    if (row.field.empty()) {
      EXPECT_TRUE(errors.ok()) << Told(errors);
      continue;
    }
    ASSERT_EQ(errors.violations().size(), 1u) << Told(errors);
    EXPECT_EQ(errors.violations()[0].field, row.field);
    EXPECT_THAT(errors.violations()[0].description, ::testing::HasSubstr(row.says));
  }
}

}  // namespace labslot::service

#endif  // LABSLOT_TESTS_SERVICE_CONVERT_RULE_TABLE_H_
