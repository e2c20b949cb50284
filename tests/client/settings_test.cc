#include "client/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace labslot::client {
namespace {

using ::testing::HasSubstr;

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "labslot-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    variables_["XDG_CONFIG_HOME"] = folder_;
    environment_.variable = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      if (found == variables_.end()) return std::nullopt;
      return found->second;
    };
  }
  ~SettingsTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    return path;
  }

  std::string Target(const ConnectionFlags& flags) {
    const auto settings = ResolveSettings(flags, environment_);
    return settings.ok() ? settings->target : std::string(settings.status().message());
  }

  std::string folder_;
  std::map<std::string, std::string> variables_;
  Environment environment_;
};

TEST_F(SettingsTest, AFlagComesBeforeTheEnvironmentBeforeTheFileBeforeTheDefault) {
  ConnectionFlags flags;
  EXPECT_EQ(Target(flags), "unix:/run/labslotd/labslotd.sock");
  variables_["XDG_RUNTIME_DIR"] = folder_;
  EXPECT_EQ(Target(flags), "unix:/run/labslotd/labslotd.sock");
  const std::string socket = Write("labslotd/labslotd.sock", "");
  EXPECT_EQ(Target(flags), "unix:" + socket);
  Write("labslot/config.yaml",
        "current: lab\ncontexts:\n  - {name: lab, server: \"file:1\"}\n"
        "  - {name: other, server: \"other:1\"}\n");
  EXPECT_EQ(Target(flags), "file:1");
  variables_["LABSLOT_CONTEXT"] = "other";
  EXPECT_EQ(Target(flags), "other:1");
  variables_["LABSLOT_SERVER"] = "environment:1";
  EXPECT_EQ(Target(flags), "environment:1");
  flags.context = "lab";
  EXPECT_EQ(Target(flags), "file:1");
  flags.server = "flag:1";
  EXPECT_EQ(Target(flags), "flag:1");
}

TEST_F(SettingsTest, TokensFollowTheSameOrder) {
  ConnectionFlags flags;
  Write("labslot/config.yaml", "current: lab\ncontexts: [{name: lab, token: from-file}]\n");
  EXPECT_EQ(ResolveSettings(flags, environment_)->token, "from-file");
  variables_["LABSLOT_TOKEN"] = "from-environment";
  EXPECT_EQ(ResolveSettings(flags, environment_)->token, "from-environment");
  flags.token_file = Write("token", "  from-flag \n");
  EXPECT_EQ(ResolveSettings(flags, environment_)->token, "from-flag");
  flags.token_file = Write("bad", "two\nlines");
  EXPECT_FALSE(ResolveSettings(flags, environment_).ok());
}

TEST_F(SettingsTest, OnlyLoopbackAndSocketsGoWithoutTls) {
  const auto tls = [&](const std::string& server) {
    ConnectionFlags flags;
    flags.server = server;
    return ResolveSettings(flags, environment_)->tls;
  };
  for (const std::string server : {"unix:/run/x.sock", "/run/x.sock", "localhost:1", "127.0.0.1:1",
                                   "127.8.9.1:1", "[::1]:1", "ipv4:127.0.0.1:1"}) {
    EXPECT_FALSE(tls(server)) << server;
  }
  for (const std::string server : {"lab.example.org:1", "127.evil.example:1", "10.0.0.1:1",
                                   "localhost.example:1", "[::2]:1"}) {
    EXPECT_TRUE(tls(server)) << server;
  }
}

TEST_F(SettingsTest, UnknownKeysOfTheFileAreErrorsWithTheirLine) {
  Write("labslot/config.yaml", "current: lab\ncontexts:\n  - name: lab\n    sever: x:1\n");
  EXPECT_THAT(Target({}), HasSubstr("config.yaml:4: unknown key \"sever\""));
}

TEST_F(SettingsTest, WhatIsWrittenIsReadBackAndOnlyTheOwnerMayReadIt) {
  const std::string path = folder_ + "/deep/config.yaml";
  ConfigFile config;
  config.current = "a: b";
  config.contexts.push_back({"a: b", "lab:1", "t", "/f", "/ca"});
  ASSERT_TRUE(WriteConfig(path, config).ok());
  const auto read = ReadConfig(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->current, "a: b");
  EXPECT_EQ(read->contexts[0].token_file, "/f");
  struct stat info = {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace labslot::client
