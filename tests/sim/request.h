#ifndef LABSLOT_TESTS_SIM_REQUEST_H_
#define LABSLOT_TESTS_SIM_REQUEST_H_

#include <set>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/reservation.h"
#include "daemon/domain/series.h"
#include "daemon/engine/command.h"

namespace labslot::sim {

// The pool whose units differ.
inline constexpr char kUnitPool[] = "cams";

enum class Verb {
  kBook,
  kMove,
  kChangeItems,
  kCancel,
  kConfirm,
  kAccept,
  kApprove,
  kReject,
  kCheckIn,
  kCheckOut,
  kCorrect,
  kSetCapacity,
  kSetSetUp,
  kSetGroup,
  kSetLabel,
  kAddAsset,
  kRetireAsset,
  kBreakDown,
  kMoveFault,
  kRepair,
  kOpenCall,
  kClearCall,
  kBookSeries,
  kMoveSeries,
  kCancelSeries,
  kRetrySeries,
  kAddQuota,
  kChangeQuota,
  kDropQuota,
};

struct Wanted {
  std::string asset;
  int32_t quantity = 1;
  Labels labels = {};  // of units
};

using Items = std::vector<Wanted>;

// What will do as well; what it leaves out is as it is wanted first.
struct Option {
  Items items = {};
  Interval interval = {};
};

// What a client asks, in plain terms that the model understands as well.
struct Request {
  Verb verb = Verb::kBook;
  std::string principal;
  std::string request_id;  // empty: not repeatable
  bool dry_run = false;

  ReservationId reservation = 0;  // of the verbs about one that is there, or a series
  Items items;        // of kBook, kChangeItems, kOpenCall; what comes back at kCheckOut, empty: all
  Interval interval;  // of kBook, kMove, kBreakDown, kMoveFault, kOpenCall
  Seconds hold_for = 0;                  // of kBook
  bool may_wait = false;                 // of kBook
  bool may_displace = false;             // of kBook
  bool firm = false;                     // of kBook
  std::string call;                      // of kBook: submitted to it
  int32_t priority = 0;                  // of kBook
  Interval window;                       // of kBook
  std::vector<Option> choices = {};      // of kBook
  bool like_assets = false;              // of kBook
  std::string user;                      // of kBook; empty: the principal
  std::string project = {};              // of kBook
  std::string site = {};                 // of kBook, kChangeItems; of moves unless empty
  bool nobody_came = false;              // of kCorrect
  std::vector<std::string> units = {};   // of kCheckIn and kCheckOut; empty: any
  std::string asset;                     // of the verbs about assets, and kBreakDown
  std::string unit = {};                 // of kSetLabel, and of kBreakDown; empty: any
  int64_t number = 0;                    // capacity, seconds, what is out of service, a deadline
  bool in_group = false;                 // of kSetGroup
  bool is_hot = false;                   // of kSetLabel
  std::string record;                    // of the verbs about faults and calls
  std::set<ReservationId> granted = {};  // of kClearCall
  int64_t step = 1;                      // of kBookSeries: days from one to the next
  ContractKind contract = ContractKind::kAllOrNothing;  // of kBookSeries
  int32_t max_refused = 0;                              // of kBookSeries
  int64_t from_day = 0;                                 // of kMoveSeries and kCancelSeries; 0: all
  Quota quota = {};                                     // of kAddQuota and kChangeQuota
};

// True if the daemon counts anew behind it, and takes nothing else into the same group.
bool EndsGroup(Verb verb);

// The request in one line; equal for equal bodies.
std::string Fingerprint(const Request& request);

// What stays of each item in a change of items, unless its asset is new: as the service
// has it.
void KeepTerms(const std::vector<ReservationItem>& before, std::vector<ReservationItem>& items);

// What the request says would do as well.
std::vector<Choice> ChoicesOf(const Request& request);

// What the engine is told.
engine::Command ToCommand(const Request& request);

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_REQUEST_H_
