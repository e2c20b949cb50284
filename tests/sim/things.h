#ifndef LABSLOT_TESTS_SIM_THINGS_H_
#define LABSLOT_TESTS_SIM_THINGS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/event.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/reservation.h"
#include "daemon/domain/series.h"

// What is written down in the books of the model, but for reservations and quotas.

namespace labslot::sim {

inline constexpr Instant kEver = Instant{1} << 40;

// The kind of what is added later, too.
inline constexpr char kStand[] = "stand";

// What the model knows of an asset.
struct Thing {
  int32_t capacity = 1;
  std::string parent;
  std::string kind = {};  // empty: like no other one
  bool in_group = false;
  Seconds set_up = 0;
  Seconds tear_down = 0;
  bool office_hours = false;  // 8:00 to 18:00 UTC, else round the clock
  bool retired = false;
  Interval exists = {};
  std::map<std::string, Labels> units = {};  // by id: what each has; none: all are alike
  // Of what travels; the sites and the ways between them are in house.h.
  std::string home = {};  // empty: it stands
  bool always_home = false;
  Seconds longest_tour = 0;  // 0: any
  // By policies, which never change.
  Seconds grace = 0;        // 0: nobody has to check in
  Seconds close_after = 0;  // the rule of overdue uses; 0: none of its own
  bool ends_for_next = false;
  bool displaces = false;              // holds for its parts, too
  std::vector<std::string> asks = {};  // who needs approval
  std::optional<ApprovalTerms> approval = {};
};

// The rule by which who is worth more may take the place of others.
inline constexpr int32_t kPriorityGap = 1;
inline constexpr double kPriorityWeight = 0.125;
inline constexpr double kLeastGain = 1.5;

// What is out of service.
struct Fault {
  std::string asset;
  int32_t quantity = 0;  // 0: all
  std::string unit;      // empty: any
  Interval interval;
  Revision revision = 0;
};

// A visit of something that travels, with what goes around it.
struct Stay {
  Interval interval;
  std::string site;
};

// A call for requests.
struct Call {
  std::vector<std::string> assets;
  Interval interval;
  Instant deadline = 0;
  bool cleared = false;
};

// A series: the same at the same time of day, every so many days.
struct Chain {
  struct Day {
    ReservationId reservation = 0;  // 0: none
    bool refused = false;           // it is not where the series wants it
  };
  Reservation draft;
  Interval first;
  int64_t step = 1;
  int64_t count = 1;
  ContractKind contract = ContractKind::kAllOrNothing;
  int32_t max_refused = 0;
  std::map<int64_t, Day> days = {};  // by number
  bool cancelled = false;
  Revision revision = 0;
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_THINGS_H_
