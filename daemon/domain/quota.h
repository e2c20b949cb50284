#ifndef LABSLOT_DAEMON_DOMAIN_QUOTA_H_
#define LABSLOT_DAEMON_DOMAIN_QUOTA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/selector.h"

namespace labslot {

// What a quota can count apart. Numbers are those of the API.
enum class Dimension {
  kAsset = 1,
  kKind = 2,
  kSite = 3,
  kUser = 4,
  kOrganisation = 5,
  kProject = 6,
  kGroup = 7,
};

enum class Measure {
  kTime = 1,   // seconds x units
  kCount = 2,  // assets of reservations
};

// What counts as capacity. Numbers are those of the API.
enum class CapacityBase { kCalendar = 1, kOpening = 2, kAvailable = 3 };

// A part of the capacity of the assets that a quota applies to.
struct CapacityShare {
  int32_t hundredths = 0;  // of a per cent
  CapacityBase base = CapacityBase::kOpening;
  friend bool operator==(const CapacityShare&, const CapacityShare&) = default;
};

enum class QuotaPeriod { kDay = 1, kWeek = 2, kMonth = 3, kYear = 4, kRolling = 5, kFuture = 6 };

// A limit on how much may be reserved. See the API's Quota for the meaning of
// each field.
struct Quota {
  std::string id;
  std::string display_name;
  std::string description;
  std::vector<Selector> applies_to;  // one must fit; empty: everything
  std::vector<Selector> except;      // none may fit
  std::vector<Dimension> each;       // counted apart; what is not named, together
  Measure measure = Measure::kTime;
  int64_t limit = 0;  // seconds or count; 0 with a share
  std::optional<CapacityShare> share;
  std::string rule_set;  // where the limit comes from
  QuotaPeriod period = QuotaPeriod::kWeek;
  int32_t rolling_days = 0;              // of kRolling
  std::vector<WeeklyWindow> prime_time;  // counts only then; empty: always
  std::vector<DateRange> periods;        // counts on these days only; empty: on all
  bool counts_set_up = false;            // and tear-down
  bool counts_no_shows = false;
  Seconds counts_cancelled_within = 0;  // cancelled so close before the start; 0: never
  std::optional<Lead> hand_back;        // holds no more for what starts sooner than this
  bool fair_share = false;              // orders wait lists by the part that is used of it
  Effect effect = Effect::kReject;
  Actors overriders;
  ApprovalTerms approval;
  bool disabled = false;
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Quota&, const Quota&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_QUOTA_H_
