#include "daemon/service/series_methods.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/service/commands.h"
#include "daemon/service/conflict_mask.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/page_token.h"
#include "daemon/service/convert/patch.h"
#include "daemon/service/convert/series.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/workers.h"
#include "daemon/storage/records.h"
#include "labslot/v1/reservation_service.pb.h"

namespace labslot::service {
namespace {

// One page looks at no more series than this; each can have hundreds of days.
constexpr int kMaxSeriesPerPage = 2000;

// Takes the numbers out of a dry run's reply that it would get but did not:
// they may go to others.
void ForgetNumbersAbove(Revision head, Series& series) {
  if (series.id > head) series.id = 0;
  for (Occurrence& occurrence : series.occurrences) {
    if (occurrence.reservation > head) occurrence.reservation = 0;
  }
}

void SubmitSeriesCommand(const DaemonCore& core, const CallInfo& call, engine::Command command,
                         const FieldErrors& errors, const Reply<v1::Series>& reply) {
  const bool dry_run = command.validate_only;
  SubmitCommand(core, call, std::move(command), errors, reply,
                [&core, principal = call.principal, dry_run](const runtime::Answer& answer,
                                                             v1::Series& response) {
                  Series series = std::get<Series>(answer.result);
                  if (dry_run) ForgetNumbersAbove(core.state().head(), series);
                  ConflictMask(core.catalogue(), principal, [&](ReservationId id) {
                    return storage::ReadReservation(core.store, id);
                  }).Apply(series);
                  ToProto(series, response);
                  if (dry_run) response.clear_etag();
                });
}

std::optional<absl::CivilDay> FromDate(bool is_set, const google::type::Date& date,
                                       FieldErrors& errors) {
  if (!is_set) return std::nullopt;
  return DateFromProto(date, "from_date", errors);
}

void CreateSeries(const DaemonCore& core, const CallInfo& call,
                  const v1::CreateSeriesRequest& request, const Reply<v1::Series>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  command.body = engine::CreateSeries{SeriesFromProto(request.series(), "series", errors)};
  SubmitSeriesCommand(core, call, std::move(command), errors, reply);
}

void UpdateSeries(const DaemonCore& core, const CallInfo& call,
                  const v1::UpdateSeriesRequest& request, const Reply<v1::Series>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::UpdateSeries body;
  body.id = SeriesIdFromName(request.series().name(), "series.name", errors);
  body.etag = RevisionFromEtag(request.series().etag(), "series.etag", errors);
  body.from = FromDate(request.has_from_date(), request.from_date(), errors);
  body.patch = PatchFrom(request.series(), request.update_mask(), errors);
  command.body = std::move(body);
  SubmitSeriesCommand(core, call, std::move(command), errors, reply);
}

void CancelSeries(const DaemonCore& core, const CallInfo& call,
                  const v1::CancelSeriesRequest& request, const Reply<v1::Series>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::CancelSeries body;
  body.id = SeriesIdFromName(request.name(), "name", errors);
  body.etag = RevisionFromEtag(request.etag(), "etag", errors);
  body.from = FromDate(request.has_from_date(), request.from_date(), errors);
  command.body = body;
  SubmitSeriesCommand(core, call, std::move(command), errors, reply);
}

void RetrySeries(const DaemonCore& core, const CallInfo& call,
                 const v1::RetrySeriesRequest& request, const Reply<v1::Series>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::RetrySeries body;
  body.id = SeriesIdFromName(request.name(), "name", errors);
  body.days = DaysFromProto(request.dates(), "dates", errors);
  command.body = std::move(body);
  SubmitSeriesCommand(core, call, std::move(command), errors, reply);
}

void GetSeries(const DaemonCore& core, const CallInfo& call, const v1::GetSeriesRequest& request,
               const Reply<v1::Series>& reply) {
  FieldErrors errors;
  const SeriesId id = SeriesIdFromName(request.name(), "name", errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  absl::StatusOr<std::optional<Series>> found = storage::ReadSeries(core.store, id);
  if (!found.ok()) return reply.Fail(found.status());
  std::optional<Series>& series = *found;
  if (!series || !engine::MaySee(core.catalogue(), call.principal, series->draft)) {
    return reply.Fail(NotFound(request.name()));
  }
  ConflictMask(core.catalogue(), call.principal, [&](ReservationId other) {
    return storage::ReadReservation(core.store, other);
  }).Apply(*series);
  v1::Series response;
  ToProto(*series, response);
  reply.Send(response);
}

struct SeriesListing {
  engine::Principal principal;
  SeriesId after = 0;
  int page_size = 0;
  std::shared_ptr<const engine::Catalogue> catalogue;
  std::unique_ptr<const storage::Snapshot> snapshot;
};

absl::StatusOr<v1::ListSeriesResponse> Page(const SeriesListing& listing,
                                            const v1::ListSeriesRequest& request) {
  v1::ListSeriesResponse response;
  SeriesId last = listing.after;
  int looked_at = 0;
  size_t bytes = 0;
  LABSLOT_RETURN_IF_ERROR(
      storage::VisitSeries(*listing.snapshot, listing.after, [&](Series series) {
        if (response.series_size() == listing.page_size || looked_at++ == kMaxSeriesPerPage ||
            bytes >= limits::kFullPageBytes) {
          response.set_next_page_token(PageTokenOf(request, absl::StrCat(last)));
          return false;
        }
        last = series.id;
        if (!engine::MaySee(*listing.catalogue, listing.principal, series.draft)) return true;
        ConflictMask(*listing.catalogue, listing.principal, [&](ReservationId id) {
          return storage::ReadReservation(*listing.snapshot, id);
        }).Apply(series);
        v1::Series told;
        ToProto(series, told);
        // One series can be as large as a full page, so it is not put on top of
        // one that is half full.
        if (bytes != 0 && bytes + told.ByteSizeLong() > limits::kFullPageBytes) {
          response.set_next_page_token(PageTokenOf(request, absl::StrCat(series.id - 1)));
          return false;
        }
        bytes += told.ByteSizeLong();
        *response.add_series() = std::move(told);
        return true;
      }));
  return response;
}

void ListSeries(const DaemonCore& core, const CallInfo& call, const v1::ListSeriesRequest& request,
                const Reply<v1::ListSeriesResponse>& reply) {
  FieldErrors errors;
  auto listing = std::make_shared<SeriesListing>();
  listing->principal = call.principal;
  listing->page_size = PageSizeFromProto(request.page_size(), errors);
  const std::string position = PositionFromToken(request, request.page_token(), errors);
  if (!position.empty() && !absl::SimpleAtoi(position, &listing->after)) {
    errors.Add("page_token", "is not one that the daemon gave out");
  }
  if (!errors.ok()) return reply.Fail(errors.ToError());
  listing->catalogue = core.state().ShareCatalogue();
  listing->snapshot = core.store.TakeSnapshot();
  RunOnWorker(core, call, reply, [listing, request] { return Page(*listing, request); });
}

}  // namespace

void AddSeriesMethods(Methods& methods) {
  methods.Add("CreateSeries", CreateSeries);
  methods.Add("GetSeries", GetSeries);
  methods.Add("ListSeries", ListSeries);
  methods.Add("UpdateSeries", UpdateSeries);
  methods.Add("CancelSeries", CancelSeries);
  methods.Add("RetrySeries", RetrySeries);
}

}  // namespace labslot::service
