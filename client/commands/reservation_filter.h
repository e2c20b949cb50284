#ifndef LABSLOT_CLIENT_COMMANDS_RESERVATION_FILTER_H_
#define LABSLOT_CLIENT_COMMANDS_RESERVATION_FILTER_H_

// Reading reservations that a filter finds.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/session.h"
#include "labslot/v1/reservation_service.pb.h"

namespace labslot::client {

// Adds `field = "name"`, unless the name is empty.
absl::Status AddNameTerm(absl::string_view field, const std::string& name,
                         std::vector<std::string>* terms);

// All that the filter finds, by start; at most `limit`, 0 being no limit.
absl::StatusOr<v1::ListReservationsResponse> ListReservations(Session& session,
                                                              const std::string& filter,
                                                              int limit = 0);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_RESERVATION_FILTER_H_
