#ifndef LABSLOT_DAEMON_DOMAIN_SERIES_H_
#define LABSLOT_DAEMON_DOMAIN_SERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "daemon/domain/recurrence.h"
#include "daemon/domain/refusal.h"
#include "daemon/domain/reservation.h"

namespace labslot {

// How many refused occurrences a series bears.
enum class ContractKind { kAllOrNothing = 1, kSkipConflicts = 2, kAtMost = 3 };

struct SeriesContract {
  ContractKind kind = ContractKind::kAllOrNothing;
  int32_t max_refused = 0;          // of kAtMost; this many, or
  int32_t max_refused_percent = 0;  // this share of all, whichever is more
  friend bool operator==(const SeriesContract&, const SeriesContract&) = default;
};

// One day of a series: reserved, or refused and kept so that it can be tried
// again.
struct Occurrence {
  absl::CivilDay day;
  Interval interval;              // empty if the day has no such local time
  ReservationId reservation = 0;  // 0: refused
  std::optional<Refusal> refusal;
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

// Reservations that repeat. See the API's Series for the meaning of each field.
struct Series {
  SeriesId id = 0;
  Reservation draft;  // what each occurrence is, without its interval
  Recurrence recurrence;
  SeriesContract contract;
  std::vector<Occurrence> occurrences;  // by day, each day once
  bool cancelled = false;
  std::string state_reason;
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Series&, const Series&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_SERIES_H_
