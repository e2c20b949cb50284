// The catalogue and the relations of assets, against the obvious loops.

#include "daemon/engine/catalogue.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/engine/naive.h"
#include "tests/support/records.h"

namespace labslot::engine {
namespace {

using support::MakeAsset;
using support::MakeChild;

TEST(CatalogueTest, RelationsFollowTheTreeAndTheGroups) {
  Catalogue catalogue;
  catalogue.Put(MakeAsset("line"));
  catalogue.Put(MakeChild("cell-a", "line"));
  catalogue.Put(MakeChild("cell-b", "line"));
  catalogue.Put(MakeChild("robot", "cell-a"));
  EXPECT_EQ(catalogue.Related("cell-a"), (std::vector<std::string>{"line", "robot"}));
  EXPECT_EQ(catalogue.Related("line"), (std::vector<std::string>{"cell-a", "cell-b", "robot"}));
  EXPECT_EQ(catalogue.Children("line"), (std::vector<std::string>{"cell-a", "cell-b"}));
  EXPECT_TRUE(catalogue.Children("robot").empty());
  EXPECT_TRUE(catalogue.Related("ghost").empty());
}

TEST(CatalogueTest, RelationsFollowEveryChange) {
  Catalogue catalogue;
  catalogue.Put(MakeAsset("a"));
  catalogue.Put(MakeChild("b", "a"));
  EXPECT_EQ(catalogue.Related("a"), (std::vector<std::string>{"b"}));
  catalogue.Put(MakeAsset("b"));
  EXPECT_TRUE(catalogue.Related("a").empty());
  Asset grouped = MakeAsset("a");
  grouped.exclusion_groups = {"g"};
  catalogue.Put(grouped);
  grouped.id = "c";
  catalogue.Put(grouped);
  EXPECT_EQ(catalogue.Related("a"), (std::vector<std::string>{"c"}));
}

TEST(CatalogueTest, ACopyLivesItsOwnLife) {
  Catalogue original;
  original.Put(MakeAsset("a"));
  Catalogue copy = original;
  copy.Put(MakeChild("b", "a"));
  EXPECT_EQ(original.FindAsset("b"), nullptr);
  EXPECT_TRUE(original.Related("a").empty());
  EXPECT_EQ(copy.Related("a"), (std::vector<std::string>{"b"}));
}

TEST(CatalogueTest, RandomRelationsAgreeWithTheObviousLoops) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    Catalogue catalogue;
    for (int step = 0; step < 30; ++step) {
      const int number = static_cast<int>(random() % 12);
      Asset asset = MakeAsset("a" + std::to_string(number));
      // Only smaller numbers are parents, so there is never a circle.
      if (number > 0 && random() % 2 == 0) {
        const std::string parent = "a" + std::to_string(random() % static_cast<unsigned>(number));
        if (catalogue.FindAsset(parent) != nullptr) asset.parent = parent;
      }
      for (const char* group : {"g", "h"}) {
        if (random() % 4 == 0) asset.exclusion_groups.push_back(group);
      }
      catalogue.Put(asset);
      if (step % 3 != 0) continue;
      for (const auto& [id, record] : catalogue.assets()) {
        ASSERT_EQ(catalogue.Related(id), NaivelyRelated(catalogue, *record)) << id;
      }
    }
  }
}

TEST(CatalogueTest, UsersAreFoundByLoginAndTokensByHashAsLongAsTheyHaveThem) {
  Catalogue catalogue;
  User user = support::MakeUser("ada");
  user.unix_login = "ada1";
  catalogue.Put(user);
  ASSERT_NE(catalogue.FindUserByLogin("ada1"), nullptr);
  EXPECT_EQ(catalogue.FindUserByLogin(""), nullptr);
  user.unix_login = "ada2";
  catalogue.Put(user);
  EXPECT_EQ(catalogue.FindUserByLogin("ada1"), nullptr);
  ASSERT_NE(catalogue.FindUserByLogin("ada2"), nullptr);
  EXPECT_EQ(catalogue.FindUserByLogin("ada2")->id, "ada");
  User other = support::MakeUser("bob");
  catalogue.Put(other);
  EXPECT_EQ(catalogue.FindUserByLogin(""), nullptr);

  Token token;
  token.id = "t1";
  token.user = "ada";
  token.secret_sha256 = std::string(32, 'x');
  catalogue.Put(token);
  ASSERT_NE(catalogue.FindTokenByHash(token.secret_sha256), nullptr);
  catalogue.Remove(token);
  EXPECT_EQ(catalogue.FindTokenByHash(token.secret_sha256), nullptr);
  EXPECT_EQ(catalogue.FindToken("t1"), nullptr);
}

TEST(CatalogueTest, CurrentFindsByCollectionAndId) {
  Catalogue catalogue;
  Asset asset = MakeAsset("x");
  asset.description = "stored";
  catalogue.Put(asset);
  const auto current = catalogue.Current(MakeAsset("x"));
  ASSERT_TRUE(current.has_value());
  EXPECT_EQ(std::get<Asset>(*current).description, "stored");
  EXPECT_FALSE(catalogue.Current(support::MakeSite("x")).has_value());
  catalogue.Put(Reservation{});
  EXPECT_FALSE(catalogue.Current(Reservation{}).has_value());
}

}  // namespace
}  // namespace labslot::engine
