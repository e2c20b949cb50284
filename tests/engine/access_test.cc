// Who may do what.

#include "daemon/engine/access.h"

#include <gtest/gtest.h>

#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Binding;
using support::Draft;
using support::Item;
using support::MakeAsset;
using support::MakeChild;
using support::MakeOrganisation;
using support::MakeSite;
using support::MakeUser;
using support::Script;
using support::Span;
using support::World;

User WithRole(const std::string& id, Role role, ScopeKind kind, const std::string& scope = "") {
  User user = MakeUser(id);
  user.role_bindings = {Binding(role, kind, scope)};
  return user;
}

// The oven and the line (with a cell) stand at lommel, the press at gent,
// which `works` runs; `works` owns the oven, too.
class AccessTest : public testing::Test {
 protected:
  AccessTest() {
    world_.Add(MakeOrganisation("works"));
    world_.Add(MakeOrganisation("other"));
    world_.Add(MakeSite("lommel"));
    Site gent = MakeSite("gent");
    gent.organisation = "works";
    world_.Add(gent);
    Asset oven = MakeAsset("oven");
    oven.organisation = "works";
    world_.Add(oven);
    world_.Add(MakeAsset("press", "gent"));
    world_.Add(MakeAsset("line"));
    world_.Add(MakeChild("cell", "line"));
    world_.Add(MakeUser("bea", {"other", "acme"}));
    world_.Add(MakeUser("zoe", {"other"}));
    world_.Add(WithRole("root", Role::kAdministrator, ScopeKind::kPlatform));
    world_.Add(WithRole("max", Role::kAssetManager, ScopeKind::kPlatform));
    world_.Add(WithRole("sam", Role::kAssetManager, ScopeKind::kSite, "lommel"));
    world_.Add(WithRole("oto", Role::kAssetManager, ScopeKind::kOrganisation, "works"));
    world_.Add(WithRole("lin", Role::kAssetManager, ScopeKind::kAsset, "line"));
    world_.Add(WithRole("chief", Role::kAdministrator, ScopeKind::kSite, "gent"));
    world_.Add(WithRole("mem", Role::kMember, ScopeKind::kPlatform));
  }

  World world_;
  Script script_{world_};
};

TEST_F(AccessTest, ManagersManageTheAssetsOfTheirScope) {
  const struct {
    const char* user;
    bool oven, press, line, cell;
  } table[] = {
      {"ada", false, false, false, false},      {"mem", false, false, false, false},
      {"nobody", false, false, false, false},   {"", false, false, false, false},
      {"root", true, true, true, true},         {"max", true, true, true, true},
      {"sam", true, false, true, true},         {"oto", true, true, false, false},
      {"lin", false, false, true, true},        {"chief", false, true, false, false},
      {kLocalOperator, true, true, true, true}, {kDaemonActor, true, true, true, true},
  };
  const Catalogue& catalogue = world_.catalogue();
  for (const auto& row : table) {
    const Principal who{row.user};
    EXPECT_EQ(ManagesAsset(catalogue, who, *catalogue.FindAsset("oven")), row.oven) << row.user;
    EXPECT_EQ(ManagesAsset(catalogue, who, *catalogue.FindAsset("press")), row.press) << row.user;
    EXPECT_EQ(ManagesAsset(catalogue, who, *catalogue.FindAsset("line")), row.line) << row.user;
    EXPECT_EQ(ManagesAsset(catalogue, who, *catalogue.FindAsset("cell")), row.cell) << row.user;
  }
}

TEST_F(AccessTest, OnlyAPlatformAdministratorIsAdministrator) {
  for (const char* user : {"ada", "mem", "max", "sam", "chief", "nobody", ""}) {
    EXPECT_FALSE(IsAdministrator(world_.catalogue(), {user})) << user;
  }
  for (const char* user : {"root", kLocalOperator, kDaemonActor}) {
    EXPECT_TRUE(IsAdministrator(world_.catalogue(), {user})) << user;
  }
}

TEST_F(AccessTest, ReservationsAreSeenAndChangedByThoseWhoMay) {
  // Of ada for acme: the oven and the press.
  const ReservationId id =
      world_.MustBook(Draft({Item("oven"), Item("press")}, Span("mon 9:00-10:00")));
  const Reservation& made = world_.reservation(id);
  const struct {
    const char* user;
    bool sees, changes;
  } table[] = {
      {"ada", true, true},    {"bea", true, false}, {"zoe", false, false},
      {"mem", false, false},  {"root", true, true}, {"max", true, true},
      {"sam", true, false},   {"oto", true, true},  {"lin", false, false},
      {"chief", true, false}, {"", false, false},   {"nobody", false, false},
  };
  for (const auto& row : table) {
    EXPECT_EQ(MaySee(world_.catalogue(), {row.user}, made), row.sees) << row.user;
    EXPECT_EQ(MayChange(world_.catalogue(), {row.user}, made), row.changes) << row.user;
    const auto cancel = world_.Try({row.user}, CancelReservation{id, 0});
    const std::string outcome = cancel.ok() ? "ok" : support::ErrorWord(cancel.error().kind);
    EXPECT_EQ(outcome, row.changes ? "ok" : row.sees ? "role_required" : "not_found") << row.user;
  }
}

TEST_F(AccessTest, ATimelineTellsWhoMaySeeOrSaysThatItDoesNotKnow) {
  Reservation for_other = Draft({Item("line")}, Span("mon 9:00-10:00"));
  for_other.on_behalf_of = "other";
  const struct {
    Reservation draft;
    bool always_told;
  } table[] = {
      {Draft({Item("oven")}, Span("mon 9:00-10:00")), true},
      {Draft({Item("oven"), Item("press")}, Span("mon 12:00-13:00")), false},
      {for_other, false},
  };
  const Catalogue& catalogue = world_.catalogue();
  for (const auto& row : table) {
    const ReservationId id = world_.MustBook(row.draft);
    const Reservation& made = world_.reservation(id);
    for (const ReservationItem& item : made.items) {
      const auto occupants = world_.state().timeline(item.asset).Overlapping(made.interval, 10);
      ASSERT_EQ(occupants.size(), 1u);
      const Party& party = world_.state().parties().Get(occupants[0].party);
      EXPECT_EQ(party, (Party{made.user, made.organisation, made.site}));
      for (const char* user : {"ada", "bea", "zoe", "mem", "root", "max", "sam", "oto", "lin",
                               "chief", "", "nobody", kLocalOperator}) {
        const auto told =
            MaySee(catalogue, {user}, *catalogue.FindAsset(item.asset), occupants[0], party);
        EXPECT_TRUE(told.has_value() || !row.always_told) << user;
        EXPECT_EQ(told.value_or(MaySee(catalogue, {user}, made)), MaySee(catalogue, {user}, made))
            << user;
      }
    }
  }
}

TEST_F(AccessTest, WhatOneMayNotSeeAnswersLikeWhatIsNotThere) {
  const ReservationId id = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-10:00")));
  const ReservationId missing = id + 1000;
  const auto hidden = world_.Try({"zoe"}, CancelReservation{id, 0});
  const auto absent = world_.Try({"zoe"}, CancelReservation{missing, 0});
  ASSERT_FALSE(hidden.ok());
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(hidden.error().kind, absent.error().kind);
  std::string expected = absent.error().message;
  const size_t at = expected.find(std::to_string(missing));
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(hidden.error().message,
            expected.replace(at, std::to_string(missing).size(), std::to_string(id)));
  // Also with a stale version, which must not give it away.
  EXPECT_EQ(world_.Try({"zoe"}, CancelReservation{id, 1}).error().kind, ErrorKind::kNotFound);
}

TEST_F(AccessTest, BookingForOthersTakesTheManagerOfAllItems) {
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by bea for ada           -> role_required
    book oven @ mon 9:00-10:00 by sam for ada           -> ok
    book oven,press @ mon 10:00-11:00 by sam for ada    -> role_required
    book oven,press @ mon 10:00-11:00 by oto for ada    -> ok
    book cell @ mon 10:00-11:00 by lin for zoe          -> ok
    book oven,press,line @ mon 11:00-12:00 by root for zoe -> ok
    book oven @ mon 12:00-13:00 by @operator for zoe    -> ok
    book oven @ mon 13:00-14:00 by @operator            -> invalid reservation.user
    book oven @ mon 13:00-14:00 by nobody               -> role_required
  )");
}

TEST_F(AccessTest, AReservationIsNotHandedToWhomOneMayNotBookFor) {
  const ReservationId id = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-10:00")));
  UpdateReservation update;
  update.id = id;
  update.patch = [](const Reservation& current) {
    Reservation changed = current;
    changed.user = "zoe";
    changed.organisation = "other";
    return Result<Reservation>(changed);
  };
  EXPECT_EQ(world_.Try({"ada"}, update).error().kind, ErrorKind::kRoleRequired);
  EXPECT_TRUE(world_.Run({"oto"}, update).ok());
  EXPECT_EQ(world_.reservation(id).user, "zoe");
}

TEST_F(AccessTest, AManagerOfOneItemCannotTakeInAnAssetOfOthers) {
  const ReservationId id = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-10:00")));
  UpdateReservation update;
  update.id = id;
  update.patch = [](const Reservation& current) {
    Reservation changed = current;
    changed.items = {Item("press")};
    return Result<Reservation>(changed);
  };
  EXPECT_EQ(world_.Try({"sam"}, update).error().kind, ErrorKind::kRoleRequired);
  EXPECT_TRUE(world_.Try({"oto"}, update).ok());
}

TEST_F(AccessTest, AnUnknownUserAnswersLikeAnother) {
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 for zoe     -> role_required
    book oven @ mon 9:00-10:00 for ghost   -> role_required
  )");
}

TEST_F(AccessTest, NobodyBooksForAnOrganisationThatIsNotHis) {
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 of other            -> not_a_member
    book oven @ mon 9:00-10:00 by bea of other     -> ok
    book oven @ mon 10:00-11:00 by sam for zoe of acme -> not_a_member
    book oven @ mon 10:00-11:00 by bea             -> ok
  )");
  EXPECT_EQ(world_.reservations().rbegin()->second.organisation, "other");
}

TEST_F(AccessTest, ADisabledUserGetsNoBookings) {
  const ReservationId id = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-10:00")), "zoe");
  ASSERT_TRUE(world_.Run(DeleteRecord{"users", "zoe", 0}).ok());
  EXPECT_EQ(world_.catalogue().FindUser("zoe")->state, UserState::kDisabled);
  EXPECT_FALSE(MaySee(world_.catalogue(), {"zoe"}, world_.reservation(id)));
  EXPECT_FALSE(world_.Cancel(id, "zoe").ok());
  EXPECT_FALSE(world_.Book(Draft({Item("oven")}, Span("tue 9:00-10:00")), "zoe").ok());
  EXPECT_TABLE(script_, "book oven @ tue 9:00-10:00 by sam for zoe -> user_disabled");
}

TEST_F(AccessTest, ADisabledAdministratorHasNoPowerLeft) {
  ASSERT_TRUE(world_.Run(DeleteRecord{"users", "root", 0}).ok());
  EXPECT_FALSE(IsAdministrator(world_.catalogue(), {"root"}));
  EXPECT_FALSE(ManagesAsset(world_.catalogue(), {"root"}, *world_.catalogue().FindAsset("oven")));
  EXPECT_FALSE(world_.Run({"root"}, CreateRecord{MakeSite("brno")}).ok());
}

TEST_F(AccessTest, RecordsAreWrittenByThoseWhoMay) {
  const struct {
    const char* user;
    const char* what;
    Resource record;
    bool may;
  } table[] = {
      {"ada", "site", MakeSite("s1"), false},
      {"max", "site", MakeSite("s1"), false},
      {"chief", "site", MakeSite("s1"), false},
      {"root", "site", MakeSite("s1"), true},
      {kLocalOperator, "site", MakeSite("s1"), true},
      {"ada", "asset", MakeAsset("a1"), false},
      {"sam", "asset at lommel", MakeAsset("a1"), true},
      {"sam", "asset at gent", MakeAsset("a1", "gent"), false},
      {"oto", "asset at gent", MakeAsset("a1", "gent"), true},
      {"oto", "asset at lommel", MakeAsset("a1"), false},
      {"lin", "part of the line", MakeChild("a1", "line"), true},
      {"lin", "asset at lommel", MakeAsset("a1"), false},
      {"max", "organisation", MakeOrganisation("o1"), false},
      {"root", "organisation", MakeOrganisation("o1"), true},
      {"max", "user", MakeUser("u1"), false},
      {"sam", "administrator", WithRole("u1", Role::kAdministrator, ScopeKind::kPlatform), false},
      {"root", "user", MakeUser("u1"), true},
      {"max", "region", support::MakeRegion("r1", {}), false},
      {"root", "region", support::MakeRegion("r1", {}), true},
  };
  for (const auto& row : table) {
    const auto result = world_.Try({row.user}, CreateRecord{row.record});
    EXPECT_EQ(result.ok(), row.may) << row.user << " " << row.what;
    if (!row.may) {
      EXPECT_EQ(result.error().kind, ErrorKind::kRoleRequired) << row.user;
    }
    const auto import = world_.Try({row.user}, ImportRecords{{row.record}});
    EXPECT_EQ(import.ok(), row.may) << "import " << row.user << " " << row.what;
  }
}

TEST_F(AccessTest, AManagerCannotPullAnAssetOverNorPushOneAway) {
  Asset press = *world_.catalogue().FindAsset("press");
  press.site = "lommel";
  UpdateRecord<Asset> update;
  update.id = "press";
  update.patch = [press](const Asset&) { return Result<Asset>(press); };
  EXPECT_EQ(world_.Try({"sam"}, update).error().kind, ErrorKind::kRoleRequired);
  Asset line = *world_.catalogue().FindAsset("line");
  line.site = "gent";
  update.id = "line";
  update.patch = [line](const Asset&) { return Result<Asset>(line); };
  EXPECT_EQ(world_.Try({"sam"}, update).error().kind, ErrorKind::kRoleRequired);
  EXPECT_TRUE(world_.Try({"max"}, update).ok());
}

TEST_F(AccessTest, APartNeedsTheManagerOfTheWhole) {
  // Booking a part blocks the whole: sam must not get at the press that way.
  EXPECT_EQ(world_.Try({"sam"}, CreateRecord{MakeChild("hook", "press")}).ok(), false);
  EXPECT_TRUE(world_.Try({"sam"}, CreateRecord{MakeChild("hook", "oven")}).ok());
}

TEST_F(AccessTest, TokensAreForTheirUserAndAdministrators) {
  Token token;
  token.id = "t1";
  token.user = "ada";
  token.secret_sha256 = std::string(32, 'x');
  for (const char* user : {"bea", "sam", "max", "zoe"}) {
    EXPECT_EQ(world_.Try({user}, CreateRecord{token}).error().kind, ErrorKind::kRoleRequired);
  }
  EXPECT_TRUE(world_.Try({"root"}, CreateRecord{token}).ok());
  ASSERT_TRUE(world_.Run({"ada"}, CreateRecord{token}).ok());
  EXPECT_TRUE(MayRead(world_.catalogue(), {"ada"}, token));
  EXPECT_TRUE(MayRead(world_.catalogue(), {"root"}, token));
  EXPECT_FALSE(MayRead(world_.catalogue(), {"bea"}, token));
  EXPECT_EQ(world_.Try({"bea"}, DeleteRecord{"tokens", "t1", 0}).error().kind,
            ErrorKind::kNotFound);
  EXPECT_TRUE(world_.Run({"ada"}, DeleteRecord{"tokens", "t1", 0}).ok());
  EXPECT_EQ(world_.catalogue().FindToken("t1"), nullptr);
}

TEST_F(AccessTest, UsersAreReadByThemselvesAndAdministrators) {
  const User ada = *world_.catalogue().FindUser("ada");
  EXPECT_TRUE(MayRead(world_.catalogue(), {"ada"}, ada));
  EXPECT_TRUE(MayRead(world_.catalogue(), {"root"}, ada));
  EXPECT_FALSE(MayRead(world_.catalogue(), {"max"}, ada));
  EXPECT_FALSE(MayRead(world_.catalogue(), {"bea"}, ada));
  for (const char* user : {"bea", "zoe", "max"}) {
    EXPECT_EQ(world_.Try({user}, DeleteRecord{"users", "ada", 0}).error().kind,
              ErrorKind::kNotFound)
        << user;
  }
  EXPECT_EQ(world_.Try({"ada"}, DeleteRecord{"users", "ada", 0}).error().kind,
            ErrorKind::kRoleRequired);
}

TEST_F(AccessTest, TakingARoleAwayWorksAtOnce) {
  User sam = *world_.catalogue().FindUser("sam");
  sam.role_bindings.clear();
  ASSERT_TRUE(world_.Replace(sam).ok());
  EXPECT_TABLE(script_, "book oven @ mon 9:00-10:00 by sam for ada -> role_required");
}

}  // namespace
}  // namespace labslot::engine
