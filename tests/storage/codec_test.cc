#include "daemon/storage/codec.h"

#include <limits>
#include <string>
#include <utility>
#include <variant>

#include "daemon/domain/names.h"
#include "gtest/gtest.h"
#include "labslot/storage/v1/event.pb.h"
#include "labslot/storage/v1/format.pb.h"
#include "labslot/storage/v1/reservation.pb.h"
#include "tests/storage/samples.h"

namespace labslot::storage {
namespace {

// The collection of a resource that table C keeps.
Collection CollectionOf(const Resource& resource) {
  constexpr Collection kByIndex[] = {Collection::kSites,          Collection::kAssets,
                                     Collection::kHolidayRegions, Collection::kOrganisations,
                                     Collection::kUsers,          Collection::kTokens,
                                     Collection::kSites,  // a reservation, not in C
                                     Collection::kGroups,         Collection::kPolicies,
                                     Collection::kQuotas,
                                     Collection::kSites,  // a series, not in C
                                     Collection::kOutages,        Collection::kRounds,
                                     Collection::kSites};  // a report of a machine, not in C
  return kByIndex[resource.index()];
}

template <typename Value>
std::optional<Resource> AsResource(std::optional<Value> value) {
  if (!value) return std::nullopt;
  return Resource(*std::move(value));
}

std::optional<Resource> Decode(const Resource& like, const std::string& bytes) {
  if (std::holds_alternative<Reservation>(like)) return AsResource(DecodeReservation(bytes));
  if (std::holds_alternative<Series>(like)) return AsResource(DecodeSeries(bytes));
  return DecodeRecord(CollectionOf(like), bytes);
}

TEST(Codec, EveryFieldOfEveryResourceComesBack) {
  for (const Resource& resource : FullResources()) {
    if (std::holds_alternative<MachineReport>(resource)) continue;  // in events alone
    const auto decoded = Decode(resource, EncodeRecord(resource));
    ASSERT_TRUE(decoded) << NameOf(resource);
    EXPECT_TRUE(*decoded == resource) << NameOf(resource);
  }
}

TEST(Codec, DefaultsComeBack) {
  for (const Resource& resource : EmptyResources()) {
    if (std::holds_alternative<MachineReport>(resource)) continue;  // in events alone
    const auto decoded = Decode(resource, EncodeRecord(resource));
    ASSERT_TRUE(decoded) << resource.index();
    EXPECT_TRUE(*decoded == resource) << resource.index();
  }
}

TEST(Codec, AnEmptyCalendarIsNotNoCalendar) {
  Site site = FullSite();
  site.calendar = Calendar();
  const auto decoded = DecodeRecord(Collection::kSites, EncodeRecord(site));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(*decoded == Resource(site));
}

TEST(Codec, EventsOfEveryResourceComeBack) {
  for (const Resource& resource : FullResources()) {
    for (const Revision revision : {Revision{1}, Revision{7}, Revision{1} << 40}) {
      Event event;
      event.revision = revision;
      event.time = 1795001000;
      event.actor = kDaemonActor;
      event.type = EventType::kExpired;
      event.reason = "ran out";
      event.resource = resource;
      const auto decoded = DecodeEvent(revision, EncodeEvent(event));
      ASSERT_TRUE(decoded) << NameOf(resource);
      EXPECT_TRUE(*decoded == event) << NameOf(resource);
    }
  }
}

TEST(Codec, EveryStateOfAReservationComesBack) {
  for (int state = 1; state <= 12; ++state) {
    Reservation reservation = FullReservation();
    reservation.state = static_cast<ReservationState>(state);
    const auto decoded = DecodeReservation(EncodeRecord(reservation));
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(*decoded == reservation);
  }
}

TEST(Codec, EveryKindOfEventComesBack) {
  for (int type = 1; type <= 10; ++type) {
    const Event event =
        EventOf(5, static_cast<EventType>(type), SmallReservation(5, "rig", 1796000000));
    const auto decoded = DecodeEvent(5, EncodeEvent(event));
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(*decoded == event);
  }
}

TEST(Codec, TheDayOfAnOccurrenceComesBackWhateverItIs) {
  for (const absl::CivilDay day :
       {absl::CivilDay(), absl::CivilDay(1969, 12, 31), absl::CivilDay(2199, 12, 31)}) {
    Reservation reservation = SmallReservation(1, "rig", 1796000000);
    reservation.occurrence = day;
    const auto decoded = DecodeReservation(EncodeRecord(reservation));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->occurrence, day);
  }
}

TEST(Codec, AnOccupancyComesBackFromItsKeyAndValue) {
  const Reservation reservation = FullReservation();
  OccupancyDecoder decoder;
  ASSERT_EQ(OccupanciesOf(reservation).size(), reservation.items.size() + 1);
  for (const Occupancy& occupancy : OccupanciesOf(reservation)) {
    const auto key =
        ParseIndexKey(AssetIndexKey(occupancy.asset, reservation.interval.start, reservation.id));
    ASSERT_TRUE(key);
    const auto decoded = decoder.Decode(*key, EncodeOccupancy(occupancy));
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(*decoded == occupancy);
  }
}

TEST(Codec, OutcomesComeBackAlsoThoseWithoutEvents) {
  for (const auto& [first, last] : {std::pair{5, 9}, {5, 5}, {6, 5}, {0, -1}}) {
    const Outcome outcome{std::string("\xff\x00", 2), first, last, 1795000000};
    const auto decoded = DecodeOutcome(EncodeOutcome(outcome));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->fingerprint, outcome.fingerprint);
    EXPECT_EQ(decoded->first, outcome.first);
    EXPECT_EQ(decoded->last, outcome.last);
    EXPECT_EQ(decoded->time, outcome.time);
  }
}

TEST(Codec, TheFormatComesBack) {
  const Format format{3, "abc"};
  EXPECT_EQ(DecodeFormat(EncodeFormat(format)), format);
}

TEST(Codec, TruncatedBytesAreRefusedOrAnotherValueButNeverACrash) {
  for (const Resource& resource : FullResources()) {
    const std::string bytes = EncodeRecord(resource);
    for (size_t size = 0; size < bytes.size(); ++size) {
      const auto decoded = Decode(resource, bytes.substr(0, size));
      EXPECT_FALSE(decoded && *decoded == resource) << NameOf(resource) << " at " << size;
    }
  }
}

TEST(Codec, UnknownEnumeratorsAreRefused) {
  labslot::storage::v1::Reservation reservation;
  EXPECT_FALSE(DecodeReservation(reservation.SerializeAsString())) << "no state";
  reservation.set_state(static_cast<labslot::storage::v1::ReservationState>(99));
  EXPECT_FALSE(DecodeReservation(reservation.SerializeAsString()));
  labslot::storage::v1::Event event;
  event.mutable_site();
  EXPECT_FALSE(DecodeEvent(1, event.SerializeAsString())) << "no type";
  event.set_type(labslot::storage::v1::Event::CREATED);
  EXPECT_TRUE(DecodeEvent(1, event.SerializeAsString()));
  event.clear_resource();
  EXPECT_FALSE(DecodeEvent(1, event.SerializeAsString())) << "no resource";
}

// Found by fuzzing: the sums overflowed, which may do anything.
TEST(Codec, NumbersThatOnlyDamageMakesDoNotOverflow) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  labslot::storage::v1::Reservation damaged;
  damaged.set_state(labslot::storage::v1::RESERVATION_STATE_HELD);
  damaged.set_start(1);
  damaged.set_length(kMost);
  damaged.set_create_time(kMost);
  damaged.set_update_delay(kMost);
  damaged.add_items()->set_more_units(std::numeric_limits<int32_t>::max());
  const auto decoded = DecodeReservation(damaged.SerializeAsString());
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->interval, (Interval{1, kMost}));
  EXPECT_EQ(decoded->update_time, kMost);
  EXPECT_EQ(decoded->items[0].quantity, std::numeric_limits<int32_t>::max());
  EXPECT_TRUE(DecodeReservation(EncodeRecord(*decoded)) == decoded);
  labslot::storage::v1::Event event;
  event.set_type(labslot::storage::v1::Event::CREATED);
  event.mutable_site();
  event.set_resource_age(std::numeric_limits<int64_t>::min());
  EXPECT_FALSE(DecodeEvent(1, event.SerializeAsString()));
  labslot::storage::v1::Outcome outcome;
  outcome.set_first(5);
  outcome.set_count(-1);
  EXPECT_FALSE(DecodeOutcome(outcome.SerializeAsString()));
}

TEST(Codec, TheRowsOfAUsualReservationAreSmall) {
  const Reservation reservation = SmallReservation(1234567, "make-lab", 1796000000);
  const Event event = EventOf(1234567, EventType::kCreated, reservation);
  EXPECT_LE(EncodeRecord(event.resource).size(), 60);
  EXPECT_LE(EncodeEvent(event).size(), 70);
  EXPECT_LE(EncodeOccupancy(OccupancyOfItem(reservation, reservation.items[0])).size(), 26);
}

}  // namespace
}  // namespace labslot::storage
