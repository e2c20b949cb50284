#include "daemon/service/change_service.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/engine/access.h"
#include "daemon/engine/place.h"
#include "daemon/service/convert/event.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/page_token.h"
#include "daemon/service/resource_selector.h"
#include "daemon/service/workers.h"
#include "daemon/storage/records.h"
#include "labslot/v1/change_service.pb.h"

namespace labslot::service {
namespace {

// One page looks at no more events than this.
constexpr int kMaxEventsPerPage = 20000;

struct EventListing {
  engine::Principal principal;
  ResourceSelector selector;
  Revision after = 0;
  int page_size = 0;
  std::shared_ptr<const engine::Catalogue> catalogue;
  std::unique_ptr<const storage::Snapshot> snapshot;
};

absl::StatusOr<v1::ListEventsResponse> Page(const EventListing& listing,
                                            const v1::ListEventsRequest& request) {
  v1::ListEventsResponse response;
  response.set_revision(listing.after);
  int looked_at = 0;
  size_t bytes = 0;
  const auto zone_of = [&](const Reservation& reservation) {
    return engine::ZoneNameOf(*listing.catalogue, reservation);
  };
  LABSLOT_RETURN_IF_ERROR(
      storage::VisitEvents(*listing.snapshot, listing.after, [&](const Event& event) {
        if (response.events_size() == listing.page_size || looked_at++ == kMaxEventsPerPage ||
            bytes >= limits::kFullPageBytes) {
          response.set_next_page_token(PageTokenOf(request, absl::StrCat(response.revision())));
          return false;
        }
        response.set_revision(event.revision);
        if (listing.selector.Selects(event) &&
            engine::MayRead(*listing.catalogue, listing.principal, event.resource)) {
          v1::Event& added = *response.add_events();
          ToProto(event, zone_of, added);
          bytes += added.ByteSizeLong();
        }
        return true;
      }));
  return response;
}

void ListEvents(const DaemonCore& core, const CallInfo& call, const v1::ListEventsRequest& request,
                const Reply<v1::ListEventsResponse>& reply) {
  FieldErrors errors;
  auto listing = std::make_shared<EventListing>();
  listing->principal = call.principal;
  listing->selector = ResourceSelector::FromProto(request.resources(), errors);
  listing->page_size = PageSizeFromProto(request.page_size(), errors);
  listing->after = NumberFromProto(request.after_revision(), int64_t{0},
                                   std::numeric_limits<int64_t>::max(), "after_revision", errors);
  const std::string position = PositionFromToken(request, request.page_token(), errors);
  if (!position.empty() && !absl::SimpleAtoi(position, &listing->after)) {
    errors.Add("page_token", "is not one that the daemon gave out");
  }
  if (!errors.ok()) return reply.Fail(errors.ToError());
  if (listing->after > core.feed.head()) return reply.Fail(RevisionAhead(core.feed.head()));
  listing->catalogue = core.state().ShareCatalogue();
  listing->snapshot = core.store.TakeSnapshot();
  RunOnWorker(core, call, reply, [listing, request] { return Page(*listing, request); });
}

}  // namespace

void AddChangeMethods(Methods& methods) { methods.Add("ListEvents", ListEvents); }

}  // namespace labslot::service
