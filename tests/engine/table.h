#ifndef LABSLOT_TESTS_ENGINE_TABLE_H_
#define LABSLOT_TESTS_ENGINE_TABLE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/script.h"

namespace labslot::engine {

// Fails for each line of the table that comes out otherwise; see Script.
#define EXPECT_TABLE(script, table) EXPECT_THAT((script).Run(table), ::testing::ElementsAre())

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_TABLE_H_
