#include "daemon/service/convert/fingerprint.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "labslot/v1/catalogue_service.pb.h"

namespace labslot::service {
namespace {

namespace v1 = ::labslot::v1;

constexpr char kMethod[] = "/labslot.v1.CatalogueService/CreateSite";

v1::CreateSiteRequest Request() {
  v1::CreateSiteRequest request;
  request.set_site_id("lommel");
  request.set_request_id("r-1");
  request.mutable_site()->set_time_zone("Europe/Brussels");
  return request;
}

TEST(Fingerprint, Sha256IsTheStandardOne) {
  EXPECT_EQ(absl::BytesToHexString(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Fingerprint, DoesNotDependOnRequestIdAndValidateOnly) {
  v1::CreateSiteRequest other = Request();
  other.set_request_id("r-2");
  other.set_validate_only(true);
  EXPECT_EQ(RequestFingerprint(kMethod, Request()), RequestFingerprint(kMethod, other));
  EXPECT_EQ(RequestFingerprint(kMethod, Request()).size(), kFingerprintBytes);
  EXPECT_EQ(other.request_id(), "r-2");
}

TEST(Fingerprint, DependsOnMethodAndBody) {
  v1::CreateSiteRequest other = Request();
  other.mutable_site()->set_time_zone("Europe/Vilnius");
  EXPECT_NE(RequestFingerprint(kMethod, Request()), RequestFingerprint(kMethod, other));
  EXPECT_NE(RequestFingerprint(kMethod, Request()), RequestFingerprint("/x/y", Request()));
}

TEST(Fingerprint, DoesNotDependOnTheOrderOfMaps) {
  v1::CreateSiteRequest forward = Request();
  v1::CreateSiteRequest backward = Request();
  for (int i = 0; i < 60; ++i) {
    (*forward.mutable_site()->mutable_labels())[absl::StrCat("k", i)] = "v";
    (*backward.mutable_site()->mutable_labels())[absl::StrCat("k", 59 - i)] = "v";
  }
  EXPECT_EQ(RequestFingerprint(kMethod, forward), RequestFingerprint(kMethod, backward));
}

}  // namespace
}  // namespace labslot::service
