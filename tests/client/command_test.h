#ifndef LABSLOT_TESTS_CLIENT_COMMAND_TEST_H_
#define LABSLOT_TESTS_CLIENT_COMMAND_TEST_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/client/fake_daemon.h"

namespace labslot::client {

// Whole command lines against a daemon that answers what the test says.
class CommandTest : public ::testing::Test {
 protected:
  CommandTest() {
    surroundings_.variables["LABSLOT_SERVER"] = daemon_.target();
    surroundings_.variables["LABSLOT_CONFIG"] = "/nonexistent/labslot.yaml";
  }

  Outcome Run(const std::vector<std::string>& arguments) { return surroundings_.Run(arguments); }

  FakeAnswers& answers() { return daemon_.answers(); }

  FakeDaemon daemon_;
  FakeSurroundings surroundings_;
};

}  // namespace labslot::client

#endif  // LABSLOT_TESTS_CLIENT_COMMAND_TEST_H_
