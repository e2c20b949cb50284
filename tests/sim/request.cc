#include "tests/sim/request.h"

#include <functional>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "daemon/domain/names.h"
#include "tests/sim/house.h"
#include "tests/support/records.h"
#include "tests/support/world.h"

namespace labslot::sim {
namespace {

std::vector<ReservationItem> ItemsOf(const Items& all) {
  std::vector<ReservationItem> items;
  for (const Wanted& wanted : all) {
    items.push_back(support::Item(wanted.asset, wanted.quantity));
    items.back().unit_labels = wanted.labels;
  }
  return items;
}

std::string WordsOf(const Items& items) {
  std::string words;
  for (const Wanted& wanted : items) {
    absl::StrAppend(&words, " ", wanted.asset, "*", wanted.quantity);
    for (const auto& [label, value] : wanted.labels) absl::StrAppend(&words, ":", label, value);
  }
  return words;
}

engine::UpdateRecord<Asset> Change(const Request& request, std::function<void(Asset&)> change) {
  engine::UpdateRecord<Asset> update;
  update.id = request.asset;
  update.patch = [change = std::move(change)](const Asset& current) {
    Asset changed = current;
    change(changed);
    return Result<Asset>(changed);
  };
  return update;
}

engine::OnConflict OnConflictOf(const Request& request) {
  if (request.may_displace) return engine::OnConflict::kDisplace;
  return request.may_wait ? engine::OnConflict::kWaitList : engine::OnConflict::kReject;
}

Outage OutageOf(const Request& request) {
  Outage outage;
  outage.id = request.record;
  outage.asset = request.asset;
  outage.quantity = static_cast<int32_t>(request.number);
  if (!request.unit.empty()) outage.units = {request.unit};
  outage.interval = request.interval;
  return outage;
}

engine::UpdateRecord<Outage> MoveOf(const Request& request) {
  engine::UpdateRecord<Outage> update;
  update.id = request.record;
  update.patch = [to = request.interval](const Outage& current) {
    Outage moved = current;
    moved.interval = to;
    return Result<Outage>(moved);
  };
  return update;
}

absl::CivilSecond LocalOf(Instant instant) {
  return absl::ToCivilSecond(absl::FromUnixSeconds(instant), absl::UTCTimeZone());
}

std::optional<absl::CivilDay> FromDay(const Request& request) {
  if (request.from_day == 0) return std::nullopt;
  return absl::CivilDay(1970, 1, 1) + request.from_day;
}

engine::CreateSeries SeriesOf(const Request& request) {
  Series series;
  series.draft = support::Draft(ItemsOf(request.items), {}, request.site);
  series.draft.user = request.user;
  series.draft.priority = request.priority;
  series.draft.project = request.project;
  series.recurrence.start = LocalOf(request.interval.start);
  series.recurrence.length = request.interval.length();
  series.recurrence.rrule =
      absl::StrCat("FREQ=DAILY;INTERVAL=", request.step, ";COUNT=", request.number);
  series.contract.kind = request.contract;
  series.contract.max_refused = request.max_refused;
  return {series};
}

// To another time of the day, and to another site if one is named.
engine::UpdateSeries MoveOfSeries(const Request& request) {
  engine::UpdateSeries update;
  update.id = request.reservation;
  update.from = FromDay(request);
  update.patch = [to = request.interval, site = request.site](const Series& current) {
    Series moved = current;
    if (!site.empty()) moved.draft.site = site;
    const absl::CivilSecond start = LocalOf(to.start);
    moved.recurrence.start = absl::CivilSecond(absl::CivilDay(current.recurrence.start)) +
                             (start - absl::CivilSecond(absl::CivilDay(start)));
    moved.recurrence.length = to.length();
    return Result<Series>(moved);
  };
  return update;
}

Asset AddedBy(const Request& request) {
  Asset asset = support::MakeAsset(request.asset, SiteOf(Thing()));
  asset.kind = kStand;
  return asset;
}

engine::UpdateRecord<Quota> ChangeOfQuota(const Request& request) {
  engine::UpdateRecord<Quota> update;
  update.id = request.record;
  update.patch = [to = request.quota](const Quota& current) {
    Quota changed = to;
    changed.create_time = current.create_time;
    changed.update_time = current.update_time;
    changed.revision = current.revision;
    return Result<Quota>(changed);
  };
  return update;
}

Round RoundOf(const Request& request) {
  Round round;
  round.id = request.record;
  for (const Wanted& wanted : request.items) round.assets.push_back(wanted.asset);
  round.interval = request.interval;
  round.deadline = request.number;
  return round;
}

engine::ApplyAllocation ClearingOf(const Request& request) {
  engine::ApplyAllocation clearing;
  clearing.round = request.record;
  for (const ReservationId id : request.granted) clearing.grants[id] = 0;
  return clearing;
}

engine::CheckIn CheckInOf(const Request& request) {
  engine::CheckIn check_in = {request.reservation, 0};
  if (!request.units.empty()) check_in.units[kUnitPool] = request.units;
  return check_in;
}

engine::CheckOut CheckOutOf(const Request& request) {
  engine::CheckOut check_out = {request.reservation, 0};
  for (const Wanted& back : request.items) {
    engine::ReturnedItem& returned = check_out.items.emplace_back();
    returned.asset = back.asset;
    returned.quantity = back.quantity;
    if (back.asset == kUnitPool) returned.units = request.units;
  }
  return check_out;
}

void SetLabel(const std::string& id, bool is_hot, Asset& asset) {
  for (Unit& unit : asset.units) {
    if (unit.id != id) continue;
    unit.labels.erase("hot");
    if (is_hot) unit.labels["hot"] = "yes";
  }
}

std::string WordsOf(const Selector& selector) {
  std::string words;
  for (const auto* names : {&selector.assets, &selector.users, &selector.groups}) {
    absl::StrAppend(&words, " ", absl::StrJoin(*names, ","));
  }
  return absl::StrCat(words, selector.relations.empty() ? "" : " managers");
}

// Empty for none.
std::string WordsOf(const Quota& quota) {
  if (quota.id.empty()) return "";
  std::string words = absl::StrCat(
      " quota ", quota.id, " of ", quota.limit, " m", static_cast<int>(quota.measure), " p",
      static_cast<int>(quota.period), "+", quota.rolling_days, " s", quota.counts_set_up, " n",
      quota.counts_no_shows, " c", quota.counts_cancelled_within, " f", quota.fair_share, " e",
      static_cast<int>(quota.effect), " off", quota.disabled);
  absl::StrAppend(&words, " t", quota.approval.time_out, quota.approval.leaves_slot_free, " by ",
                  absl::StrJoin(quota.approval.approvers.users, ","),
                  absl::StrJoin(quota.approval.approvers.groups, ","));
  if (quota.share) {
    absl::StrAppend(&words, " share", quota.share->hundredths, "b",
                    static_cast<int>(quota.share->base));
  }
  for (const DateRange& range : quota.periods) {
    absl::StrAppend(&words, " from ", absl::FormatCivilTime(range.first), " to ",
                    absl::FormatCivilTime(range.last));
  }
  if (quota.hand_back) absl::StrAppend(&words, " back", quota.hand_back->seconds);
  for (const Dimension dimension : quota.each) {
    absl::StrAppend(&words, " each", static_cast<int>(dimension));
  }
  for (const Selector& selector : quota.applies_to) absl::StrAppend(&words, WordsOf(selector));
  for (const Selector& selector : quota.except) absl::StrAppend(&words, " not", WordsOf(selector));
  for (const WeeklyWindow& window : quota.prime_time) {
    absl::StrAppend(&words, " w", static_cast<int>(window.days), ":", window.window.opens, "-",
                    window.window.closes);
  }
  return words;
}

engine::CommandBody BodyOf(const Request& request) {
  switch (request.verb) {
    case Verb::kBook: {
      Reservation draft = support::Draft(ItemsOf(request.items), request.interval, request.site);
      draft.user = request.user;
      draft.priority = request.priority;
      draft.window = request.window;
      draft.choices = ChoicesOf(request);
      draft.like_assets = request.like_assets;
      draft.firm = request.firm;
      draft.round = request.call;
      draft.project = request.project;
      return engine::CreateReservation{draft, request.hold_for, OnConflictOf(request)};
    }
    case Verb::kMove:
      return engine::UpdateReservation{
          request.reservation, 0,
          [to = request.interval, site = request.site](const Reservation& current) {
            Reservation moved = current;
            moved.interval = to;
            if (!site.empty()) moved.site = site;
            return Result<Reservation>(moved);
          }};
    case Verb::kChangeItems:
      return engine::UpdateReservation{
          request.reservation, 0,
          [items = ItemsOf(request.items), site = request.site](const Reservation& current) {
            Reservation changed = current;
            changed.site = site;
            changed.items = items;
            KeepTerms(current.items, changed.items);
            return Result<Reservation>(changed);
          }};
    case Verb::kCancel:
      return engine::CancelReservation{request.reservation, 0};
    case Verb::kConfirm:
      return engine::ConfirmReservation{request.reservation, 0};
    case Verb::kAccept:
      return engine::AcceptOffer{request.reservation, 0};
    case Verb::kApprove:
      return engine::ApproveReservation{request.reservation, 0};
    case Verb::kReject:
      return engine::RejectReservation{request.reservation, 0};
    case Verb::kBookSeries:
      return SeriesOf(request);
    case Verb::kMoveSeries:
      return MoveOfSeries(request);
    case Verb::kCancelSeries:
      return engine::CancelSeries{request.reservation, 0, FromDay(request)};
    case Verb::kRetrySeries:
      return engine::RetrySeries{request.reservation, {}};
    case Verb::kCheckIn:
      return CheckInOf(request);
    case Verb::kCheckOut:
      return CheckOutOf(request);
    case Verb::kCorrect:
      return engine::CorrectUse{
          request.reservation, 0,
          request.nobody_came ? engine::Outcome::kNobodyCame : engine::Outcome::kUsed};
    case Verb::kSetCapacity:
      return Change(request, [number = request.number](Asset& asset) {
        asset.capacity = static_cast<int32_t>(number);
      });
    case Verb::kSetSetUp:
      return Change(request, [number = request.number](Asset& asset) { asset.set_up = number; });
    case Verb::kSetGroup:
      return Change(request, [joins = request.in_group](Asset& asset) {
        asset.exclusion_groups =
            joins ? std::vector<std::string>{"bench"} : std::vector<std::string>{};
      });
    case Verb::kSetLabel:
      return Change(request, [unit = request.unit, is_hot = request.is_hot](Asset& asset) {
        SetLabel(unit, is_hot, asset);
      });
    case Verb::kAddAsset:
      return engine::CreateRecord{AddedBy(request)};
    case Verb::kRetireAsset:
      return engine::DeleteRecord{kAssets, request.asset, 0};
    case Verb::kBreakDown:
      return engine::CreateRecord{OutageOf(request)};
    case Verb::kMoveFault:
      return MoveOf(request);
    case Verb::kRepair:
      return engine::DeleteRecord{kOutages, request.record, 0};
    case Verb::kOpenCall:
      return engine::CreateRecord{RoundOf(request)};
    case Verb::kClearCall:
      return ClearingOf(request);
    case Verb::kAddQuota:
      return engine::CreateRecord{request.quota};
    case Verb::kChangeQuota:
      return ChangeOfQuota(request);
    case Verb::kDropQuota:
      return engine::DeleteRecord{kQuotas, request.record, 0};
  }
  return engine::EndAtDueTime{};
}

}  // namespace

void KeepTerms(const std::vector<ReservationItem>& before, std::vector<ReservationItem>& items) {
  for (ReservationItem& item : items) {
    for (const ReservationItem& had : before) {
      if (had.asset != item.asset) continue;
      item.set_up = had.set_up;
      item.tear_down = had.tear_down;
      const bool same = item.quantity == had.quantity && item.unit_labels == had.unit_labels;
      if (same) item.units = had.units;
    }
  }
}

std::vector<Choice> ChoicesOf(const Request& request) {
  std::vector<Choice> choices;
  for (const Option& option : request.choices) {
    choices.push_back({ItemsOf(option.items), option.interval});
  }
  return choices;
}

bool EndsGroup(Verb verb) {
  return verb == Verb::kAddQuota || verb == Verb::kChangeQuota || verb == Verb::kDropQuota;
}

std::string Fingerprint(const Request& request) {
  std::string text = absl::StrCat(
      static_cast<int>(request.verb), " r", request.reservation, " ", request.interval.start, "-",
      request.interval.end, " h", request.hold_for, " u", request.user, " a", request.asset, " n",
      request.number, " g", request.in_group, " w", request.may_wait, " ", request.window.start,
      "-", request.window.end, " p", request.priority, " d", request.may_displace, " f",
      request.firm, " c", request.call, " n", request.nobody_came, " i", request.record, " t",
      request.unit, request.is_hot);
  absl::StrAppend(&text, WordsOf(request.items), request.like_assets ? " like" : "");
  for (const Option& option : request.choices) {
    absl::StrAppend(&text, " or", WordsOf(option.items), " ", option.interval.start, "-",
                    option.interval.end);
  }
  for (const std::string& unit : request.units) absl::StrAppend(&text, " =", unit);
  for (const ReservationId id : request.granted) absl::StrAppend(&text, " +", id);
  absl::StrAppend(&text, " s", request.step, "c", static_cast<int>(request.contract), "m",
                  request.max_refused, "f", request.from_day);
  absl::StrAppend(&text, " ", request.project, " @", request.site, WordsOf(request.quota));
  return text;
}

engine::Command ToCommand(const Request& request) {
  engine::Command command;
  command.principal = {request.principal};
  command.request_id = request.request_id;
  command.fingerprint = Fingerprint(request);
  command.validate_only = request.dry_run;
  command.body = BodyOf(request);
  return command;
}

}  // namespace labslot::sim
