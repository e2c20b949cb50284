// Hostile requests: every request message of the API with garbage in any of
// its fields is converted or refused with violations a person can read.

#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/service/convert/asset.h"
#include "daemon/service/convert/filter.h"
#include "daemon/service/convert/fingerprint.h"
#include "daemon/service/convert/group.h"
#include "daemon/service/convert/holiday_region.h"
#include "daemon/service/convert/machine_report.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/outage.h"
#include "daemon/service/convert/page_token.h"
#include "daemon/service/convert/patch.h"
#include "daemon/service/convert/policy.h"
#include "daemon/service/convert/quota.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/round.h"
#include "daemon/service/convert/selector.h"
#include "daemon/service/convert/series.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/status.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/convert/token.h"
#include "daemon/service/convert/user.h"
#include "google/protobuf/stubs/logging.h"
#include "gtest/gtest.h"
#include "labslot/v1/admin_service.pb.h"
#include "labslot/v1/availability_service.pb.h"
#include "labslot/v1/catalogue_service.pb.h"
#include "labslot/v1/change_service.pb.h"
#include "labslot/v1/directory_service.pb.h"
#include "labslot/v1/planning_service.pb.h"
#include "labslot/v1/policy_service.pb.h"
#include "labslot/v1/reservation_service.pb.h"
#include "labslot/v1/utilisation_service.pb.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::vector<const Descriptor*> RequestTypes() {
  std::vector<const Descriptor*> types;
  for (const Descriptor* one :
       {v1::GetServerInfoRequest::descriptor(), v1::FindSlotsRequest::descriptor(),
        v1::GetSiteRequest::descriptor(), v1::WatchRequest::descriptor(),
        v1::GetUserRequest::descriptor(), v1::GetReservationRequest::descriptor(),
        v1::GetPolicyRequest::descriptor(), v1::QueryUtilisationRequest::descriptor(),
        v1::GetRoundRequest::descriptor()}) {
    const auto& file = *one->file();
    for (int i = 0; i < file.message_type_count(); ++i) types.push_back(file.message_type(i));
  }
  return types;
}

class Garbage {
 public:
  explicit Garbage(unsigned seed) : random_(seed) {}

  bool OneIn(unsigned n) { return random_() % n == 0; }

  std::string Text() {
    static const std::string* const kTexts = new std::string[]{"",
                                                               "a",
                                                               "assets/make-lab",
                                                               "sites/lommel",
                                                               "users/anna",
                                                               "organisations/x",
                                                               "holidayRegions/be-vlg",
                                                               "reservations/1042",
                                                               "reservations/-1",
                                                               "../../etc/passwd",
                                                               "Europe/Brussels",
                                                               "Mars/X",
                                                               "\xFF\xFE",
                                                               "\xED\xA0\x80",
                                                               std::string("a\0b", 3),
                                                               "\"1042\"",
                                                               "\"",
                                                               "*",
                                                               "a\nb\tc",
                                                               std::string(3000, 'x'),
                                                               "state = HELD",
                                                               "((",
                                                               "start_time desc",
                                                               "interval.end_time",
                                                               "display_name",
                                                               "items",
                                                               "\xF0\x9F\x94\xAC",
                                                               "BE22",
                                                               "a@b",
                                                               "groups/staff",
                                                               "policies/short",
                                                               "2027-03-01T09:00",
                                                               "2027-03-01T11:00:30",
                                                               "FREQ=WEEKLY;COUNT=3",
                                                               "FREQ=DAILY;COUNT=999999999",
                                                               "reservation.items",
                                                               "duration"};
    return kTexts[random_() % 37];
  }

  int64_t Number() {
    static const int64_t kNumbers[] = {0,
                                       1,
                                       -1,
                                       2,
                                       7,
                                       24,
                                       60,
                                       86400,
                                       1803884400,
                                       1803913200,
                                       7258118400,
                                       std::numeric_limits<int64_t>::max(),
                                       std::numeric_limits<int64_t>::min(),
                                       2147483647,
                                       -2147483648LL,
                                       999999999,
                                       2027};
    return OneIn(4) ? static_cast<int64_t>((uint64_t{random_()} << 32) | random_())
                    : kNumbers[random_() % std::size(kNumbers)];
  }

  double Measure() {
    static const double kMeasures[] = {0,
                                       -0.0,
                                       1,
                                       -1,
                                       90,
                                       181,
                                       1e308,
                                       std::numeric_limits<double>::infinity(),
                                       -std::numeric_limits<double>::infinity(),
                                       std::numeric_limits<double>::quiet_NaN(),
                                       std::numeric_limits<double>::denorm_min()};
    return kMeasures[random_() % std::size(kMeasures)];
  }

  // Sets about half of the fields of `message`, and of what is in it.
  void Fill(Message& message, int depth = 0) {
    const Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (depth > 5 || OneIn(2)) continue;
      // Long lists at the top only: within each other they would take minutes.
      const bool is_long = depth < 2 && OneIn(40);
      const unsigned count = field.is_repeated() ? (is_long ? 600 : random_() % 4) : 1;
      for (unsigned k = 0; k < count; ++k) FillField(message, field, depth);
    }
  }

 private:
  void FillField(Message& message, const FieldDescriptor& field, int depth) {
    const Reflection& reflection = *message.GetReflection();
    const bool many = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(many ? *reflection.AddMessage(&message, &field)
                  : *reflection.MutableMessage(&message, &field),
             depth + 1);
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        many ? reflection.AddString(&message, &field, Text())
             : reflection.SetString(&message, &field, Text());
        break;
      case FieldDescriptor::CPPTYPE_INT32: {
        const auto number = static_cast<int32_t>(Number());
        many ? reflection.AddInt32(&message, &field, number)
             : reflection.SetInt32(&message, &field, number);
        break;
      }
      case FieldDescriptor::CPPTYPE_INT64:
        many ? reflection.AddInt64(&message, &field, Number())
             : reflection.SetInt64(&message, &field, Number());
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        reflection.SetDouble(&message, &field, Measure());
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection.SetBool(&message, &field, OneIn(2));
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int number = OneIn(2) ? static_cast<int>(random_() % 4) : static_cast<int>(Number());
        many ? reflection.AddEnumValue(&message, &field, number)
             : reflection.SetEnumValue(&message, &field, number);
        break;
      }
      default:
        FAIL() << "no garbage for " << field.full_name();
    }
  }

  std::mt19937 random_;
};

// Gives a record of a request to its converter and, if the request has a
// mask, to the patch.
class RecordReader {
 public:
  RecordReader(const google::protobuf::FieldMask& mask, FieldErrors& errors)
      : mask_(mask), errors_(errors) {}

  void Read(const std::string& path, const Message& message) {
    if (const auto* site = dynamic_cast<const v1::Site*>(&message)) {
      Judge(SiteFromProto(*site, "x", path, errors_), *site);
    } else if (const auto* asset = dynamic_cast<const v1::Asset*>(&message)) {
      Judge(AssetFromProto(*asset, "x", path, errors_), *asset);
    } else if (const auto* region = dynamic_cast<const v1::HolidayRegion*>(&message)) {
      Judge(HolidayRegionFromProto(*region, "x", path, errors_), *region);
    } else if (const auto* organisation = dynamic_cast<const v1::Organisation*>(&message)) {
      Judge(OrganisationFromProto(*organisation, "x", path, errors_), *organisation);
    } else if (const auto* user = dynamic_cast<const v1::User*>(&message)) {
      Judge(UserFromProto(*user, "x", path, errors_), *user);
    } else if (const auto* token = dynamic_cast<const v1::Token*>(&message)) {
      TokenFromProto(*token, path, errors_);
    } else if (const auto* reservation = dynamic_cast<const v1::Reservation*>(&message)) {
      Judge(NewReservationFromProto(*reservation, path, errors_), *reservation);
    } else if (const auto* outage = dynamic_cast<const v1::Outage*>(&message)) {
      Judge(OutageFromProto(*outage, "x", path, errors_), *outage);
    } else if (const auto* call = dynamic_cast<const v1::Round*>(&message)) {
      Judge(RoundFromProto(*call, "x", path, errors_), *call);
    } else if (const auto* report = dynamic_cast<const v1::MachineReport*>(&message)) {
      MachineReportFromProto(*report, path, errors_);
    } else if (const auto* group = dynamic_cast<const v1::Group*>(&message)) {
      Judge(GroupFromProto(*group, "x", path, errors_), *group);
    } else if (const auto* policy = dynamic_cast<const v1::Policy*>(&message)) {
      Judge(PolicyFromProto(*policy, "x", path, errors_), *policy);
    } else if (const auto* quota = dynamic_cast<const v1::Quota*>(&message)) {
      Judge(QuotaFromProto(*quota, "x", path, errors_), *quota);
    } else if (const auto* series = dynamic_cast<const v1::Series*>(&message)) {
      Judge(SeriesFromProto(*series, path, errors_), *series);
    } else if (const auto* selector = dynamic_cast<const v1::Selector*>(&message)) {
      SelectorFromProto(*selector, path, errors_);
    } else if (const auto* date = dynamic_cast<const google::type::Date*>(&message)) {
      DateFromProto(*date, path, errors_);
    } else if (const auto* interval = dynamic_cast<const google::type::Interval*>(&message)) {
      IntervalFromProto(*interval, limits::kLongestReportPeriod, path, errors_);
    } else if (const auto* duration = dynamic_cast<const google::protobuf::Duration*>(&message)) {
      DurationFromProto(*duration, 1, limits::kLongestHold, path, errors_);
    } else if (const auto* catalogue = dynamic_cast<const v1::Catalogue*>(&message)) {
      for (const v1::Site& one : catalogue->sites()) Read("catalogue.sites", one);
      for (const v1::Asset& one : catalogue->assets()) Read("catalogue.assets", one);
      for (const v1::User& one : catalogue->users()) Read("catalogue.users", one);
      for (const v1::Group& one : catalogue->groups()) Read("catalogue.groups", one);
      for (const v1::Policy& one : catalogue->policies()) Read("catalogue.policies", one);
      for (const v1::Quota& one : catalogue->quotas()) Read("catalogue.quotas", one);
    }
  }

 private:
  template <typename Record, typename Proto>
  void Judge(const Record& converted, const Proto& wanted) {
    const Patch<Record> patch = PatchFrom(wanted, mask_, errors_);
    const Result<Record> patched = patch(converted);
    if (!patched.ok()) {
      for (const auto& violation : patched.error().fields) {
        errors_.Add(violation.field, violation.description);
      }
    }
  }

  const google::protobuf::FieldMask& mask_;
  FieldErrors& errors_;
};

void ReadText(const std::string& field, const std::string& text, const Message& request,
              FieldErrors& errors) {
  if (field == "page_token") PositionFromToken(request, text, errors);
  if (field == "filter") FilterFromProto(text, errors);
  if (field == "order_by") OrderFromProto(text, errors);
  if (field == "request_id") RequestIdFromProto(text, field, errors);
  if (field == "etag") RevisionFromEtag(text, field, errors);
  if (field == "reason" || field == "override_reason") ReasonFromProto(text, field, errors);
  if (field == "time_zone") ZoneFromProto(text, Presence::kOptional, field, errors);
  if (field == "name") ReservationIdFromName(text, field, errors);
  if (field == "name") SeriesIdFromName(text, field, errors);
  IdFromProto(text, field, errors);
  IdFromName(kSites, text, Presence::kOptional, field, errors);
}

// Everything that a handler would do with the fields of a request.
void Convert(const Message& request, FieldErrors& errors) {
  const Descriptor& type = *request.GetDescriptor();
  const Reflection& reflection = *request.GetReflection();
  google::protobuf::FieldMask mask;
  if (const auto* field = type.FindFieldByName("update_mask")) {
    mask.CopyFrom(reflection.GetMessage(request, field));
  }
  RecordReader reader(mask, errors);
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.is_repeated()) continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      reader.Read(field.name(), reflection.GetMessage(request, &field));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      ReadText(field.name(), reflection.GetString(request, &field), request, errors);
    } else if (field.name() == "page_size") {
      PageSizeFromProto(reflection.GetInt32(request, &field), errors);
    }
  }
  RequestFingerprint("/method", request);
}

TEST(HostileRequests, AreConvertedOrRefusedInWords) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  // It complains of what no request off the wire has: malformed UTF-8.
  const google::protobuf::LogSilencer silencer;
  Garbage garbage(seed);
  int refused = 0;
  for (int round = 0; round < 100; ++round) {
    for (const Descriptor* type : RequestTypes()) {
      const std::unique_ptr<Message> request(
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
      garbage.Fill(*request);
      FieldErrors errors;
      Convert(*request, errors);
      if (errors.ok()) continue;
      ++refused;
      for (const FieldViolation& violation : errors.violations()) {
        ASSERT_FALSE(violation.field.empty()) << type->name();
        ASSERT_FALSE(violation.description.empty()) << type->name() << violation.field;
        ASSERT_TRUE(IsCleanText(violation.field)) << type->name();
        ASSERT_TRUE(IsCleanText(violation.description)) << type->name() << violation.field;
        ASSERT_LT(violation.description.size(), 600u) << violation.description;
      }
      ASSERT_EQ(GrpcStatusOf(errors.ToError()).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace labslot::service
