#include "client/commands/reservation_filter.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {

using v1::ListReservationsResponse;

// Names go into the filter in quotes; a quote in one would end it.
absl::Status AddNameTerm(absl::string_view field, const std::string& name,
                         std::vector<std::string>* terms) {
  if (name.empty()) return absl::OkStatus();
  if (name.find_first_of("\"\\") != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat("\"", name, "\" is no name"));
  }
  terms->push_back(absl::StrCat(field, " = \"", name, "\""));
  return absl::OkStatus();
}

absl::StatusOr<ListReservationsResponse> ListReservations(Session& session,
                                                          const std::string& filter, int limit) {
  v1::ListReservationsRequest request;
  request.set_filter(filter);
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  absl::StatusOr<ListReservationsResponse> reply =
      (*connection)
          ->ReadPages(
              &v1::ReservationService::Stub::ListReservations, request,
              std::function<int(const ListReservationsResponse&)>(
                  [](const ListReservationsResponse& page) { return page.reservations_size(); }),
              limit);
  if (!reply.ok()) return reply.status();
  while (limit > 0 && reply->reservations_size() > limit) {
    reply->mutable_reservations()->RemoveLast();
  }
  return reply;
}

}  // namespace labslot::client
