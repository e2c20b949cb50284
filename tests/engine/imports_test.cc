// Imports of many records at once.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "daemon/domain/names.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::MakeAsset;
using support::MakeChild;
using support::MakeOrganisation;
using support::MakePool;
using support::MakeSite;
using support::MakeUser;
using support::World;

std::vector<Resource> SmallCatalogue() {
  Site lommel = MakeSite("lommel");
  lommel.organisation = "works";
  lommel.calendar = support::Office();
  lommel.calendar->holiday_region = "be";
  User bob = MakeUser("bob", {"works"});
  bob.unix_login = "bob";
  bob.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "robot")};
  return {support::MakeRegion("be", {support::Feast("2027-03-29", "Easter Monday")}),
          MakeOrganisation("works"),
          lommel,
          MakeAsset("line"),
          MakeChild("cell", "line"),
          MakeChild("robot", "cell"),
          MakePool("rigs", 7),
          bob};
}

std::map<std::string, Resource> RecordsOf(const Catalogue& catalogue) {
  std::map<std::string, Resource> records;
  const auto add = [&records](const auto& table) {
    for (const auto& [id, record] : table) {
      auto copy = *record;
      copy.revision = 0;
      records.emplace(NameOf(Resource(copy)), copy);
    }
  };
  add(catalogue.sites());
  add(catalogue.assets());
  add(catalogue.holiday_regions());
  add(catalogue.organisations());
  add(catalogue.users());
  return records;
}

TEST(ImportsTest, AnyOrderGivesTheSameCatalogue) {
  World reference;
  ASSERT_TRUE(reference.Run(ImportRecords{SmallCatalogue()}).ok());
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::vector<Resource> shuffled = SmallCatalogue();
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(seed));
    World world;
    ASSERT_TRUE(world.Run(ImportRecords{shuffled}).ok()) << "seed " << seed;
    EXPECT_EQ(RecordsOf(world.catalogue()), RecordsOf(reference.catalogue())) << "seed " << seed;
  }
}

TEST(ImportsTest, ARepetitionChangesNothing) {
  World world;
  const auto first = world.Run(ImportRecords{SmallCatalogue()});
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first.value().changes.size(), SmallCatalogue().size());
  EXPECT_EQ(first.value().unchanged_count, 0);
  const Revision head = world.state().head();
  world.now += 1000;
  const auto again = world.Run(ImportRecords{SmallCatalogue()});
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again.value().changes.empty());
  EXPECT_EQ(again.value().unchanged_count, static_cast<int>(SmallCatalogue().size()));
  EXPECT_EQ(world.state().head(), head);
}

TEST(ImportsTest, OnlyWhatDiffersIsChanged) {
  World world;
  ASSERT_TRUE(world.Run(ImportRecords{SmallCatalogue()}).ok());
  std::vector<Resource> changed = SmallCatalogue();
  std::get<Asset>(changed[6]).capacity = 8;
  const auto result = world.Run(ImportRecords{changed});
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result.value().changes.size(), 1u);
  EXPECT_EQ(result.value().changes[0].event.type, EventType::kUpdated);
  EXPECT_EQ(world.catalogue().FindAsset("rigs")->capacity, 8);
}

TEST(ImportsTest, AllOrNothing) {
  World world;
  std::vector<Resource> records = SmallCatalogue();
  records.push_back(MakeAsset("lost", "ghost"));
  const Revision head = world.state().head();
  const auto result = world.Run(ImportRecords{records});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().fields.at(0).field, "catalogue.assets[4].site");
  EXPECT_EQ(world.state().head(), head);
  EXPECT_EQ(world.catalogue().FindAsset("line"), nullptr);
}

TEST(ImportsTest, AllViolationsAreToldAtOnce) {
  World world;
  const auto result =
      world.Run(ImportRecords{{MakeAsset("a", "ghost"), MakeSite("s"), MakeChild("b", "ghost", "s"),
                               MakeUser("u", {"ghost"})}});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().fields.size(), 3u);
}

TEST(ImportsTest, ARecordThatComesTwiceIsAnError) {
  World world;
  const auto result = world.Run(ImportRecords{{MakeSite("s"), MakeSite("t"), MakeSite("s")}});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().fields.at(0).field, "catalogue.sites[2].name");
}

TEST(ImportsTest, CirclesAreFoundWhateverTheirLength) {
  for (int length = 1; length <= 20; ++length) {
    World world;
    world.Add(MakeSite("lommel"));
    std::vector<Resource> records;
    for (int i = 0; i < length; ++i) {
      records.push_back(MakeChild("a" + std::to_string(i), "a" + std::to_string((i + 1) % length)));
    }
    const auto result = world.Run(ImportRecords{records});
    ASSERT_FALSE(result.ok()) << length;
    EXPECT_EQ(result.error().kind, ErrorKind::kInvalidFields) << length;
  }
}

TEST(ImportsTest, AnEmptyImportChangesNothing) {
  World world;
  const auto result = world.Run(ImportRecords{});
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result.value().changes.empty());
  EXPECT_FALSE(world.Run({"ada"}, ImportRecords{}).ok());
}

TEST(ImportsTest, LoginsCanBeExchanged) {
  World world;
  User a = MakeUser("a");
  a.unix_login = "x";
  User b = MakeUser("b");
  b.unix_login = "y";
  ASSERT_TRUE(world.Run(ImportRecords{{a, b}}).ok());
  std::swap(a.unix_login, b.unix_login);
  const auto result = world.Run(ImportRecords{{a, b}});
  ASSERT_TRUE(result.ok());
  ASSERT_NE(world.catalogue().FindUserByLogin("y"), nullptr);
  EXPECT_EQ(world.catalogue().FindUserByLogin("y")->id, "a");
  ASSERT_NE(world.catalogue().FindUserByLogin("x"), nullptr);
  EXPECT_EQ(world.catalogue().FindUserByLogin("x")->id, "b");
}

TEST(ImportsTest, ALoginIsNotGivenToTwo) {
  World world;
  User a = MakeUser("a");
  a.unix_login = "x";
  User b = MakeUser("b");
  b.unix_login = "x";
  EXPECT_FALSE(world.Run(ImportRecords{{a, b}}).ok());
  ASSERT_TRUE(world.Run(ImportRecords{{a}}).ok());
  EXPECT_FALSE(world.Run(ImportRecords{{b}}).ok());
  EXPECT_FALSE(world.Run(ImportRecords{{a, b}}).ok());
}

TEST(ImportsTest, AnImportDoesNotBringBackWhatWasRetired) {
  World world;
  ASSERT_TRUE(world.Run(ImportRecords{SmallCatalogue()}).ok());
  ASSERT_TRUE(world.Run(DeleteRecord{"assets", "rigs", 0}).ok());
  ASSERT_TRUE(world.Run(DeleteRecord{"users", "bob", 0}).ok());
  const auto again = world.Run(ImportRecords{SmallCatalogue()});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(world.catalogue().FindAsset("rigs")->state, AssetState::kRetired);
  EXPECT_EQ(world.catalogue().FindUser("bob")->state, UserState::kDisabled);
}

}  // namespace
}  // namespace labslot::engine
