#include "daemon/storage/codec.h"

#include <utility>
#include <variant>

#include "daemon/storage/stored_messages.h"
#include "google/protobuf/arena.h"
#include "labslot/storage/v1/event.pb.h"
#include "labslot/storage/v1/format.pb.h"

namespace labslot::storage {
namespace {

bool Parse(absl::string_view bytes, google::protobuf::MessageLite& out) {
  return out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

template <typename Message, typename Value>
std::string EncodeAs(const Value& value) {
  google::protobuf::Arena arena;
  auto& message = *google::protobuf::Arena::CreateMessage<Message>(&arena);
  ToStored(value, message);
  return message.SerializeAsString();
}

template <typename Message>
auto DecodeAs(absl::string_view bytes) -> decltype(FromStored(std::declval<Message>())) {
  google::protobuf::Arena arena;
  auto& message = *google::protobuf::Arena::CreateMessage<Message>(&arena);
  if (!Parse(bytes, message)) return std::nullopt;
  return FromStored(message);
}

template <typename Message>
std::optional<Resource> DecodeResource(absl::string_view bytes) {
  auto value = DecodeAs<Message>(bytes);
  if (!value) return std::nullopt;
  return Resource(*std::move(value));
}

struct RecordEncoder {
  std::string operator()(const Site& v) const { return EncodeAs<stored::Site>(v); }
  std::string operator()(const Asset& v) const { return EncodeAs<stored::Asset>(v); }
  std::string operator()(const HolidayRegion& v) const {
    return EncodeAs<stored::HolidayRegion>(v);
  }
  std::string operator()(const Organisation& v) const { return EncodeAs<stored::Organisation>(v); }
  std::string operator()(const User& v) const { return EncodeAs<stored::User>(v); }
  std::string operator()(const Token& v) const { return EncodeAs<stored::Token>(v); }
  std::string operator()(const Reservation& v) const { return EncodeAs<stored::Reservation>(v); }
  std::string operator()(const Group& v) const { return EncodeAs<stored::Group>(v); }
  std::string operator()(const Policy& v) const { return EncodeAs<stored::Policy>(v); }
  std::string operator()(const Quota& v) const { return EncodeAs<stored::Quota>(v); }
  std::string operator()(const Series& v) const { return EncodeAs<stored::Series>(v); }
  std::string operator()(const Outage& v) const { return EncodeAs<stored::Outage>(v); }
  std::string operator()(const Round& v) const { return EncodeAs<stored::Round>(v); }
  std::string operator()(const MachineReport& v) const {
    return EncodeAs<stored::MachineReport>(v);
  }
};

// Puts a resource into the oneof of an event, its revision into resource_age.
struct EventFiller {
  Revision revision;
  stored::Event& out;

  template <typename Value, typename Message>
  void Fill(const Value& value, Message& message) const {
    ToStored(value, message);
    message.clear_revision();
    out.set_resource_age(revision - value.revision);
  }
  void operator()(const Site& v) const { Fill(v, *out.mutable_site()); }
  void operator()(const Asset& v) const { Fill(v, *out.mutable_asset()); }
  void operator()(const HolidayRegion& v) const { Fill(v, *out.mutable_holiday_region()); }
  void operator()(const Organisation& v) const { Fill(v, *out.mutable_organisation()); }
  void operator()(const User& v) const { Fill(v, *out.mutable_user()); }
  void operator()(const Token& v) const { Fill(v, *out.mutable_token()); }
  void operator()(const Reservation& v) const { Fill(v, *out.mutable_reservation()); }
  void operator()(const Group& v) const { Fill(v, *out.mutable_group()); }
  void operator()(const Policy& v) const { Fill(v, *out.mutable_policy()); }
  void operator()(const Quota& v) const { Fill(v, *out.mutable_quota()); }
  void operator()(const Series& v) const { Fill(v, *out.mutable_series()); }
  void operator()(const Outage& v) const { Fill(v, *out.mutable_outage()); }
  void operator()(const Round& v) const { Fill(v, *out.mutable_round()); }
  void operator()(const MachineReport& v) const { Fill(v, *out.mutable_machine_report()); }
};

template <typename Message>
std::optional<Resource> WithRevision(const Message& message, Revision revision) {
  auto value = FromStored(message);
  if (!value) return std::nullopt;
  value->revision = revision;
  return Resource(*std::move(value));
}

std::optional<Resource> ResourceOf(const stored::Event& event, Revision revision) {
  switch (event.resource_case()) {
    case stored::Event::kReservation:
      return WithRevision(event.reservation(), revision);
    case stored::Event::kSite:
      return WithRevision(event.site(), revision);
    case stored::Event::kAsset:
      return WithRevision(event.asset(), revision);
    case stored::Event::kHolidayRegion:
      return WithRevision(event.holiday_region(), revision);
    case stored::Event::kOrganisation:
      return WithRevision(event.organisation(), revision);
    case stored::Event::kUser:
      return WithRevision(event.user(), revision);
    case stored::Event::kToken:
      return WithRevision(event.token(), revision);
    case stored::Event::kGroup:
      return WithRevision(event.group(), revision);
    case stored::Event::kPolicy:
      return WithRevision(event.policy(), revision);
    case stored::Event::kQuota:
      return WithRevision(event.quota(), revision);
    case stored::Event::kSeries:
      return WithRevision(event.series(), revision);
    case stored::Event::kOutage:
      return WithRevision(event.outage(), revision);
    case stored::Event::kRound:
      return WithRevision(event.round(), revision);
    case stored::Event::kMachineReport:
      return WithRevision(event.machine_report(), revision);
    case stored::Event::RESOURCE_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string EncodeFormat(const Format& format) {
  stored::Format message;
  message.set_version(format.version);
  message.set_store_id(format.store_id);
  return message.SerializeAsString();
}

std::optional<Format> DecodeFormat(absl::string_view bytes) {
  stored::Format message;
  if (!Parse(bytes, message)) return std::nullopt;
  return Format{.version = message.version(), .store_id = message.store_id()};
}

std::string EncodeEvent(const Event& event) {
  google::protobuf::Arena arena;
  auto& message = *google::protobuf::Arena::CreateMessage<stored::Event>(&arena);
  message.set_time(event.time);
  message.set_actor(event.actor);
  message.set_type(static_cast<stored::Event::Type>(event.type));
  message.set_reason(event.reason);
  std::visit(EventFiller{event.revision, message}, event.resource);
  return message.SerializeAsString();
}

std::optional<Event> DecodeEvent(Revision revision, absl::string_view bytes) {
  google::protobuf::Arena arena;
  auto& message = *google::protobuf::Arena::CreateMessage<stored::Event>(&arena);
  if (!Parse(bytes, message) || message.type() == stored::Event::TYPE_UNSPECIFIED ||
      !stored::Event::Type_IsValid(message.type())) {
    return std::nullopt;
  }
  Revision resource_revision = 0;
  if (__builtin_sub_overflow(revision, message.resource_age(), &resource_revision)) {
    return std::nullopt;
  }
  std::optional<Resource> resource = ResourceOf(message, resource_revision);
  if (!resource) return std::nullopt;
  return Event{.revision = revision,
               .time = message.time(),
               .actor = message.actor(),
               .type = static_cast<EventType>(message.type()),
               .reason = message.reason(),
               .resource = *std::move(resource)};
}

std::string EncodeRecord(const Resource& resource) { return std::visit(RecordEncoder{}, resource); }

std::optional<Resource> DecodeRecord(Collection collection, absl::string_view bytes) {
  switch (collection) {
    case Collection::kSites:
      return DecodeResource<stored::Site>(bytes);
    case Collection::kAssets:
      return DecodeResource<stored::Asset>(bytes);
    case Collection::kHolidayRegions:
      return DecodeResource<stored::HolidayRegion>(bytes);
    case Collection::kOrganisations:
      return DecodeResource<stored::Organisation>(bytes);
    case Collection::kUsers:
      return DecodeResource<stored::User>(bytes);
    case Collection::kTokens:
      return DecodeResource<stored::Token>(bytes);
    case Collection::kGroups:
      return DecodeResource<stored::Group>(bytes);
    case Collection::kPolicies:
      return DecodeResource<stored::Policy>(bytes);
    case Collection::kQuotas:
      return DecodeResource<stored::Quota>(bytes);
    case Collection::kOutages:
      return DecodeResource<stored::Outage>(bytes);
    case Collection::kRounds:
      return DecodeResource<stored::Round>(bytes);
  }
  return std::nullopt;
}

std::optional<Reservation> DecodeReservation(absl::string_view bytes) {
  return DecodeAs<stored::Reservation>(bytes);
}

std::optional<Series> DecodeSeries(absl::string_view bytes) {
  return DecodeAs<stored::Series>(bytes);
}

std::string EncodeOccupancy(const Occupancy& occupancy) {
  return EncodeAs<stored::Occupancy>(occupancy);
}

struct OccupancyDecoder::Scratch {
  stored::Occupancy message;
};

OccupancyDecoder::OccupancyDecoder() : scratch_(std::make_unique<Scratch>()) {}
OccupancyDecoder::~OccupancyDecoder() = default;

std::optional<Occupancy> OccupancyDecoder::Decode(IndexEntry key, absl::string_view bytes) {
  if (!Parse(bytes, scratch_->message)) return std::nullopt;
  return FromStored(std::move(key), scratch_->message);
}

std::string EncodeOutcome(const Outcome& outcome) {
  stored::Outcome message;
  message.set_fingerprint(outcome.fingerprint);
  message.set_first(outcome.first);
  message.set_count(outcome.last - outcome.first + 1);
  message.set_time(outcome.time);
  message.set_result(outcome.result - outcome.first);
  return message.SerializeAsString();
}

std::optional<Outcome> DecodeOutcome(absl::string_view bytes) {
  stored::Outcome message;
  // Revisions are counted from 1, and the events of a request are none or more.
  if (!Parse(bytes, message) || message.first() < 0 || message.count() < 0) return std::nullopt;
  return Outcome{.fingerprint = message.fingerprint(),
                 .first = message.first(),
                 .last = Sum(message.first(), message.count()) - 1,
                 .time = message.time(),
                 .result = Sum(message.first(), message.result())};
}

}  // namespace labslot::storage
