#include "daemon/service/convert/error_details.h"

#include "absl/strings/str_cat.h"
#include "daemon/base/text.h"
#include "daemon/service/convert/status.h"
#include "gmock/gmock.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "labslot/v1/error_reason.pb.h"
#include "labslot/v1/refusal.pb.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {
namespace {

using ::testing::HasSubstr;
namespace v1 = ::labslot::v1;

template <typename Detail>
std::optional<Detail> DetailOf(const google::rpc::Status& status) {
  for (const auto& any : status.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

Error OfKind(ErrorKind kind) {
  Error error;
  error.kind = kind;
  error.message = "words";
  error.resource = "it";
  return error;
}

TEST(ErrorDetails, CodeReasonAndMetadataAreAsDocumented) {
  struct Row {
    ErrorKind kind;
    google::rpc::Code code;
    const char* reason;
    const char* key;
  };
  const Row rows[] = {
      {ErrorKind::kInvalidFields, google::rpc::INVALID_ARGUMENT, "INVALID_FIELDS", "resource"},
      {ErrorKind::kRefused, google::rpc::FAILED_PRECONDITION, "REFUSED", "resource"},
      {ErrorKind::kNotFound, google::rpc::NOT_FOUND, "RESOURCE_NOT_FOUND", "resource"},
      {ErrorKind::kIdInUse, google::rpc::ALREADY_EXISTS, "ID_IN_USE", "resource"},
      {ErrorKind::kRequestIdReused, google::rpc::ALREADY_EXISTS, "REQUEST_ID_REUSED", "resource"},
      {ErrorKind::kEtagMismatch, google::rpc::ABORTED, "ETAG_MISMATCH", "resource"},
      {ErrorKind::kRoleRequired, google::rpc::PERMISSION_DENIED, "ROLE_REQUIRED", "role"},
      {ErrorKind::kNoValidIdentity, google::rpc::UNAUTHENTICATED, "NO_VALID_IDENTITY", "resource"},
      {ErrorKind::kOverloaded, google::rpc::RESOURCE_EXHAUSTED, "OVERLOADED", "resource"},
      {ErrorKind::kDraining, google::rpc::UNAVAILABLE, "DRAINING", "resource"},
      {ErrorKind::kOutcomeUnknown, google::rpc::UNAVAILABLE, "OUTCOME_UNKNOWN", "resource"},
      {ErrorKind::kRevisionAhead, google::rpc::OUT_OF_RANGE, "REVISION_AHEAD", "head_revision"},
      {ErrorKind::kDefect, google::rpc::INTERNAL, "DEFECT", "resource"},
      {ErrorKind::kBackupFailed, google::rpc::FAILED_PRECONDITION, "BACKUP_FAILED", "resource"},
      {ErrorKind::kDiskFull, google::rpc::RESOURCE_EXHAUSTED, "DISK_FULL", "resource"},
  };
  for (const Row& row : rows) {
    const google::rpc::Status status = RpcStatusOf(OfKind(row.kind));
    EXPECT_EQ(status.code(), row.code) << row.reason;
    EXPECT_EQ(status.message(), "words");
    const auto info = DetailOf<google::rpc::ErrorInfo>(status);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->reason(), row.reason);
    EXPECT_EQ(info->domain(), "labslot");
    EXPECT_EQ(info->metadata().at(row.key), "it");
    const bool retry = row.kind == ErrorKind::kOverloaded || row.kind == ErrorKind::kOutcomeUnknown;
    EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(status).has_value(), retry) << row.reason;
  }
}

TEST(ErrorDetails, OfInvalidFieldsNameThem) {
  const google::rpc::Status status =
      RpcStatusOf(InvalidFields({{"site.time_zone", "must be set"}, {"site_id", "must be set"}}));
  const auto request = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_TRUE(request);
  ASSERT_EQ(request->field_violations_size(), 2);
  EXPECT_EQ(request->field_violations(0).field(), "site.time_zone");
  EXPECT_EQ(request->field_violations(1).description(), "must be set");
  EXPECT_EQ(status.message(), "site.time_zone must be set; site_id must be set");
}

TEST(ErrorDetails, OfARefusalArriveWholeIfTheyFit) {
  const auto refusal = DetailOf<v1::Refusal>(RpcStatusOf(Refused(LargeRefusal(2, 2, 4, 60))));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->violations_size(), 2);
  EXPECT_EQ(refusal->violations(1).conflicts_size(), 2);
  EXPECT_EQ(refusal->alternatives_size(), 4);
  EXPECT_EQ(refusal->violations(0).message(), std::string(60, 'x'));
}

TEST(ErrorDetails, AlwaysFit) {
  for (const int violations : {1, 3, 15, 40, 500}) {
    for (const int conflicts : {0, 3, 20}) {
      for (const int alternatives : {0, 1, 6}) {
        for (const size_t text : {10u, 200u, 5000u}) {
          SCOPED_TRACE(absl::StrCat(violations, " ", conflicts, " ", alternatives, " ", text));
          const google::rpc::Status status =
              RpcStatusOf(Refused(LargeRefusal(violations, conflicts, alternatives, text)));
          EXPECT_LE(status.ByteSizeLong(), kMaxDetailBytes);
          EXPECT_LE(status.message().size(), kMaxStatusMessageBytes);
          EXPECT_GE(DetailOf<v1::Refusal>(status)->violations_size(), 1);
        }
      }
    }
  }
}

// A rule can name 200 users and 200 groups that may override it.
TEST(ErrorDetails, FitHoweverManyMayOverride) {
  Refusal large = LargeRefusal(3, 1, 3, 100);
  for (Violation& violation : large.violations) {
    violation.overridable_by.assign(400, absl::StrCat("users/", std::string(63, 'u')));
    violation.scope = std::string(5000, 's');
    violation.source = absl::StrCat("policies/", std::string(63, 'p'));
  }
  const google::rpc::Status status = RpcStatusOf(Refused(large));
  EXPECT_LE(status.ByteSizeLong(), kMaxDetailBytes);
  const auto refusal = DetailOf<v1::Refusal>(status);
  ASSERT_EQ(refusal->violations_size(), 3);
  EXPECT_EQ(refusal->alternatives_size(), 3);
  EXPECT_GE(refusal->violations(0).overridable_by_size(), 1);
  EXPECT_EQ(refusal->violations(0).source(), large.violations[0].source);
}

TEST(ErrorDetails, ThreeAlternativesOutlastConflicts) {
  const auto refusal = DetailOf<v1::Refusal>(RpcStatusOf(Refused(LargeRefusal(4, 20, 6, 150))));
  EXPECT_GE(refusal->alternatives_size(), 3);
  EXPECT_EQ(refusal->violations_size(), 4);
}

TEST(ErrorDetails, OfManyFieldsSayHowManyAreLeftOut) {
  std::vector<FieldViolation> fields(
      500, {"reservation.items[1].quantity", "must be 1 to 100000, not -1 \xE2\x82\xAC"});
  const google::rpc::Status status = RpcStatusOf(InvalidFields(fields));
  EXPECT_LE(status.ByteSizeLong(), kMaxDetailBytes);
  EXPECT_TRUE(IsCleanText(status.message()));
  const auto request = DetailOf<google::rpc::BadRequest>(status);
  const int kept = request->field_violations_size();
  EXPECT_GT(kept, 20);
  EXPECT_THAT(request->field_violations(kept - 1).description(),
              HasSubstr(absl::StrCat("and ", 500 - kept, " more violations")));
}

TEST(ErrorDetails, AreWellFormedWhateverTheErrorSays) {
  Error error = InvalidField("f\xFF", std::string(1 << 20, '\xFE'));
  error.resource = "\xFF";
  const google::rpc::Status status = RpcStatusOf(error);
  EXPECT_LE(status.ByteSizeLong(), kMaxDetailBytes);
  EXPECT_TRUE(IsCleanText(status.message()));
  EXPECT_EQ(DetailOf<google::rpc::BadRequest>(status)->field_violations(0).field(), "f?");
}

TEST(GrpcStatus, CarriesTheSameStatusAsDetails) {
  const grpc::Status status = GrpcStatusOf(NotFound("assets/make-lob"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), 5);
  EXPECT_EQ(details.message(), status.error_message());
}

TEST(GrpcStatus, OfAFailureBelowDoesNotTellItsCause) {
  const grpc::Status status =
      GrpcStatusOf(absl::DataLossError("/var/lib/labslot/000042.sst: checksum mismatch"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(status.error_message(), ::testing::Not(HasSubstr("sst")));
  EXPECT_THAT(status.error_details(), ::testing::Not(HasSubstr("/var")));
  EXPECT_THAT(status.error_details(), HasSubstr("DEFECT"));
}

}  // namespace
}  // namespace labslot::service
