#include "daemon/service/convert/page_token.h"

#include "daemon/base/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "labslot/v1/catalogue_service.pb.h"
#include "labslot/v1/reservation_service.pb.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {
namespace {

using ::testing::HasSubstr;
namespace v1 = ::labslot::v1;

v1::ListAssetsRequest Request() {
  v1::ListAssetsRequest request;
  request.set_kind("sem");
  return request;
}

std::string ToldOf(const google::protobuf::Message& request, const std::string& token) {
  FieldErrors errors;
  PositionFromToken(request, token, errors);
  return Told(errors);
}

TEST(PageToken, GivesThePositionBack) {
  const std::string position("any\0bytes\xFF", 10);
  const std::string token = PageTokenOf(Request(), position);
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789-_"),
            std::string::npos);
  FieldErrors errors;
  EXPECT_EQ(PositionFromToken(Request(), token, errors), position);
  EXPECT_EQ(PositionFromToken(Request(), "", errors), "");
  EXPECT_TRUE(errors.ok()) << Told(errors);
}

TEST(PageToken, SurvivesAnotherPageSize) {
  v1::ListAssetsRequest next = Request();
  next.set_page_size(7);
  next.set_page_token(PageTokenOf(Request(), "p"));
  EXPECT_EQ(ToldOf(next, next.page_token()), "");
}

TEST(PageToken, OfOtherArgumentsIsRefused) {
  const std::string token = PageTokenOf(Request(), "p");
  v1::ListAssetsRequest other = Request();
  other.set_kind("tem");
  EXPECT_THAT(ToldOf(other, token), HasSubstr("page_token: must come with the method and the"));
}

TEST(PageToken, OfAnotherMethodIsRefused) {
  const std::string token = PageTokenOf(v1::ListSitesRequest(), "p");
  EXPECT_THAT(ToldOf(v1::ListAssetsRequest(), token), HasSubstr("page_token: must come with"));
}

TEST(PageToken, ThatWasChangedIsRefused) {
  const std::string token = PageTokenOf(Request(), "position");
  for (size_t i = 0; i < token.size(); ++i) {
    for (const char c : {'A', 'B', '_', '!', '\xFF'}) {
      std::string changed = token;
      if (changed[i] == c) continue;
      changed[i] = c;
      FieldErrors errors;
      const std::string position = PositionFromToken(Request(), changed, errors);
      // The last character of base64 has bits that mean nothing.
      if (errors.ok()) {
        EXPECT_EQ(position, "position") << changed;
      }
    }
  }
}

TEST(PageToken, FromElsewhereIsRefused) {
  const std::string token = PageTokenOf(Request(), "position");
  for (const std::string& garbage :
       {std::string("x"), std::string("sites/lommel"), std::string("MTA0Mg=="), std::string("AQ"),
        std::string(1 << 20, 'A'), std::string("\xFF\xFE"), token.substr(0, token.size() - 2),
        token + token, std::string(" ") + "x"}) {
    const std::string told = ToldOf(Request(), garbage);
    EXPECT_THAT(told, HasSubstr("page_token: must be a next_page_token as it was received"));
    EXPECT_LT(told.size(), 300u);
  }
}

TEST(PageSize, HasADefaultAndAMost) {
  FieldErrors errors;
  EXPECT_EQ(PageSizeFromProto(0, errors), limits::kDefaultPageSize);
  EXPECT_EQ(PageSizeFromProto(1, errors), 1);
  EXPECT_EQ(PageSizeFromProto(1000, errors), 1000);
  EXPECT_EQ(PageSizeFromProto(1001, errors), limits::kMaxPageSize);
  EXPECT_EQ(PageSizeFromProto(2147483647, errors), limits::kMaxPageSize);
  EXPECT_TRUE(errors.ok());
  PageSizeFromProto(-1, errors);
  EXPECT_THAT(Told(errors), HasSubstr("page_size: must not be negative"));
}

}  // namespace
}  // namespace labslot::service
