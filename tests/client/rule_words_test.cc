#include "client/rule_words.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "client/output/time_text.h"
#include "client/output/words.h"

namespace labslot::client {
namespace {

TEST(RuleWordsTest, EveryRuleHasWordsOfItsOwn) {
  const auto* rules = v1::Violation::Rule_descriptor();
  std::set<std::string> titles;
  for (int i = 0; i < rules->value_count(); ++i) {
    const auto rule = static_cast<v1::Violation::Rule>(rules->value(i)->number());
    if (rule == v1::Violation::RULE_UNSPECIFIED) continue;
    const RuleWords& words = WordsOf(rule);
    const std::string& name = rules->value(i)->name();
    EXPECT_EQ(words.rule, rule) << name << " has no words";
    EXPECT_TRUE(titles.insert(std::string(words.title)).second) << name;
    for (const absl::string_view sentence : {words.what, words.why, words.next}) {
      ASSERT_FALSE(sentence.empty()) << name;
      EXPECT_EQ(sentence.back(), '.') << name << ": " << sentence;
      EXPECT_TRUE(absl::ascii_isupper(static_cast<unsigned char>(sentence[0])) ||
                  sentence[0] == '`')
          << name << ": " << sentence;
    }
  }
}

TEST(RuleWordsTest, ARuleOfANewerDaemonStillHasWords) {
  EXPECT_FALSE(WordsOf(static_cast<v1::Violation::Rule>(999)).what.empty());
}

TEST(WordsTest, TextIsCutAtBlanksToTheWidth) {
  EXPECT_EQ(Wrap("one two three", 9, "  "), "  one two\n  three\n");
  EXPECT_EQ(Wrap("one two three", 8, "  "), "  one\n  two\n  three\n");
  EXPECT_EQ(Wrap("one two three", 0, "  "), "  one two three\n");
  EXPECT_EQ(Wrap("unbreakable", 4, ""), "unbreakable\n");
  EXPECT_EQ(Wrap("é é é", 3, ""), "é é\né\n");
  EXPECT_EQ(Wrap("", 80, "  "), "");
  EXPECT_EQ(OrList({"a", "b", "c"}), "a, b or c");
  EXPECT_EQ(OrList({"a"}), "a");
}

TEST(WordsTest, SumsOfTimeAreHours) {
  EXPECT_EQ(HoursText(absl::Hours(20)), "20 h");
  EXPECT_EQ(HoursText(absl::Minutes(90)), "1.5 h");
  EXPECT_EQ(HoursText(absl::Minutes(20)), "0.33 h");
  EXPECT_EQ(HoursText(absl::Hours(1000)), "1000 h");
  EXPECT_EQ(HoursText(absl::ZeroDuration()), "0 h");
}

}  // namespace
}  // namespace labslot::client
