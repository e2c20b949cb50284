#ifndef LABSLOT_TESTS_SIM_TALLY_H_
#define LABSLOT_TESTS_SIM_TALLY_H_

#include <cstdint>

#include "daemon/domain/error.h"
#include "daemon/domain/event.h"

namespace labslot::sim {

// What happened in a life, to tell whether it was worth living.
struct Tally {
  int64_t requests = 0;
  int64_t granted = 0;
  int64_t conflicts = 0;  // refused by a rule
  int64_t replays = 0;
  int64_t reused_ids = 0;
  int64_t crashes = 0;
  int64_t full = 0;
  int64_t unknown_lost = 0;
  int64_t unknown_kept = 0;
  int64_t expired_holds = 0;  // and offers, waits, and what was offered behind them
  int64_t waits = 0;
  int64_t accepted = 0;   // offers
  int64_t elsewhere = 0;  // booked, but on other assets than were wanted first
  int64_t checked_in = 0;
  int64_t no_shows = 0;
  int64_t overdue = 0;
  int64_t displaced = 0;  // by others or by an outage
  int64_t hit = 0;        // by an outage, those cut short among them
  int64_t cleared = 0;    // requests of rounds that were granted or rejected
  int64_t corrected = 0;
  int64_t remembered = 0;     // months that reports did not count again
  int64_t unit_refusals = 0;  // where enough units were left, but not for all who need some
  int64_t visits = 0;         // of what travels, granted or asked for
  int64_t way_refusals = 0;   // for ways that do not fit or tours that are too long
  int64_t units_bound = 0;    // at check-in, to who asked for labels
  int64_t rebound = 0;        // to others by an outage
  int64_t returned = 0;       // parts, before the rest
  int64_t asked = 0;          // for approval
  int64_t approved = 0;       // or a part of it
  int64_t rejected = 0;       // not in rounds
  int64_t series = 0;
  int64_t series_changes = 0;  // moves, cancellations and those tried again
  int64_t skipped_days = 0;    // of series that bear it
  int64_t quota_refusals = 0;  // by quotas alone
  int64_t quota_warnings = 0;
  int64_t quota_changes = 0;
  int64_t capacity_shares = 0;  // quotas that give a part of a capacity

  void Add(const Tally& other);
  void CountRefusal(const Error& error);
  void CountEvent(const Event& event);
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_TALLY_H_
