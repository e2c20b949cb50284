#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_FILTER_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_FILTER_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "daemon/domain/reservation.h"
#include "daemon/service/convert/field_errors.h"

namespace labslot::service {

// A set of reservation states.
class StateSet {
 public:
  static StateSet All() { return StateSet(~uint32_t{0}); }
  static StateSet Of(ReservationState state) { return StateSet(Bit(state)); }

  bool Has(ReservationState state) const { return (bits_ & Bit(state)) != 0; }
  void Remove(ReservationState state) { bits_ &= ~Bit(state); }
  void KeepOnly(ReservationState state) { bits_ &= Bit(state); }

 private:
  explicit StateSet(uint32_t bits) : bits_(bits) {}
  static uint32_t Bit(ReservationState state) { return uint32_t{1} << static_cast<int>(state); }

  uint32_t bits_;
};

// The restrictions of ListReservations, all of which must hold. All bounds are
// inclusive: times are whole seconds, so `<` is `<=` one second earlier.
struct ReservationFilter {
  static constexpr Instant kNever = std::numeric_limits<Instant>::max();
  static constexpr Instant kAlways = std::numeric_limits<Instant>::min();

  std::optional<std::string> asset;  // ids
  std::optional<std::string> user;
  std::optional<std::string> organisation;
  std::optional<std::string> site;
  StateSet states = StateSet::All();
  Instant start_min = kAlways;
  Instant start_max = kNever;
  Instant end_min = kAlways;
  Instant end_max = kNever;
};

// Reads the language that ListReservationsRequest.filter documents. What is
// wrong is a violation of `filter` that tells the place, counted from 1.
ReservationFilter FilterFromProto(absl::string_view filter, FieldErrors& errors);

bool Matches(const ReservationFilter& filter, const Reservation& reservation);

enum class ReservationOrder { kByStart, kByStartDescending };

// Reads `order_by`; empty is by start.
ReservationOrder OrderFromProto(absl::string_view order_by, FieldErrors& errors);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_FILTER_H_
