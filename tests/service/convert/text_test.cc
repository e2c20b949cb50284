#include "daemon/service/convert/text.h"

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/service/convert/cut_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {
namespace {

using ::testing::HasSubstr;

std::string Repeated(absl::string_view character, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&text, character);
  return text;
}

// What is told of a line of at most five characters.
std::string OfLine(absl::string_view text) {
  FieldErrors errors;
  LineFromProto(text, 5, Presence::kRequired, "f", errors);
  return Told(errors);
}

TEST(TextConversion, LengthIsCountedInCharactersNotBytes) {
  EXPECT_EQ(OfLine(Repeated("\xE2\x82\xAC", 5)), "");
  EXPECT_EQ(OfLine(Repeated("\xF0\x9F\x94\xAC", 5)), "");
  EXPECT_EQ(OfLine(Repeated("\xE2\x82\xAC", 6)), "f: must have at most 5 characters, not 6\n");
}

TEST(TextConversion, MalformedTextIsRefused) {
  EXPECT_EQ(OfLine(""), "f: must be set\n");
  EXPECT_THAT(OfLine("\xFF"), HasSubstr("well-formed UTF-8"));
  EXPECT_THAT(OfLine("\xC0\x80"), HasSubstr("well-formed UTF-8"));
  EXPECT_THAT(OfLine(std::string("a\0b", 3)), HasSubstr("control characters"));
  EXPECT_THAT(OfLine("\x1B[2J"), HasSubstr("control characters"));
  EXPECT_THAT(OfLine("a\nb"), HasSubstr("one line"));
  EXPECT_THAT(OfLine("a\tb"), HasSubstr("one line"));
  EXPECT_THAT(OfLine(std::string(1 << 20, 'a')), HasSubstr("not 1048576"));
}

TEST(TextConversion, TextMayHaveLines) {
  FieldErrors errors;
  EXPECT_EQ(TextFromProto("a\n\tb", 5, Presence::kOptional, "f", errors), "a\n\tb");
  EXPECT_TRUE(errors.ok());
  ReasonFromProto(std::string(limits::kMaxText + 1, 'a'), "reason", errors);
  EXPECT_THAT(Told(errors), HasSubstr("reason: must have at most 2000 characters, not 2001"));
}

TEST(TextConversion, LabelsKeepTheirRules) {
  google::protobuf::Map<std::string, std::string> labels;
  labels["ok.key/1_a-b"] = "any text \xC3\xA9";
  labels[""] = "empty key";
  labels["-leading"] = "x";
  labels["a b"] = "x";
  labels[std::string(64, 'k')] = "x";
  labels["\xFF"] = "x";
  labels["long"] = std::string(201, 'v');
  labels["lines"] = "a\nb";
  labels["bytes"] = "\xFF";
  FieldErrors errors;
  LabelsFromProto(labels, "labels", errors);
  EXPECT_EQ(errors.violations().size(), 8u) << Told(errors);
  EXPECT_THAT(Told(errors), HasSubstr("labels[\"long\"]: must have at most 200 characters"));
  EXPECT_THAT(Told(errors), HasSubstr("labels[\"a b\"]: must have a key of 1 to 63 letters"));
  for (const FieldViolation& violation : errors.violations()) {
    EXPECT_TRUE(IsCleanText(violation.field));
  }
}

TEST(TextConversion, TooManyLabelsAreRefused) {
  google::protobuf::Map<std::string, std::string> labels;
  for (size_t i = 0; i < limits::kMaxLabels; ++i) labels[absl::StrCat("k", i)] = "v";
  FieldErrors errors;
  EXPECT_EQ(LabelsFromProto(labels, "labels", errors).size(), limits::kMaxLabels);
  EXPECT_TRUE(errors.ok());
  labels["more"] = "v";
  LabelsFromProto(labels, "labels", errors);
  EXPECT_EQ(Told(errors), "labels: must have at most 64 entries, not 65\n");
}

TEST(TextConversion, OnlyZonesThatMeanTheSameEverywhereAreLegal) {
  for (const char* zone : {"Europe/Brussels", "UTC", "Etc/GMT+5", "America/Port-au-Prince",
                           "America/Argentina/Buenos_Aires"}) {
    FieldErrors errors;
    EXPECT_EQ(ZoneFromProto(zone, Presence::kRequired, "z", errors), zone) << Told(errors);
  }
  const std::string megabyte(1 << 20, 'E');
  for (const std::string& zone :
       {std::string("Mars/Olympus"), std::string("europe/brussels"), std::string("Europe"),
        std::string("../../etc/passwd"), std::string("/etc/localtime"), std::string("localtime"),
        std::string("Fixed/UTC+01:00:00"), std::string("Europe/../UTC"), std::string("\xFF"),
        std::string("UTC\0", 4), std::string("file:UTC"), megabyte}) {
    FieldErrors errors;
    EXPECT_EQ(ZoneFromProto(zone, Presence::kOptional, "z", errors), "");
    EXPECT_THAT(Told(errors), HasSubstr("z: must be an IANA time zone such as Europe/Brussels"))
        << zone.substr(0, 50);
    EXPECT_LT(Told(errors).size(), 300u);
  }
  FieldErrors errors;
  ZoneFromProto("", Presence::kOptional, "z", errors);
  EXPECT_TRUE(errors.ok());
  ZoneFromProto("", Presence::kRequired, "z", errors);
  EXPECT_FALSE(errors.ok());
}

TEST(TextConversion, RegionsAreNutsCodes) {
  for (const char* region : {"", "BE", "BE2", "BE22", "EE008", "ITH55"}) {
    FieldErrors errors;
    EXPECT_EQ(RegionFromProto(region, "r", errors), region);
    EXPECT_TRUE(errors.ok()) << Told(errors);
  }
  for (const char* region : {"B", "be22", "BE2222", "22BE", "BE 2", "\xFF\xFF", "BE-2"}) {
    FieldErrors errors;
    RegionFromProto(region, "r", errors);
    EXPECT_THAT(Told(errors), HasSubstr("r: must be a NUTS code such as BE22"));
  }
}

TEST(TextConversion, RequestIdsAreAnyTextOf128Characters) {
  EXPECT_TRUE(IsLegalRequestId(""));
  EXPECT_TRUE(IsLegalRequestId("6d0f9c0e-0000-4000-8000-000000000000"));
  EXPECT_TRUE(IsLegalRequestId(Repeated("\xE2\x82\xAC", 128)));
  EXPECT_FALSE(IsLegalRequestId(Repeated("a", 129)));
  EXPECT_FALSE(IsLegalRequestId("\xFF"));
  FieldErrors errors;
  RequestIdFromProto(Repeated("a", 129), "request_id", errors);
  EXPECT_EQ(Told(errors), "request_id: must have at most 128 characters, not 129\n");
}

TEST(CutText, NeverBreaksACharacterAndNeverExceedsTheLimit) {
  const std::string text = "ab\xE2\x82\xAC\xF0\x9F\x94\xAC\xC3\xA9xyz";
  for (size_t most = 3; most < 20; ++most) {
    const std::string cut = CutText(text, most);
    EXPECT_LE(cut.size(), most);
    EXPECT_TRUE(IsCleanText(cut)) << most;
    if (most >= text.size()) {
      EXPECT_EQ(cut, text);
    }
  }
  EXPECT_EQ(CutText("abcdefghij", 6), "abc\xE2\x80\xA6");
  EXPECT_EQ(CutText("abc", 3), "abc");
  EXPECT_EQ(CutText("a\xFF\x01z", 10), "a??z");
}

TEST(FieldErrors, AreCountedBeyondTheMostThatAreKept) {
  FieldErrors errors;
  for (size_t i = 0; i < FieldErrors::kMost + 5; ++i) errors.Add(ElementPath("f", i), "is bad");
  EXPECT_EQ(errors.violations().size(), FieldErrors::kMost);
  const Error error = errors.ToError();
  EXPECT_EQ(error.kind, ErrorKind::kInvalidFields);
  EXPECT_THAT(error.fields.back().description, HasSubstr("5 more violations"));
}

TEST(FieldErrors, PathsAreSpeltAsInTheApi) {
  EXPECT_EQ(FieldPath("", "items"), "items");
  EXPECT_EQ(FieldPath(ElementPath(FieldPath("reservation", "items"), 1), "quantity"),
            "reservation.items[1].quantity");
  EXPECT_EQ(EntryPath("site.labels", "a\"b"), "site.labels[\"a\\\"b\"]");
  EXPECT_LT(EntryPath("labels", std::string(1 << 20, 'k')).size(), 100u);
  EXPECT_EQ(Quoted("a\nb\xFF"), "'a b?'");
}

}  // namespace
}  // namespace labslot::service
