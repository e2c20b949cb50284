#ifndef LABSLOT_TESTS_ENGINE_QUOTA_MODEL_H_
#define LABSLOT_TESTS_ENGINE_QUOTA_MODEL_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/catalogue.h"

namespace labslot::engine {

// Quotas as the words of the API tell them, with no thought for speed: time is
// walked through quarter by quarter, and every reservation ever made is looked
// at. Everything that has a time lies on the quarter: runs, changeover,
// windows, midnights, switches of summer time, and now.
class QuotaModel {
 public:
  static constexpr Seconds kQuarter = 900;

  // Both must outlive the model.
  QuotaModel(const Catalogue& catalogue, const std::map<ReservationId, Reservation>& all)
      : catalogue_(catalogue), all_(all) {}

  // How much of a count is used on each day.
  using Days = std::map<absl::CivilDay, int64_t>;
  using Key = std::vector<std::string>;
  using Counts = std::map<Key, Days>;

  // What a reservation adds, whatever its state.
  Counts Adds(const Quota& quota, const Reservation& reservation) const;

  // What all reservations together have used. With `future`, only those that
  // start behind `now`.
  Counts Used(const Quota& quota, bool future, Instant now, ReservationId without = 0) const;

  // Of each count that the candidate adds to, what it comes to with it in the
  // fullest of the periods that it adds to. `current` may be null.
  std::map<Key, int64_t> Fullest(const Quota& quota, const Reservation& candidate,
                                 const Reservation* current, Instant now) const;

  // Of each count that a new reservation would add to, what the others have used in the
  // fullest of the periods that it adds to.
  std::map<Key, int64_t> MostUsed(const Quota& quota, const Reservation& candidate,
                                  Instant now) const;

  // True if the candidate is handed back what the quota keeps from it.
  bool HandedBack(const Quota& quota, const Reservation& candidate, Instant now) const;

  // True if the candidate goes over the quota.
  bool Exceeds(const Quota& quota, const Reservation& candidate, const Reservation* current,
               Instant now) const;

  // True if the asset is open at that time.
  bool Open(const Asset& asset, const Site& place, Instant instant) const;

  // The place of the run of an item.
  const Site& PlaceOfItem(const Reservation& reservation, const ReservationItem& item) const;

 private:
  bool Fits(const Selector& selector, const Reservation& reservation,
            const ReservationItem& item) const;
  bool Applies(const std::vector<Selector>& applies_to, const std::vector<Selector>& except,
               const Reservation& reservation, const ReservationItem& item) const;
  bool InGroup(const std::string& group, const Reservation& reservation) const;
  bool Manages(const std::string& user, const Asset& asset) const;
  bool LeavesOutClosedTime(const Reservation& reservation, const ReservationItem& item) const;
  bool Counted(const Quota& quota, const Reservation& reservation) const;
  std::vector<Key> KeysOf(const Quota& quota, const Reservation& reservation,
                          const ReservationItem& item) const;
  Days DaysOf(const Quota& quota, const Reservation& reservation,
              const ReservationItem& item) const;

  const Catalogue& catalogue_;
  const std::map<ReservationId, Reservation>& all_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_QUOTA_MODEL_H_
