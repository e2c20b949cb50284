#include "daemon/service/availability_service.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/free_busy.h"
#include "daemon/engine/itinerary.h"
#include "daemon/engine/place.h"
#include "daemon/engine/slots.h"
#include "daemon/service/conflict_mask.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/history.h"
#include "daemon/service/workers.h"
#include "daemon/storage/records.h"
#include "labslot/v1/availability_service.pb.h"

namespace labslot::service {
namespace {

struct FreeBusyQuery {
  engine::Principal principal;
  std::vector<std::string> assets;
  std::string site;
  Interval period;
};

void AddOccupancy(const engine::Catalogue& catalogue, const engine::Principal& principal,
                  const engine::Occupant& occupant, const std::optional<Reservation>& reservation,
                  v1::AssetFreeBusy& response) {
  v1::Occupancy& to = *response.add_occupancies();
  ToProto(occupant.blocked, *to.mutable_interval());
  ToProto(occupant.run(), *to.mutable_run());
  to.set_quantity(occupant.quantity);
  const bool pending = reservation && reservation->state == ReservationState::kPending;
  to.set_state(pending         ? v1::Reservation::STATE_PENDING
               : occupant.held ? v1::Reservation::STATE_HELD
                               : v1::Reservation::STATE_CONFIRMED);
  if (!reservation || !engine::MaySee(catalogue, principal, *reservation)) return;
  to.set_reservation(NameOf(reservation->id));
  to.set_state(static_cast<v1::Reservation::State>(reservation->state));
  to.set_site(NameOf(kSites, reservation->site));
}

absl::Status TooMuchToTell() {
  return absl::InvalidArgumentError(
      absl::StrCat("asks for more than ", limits::kMaxOccupanciesTold,
                   " reservations; name fewer assets or a shorter period"));
}

// The visits of a mobile asset, by start.
using VisitSource = std::function<std::vector<engine::Visit>(const Asset&)>;

// The ways of a mobile asset that touch the period.
std::vector<engine::Leg> LegsIn(const Interval& period, const engine::Catalogue& catalogue,
                                const Asset& asset, const VisitSource& visits) {
  if (!asset.mobile) return {};
  std::vector<engine::Leg> legs = engine::LegsOf(engine::Ways(catalogue, asset), visits(asset));
  legs.erase(std::remove_if(legs.begin(), legs.end(),
                            [&](const engine::Leg& leg) { return !leg.interval.Overlaps(period); }),
             legs.end());
  return legs;
}

absl::StatusOr<v1::QueryFreeBusyResponse> AnswerFreeBusy(const FreeBusyQuery& query,
                                                         const engine::Catalogue& catalogue,
                                                         const engine::TimelineSource& timelines,
                                                         const VisitSource& visits,
                                                         const ReservationReader& read) {
  v1::QueryFreeBusyResponse response;
  size_t told = 0;
  for (const std::string& id : query.assets) {
    const Asset& asset = *catalogue.FindAsset(id);
    const Site& place = *engine::PlaceOf(catalogue, asset, query.site);
    const std::vector<engine::Leg> legs = LegsIn(query.period, catalogue, asset, visits);
    const engine::FreeBusy free_busy =
        engine::FreeBusyOf(catalogue, timelines, asset, place, query.period, legs);
    v1::AssetFreeBusy& to = *response.add_assets();
    to.set_asset(NameOf(kAssets, id));
    to.set_time_zone(place.time_zone);
    to.set_capacity(asset.capacity);
    for (const engine::FreeBusySpan& span : free_busy.spans) {
      v1::Span& part = *to.add_spans();
      ToProto(span.interval, *part.mutable_interval());
      part.set_open(span.open);
      part.set_free_capacity(span.free_capacity);
      part.set_blocked(span.blocked);
      part.set_travelling(span.travelling);
      part.set_out_of_service(span.out_of_service);
    }
    for (const engine::Leg& leg : legs) {
      v1::Leg& way = *to.add_legs();
      way.set_from_site(NameOf(kSites, leg.from));
      way.set_to_site(NameOf(kSites, leg.to));
      ToProto(leg.interval, *way.mutable_interval());
    }
    told += free_busy.occupants.size();
    if (told > limits::kMaxOccupanciesTold) return TooMuchToTell();
    for (const engine::Occupant& occupant : free_busy.occupants) {
      const auto reservation = read(occupant.reservation);
      if (!reservation.ok()) return reservation.status();
      AddOccupancy(catalogue, query.principal, occupant, *reservation, to);
    }
  }
  return response;
}

// The past and what is large are read from the store, on a worker.
void AnswerOnWorker(const DaemonCore& core, const CallInfo& call, FreeBusyQuery query,
                    const Reply<v1::QueryFreeBusyResponse>& reply) {
  auto catalogue = core.state().ShareCatalogue();
  auto snapshot = std::shared_ptr<const storage::Snapshot>(core.store.TakeSnapshot());
  RunOnWorker(
      core, call, reply,
      [query = std::move(query), catalogue,
       snapshot]() -> absl::StatusOr<v1::QueryFreeBusyResponse> {
        HistoricTimelines timelines(*snapshot, query.period);
        absl::Status read_visits;
        auto response = AnswerFreeBusy(
            query, *catalogue,
            [&](absl::string_view asset) -> const engine::Timeline& { return timelines.Of(asset); },
            [&](const Asset& asset) {
              auto all = AllVisits(*snapshot, *catalogue, asset);
              if (!all.ok()) read_visits = all.status();
              return all.ok() ? *std::move(all) : std::vector<engine::Visit>();
            },
            [&](ReservationId id) { return storage::ReadReservation(*snapshot, id); });
        if (!timelines.status().ok()) return timelines.status();
        if (!read_visits.ok()) return read_visits;
        return response;
      });
}

void QueryFreeBusy(const DaemonCore& core, const CallInfo& call,
                   const v1::QueryFreeBusyRequest& request,
                   const Reply<v1::QueryFreeBusyResponse>& reply) {
  FieldErrors errors;
  FreeBusyQuery query;
  query.principal = call.principal;
  query.assets =
      IdsFromNames(kAssets, request.assets(), limits::kMaxAssetsPerQuery, "assets", errors);
  if (request.assets().empty()) errors.Add("assets", "must name at least one asset");
  query.site = IdFromName(kSites, request.site(), Presence::kOptional, "site", errors);
  query.period =
      IntervalFromProto(request.interval(), limits::kLongestAvailabilityPeriod, "interval", errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  for (const std::string& id : query.assets) {
    if (core.catalogue().FindAsset(id) == nullptr) return reply.Fail(NotFound(NameOf(kAssets, id)));
  }
  if (!query.site.empty() && core.catalogue().FindSite(query.site) == nullptr) {
    return reply.Fail(NotFound(NameOf(kSites, query.site)));
  }
  const int64_t days = query.period.length() / limits::kDay + 1;
  const bool large = static_cast<int64_t>(query.assets.size()) * days > limits::kQuickAssetDays;
  if (large || query.period.start < core.state().forgotten_before()) {
    return AnswerOnWorker(core, call, std::move(query), reply);
  }
  const auto response = AnswerFreeBusy(
      query, core.catalogue(),
      [&](absl::string_view asset) -> const engine::Timeline& {
        return core.state().timeline(asset);
      },
      [&](const Asset& asset) { return core.state().itinerary(asset.id).All(); },
      [&](ReservationId id) { return storage::ReadReservation(core.store, id); });
  response.ok() ? reply.Send(*response) : reply.Fail(response.status());
}

engine::SlotQuery SlotQueryFromProto(const v1::FindSlotsRequest& request, FieldErrors& errors) {
  engine::SlotQuery query;
  if (request.items().empty() == request.kind().empty()) {
    errors.Add("items", "must be set, or kind, but not both");
  }
  if (!request.items().empty()) query.items = ItemsFromProto(request.items(), "items", errors);
  query.kind =
      LineFromProto(request.kind(), limits::kMaxNameText, Presence::kOptional, "kind", errors);
  query.labels = LabelsFromProto(request.labels(), "labels", errors);
  query.site = IdFromName(kSites, request.site(), Presence::kOptional, "site", errors);
  query.quantity =
      std::max(1, NumberFromProto(request.quantity(), 0, limits::kMaxCapacity, "quantity", errors));
  query.duration =
      DurationFromProto(request.duration(), 1, limits::kLongestRun, "duration", errors);
  query.window =
      IntervalFromProto(request.interval(), limits::kLongestAvailabilityPeriod, "interval", errors);
  query.user = IdFromName(kUsers, request.user(), Presence::kOptional, "user", errors);
  query.organisation = IdFromName(kOrganisations, request.organisation(), Presence::kOptional,
                                  "organisation", errors);
  const int32_t limit =
      NumberFromProto(request.limit(), 0, std::numeric_limits<int32_t>::max(), "limit", errors);
  query.limit =
      static_cast<size_t>(limit == 0 ? limits::kDefaultSlots : std::min(limit, limits::kMaxSlots));
  return query;
}

// The first thing that a query names and that is not there.
std::optional<Error> Missing(const engine::Catalogue& catalogue, const engine::SlotQuery& query) {
  for (const ReservationItem& item : query.items) {
    if (catalogue.FindAsset(item.asset) == nullptr) return NotFound(NameOf(kAssets, item.asset));
  }
  if (!query.site.empty() && catalogue.FindSite(query.site) == nullptr) {
    return NotFound(NameOf(kSites, query.site));
  }
  if (!query.organisation.empty() && catalogue.FindOrganisation(query.organisation) == nullptr) {
    return NotFound(NameOf(kOrganisations, query.organisation));
  }
  return std::nullopt;
}

// The assets that may be in the answer.
Reservation CandidatesOf(const engine::Catalogue& catalogue, const engine::SlotQuery& query) {
  Reservation candidates;
  candidates.items = query.items;
  if (!query.items.empty()) return candidates;
  for (const auto& [id, asset] : catalogue.assets()) {
    if (asset->kind == query.kind) candidates.items.push_back({id});
  }
  return candidates;
}

// Fills in for whom it is. What may be booked tells something of a user, so
// others than oneself are for managers, as in QueryQuotaUsage.
std::optional<Error> SettleHolder(const engine::Catalogue& catalogue,
                                  const engine::Principal& principal, engine::SlotQuery& query) {
  const bool is_other = !query.user.empty() && query.user != principal.user;
  if (is_other && !engine::ManagesAnItem(catalogue, principal, CandidatesOf(catalogue, query))) {
    return RoleRequired("look for slots for others: it takes an asset manager of what is asked for",
                        kAssetManagerRole);
  }
  const User* user = catalogue.FindUser(query.user.empty() ? principal.user : query.user);
  if (user == nullptr && is_other) return NotFound(NameOf(kUsers, query.user));
  if (user == nullptr) return std::nullopt;
  query.user = user->id;
  if (query.organisation.empty() && !user->organisations.empty()) {
    query.organisation = user->organisations.front();
  }
  return std::nullopt;
}

void FindSlots(const DaemonCore& core, const CallInfo& call, const v1::FindSlotsRequest& request,
               const Reply<v1::FindSlotsResponse>& reply) {
  FieldErrors errors;
  engine::SlotQuery query = SlotQueryFromProto(request, errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  if (const auto error = Missing(core.catalogue(), query)) return reply.Fail(*error);
  if (const auto error = SettleHolder(core.catalogue(), call.principal, query)) {
    return reply.Fail(*error);
  }
  v1::FindSlotsResponse response;
  for (const engine::Slot& slot : engine::FindSlots(core.state(), query, core.sequencer.Now())) {
    v1::Slot& to = *response.add_slots();
    for (const ReservationItem& item : slot.items) ToProto(item, *to.add_items());
    ToProto(slot.interval, *to.mutable_interval());
    to.set_site(NameOf(kSites, slot.site));
    to.set_time_zone(slot.time_zone);
    ToProto(slot.start_slack, *to.mutable_start_slack());
    to.set_needs_approval(slot.needs_approval);
  }
  reply.Send(response);
}

}  // namespace

void AddAvailabilityMethods(Methods& methods) {
  methods.Add("QueryFreeBusy", QueryFreeBusy);
  methods.Add("FindSlots", FindSlots);
}

}  // namespace labslot::service
