#include "daemon/service/list_problems.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/status_macros.h"
#include "daemon/engine/access.h"
#include "daemon/engine/place.h"
#include "daemon/service/convert/page_token.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/workers.h"
#include "daemon/storage/records.h"

namespace labslot::service {
namespace {

struct Listing {
  engine::Principal principal;
  v1::ListProblemsRequest request;
  int page_size = 0;
  std::vector<ReservationId> ids;  // behind the page before
  std::shared_ptr<const engine::Catalogue> catalogue;
  std::unique_ptr<const storage::Snapshot> snapshot;
};

absl::StatusOr<v1::ListProblemsResponse> Page(const Listing& listing) {
  v1::ListProblemsResponse response;
  ReservationId last = 0;
  for (const ReservationId id : listing.ids) {
    if (response.reservations_size() == listing.page_size) {
      response.set_next_page_token(PageTokenOf(listing.request, absl::StrCat(last)));
      break;
    }
    last = id;
    LABSLOT_ASSIGN_OR_RETURN(const std::optional<Reservation> reservation,
                             storage::ReadReservation(*listing.snapshot, id));
    if (!reservation || reservation->use.problem == Problem::kNone ||
        !engine::ManagesAnItem(*listing.catalogue, listing.principal, *reservation)) {
      continue;
    }
    ToProto(*reservation, engine::ZoneNameOf(*listing.catalogue, *reservation),
            *response.add_reservations());
  }
  return response;
}

}  // namespace

void ListProblems(const DaemonCore& core, const CallInfo& call,
                  const v1::ListProblemsRequest& request,
                  const Reply<v1::ListProblemsResponse>& reply) {
  FieldErrors errors;
  auto listing = std::make_shared<Listing>();
  listing->principal = call.principal;
  listing->request = request;
  listing->page_size = PageSizeFromProto(request.page_size(), errors);
  const std::string position = PositionFromToken(request, request.page_token(), errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  ReservationId after = 0;
  if (!absl::SimpleAtoi(position, &after)) after = 0;
  const auto& problems = core.state().problems();
  listing->ids.assign(problems.upper_bound(after), problems.end());
  listing->catalogue = core.state().ShareCatalogue();
  listing->snapshot = core.store.TakeSnapshot();
  RunOnWorker(core, call, reply, [listing] { return Page(*listing); });
}

}  // namespace labslot::service
