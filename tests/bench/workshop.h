#ifndef LABSLOT_TESTS_BENCH_WORKSHOP_H_
#define LABSLOT_TESTS_BENCH_WORKSHOP_H_

#include <cstdint>
#include <string>

#include "labslot/v1/catalogue_service.pb.h"
#include "labslot/v1/reservation.pb.h"

namespace labslot::bench {

// The catalogue that is booked: one site, open from 4:00 to 23:00 local time
// on all days but Sundays and holidays, with 1,000 assets of one kind, and as
// many under the rules of rules.h; one organisation with four users.
inline constexpr int kAssets = 1000;
inline constexpr int kUsers = 4;

v1::Catalogue WorkshopCatalogue();

std::string AssetName(int64_t number);
std::string UserName(int64_t number);

// Half-hour slots in opening hours, no two of which overlap, from number 0 to
// 38 million: `n` and `n + 1` are on different assets, and the slots of one
// asset come in no order of time. They begin two months from today.
google::type::Interval SlotTime(int64_t number);
std::string SlotAsset(int64_t number);

// The same on an asset under rules.
std::string RuledAssetName(int64_t number);
std::string RuledSlotAsset(int64_t number);

// A crowded week before that: 40 slots on each of the first 100 assets, eight a
// day from Monday to Friday.
inline constexpr int kCrowdedAssets = 100;
inline constexpr int kCrowdedDays = 5;
inline constexpr int kCrowdedSlots = kCrowdedAssets * kCrowdedDays * 8;
google::type::Interval CrowdedTime(int64_t number);
std::string CrowdedAsset(int64_t number);

// A day of the crowded week, 0 for Monday.
google::type::Interval CrowdedDay(int64_t day);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_WORKSHOP_H_
