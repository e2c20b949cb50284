#include "daemon/service/list_reservations.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/engine/access.h"
#include "daemon/engine/place.h"
#include "daemon/service/convert/filter.h"
#include "daemon/service/convert/page_token.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/workers.h"
#include "daemon/storage/records.h"

namespace labslot::service {
namespace {

// One page looks at no more index rows than this, so that a filter that finds
// little does not keep a worker for long; the next page goes on from there.
constexpr size_t kMaxRowsPerPage = 20000;

// A row of an index: where a page ends and the next begins.
struct Row {
  Instant start = 0;
  ReservationId id = 0;
  friend auto operator<=>(const Row&, const Row&) = default;
};

std::string PositionOf(const Row& row) { return absl::StrCat(row.start, "/", row.id); }

std::optional<Row> RowAt(const std::string& position) {
  const std::vector<std::string> parts = absl::StrSplit(position, '/');
  Row row;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &row.start) ||
      !absl::SimpleAtoi(parts[1], &row.id)) {
    return std::nullopt;
  }
  return row;
}

struct Listing {
  engine::Principal principal;
  ReservationFilter filter;
  ReservationOrder order = ReservationOrder::kByStart;
  size_t page_size = 0;
  Instant now = 0;
  std::optional<Row> after;  // the last row of the page before
  std::shared_ptr<const engine::Catalogue> catalogue;
  std::unique_ptr<const storage::Snapshot> snapshot;
};

// The starts that can match: what still runs at end_min began at most the
// longest run before, and nothing begins beyond the horizon.
Interval StartsOf(const Listing& listing) {
  const ReservationFilter& filter = listing.filter;
  Instant first = std::max(filter.start_min, limits::kEarliestInstant);
  if (filter.end_min != ReservationFilter::kAlways) {
    first = std::max(first, filter.end_min - limits::kLongestRun);
  }
  return {first, std::min(filter.start_max, listing.now + limits::kHorizon) + 1};
}

absl::Status VisitRows(const Listing& listing, const Interval& starts,
                       const std::function<bool(const Row&)>& visitor) {
  if (!listing.filter.asset) {
    return storage::VisitStarts(*listing.snapshot, starts.start, starts.end,
                                [&](Instant start, ReservationId id) {
                                  return visitor({start, id});
                                });
  }
  return storage::VisitOccupancies(*listing.snapshot, *listing.filter.asset, starts.start,
                                   starts.end, [&](const Occupancy& o) {
                                     return visitor({o.run.start, o.reservation});
                                   });
}

// Up to `limit` rows behind `after`, in ascending order.
absl::StatusOr<std::vector<Row>> RowsAscending(const Listing& listing,
                                               const std::optional<Row>& after, size_t limit) {
  Interval starts = StartsOf(listing);
  if (after) starts.start = std::max(starts.start, after->start);
  std::vector<Row> rows;
  LABSLOT_RETURN_IF_ERROR(VisitRows(listing, starts, [&](const Row& row) {
    if (!after || row > *after) rows.push_back(row);
    return rows.size() < limit;
  }));
  return rows;
}

// Up to `limit` rows before `after`, in descending order. The store reads
// forwards only, so it looks at slices of time from the end, each twice as
// long as the one before.
absl::StatusOr<std::vector<Row>> RowsDescending(const Listing& listing,
                                                const std::optional<Row>& after, size_t limit) {
  Interval rest = StartsOf(listing);
  if (after) rest.end = std::min(rest.end, after->start + 1);
  std::vector<Row> rows;
  Seconds slice = 7 * limits::kDay;
  while (!rest.empty() && rows.size() < limit) {
    const Interval part = {std::max(rest.start, rest.end - slice), rest.end};
    std::vector<Row> found;
    LABSLOT_RETURN_IF_ERROR(VisitRows(listing, part, [&](const Row& row) {
      if (!after || row < *after) found.push_back(row);
      return true;
    }));
    rows.insert(rows.end(), found.rbegin(), found.rend());
    rest.end = part.start;
    slice *= 2;
  }
  if (rows.size() > limit) rows.resize(limit);
  return rows;
}

absl::StatusOr<std::vector<Row>> NextRows(const Listing& listing, const std::optional<Row>& after,
                                          size_t limit) {
  return listing.order == ReservationOrder::kByStart ? RowsAscending(listing, after, limit)
                                                     : RowsDescending(listing, after, limit);
}

absl::StatusOr<v1::ListReservationsResponse> Page(const Listing& listing,
                                                  const v1::ListReservationsRequest& request) {
  v1::ListReservationsResponse response;
  std::optional<Row> last = listing.after;
  size_t looked_at = 0;
  size_t bytes = 0;
  // Some more than a page at a time, because not every row will match.
  const size_t chunk = std::min<size_t>(4 * listing.page_size + 16, 2000);
  while (true) {
    LABSLOT_ASSIGN_OR_RETURN(const std::vector<Row> rows, NextRows(listing, last, chunk));
    for (const Row& row : rows) {
      if (static_cast<size_t>(response.reservations_size()) == listing.page_size ||
          looked_at == kMaxRowsPerPage || bytes >= limits::kFullPageBytes) {
        response.set_next_page_token(PageTokenOf(request, PositionOf(*last)));
        return response;
      }
      ++looked_at;
      last = row;
      LABSLOT_ASSIGN_OR_RETURN(const std::optional<Reservation> reservation,
                               storage::ReadReservation(*listing.snapshot, row.id));
      if (!reservation || !Matches(listing.filter, *reservation)) continue;
      if (!engine::MaySee(*listing.catalogue, listing.principal, *reservation)) continue;
      v1::Reservation& added = *response.add_reservations();
      ToProto(*reservation, engine::ZoneNameOf(*listing.catalogue, *reservation), added);
      bytes += added.ByteSizeLong();
    }
    if (rows.size() < chunk) return response;
  }
}

}  // namespace

void ListReservations(const DaemonCore& core, const CallInfo& call,
                      const v1::ListReservationsRequest& request,
                      const Reply<v1::ListReservationsResponse>& reply) {
  FieldErrors errors;
  auto listing = std::make_shared<Listing>();
  listing->principal = call.principal;
  listing->filter = FilterFromProto(request.filter(), errors);
  listing->order = OrderFromProto(request.order_by(), errors);
  listing->page_size = static_cast<size_t>(PageSizeFromProto(request.page_size(), errors));
  const std::string position = PositionFromToken(request, request.page_token(), errors);
  if (!position.empty()) listing->after = RowAt(position);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  listing->now = core.sequencer.Now();
  listing->catalogue = core.state().ShareCatalogue();
  listing->snapshot = core.store.TakeSnapshot();
  RunOnWorker(core, call, reply, [listing, request] { return Page(*listing, request); });
}

}  // namespace labslot::service
