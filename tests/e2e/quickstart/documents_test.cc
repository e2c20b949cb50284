// What the pages of docs/ show, checked against the programs.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/yaml/record_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "labslot/v1/catalogue_service.pb.h"
#include "labslot/v1/refusal.pb.h"

namespace labslot {
namespace {

using ::testing::HasSubstr;

std::string Page(const std::string& name) {
  const std::string path = absl::StrCat(LABSLOT_DOCS_DIR, "/", name);
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  EXPECT_TRUE(stream) << path;
  return text.str();
}

// What stands between ```yaml and ```.
std::vector<std::string> YamlBlocks(const std::string& page) {
  std::vector<std::string> blocks;
  bool inside = false;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (line == "```yaml") {
      blocks.emplace_back();
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      absl::StrAppend(&blocks.back(), line, "\n");
    }
  }
  return blocks;
}

v1::Catalogue ReadAll(const std::string& page) {
  v1::Catalogue all;
  for (const std::string& block : YamlBlocks(Page(page))) {
    v1::Catalogue catalogue;
    const absl::Status status = client::ReadRecord(block, page, &catalogue);
    EXPECT_TRUE(status.ok()) << status << "\n" << block;
    all.MergeFrom(catalogue);
  }
  return all;
}

void ExpectEveryKindOfRule(const v1::Catalogue& catalogue) {
  const google::protobuf::OneofDescriptor* rules =
      v1::Policy::descriptor()->FindOneofByName("rule");
  for (int i = 0; i < rules->field_count(); ++i) {
    const auto shows = [&](const v1::Policy& policy) {
      return policy.rule_case() == rules->field(i)->number();
    };
    EXPECT_THAT(catalogue.policies(), testing::Contains(testing::Truly(shows)))
        << rules->field(i)->name();
  }
}

TEST(Documents, ShowRulesThatCanBeImported) {
  const v1::Catalogue shown = ReadAll("RULES.md");
  ExpectEveryKindOfRule(shown);
  EXPECT_GE(shown.quotas_size(), 2);
}

TEST(Documents, ShowACatalogueThatCanBeImported) {
  const v1::Catalogue shown = ReadAll("CATALOGUE.md");
  EXPECT_GE(shown.sites_size(), 1);
  EXPECT_GE(shown.groups_size(), 1);
  EXPECT_GE(shown.policies_size(), 2);
  EXPECT_GE(shown.quotas_size(), 1);
}

// Each line of this table, with its rule, is a policy that can be imported.
TEST(Documents, ShowEveryRuleOfAPolicyInItsShortForm) {
  std::string file = "policies:\n";
  int count = 0;
  for (const absl::string_view line : absl::StrSplit(Page("CATALOGUE.md"), '\n')) {
    const std::vector<std::string> cells = absl::StrSplit(line, '`');
    if (cells.size() < 2 || cells[0] != "| ") continue;
    const std::string key = cells[1].substr(0, cells[1].find(':'));
    const auto* field = v1::Policy::descriptor()->FindFieldByName(key);
    if (field == nullptr || field->containing_oneof() == nullptr) continue;
    absl::StrAppend(&file, "  - name: p", ++count, "\n    ", cells[1], "\n");
  }
  v1::Catalogue catalogue;
  const absl::Status status = client::ReadRecord(file, "the table", &catalogue);
  EXPECT_TRUE(status.ok()) << status;
  ExpectEveryKindOfRule(catalogue);
}

TEST(Documents, NameEveryRuleThatARefusalShows) {
  const std::string page = Page("RULES.md");
  const google::protobuf::EnumDescriptor* rules = v1::Violation::Rule_descriptor();
  for (int i = 0; i < rules->value_count(); ++i) {
    if (rules->value(i)->number() == 0) continue;
    EXPECT_THAT(page, HasSubstr(absl::StrCat("\n| `", rules->value(i)->name(), "` | ")));
  }
}

}  // namespace
}  // namespace labslot
