#include "daemon/service/convert/names.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(NameConversion, IdsKeepTheirRule) {
  for (const char* id : {"a", "make-lab", "a1", "x--y"}) {
    FieldErrors errors;
    EXPECT_EQ(IdFromProto(id, "site_id", errors), id);
    EXPECT_TRUE(errors.ok()) << Told(errors);
  }
  for (const std::string& id :
       {std::string(), std::string("A"), std::string("1a"), std::string("a-"), std::string("-a"),
        std::string("a_b"), std::string("a/b"), std::string(64, 'a'), std::string("a\0", 2),
        std::string("\xC3\xA9"), std::string(1 << 20, 'a'), std::string("..")}) {
    FieldErrors errors;
    EXPECT_EQ(IdFromProto(id, "site_id", errors), "");
    EXPECT_THAT(Told(errors), HasSubstr("1 to 63 characters of a-z, 0-9 and hyphen"));
  }
}

TEST(NameConversion, ANameIsOfItsCollection) {
  FieldErrors errors;
  EXPECT_EQ(IdFromName(kSites, "sites/lommel", Presence::kRequired, "name", errors), "lommel");
  EXPECT_EQ(IdFromName(kSites, "", Presence::kOptional, "name", errors), "");
  EXPECT_TRUE(errors.ok());
  for (const char* name : {"assets/lommel", "lommel", "sites/", "sites", "sites/a/b", "Sites/a",
                           "sites/A", " sites/a", "sites/a ", "sites//a", "/sites/a"}) {
    FieldErrors found;
    EXPECT_EQ(IdFromName(kSites, name, Presence::kOptional, "name", found), "");
    EXPECT_THAT(Told(found), HasSubstr("name: must be sites/{id} with an id of 1 to 63"));
  }
  IdFromName(kSites, "", Presence::kRequired, "name", errors);
  EXPECT_EQ(Told(errors), "name: must be set, as sites/{id}\n");
}

TEST(NameConversion, ReservationsHaveNumbers) {
  FieldErrors errors;
  EXPECT_EQ(ReservationIdFromName("reservations/1042", "name", errors), 1042);
  EXPECT_TRUE(errors.ok());
  for (const char* name :
       {"", "reservations/", "reservations/0", "reservations/-1", "reservations/007",
        "reservations/x", "reservations/99999999999999999999", "1042", "sites/1042"}) {
    FieldErrors found;
    EXPECT_EQ(ReservationIdFromName(name, "name", found), 0);
    EXPECT_EQ(found.violations().size(), 1u);
  }
}

TEST(NameConversion, SeriesHaveNumbers) {
  FieldErrors errors;
  EXPECT_EQ(SeriesIdFromName("series/1041", "name", errors), 1041);
  EXPECT_TRUE(errors.ok());
  for (const char* name : {"", "series/", "series/0", "series/x", "reservations/1041"}) {
    FieldErrors found;
    EXPECT_EQ(SeriesIdFromName(name, "name", found), 0);
    EXPECT_THAT(Told(found), HasSubstr("series/{number}"));
  }
}

TEST(NameConversion, AnActorWithoutARecordHasAWord) {
  EXPECT_EQ(NameOfActor("anna"), "users/anna");
  EXPECT_EQ(NameOfActor("@operator"), "operator");
  EXPECT_EQ(NameOfActor("@daemon"), "daemon");
  EXPECT_EQ(NameOfActor(""), "");
}

TEST(NameConversion, ListsOfNamesHaveNoRepetitionAndALimit) {
  google::protobuf::RepeatedPtrField<std::string> names;
  for (const char* name : {"assets/a", "", "sites/b", "assets/a", "assets/c"}) *names.Add() = name;
  FieldErrors errors;
  EXPECT_THAT(IdsFromNames(kAssets, names, 4, "assets", errors), ElementsAre("a"));
  EXPECT_THAT(Told(errors), HasSubstr("assets: must have at most 4 elements, not 5\n"));
  EXPECT_THAT(Told(errors), HasSubstr("assets[1]: must be set"));
  EXPECT_THAT(Told(errors), HasSubstr("assets[2]: must be assets/{id}"));
  EXPECT_THAT(Told(errors), HasSubstr("assets[3]: must not be listed twice: assets/a"));
}

TEST(NameConversion, EtagsAreRevisionsInQuotes) {
  FieldErrors errors;
  EXPECT_EQ(EtagOf(1042), "\"1042\"");
  EXPECT_EQ(RevisionFromEtag("\"1042\"", "etag", errors), 1042);
  EXPECT_EQ(RevisionFromEtag("", "etag", errors), 0);
  EXPECT_TRUE(errors.ok());
  for (const char* etag : {"1042", "\"\"", "\"007\"", "\"-1\"", "\"0\"", "\"x\"", "\"1042", "\"",
                           "W/\"1042\"", "\"99999999999999999999\"", "\" 1\""}) {
    FieldErrors found;
    EXPECT_EQ(RevisionFromEtag(etag, "site.etag", found), 0);
    EXPECT_THAT(Told(found), HasSubstr("site.etag: must be an etag as the daemon gave it out"));
  }
}

}  // namespace
}  // namespace labslot::service
