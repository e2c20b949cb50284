#include "daemon/service/availability_service.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
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
#include "daemon/service/free_busy_source.h"
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

// What of a reservation is told of the time that it takes.
struct Told {
  bool visible = false;
  ReservationState state = ReservationState::kConfirmed;
};

absl::StatusOr<Told> WhatIsTold(const engine::Catalogue& catalogue,
                                const engine::Principal& principal, const Asset& asset,
                                const engine::Occupant& occupant, const engine::Party& party,
                                const ReservationReader& read) {
  std::optional<bool> visible = engine::MaySee(catalogue, principal, asset, occupant, party);
  if (!visible) {
    const auto reservation = read(occupant.reservation);
    if (!reservation.ok()) return reservation.status();
    visible = *reservation && engine::MaySee(catalogue, principal, **reservation);
  }
  if (*visible) return Told{true, occupant.state};
  switch (occupant.state) {
    case ReservationState::kPending:
      return Told{false, ReservationState::kPending};
    case ReservationState::kHeld:
    case ReservationState::kOffered:
      return Told{false, ReservationState::kHeld};
    default:
      return Told{false, ReservationState::kConfirmed};
  }
}

void AddOccupancy(const engine::Occupant& occupant, const Told& told, absl::string_view site,
                  v1::AssetFreeBusy& response) {
  v1::Occupancy& to = *response.add_occupancies();
  ToProto(occupant.blocked, *to.mutable_interval());
  ToProto(occupant.run(), *to.mutable_run());
  to.set_quantity(occupant.quantity);
  to.set_state(static_cast<v1::Reservation::State>(told.state));
  if (!told.visible) return;
  to.set_reservation(NameOf(occupant.reservation));
  to.set_site(NameOf(kSites, site));
}

absl::Status TooMuchToTell() {
  return absl::InvalidArgumentError(
      absl::StrCat("asks for more than ", limits::kMaxOccupanciesTold,
                   " reservations; name fewer assets or a shorter period"));
}

// The ways of a mobile asset that touch the period.
std::vector<engine::Leg> LegsIn(const Interval& period, const engine::Catalogue& catalogue,
                                const Asset& asset, FreeBusySource& source) {
  if (!asset.mobile) return {};
  std::vector<engine::Leg> legs =
      engine::LegsOf(engine::Ways(catalogue, asset), source.VisitsOf(asset));
  legs.erase(std::remove_if(legs.begin(), legs.end(),
                            [&](const engine::Leg& leg) { return !leg.interval.Overlaps(period); }),
             legs.end());
  return legs;
}

void AddSpan(const engine::FreeBusySpan& span, v1::AssetFreeBusy& response) {
  v1::Span& to = *response.add_spans();
  ToProto(span.interval, *to.mutable_interval());
  to.set_open(span.open);
  to.set_free_capacity(span.free_capacity);
  to.set_blocked(span.blocked);
  to.set_travelling(span.travelling);
  to.set_out_of_service(span.out_of_service);
}

void AddLeg(const engine::Leg& leg, v1::AssetFreeBusy& response) {
  v1::Leg& to = *response.add_legs();
  to.set_from_site(NameOf(kSites, leg.from));
  to.set_to_site(NameOf(kSites, leg.to));
  ToProto(leg.interval, *to.mutable_interval());
}

absl::Status AnswerFreeBusy(const FreeBusyQuery& query, const engine::Catalogue& catalogue,
                            FreeBusySource& source, const ReservationReader& read,
                            v1::QueryFreeBusyResponse& response) {
  size_t told_count = 0;
  for (const std::string& id : query.assets) {
    const Asset& asset = *catalogue.FindAsset(id);
    const Site& place = *engine::PlaceOf(catalogue, asset, query.site);
    const std::vector<engine::Leg> legs = LegsIn(query.period, catalogue, asset, source);
    const engine::FreeBusy free_busy = engine::FreeBusyOf(
        catalogue,
        [&](absl::string_view other) -> const engine::Timeline& {
          return source.TimelineOf(other);
        },
        asset, place, query.period, legs);
    v1::AssetFreeBusy& to = *response.add_assets();
    to.set_asset(NameOf(kAssets, id));
    to.set_time_zone(place.time_zone);
    to.set_capacity(asset.capacity);
    for (const engine::FreeBusySpan& span : free_busy.spans) AddSpan(span, to);
    for (const engine::Leg& leg : legs) AddLeg(leg, to);
    told_count += free_busy.occupants.size();
    if (told_count > limits::kMaxOccupanciesTold) return TooMuchToTell();
    for (const engine::Occupant& occupant : free_busy.occupants) {
      const engine::Party& party = source.parties().Get(occupant.party);
      LABSLOT_ASSIGN_OR_RETURN(
          const Told told, WhatIsTold(catalogue, query.principal, asset, occupant, party, read));
      AddOccupancy(occupant, told, party.site, to);
    }
  }
  return source.status();
}

// What is large is worked out on a worker, from a copy; so is the past, from the store.
void AnswerOnWorker(const DaemonCore& core, const CallInfo& call, FreeBusyQuery query,
                    const Reply<v1::QueryFreeBusyResponse>& reply) {
  const FrozenView view = Freeze(core.store, core.sequencer);
  std::shared_ptr<FreeBusySource> source;
  if (query.period.start < core.state().forgotten_before()) {
    source = std::make_shared<HistoricSource>(view, query.period);
  } else {
    source = std::make_shared<CopiedSource>(core.state(), query.assets, query.period);
  }
  RunOnWorker(
      core, call, reply,
      [query = std::move(query), view, source]() -> absl::StatusOr<v1::QueryFreeBusyResponse> {
        v1::QueryFreeBusyResponse response;
        LABSLOT_RETURN_IF_ERROR(AnswerFreeBusy(
            query, *view.catalogue, *source,
            [&](ReservationId id) { return storage::ReadReservation(*view.snapshot, id); },
            response));
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
  OnArena<v1::QueryFreeBusyResponse> response;
  StateSource source(core.state());
  const absl::Status status = AnswerFreeBusy(
      query, core.catalogue(), source,
      [&](ReservationId id) { return storage::ReadReservation(core.store, id); }, *response);
  status.ok() ? reply.Send(*response) : reply.Fail(status);
}

// Either items, or what to search the catalogue by.
void CheckWhatIsSought(const v1::FindSlotsRequest& request, FieldErrors& errors) {
  if (request.items().empty()) {
    const bool narrowed = !request.kind().empty() || !request.labels().empty() ||
                          !request.site().empty() || !request.region().empty();
    if (!narrowed) errors.Add("items", "must be set, or one of kind, labels, site and region");
  } else {
    if (!request.kind().empty()) errors.Add("items", "must be set, or kind, but not both");
    if (!request.region().empty()) errors.Add("region", "must not be set with items");
    if (!request.from_site().empty()) errors.Add("from_site", "must not be set with items");
  }
  if (request.has_max_travel() && request.from_site().empty()) {
    errors.Add("max_travel", "must not be set without from_site");
  }
}

engine::SlotOrder OrderFromProto(v1::FindSlotsRequest::Order order, FieldErrors& errors) {
  if (order == v1::FindSlotsRequest::ORDER_UNSPECIFIED) return engine::SlotOrder::kEarliest;
  return EnumFromProto<engine::SlotOrder>(order, Presence::kOptional, "order", errors);
}

engine::SlotQuery SlotQueryFromProto(const v1::FindSlotsRequest& request, FieldErrors& errors) {
  engine::SlotQuery query;
  CheckWhatIsSought(request, errors);
  if (!request.items().empty()) query.items = ItemsFromProto(request.items(), "items", errors);
  query.kind =
      LineFromProto(request.kind(), limits::kMaxNameText, Presence::kOptional, "kind", errors);
  query.labels = LabelsFromProto(request.labels(), "labels", errors);
  query.site = IdFromName(kSites, request.site(), Presence::kOptional, "site", errors);
  query.region = RegionFromProto(request.region(), "region", errors);
  query.from_site =
      IdFromName(kSites, request.from_site(), Presence::kOptional, "from_site", errors);
  if (request.has_max_travel()) {
    query.max_travel =
        DurationFromProto(request.max_travel(), 0, limits::kLongestTravel, "max_travel", errors);
  }
  query.quantity =
      std::max(1, NumberFromProto(request.quantity(), 0, limits::kMaxCapacity, "quantity", errors));
  query.duration =
      DurationFromProto(request.duration(), 1, limits::kLongestRun, "duration", errors);
  query.window =
      IntervalFromProto(request.interval(), limits::kLongestAvailabilityPeriod, "interval", errors);
  query.user = IdFromName(kUsers, request.user(), Presence::kOptional, "user", errors);
  query.organisation = IdFromName(kOrganisations, request.organisation(), Presence::kOptional,
                                  "organisation", errors);
  query.order = OrderFromProto(request.order(), errors);
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
  for (const std::string& site : {query.site, query.from_site}) {
    if (!site.empty() && catalogue.FindSite(site) == nullptr) {
      return NotFound(NameOf(kSites, site));
    }
  }
  if (!query.organisation.empty() && catalogue.FindOrganisation(query.organisation) == nullptr) {
    return NotFound(NameOf(kOrganisations, query.organisation));
  }
  return std::nullopt;
}

// True if one of the assets that may be in the answer is the principal's to manage.
bool ManagesACandidate(const engine::Catalogue& catalogue, const engine::Principal& principal,
                       const engine::SlotQuery& query) {
  const auto manages = [&](const Asset* asset) {
    return engine::ManagesAsset(catalogue, principal, *asset);
  };
  if (query.items.empty()) {
    const auto candidates = engine::CandidatesOf(catalogue, query);
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const auto& candidate) { return manages(candidate.asset); });
  }
  return std::any_of(query.items.begin(), query.items.end(), [&](const ReservationItem& item) {
    return manages(catalogue.FindAsset(item.asset));
  });
}

// Fills in for whom it is. What may be booked tells something of a user, so
// others than oneself are for managers, as in QueryQuotaUsage.
std::optional<Error> SettleHolder(const engine::Catalogue& catalogue,
                                  const engine::Principal& principal, engine::SlotQuery& query) {
  const bool is_other = !query.user.empty() && query.user != principal.user;
  if (is_other && !ManagesACandidate(catalogue, principal, query)) {
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

void AddSlot(const engine::Slot& slot, v1::FindSlotsResponse& response) {
  v1::Slot& to = *response.add_slots();
  for (const ReservationItem& item : slot.items) ToProto(item, *to.add_items());
  ToProto(slot.interval, *to.mutable_interval());
  to.set_site(NameOf(kSites, slot.site));
  to.set_time_zone(slot.time_zone);
  ToProto(slot.start_slack, *to.mutable_start_slack());
  to.set_needs_approval(slot.needs_approval);
  to.set_score(slot.score);
  if (slot.travel) ToProto(*slot.travel, *to.mutable_travel_time());
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
    AddSlot(slot, response);
  }
  reply.Send(response);
}

}  // namespace

void AddAvailabilityMethods(Methods& methods) {
  methods.Add("QueryFreeBusy", QueryFreeBusy);
  methods.Add("FindSlots", FindSlots);
}

}  // namespace labslot::service
