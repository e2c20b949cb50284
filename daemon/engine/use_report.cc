#include "daemon/engine/use_report.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "daemon/engine/unmet_demand.h"

namespace labslot::engine {
namespace {

bool IsPrivate(const Occupancy& occupancy) {
  return occupancy.access_mode == AccessMode::kMarket || occupancy.confidential;
}

// The bucket in which an instant lies; none if it lies outside of all.
std::optional<size_t> BucketAt(const std::vector<Interval>& buckets, Instant instant) {
  const auto behind =
      std::upper_bound(buckets.begin(), buckets.end(), instant,
                       [](Instant at, const Interval& bucket) { return at < bucket.start; });
  if (behind == buckets.begin() || !std::prev(behind)->Contains(instant)) return std::nullopt;
  return static_cast<size_t>(behind - buckets.begin() - 1);
}

// Weeks cut months.
bool IsMadeOfMonths(Bucket bucket) {
  return bucket == Bucket::kWhole || bucket == Bucket::kMonth || bucket == Bucket::kQuarter ||
         bucket == Bucket::kYear;
}

Interval MonthOf(Instant instant, const absl::TimeZone& zone) {
  const absl::CivilMonth month(LocalDay(instant, zone));
  return {StartOfDay(absl::CivilDay(month), zone), StartOfDay(absl::CivilDay(month + 1), zone)};
}

// The months with what a period cuts off the first and the last one.
std::vector<Interval> WithEnds(std::vector<Interval> months, const absl::TimeZone& zone) {
  if (months.empty()) return months;
  months.front().start = MonthOf(months.front().start, zone).start;
  months.back().end = MonthOf(months.back().start, zone).end;
  return months;
}

// A month as it is accounted for: if it is the present one, the present day apart.
std::vector<Interval> PartsOf(const Interval& month, Instant now, const absl::TimeZone& zone) {
  if (!month.Contains(now)) return {month};
  const absl::CivilDay today = LocalDay(now, zone);
  const Instant begin = StartOfDay(today, zone);
  const Instant end = StartOfDay(today + 1, zone);
  std::vector<Interval> parts;
  for (const Interval& part :
       {Interval{month.start, begin}, Interval{begin, end}, Interval{end, month.end}}) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

// The parts of the spans in a time.
std::vector<AssetSpan> Within(const std::vector<AssetSpan>& spans, const Interval& interval) {
  std::vector<AssetSpan> parts;
  for (AssetSpan span : spans) {
    span.interval = span.interval.Intersect(interval);
    if (!span.interval.empty()) parts.push_back(span);
  }
  return parts;
}

// A piece and, of what was called off in it, the rest behind its end: what others got
// of that later counts in the piece. `granted` are in order of start.
Interval WithCalledOff(const Interval& piece, absl::Span<const Occupancy> granted) {
  Interval reach = piece;
  auto occupancy =
      std::lower_bound(granted.begin(), granted.end(), piece.start,
                       [](const Occupancy& o, Instant start) { return o.run.start < start; });
  for (; occupancy != granted.end() && occupancy->run.start < piece.end; ++occupancy) {
    if (occupancy->state != ReservationState::kCancelled) continue;
    reach.end = std::max(reach.end, occupancy->run.end);
  }
  return reach;
}

std::set<std::string> RelatedTo(const std::vector<AssetSpan>& spans) {
  std::set<std::string> related;
  for (const AssetSpan& span : spans) {
    const auto& others = span.catalogue->Related(span.asset->id);
    related.insert(others.begin(), others.end());
  }
  return related;
}

// The runs of numbers that follow one another.
std::vector<std::vector<size_t>> Adjacent(const std::vector<size_t>& numbers) {
  std::vector<std::vector<size_t>> runs;
  for (const size_t number : numbers) {
    if (runs.empty() || runs.back().back() + 1 != number) runs.emplace_back();
    runs.back().push_back(number);
  }
  return runs;
}

// All spans were made of one piece after the other.
Interval HullOf(const std::vector<Interval>& pieces) {
  return {pieces.front().start, pieces.back().end};
}

}  // namespace

bool UseQuery::by_user() const { return !std::all_of(group_by.begin(), group_by.end(), IsOfAsset); }

UseCell& UseCell::operator+=(const UseCell& other) {
  use += other.use;
  statistics += other.statistics;
  return *this;
}

const UseReport::Calendar& UseReport::CalendarIn(const std::string& time_zone) {
  const auto [it, is_new] = calendars_.try_emplace(time_zone);
  Calendar& calendar = it->second;
  if (!is_new) return calendar;
  const absl::TimeZone zone = FindTimeZone(time_zone).value_or(absl::UTCTimeZone());
  calendar.time_zone = time_zone;
  calendar.buckets = BucketsOf(query_.period, query_.bucket, zone);
  calendar.months = WithEnds(BucketsOf(query_.period, Bucket::kMonth, zone), zone);
  const auto add = [&](const Interval& piece, bool may_be_kept) {
    const size_t place = query_.bucket == Bucket::kHourOfWeek
                             ? static_cast<size_t>(HourOfWeek(piece.start, zone))
                             : *BucketAt(calendar.buckets, piece.start);
    const MonthPart part = {piece, piece.start > now_};
    if (may_be_kept) {
      calendar.parts.push_back(part);
      calendar.piece_of.push_back(calendar.pieces.size());
    }
    calendar.pieces.push_back({part, may_be_kept, place});
  };
  if (!IsMadeOfMonths(query_.bucket)) {
    for (const Interval& bucket : calendar.buckets) add(bucket, false);
    return calendar;
  }
  for (const Interval& month : calendar.months) {
    if (query_.period.Intersect(month) != month) {
      add(query_.period.Intersect(month), false);
      continue;
    }
    for (const Interval& part : PartsOf(month, now_, zone)) add(part, !part.Contains(now_));
  }
  return calendar;
}

UseReport::Group UseReport::GroupOfAsset(const AssetSpan& span) const {
  Group group;
  for (const UseDimension dimension : query_.group_by) {
    group.push_back(ValueOf(dimension, *span.catalogue, *span.asset, query_.label));
  }
  return group;
}

UseReport::Group UseReport::GroupOfUser(const AssetSpan& span, const Occupancy& occupancy,
                                        const std::string& unit) {
  const auto& dimensions = query_.group_by;
  std::optional<Reservation> reservation;
  if (std::any_of(dimensions.begin(), dimensions.end(), NeedsReservation)) {
    reservation = source_.FindReservation(occupancy.reservation);
  }
  const Instant reserved_at = occupancy.run.start - occupancy.lead_time;
  const auto organisation = source_.OrganisationAt(occupancy.organisation, reserved_at);
  const UserOfAsset user{*span.catalogue,
                         *span.asset,
                         occupancy,
                         reservation ? &*reservation : nullptr,
                         organisation.get(),
                         unit,
                         span.catalogue->FindQuota(query_.quota)};
  Group group = GroupOfAsset(span);
  for (size_t i = 0; i < dimensions.size(); ++i) {
    if (IsOfAsset(dimensions[i])) continue;
    const bool masked = query_.masks_market && IsPrivate(occupancy) && TellsWho(dimensions[i]);
    group[i] = masked ? kMasked : ValueOf(dimensions[i], user);
    if (group[i].empty()) group[i] = kNone;
  }
  return group;
}

UseReport::GroupCells& UseReport::CellsOf(const Group& group, const Calendar& calendar,
                                          const Interval& existence) {
  const auto [it, is_new] = groups_.try_emplace(group);
  GroupCells& cells = it->second;
  if (is_new) {
    cells.calendar = &calendar;
    cells.existence = existence;
  }
  cells.existence = {std::min(cells.existence.start, existence.start),
                     std::max(cells.existence.end, existence.end)};
  return cells;
}

UseReport::Division UseReport::Divide(const AssetSpan& span, const Calendar& calendar,
                                      const Interval& existence, const Demand& demand) {
  const Group of_asset = GroupOfAsset(span);
  std::vector<Group> groups = {of_asset};
  absl::btree_map<Group, int32_t> places = {{of_asset, 0}};
  Division division;
  division.group_of.resize(demand.occupancies.size(), 0);
  for (size_t i = 0; query_.by_user() && i < demand.occupancies.size(); ++i) {
    const Occupancy& occupancy = demand.occupancies[i];
    const Group group = GroupOfUser(span, occupancy, demand.units[i]);
    const auto [it, is_new] = places.try_emplace(group, static_cast<int32_t>(groups.size()));
    if (is_new) groups.push_back(group);
    division.group_of[i] = it->second;
    CellsOf(group, calendar, existence).users.insert(occupancy.user);
  }
  // Only now do they stay where they are.
  for (const Group& group : groups) {
    division.cells.push_back(&CellsOf(group, calendar, existence));
  }
  return division;
}

// What was refused, as if it had been reserved: so its groups are found like those of
// others. What somebody tried again is known in its whole month, so that a report on a
// part of it counts as one on all of it.
std::vector<Occupancy> UseReport::RefusedIn(const std::string& asset, const Calendar& calendar,
                                            const Interval& period) {
  std::vector<RefusedRequest> requests;
  for (const Interval& month : calendar.months) {
    if (!month.Overlaps(period)) continue;
    for (RefusedRequest& request : WithoutRetries(source_.Refused(asset, month))) {
      if (period.Contains(request.run.start)) requests.push_back(std::move(request));
    }
  }
  std::vector<Occupancy> refused;
  for (const RefusedRequest& request : requests) {
    Occupancy& added = refused.emplace_back();
    added.asset = request.asset;
    added.run = request.run;
    added.quantity = request.quantity;
    added.state = ReservationState::kRejected;
    added.user = request.user;
    added.organisation = request.organisation;
    added.project = request.project;
    added.activity_class = request.activity_class;
    added.access_mode = request.access_mode;
    added.lead_time = request.run.start - request.time;
  }
  return refused;
}

// The units that it has, and had, each by itself; what was not handed out is left.
void UseReport::AddByUnit(const Occupancy& occupancy, Demand& demand) {
  Occupancy rest = occupancy;
  const auto add = [&](const std::string& unit, const std::optional<Instant>& returned) {
    Occupancy one = occupancy;
    one.quantity = returned ? 0 : 1;
    one.returns.clear();
    if (returned) one.returns.push_back({1, *returned});
    demand.occupancies.push_back(std::move(one));
    demand.units.push_back(unit);
  };
  const std::optional<Reservation> found = source_.FindReservation(occupancy.reservation);
  const Reservation reservation = found.value_or(Reservation());
  for (const ReservationItem& item : reservation.items) {
    if (item.asset != occupancy.asset) continue;
    for (const std::string& unit : item.units) add(unit, std::nullopt);
    rest.quantity -= static_cast<int32_t>(item.units.size());
  }
  rest.returns.clear();
  for (const Return& part : reservation.returns) {
    if (part.item.asset != occupancy.asset) continue;
    for (const std::string& unit : part.item.units) add(unit, part.time);
    const auto unnamed = part.item.quantity - static_cast<int32_t>(part.item.units.size());
    if (unnamed > 0) rest.returns.push_back({unnamed, part.time});
  }
  if (rest.quantity == 0 && rest.returns.empty()) return;
  demand.occupancies.push_back(std::move(rest));
  demand.units.emplace_back();
}

UseReport::Demand UseReport::DemandFor(const std::string& asset, const Calendar& calendar,
                                       const Interval& period) {
  Demand demand;
  demand.occupancies = OccupanciesIn(asset, period);
  const auto& by = query_.group_by;
  if (std::find(by.begin(), by.end(), UseDimension::kUnit) != by.end()) {
    for (const Occupancy& occupancy : std::exchange(demand.occupancies, {})) {
      AddByUnit(occupancy, demand);
    }
  }
  demand.granted = demand.occupancies.size();
  for (Occupancy& refused : RefusedIn(asset, calendar, period)) {
    demand.occupancies.push_back(std::move(refused));
  }
  demand.units.resize(demand.occupancies.size());
  return demand;
}

// What touches the period, and what shares time with those called off in there.
std::vector<Occupancy> UseReport::OccupanciesIn(const std::string& asset, const Interval& period) {
  std::vector<Occupancy> occupancies = source_.Touching(asset, period);
  Instant end = period.end;
  for (const Occupancy& occupancy : occupancies) {
    if (occupancy.state == ReservationState::kCancelled) end = std::max(end, occupancy.run.end);
  }
  return end == period.end ? occupancies : source_.Touching(asset, {period.start, end});
}

bool UseReport::MayRemember(const AssetSpan& last, const std::string& time_zone) const {
  const Site* site = last.catalogue->FindSite(last.asset->site);
  // The ways of a mobile asset depend on visits of other months.
  return memory_ != nullptr && !query_.by_user() && !query_.lead_times && !last.asset->mobile &&
         site != nullptr && site->time_zone == time_zone;
}

// Adds what is known of pieces, and tells which are left.
std::vector<size_t> UseReport::Recall(const std::string& asset, const Calendar& calendar,
                                      GroupCells& cells) {
  std::vector<bool> known(calendar.pieces.size());
  memory_->Visit(asset, calendar.parts, [&](size_t part, const UseCell& cell) {
    const size_t piece = calendar.piece_of[part];
    known[piece] = true;
    if (cell.use.total != 0) cells.by_place[calendar.pieces[piece].place] += cell;
  });
  std::vector<size_t> left;
  for (size_t piece = 0; piece < known.size(); ++piece) {
    if (!known[piece]) left.push_back(piece);
  }
  return left;
}

void UseReport::Add(const std::vector<AssetSpan>& spans, const std::string& time_zone) {
  const Calendar& calendar = CalendarIn(time_zone);
  const bool remember = MayRemember(spans.back(), time_zone);
  std::vector<size_t> left(calendar.pieces.size());
  std::iota(left.begin(), left.end(), 0);
  if (remember) {
    const Interval existence = {spans.front().interval.start, spans.back().interval.end};
    left = Recall(spans.back().asset->id, calendar,
                  CellsOf(GroupOfAsset(spans.back()), calendar, existence));
  }
  for (const std::vector<size_t>& run : Adjacent(left)) Read(spans, calendar, run, remember);
}

// Adds what is read of pieces that follow one another.
void UseReport::Read(const std::vector<AssetSpan>& spans, const Calendar& calendar,
                     const std::vector<size_t>& run, bool remember) {
  const std::string& asset = spans.back().asset->id;
  const Interval existence = {spans.front().interval.start, spans.back().interval.end};
  std::vector<Interval> pieces;
  for (const size_t piece : run) pieces.push_back(calendar.pieces[piece].part.interval);
  const std::vector<AssetSpan> parts = Within(spans, HullOf(pieces));
  const Demand demand = DemandFor(asset, calendar, HullOf(pieces));
  const Division division = Divide(spans.back(), calendar, existence, demand);
  const std::vector<std::vector<UseCell>> cells = CellsOf(parts, pieces, demand, division);
  const std::set<std::string> related = remember ? RelatedTo(parts) : std::set<std::string>();
  for (size_t i = 0; i < run.size(); ++i) {
    const Piece& piece = calendar.pieces[run[i]];
    // What was called off may be of a time in which the asset is not there any more.
    const bool is_there = pieces[i].Overlaps(existence);
    for (size_t group = 0; group < division.cells.size(); ++group) {
      const UseCell& cell = cells[i][group];
      if (!is_there || cell == UseCell()) continue;
      division.cells[group]->by_place[piece.place] += cell;
    }
    if (!remember || !piece.may_be_kept) continue;
    memory_->Keep(asset, piece.part, WithCalledOff(pieces[i], demand.Granted()), related,
                  cells[i][0]);
  }
}

// What each group had in each piece.
std::vector<std::vector<UseCell>> UseReport::CellsOf(const std::vector<AssetSpan>& spans,
                                                     const std::vector<Interval>& pieces,
                                                     const Demand& demand,
                                                     const Division& division) {
  const std::vector<Occupancy>& occupancies = demand.occupancies;
  std::vector<std::vector<UseCell>> cells(pieces.size(),
                                          std::vector<UseCell>(division.cells.size()));
  if (!spans.empty()) {
    AssetUse use = UseOf(spans, occupancies, now_, source_, [&](const Occupancy& occupancy) {
      return division.group_of[static_cast<size_t>(&occupancy - occupancies.data())];
    });
    use.groups = static_cast<int32_t>(division.cells.size());
    Partition(use, pieces, [&](size_t piece, const std::vector<UseSeconds>& rows) {
      for (size_t i = 0; i < rows.size(); ++i) cells[piece][i].use = rows[i];
    });
  }
  const absl::Span<const Occupancy> granted = demand.Granted();
  for (size_t i = 0; i < occupancies.size(); ++i) {
    const auto piece = BucketAt(pieces, occupancies[i].run.start);
    if (!piece) continue;
    cells[*piece][static_cast<size_t>(division.group_of[i])].statistics +=
        i < granted.size() ? StatisticsOf(occupancies[i], granted, query_.lead_times)
                           : StatisticsOfRefused(occupancies[i]);
  }
  return cells;
}

UseReport::Group UseReport::WithoutUsers(const Group& group) const {
  Group of_asset = group;
  for (size_t i = 0; i < of_asset.size(); ++i) {
    if (!IsOfAsset(query_.group_by[i])) of_asset[i].clear();
  }
  return of_asset;
}

void UseReport::PutFewTogether() {
  absl::btree_map<Group, GroupCells> kept;
  for (auto& [group, cells] : groups_) {
    const auto users = static_cast<int32_t>(cells.users.size());
    Group to = group;
    // Nobody's time is in the row without users.
    if (users > 0 && users < query_.suppress_below && group != WithoutUsers(group)) {
      for (size_t i = 0; i < to.size(); ++i) {
        if (!IsOfAsset(query_.group_by[i])) to[i] = kFew;
      }
    }
    const auto [it, is_new] =
        kept.try_emplace(to, GroupCells{cells.calendar, cells.existence, {}, {}});
    for (auto& [place, cell] : cells.by_place) it->second.by_place[place] += cell;
  }
  groups_ = std::move(kept);
}

UseRow UseReport::RowOf(const Group& group, const GroupCells& cells, size_t place) const {
  UseRow row;
  row.group = group;
  row.time_zone = cells.calendar->time_zone;
  if (query_.bucket == Bucket::kHourOfWeek) {
    row.hour_of_week = static_cast<int>(place);
    row.interval = query_.period;
  } else {
    row.interval = cells.calendar->buckets[place];
  }
  if (query_.by_asset_alone()) row.interval = row.interval.Intersect(cells.existence);
  return row;
}

std::vector<UseRow> UseReport::Rows() {
  std::vector<UseRow> rows;
  VisitRows([&](UseRow row) { rows.push_back(std::move(row)); });
  return rows;
}

void UseReport::VisitRows(const std::function<void(UseRow)>& visitor) {
  if (query_.suppress_below > 0) PutFewTogether();
  absl::btree_map<Group, absl::btree_map<size_t, UseSeconds>> wholes;
  if (query_.by_user()) {
    for (const auto& [group, cells] : groups_) {
      auto& whole = wholes[WithoutUsers(group)];
      for (const auto& [place, cell] : cells.by_place) whole[place] += cell.use;
    }
  }
  for (auto& [group, cells] : groups_) {
    const auto whole = wholes.find(query_.by_user() ? WithoutUsers(group) : group);
    for (auto& [place, cell] : cells.by_place) {
      if (cell.use.total == 0 && cell.statistics.empty()) continue;
      UseRow row = RowOf(group, cells, place);
      row.whole = whole == wholes.end() ? cell.use : whole->second.at(place);
      row.cell = std::move(cell);
      visitor(std::move(row));
    }
  }
}

}  // namespace labslot::engine
