// Policies, quotas, series and refusals as bytes; codec_test.cc has what holds
// for every resource.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/domain/names.h"
#include "daemon/storage/codec.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "labslot/storage/v1/event.pb.h"
#include "labslot/storage/v1/policy.pb.h"
#include "labslot/storage/v1/reservation.pb.h"
#include "tests/storage/samples.h"

namespace labslot::storage {
namespace {

namespace stored = ::labslot::storage::v1;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

constexpr Revision kRevision = 20;

std::string EventBytes(const Resource& resource) {
  Event event;
  event.revision = kRevision;
  event.resource = resource;
  return EncodeEvent(event);
}

std::optional<Policy> RoundTrip(const Policy& policy) {
  const auto decoded = DecodeRecord(Collection::kPolicies, EncodeRecord(policy));
  if (!decoded) return std::nullopt;
  return std::get<Policy>(*decoded);
}

std::optional<Quota> RoundTrip(const Quota& quota) {
  const auto decoded = DecodeRecord(Collection::kQuotas, EncodeRecord(quota));
  if (!decoded) return std::nullopt;
  return std::get<Quota>(*decoded);
}

TEST(CodecRules, TheSamplesHaveEveryKindOfRule) {
  for (const std::vector<PolicyRule>& rules : {FullRules(), EmptyRules()}) {
    ASSERT_EQ(rules.size(), std::variant_size_v<PolicyRule>);
    for (size_t i = 0; i < rules.size(); ++i) EXPECT_EQ(rules[i].index(), i);
  }
}

TEST(CodecRules, EveryKindOfRuleComesBackFullAndEmpty) {
  for (const std::vector<PolicyRule>& rules : {FullRules(), EmptyRules()}) {
    for (const PolicyRule& rule : rules) {
      Policy policy = FullPolicy();
      policy.rule = rule;
      const auto decoded = RoundTrip(policy);
      ASSERT_TRUE(decoded) << rule.index();
      EXPECT_TRUE(*decoded == policy) << rule.index();
    }
  }
}

TEST(CodecRules, EveryLeadOfANoticeIsItsOwn) {
  for (const NoticeRule& rule :
       {NoticeRule{{1, 0}, {}, {}}, NoticeRule{{}, {1, 0}, {}}, NoticeRule{{}, {}, {0, 1}}}) {
    Policy policy;
    policy.rule = rule;
    EXPECT_EQ(RoundTrip(policy), policy);
  }
}

TEST(CodecRules, TruncatedRulesAreRefusedOrAnotherValueButNeverACrash) {
  for (const PolicyRule& rule : FullRules()) {
    Policy policy = FullPolicy();
    policy.rule = rule;
    const std::string bytes = EncodeRecord(policy);
    for (size_t size = 0; size < bytes.size(); ++size) {
      const auto decoded = DecodeRecord(Collection::kPolicies, bytes.substr(0, size));
      EXPECT_FALSE(decoded && *decoded == Resource(policy)) << rule.index() << " at " << size;
    }
  }
}

TEST(CodecRules, APolicyWithoutARuleIsRefused) {
  stored::Policy policy;
  policy.set_effect(stored::EFFECT_REJECT);
  EXPECT_FALSE(DecodeRecord(Collection::kPolicies, policy.SerializeAsString()));
  policy.mutable_always();
  EXPECT_TRUE(DecodeRecord(Collection::kPolicies, policy.SerializeAsString()));
}

TEST(CodecRules, AHandBackOfNothingIsNotNoHandBack) {
  Quota quota;
  EXPECT_EQ(RoundTrip(quota), quota);
  quota.hand_back = Lead();
  EXPECT_EQ(RoundTrip(quota), quota);
}

TEST(CodecRules, ApproversAndOverridersAreToldApart) {
  Policy policy;
  policy.approval.approvers.users = {"ada"};
  EXPECT_EQ(RoundTrip(policy), policy);
  policy.approval.approvers = {};
  policy.overriders.managers = true;
  EXPECT_EQ(RoundTrip(policy), policy);
}

TEST(CodecRules, ASelectorMayAskForWorkWhoseNatureIsNotTold) {
  Policy policy;
  policy.applies_to.emplace_back().activity_classes = {ActivityClass::kUnspecified};
  EXPECT_EQ(RoundTrip(policy), policy);
}

TEST(CodecRules, EveryRuleThatARefusalMayNameComesBack) {
  // A rule that is added after this one has to be stored too.
  for (int rule = 1; rule <= static_cast<int>(Rule::kNoFittingUnit); ++rule) {
    Series series = FullSeries();
    series.occurrences[1].refusal->violations[0].rule = static_cast<Rule>(rule);
    const auto decoded = DecodeSeries(EncodeRecord(series));
    ASSERT_TRUE(decoded) << rule;
    EXPECT_TRUE(*decoded == series) << rule;
  }
}

TEST(CodecRules, AnEarliestStartOfZeroIsNotNoEarliestStart) {
  Series series;
  series.occurrences.resize(2);
  series.occurrences[0].refusal = Refusal();
  series.occurrences[1].refusal = Refusal();
  series.occurrences[1].refusal->earliest_start = 0;
  const auto decoded = DecodeSeries(EncodeRecord(series));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(*decoded == series);
}

TEST(CodecRules, DecodingAndEncodingGivesTheSameBytes) {
  for (const Resource& resource : FullResources()) {
    const std::string bytes = EventBytes(resource);
    const auto decoded = DecodeEvent(kRevision, bytes);
    ASSERT_TRUE(decoded) << NameOf(resource);
    EXPECT_EQ(EncodeEvent(*decoded), bytes) << NameOf(resource);
  }
}

TEST(CodecRules, WhatIsNotSetCostsNothing) {
  EXPECT_EQ(EncodeRecord(Group()).size(), 0);
  EXPECT_LE(EncodeRecord(Policy()).size(), 5) << "its effect and which rule it is";
  EXPECT_LE(EncodeRecord(Quota()).size(), 6) << "its effect, measure and period";
  EXPECT_LE(EncodeRecord(Series()).size(), 10) << "that it has its three parts";
}

TEST(CodecRules, AReservedOccurrenceIsSmall) {
  Series series;
  const size_t empty = EncodeRecord(series).size();
  for (int i = 0; i < 400; ++i) {
    const Instant start = 1796027405 + i * 86400;
    series.occurrences.push_back(
        {absl::CivilDay(2026, 11, 30) + i, {start, start + 7200}, 1234567 + i, std::nullopt});
  }
  EXPECT_LE(EncodeRecord(series).size() - empty, 400 * 20);
}

// Replaces each enumerator in `message` by `number` in turn, calls `check`,
// and puts it back.
void WithEachEnumerator(Message& message, int number,
                        const std::function<void(const FieldDescriptor& field)>& check) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool many = field->is_repeated();
    for (int i = 0; i < (many ? reflection.FieldSize(message, field) : 1); ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        WithEachEnumerator(many ? *reflection.MutableRepeatedMessage(&message, field, i)
                                : *reflection.MutableMessage(&message, field),
                           number, check);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        const auto set = [&](int value) {
          many ? reflection.SetRepeatedEnumValue(&message, field, i, value)
               : reflection.SetEnumValue(&message, field, value);
        };
        const int old = many ? reflection.GetRepeatedEnumValue(message, field, i)
                             : reflection.GetEnumValue(message, field);
        set(number);
        check(*field);
        set(old);
      }
    }
  }
}

// The names of all enums of a file and of those that it imports.
void CollectEnums(const FileDescriptor& file, std::set<std::string>& out) {
  for (int i = 0; i < file.enum_type_count(); ++i) out.insert(file.enum_type(i)->full_name());
  for (int i = 0; i < file.dependency_count(); ++i) CollectEnums(*file.dependency(i), out);
}

// Events whose resources have, between them, every enum of the stored messages.
std::vector<stored::Event> EventsWithEveryEnum() {
  std::vector<stored::Event> events;
  for (const Resource& resource : FullResources()) {
    const std::string bytes = EventBytes(resource);
    EXPECT_TRUE(events.emplace_back().ParseFromString(bytes));
  }
  return events;
}

TEST(CodecRules, AnUnknownEnumeratorAnywhereIsRefused) {
  std::set<std::string> seen;
  for (stored::Event& event : EventsWithEveryEnum()) {
    EXPECT_TRUE(DecodeEvent(kRevision, event.SerializeAsString()));
    for (const int number : {-1, 99}) {
      WithEachEnumerator(event, number, [&](const FieldDescriptor& field) {
        EXPECT_FALSE(DecodeEvent(kRevision, event.SerializeAsString()))
            << field.full_name() << " = " << number;
        seen.insert(field.enum_type()->full_name());
      });
    }
  }
  std::set<std::string> all = {stored::Event::Type_descriptor()->full_name()};
  CollectEnums(*stored::Event::descriptor()->file(), all);
  EXPECT_EQ(seen, all) << "an enum that no sample has";
}

TEST(CodecRules, AnEnumeratorThatIsNeverWrittenIsRefused) {
  // In these 0 says something.
  const std::set<std::string> meant = {
      "labslot.storage.v1.AccessMode",   "labslot.storage.v1.ActivityClass",
      "labslot.storage.v1.Problem",      "labslot.storage.v1.SizeClass",
      "labslot.storage.v1.RepeatedHour", "labslot.storage.v1.ScopeKind"};
  for (stored::Event& event : EventsWithEveryEnum()) {
    WithEachEnumerator(event, 0, [&](const FieldDescriptor& field) {
      EXPECT_EQ(DecodeEvent(kRevision, event.SerializeAsString()).has_value(),
                meant.count(field.enum_type()->full_name()) > 0)
          << field.full_name();
    });
  }
}

TEST(CodecRules, AnOccupancyOfAnUnknownStateOrClassIsRefused) {
  stored::Occupancy occupancy;
  OccupancyDecoder decoder;
  occupancy.set_state(stored::RESERVATION_STATE_CONFIRMED);
  EXPECT_TRUE(decoder.Decode({}, occupancy.SerializeAsString()));
  occupancy.set_activity_class(static_cast<stored::ActivityClass>(99));
  EXPECT_FALSE(decoder.Decode({}, occupancy.SerializeAsString()));
  occupancy.clear_activity_class();
  occupancy.set_state(static_cast<stored::ReservationState>(99));
  EXPECT_FALSE(decoder.Decode({}, occupancy.SerializeAsString()));
}

}  // namespace
}  // namespace labslot::storage
