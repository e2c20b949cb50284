#ifndef LABSLOT_DAEMON_ENGINE_USE_REPORT_H_
#define LABSLOT_DAEMON_ENGINE_USE_REPORT_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "daemon/engine/asset_use.h"
#include "daemon/engine/buckets.h"
#include "daemon/engine/use_groups.h"
#include "daemon/engine/use_statistics.h"

namespace labslot::engine {

// What a report is asked for.
struct UseQuery {
  Interval period;
  Bucket bucket = Bucket::kWhole;
  std::vector<UseDimension> group_by;  // not empty
  std::string label;                   // key, with kLabel
  std::string quota;                   // id, with kQuota
  bool lead_times = false;
  bool masks_market = false;  // the reader may see figures only
  int32_t suppress_below = 0;

  bool by_asset_alone() const {
    return group_by.size() == 1 && group_by.front() == UseDimension::kAsset;
  }
  bool by_user() const;
};

// Where a report reads more of who used an asset than occupancies tell.
class UserSource : public UseSource {
 public:
  virtual std::optional<Reservation> FindReservation(ReservationId id) = 0;
  // An organisation as it was at a time; null if there was none.
  virtual std::shared_ptr<const Organisation> OrganisationAt(const std::string& id,
                                                             Instant time) = 0;
};

// What a group had in a bucket.
struct UseCell {
  UseSeconds use;
  UseStatistics statistics;

  UseCell& operator+=(const UseCell& other);
  friend bool operator==(const UseCell&, const UseCell&) = default;
};

// A part of a month of the zone of an asset: all of it, or up to the present day or from
// the next one on.
struct MonthPart {
  Interval interval;
  bool to_come = false;  // else it is over
  friend bool operator==(const MonthPart&, const MonthPart&) = default;
};

// Cells of whole assets in parts of months, kept from one report to the next. While a
// part is over, or to come, the clock changes nothing in it.
class UseMemory {
 public:
  virtual ~UseMemory() = default;
  // Visits what is known of the parts, which are in order of start, by their place in
  // `parts`.
  using Visitor = std::function<void(size_t, const UseCell&)>;
  virtual void Visit(const std::string& asset, absl::Span<const MonthPart> parts,
                     const Visitor& visitor) = 0;
  // The cell depends on what lies in `depends_on`, the part and more, of the asset and
  // of `related`.
  virtual void Keep(const std::string& asset, const MonthPart& part, const Interval& depends_on,
                    const std::set<std::string>& related, const UseCell& cell) = 0;
};

// One row: a group of users and assets in one bucket.
struct UseRow {
  std::vector<std::string> group;  // in the order of the query
  Interval interval;
  int hour_of_week = 0;
  std::string time_zone;
  UseCell cell;
  UseSeconds whole;  // of all groups of users of the same assets
};

inline constexpr char kMasked[] = "(masked)";
inline constexpr char kFew[] = "(few)";
inline constexpr char kNone[] = "(none)";  // the reservation says nothing of it

// The fold that a report is. Not thread-safe.
class UseReport {
 public:
  // `source` and `memory` must outlive the report; without a memory (null) all is read.
  // What is before `now` has happened.
  UseReport(UseQuery query, Instant now, UserSource& source, UseMemory* memory = nullptr)
      : query_(std::move(query)), now_(now), source_(source), memory_(memory) {}

  // Adds an asset that was as the spans say, not empty, in buckets of the zone.
  void Add(const std::vector<AssetSpan>& spans, const std::string& time_zone);

  // Visits the rows by group, then by time. Those in which nothing is are left out. Ends
  // the report.
  void VisitRows(const std::function<void(UseRow)>& visitor);
  // The same in a list.
  std::vector<UseRow> Rows();

 private:
  using Group = std::vector<std::string>;
  // A span of time that is accounted for by itself.
  struct Piece {
    MonthPart part;
    bool may_be_kept = false;
    size_t place = 0;  // of its bucket among the rows of a group; hours of the week share it
  };
  // The pieces in a zone, one behind the other.
  struct Calendar {
    std::string time_zone;
    std::vector<Piece> pieces;
    std::vector<MonthPart> parts;   // of the pieces that may be kept,
    std::vector<size_t> piece_of;   // and by part which that is
    std::vector<Interval> buckets;  // by place, but for hours of the week
    std::vector<Interval> months;   // all that the pieces touch, whole
  };
  struct GroupCells {
    const Calendar* calendar = nullptr;
    Interval existence;  // of the assets
    absl::btree_map<size_t, UseCell> by_place;
    std::set<std::string> users;
  };
  // Who has, or wanted, something of an asset: first what was granted, by start.
  struct Demand {
    std::vector<Occupancy> occupancies;
    std::vector<std::string> units;  // likewise: one that it has, or empty
    size_t granted = 0;

    absl::Span<const Occupancy> Granted() const { return {occupancies.data(), granted}; }
  };
  // What is told apart of one asset: the groups of its users. The first is nobody.
  struct Division {
    std::vector<GroupCells*> cells;
    std::vector<int32_t> group_of;  // by occupancy
  };

  const Calendar& CalendarIn(const std::string& time_zone);
  Group GroupOfAsset(const AssetSpan& span) const;
  Group GroupOfUser(const AssetSpan& span, const Occupancy& occupancy, const std::string& unit);
  GroupCells& CellsOf(const Group& group, const Calendar& calendar, const Interval& existence);
  Division Divide(const AssetSpan& span, const Calendar& calendar, const Interval& existence,
                  const Demand& demand);
  void Read(const std::vector<AssetSpan>& spans, const Calendar& calendar,
            const std::vector<size_t>& run, bool remember);
  std::vector<std::vector<UseCell>> CellsOf(const std::vector<AssetSpan>& spans,
                                            const std::vector<Interval>& pieces,
                                            const Demand& demand, const Division& division);
  Demand DemandFor(const std::string& asset, const Calendar& calendar, const Interval& period);
  void AddByUnit(const Occupancy& occupancy, Demand& demand);
  std::vector<Occupancy> RefusedIn(const std::string& asset, const Calendar& calendar,
                                   const Interval& period);
  bool MayRemember(const AssetSpan& last, const std::string& time_zone) const;
  std::vector<size_t> Recall(const std::string& asset, const Calendar& calendar, GroupCells& cells);
  std::vector<Occupancy> OccupanciesIn(const std::string& asset, const Interval& period);
  void PutFewTogether();
  Group WithoutUsers(const Group& group) const;
  UseRow RowOf(const Group& group, const GroupCells& cells, size_t place) const;

  const UseQuery query_;
  const Instant now_;
  UserSource& source_;
  UseMemory* const memory_;
  std::map<std::string, Calendar> calendars_;  // where they are they stay
  absl::btree_map<Group, GroupCells> groups_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_USE_REPORT_H_
