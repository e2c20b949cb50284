#include "client/week_bars.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/output/time_text.h"

namespace labslot::client {
namespace {

constexpr int kMinutesADay = 24 * 60;
constexpr int kLabelColumns = 11;
// Behind the bar: " 12.5 h taken".
constexpr int kSumColumns = 15;

// What a cell can show, the stronger later.
enum class Mark {
  kNoTime,
  kClosed,
  kFree,
  kPartlyOut,
  kChangeover,
  kBlocked,
  kTravel,
  kHeld,
  kBooked,
  kOutOfService
};
constexpr std::size_t kMarks = 10;

struct MarkStyle {
  const char* utf8;
  const char* ascii;
  const char* colour;
  const char* words;
};

constexpr std::array<MarkStyle, kMarks> kStyles = {{
    {" ", " ", "", "the clocks skip it"},
    {"·", ".", "\x1b[2m", "closed"},
    {"─", "-", "\x1b[32m", "free"},
    {"╌", "~", "\x1b[33m", "some units out"},
    {"▒", "=", "\x1b[33m", "set-up or tear-down"},
    {"╳", "x", "\x1b[35m", "blocked by a related asset"},
    {"»", ">", "\x1b[34m", "on the way"},
    {"▓", "h", "\x1b[36m", "held"},
    {"█", "#", "\x1b[31m", "booked"},
    {"╱", "/", "\x1b[1;31m", "out of service"},
}};
constexpr const char* kPlain = "\x1b[0m";
constexpr std::array<const char*, 8> kLevels = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

const MarkStyle& StyleOf(Mark mark) { return kStyles[static_cast<std::size_t>(mark)]; }

using Instants = std::pair<absl::Time, absl::Time>;

bool Overlaps(const google::type::Interval& interval, const Instants& piece) {
  return ToTime(interval.start_time()) < piece.second && piece.first < ToTime(interval.end_time());
}

struct Cell {
  Mark mark = Mark::kNoTime;
  // Of a pool or seats: how many are taken at most.
  int taken = 0;
};

// One asset's answer, cell by cell.
class Bars {
 public:
  Bars(const v1::AssetFreeBusy& answer, absl::TimeZone zone, const WeekBarsStyle& style)
      : answer_(answer), zone_(zone), style_(style) {
    // 96 cells of 15 minutes, 48 of 30 or 24 of an hour: what the line holds.
    const int room = style.columns - kLabelColumns - kSumColumns;
    cells_ = room >= 96 ? 96 : room >= 48 ? 48 : 24;
  }

  std::string Axis() const {
    const int step = cells_ >= 48 ? 3 : 6;
    std::string axis(kLabelColumns, ' ');
    for (int hour = 0; hour < 24; hour += step) {
      axis.resize(static_cast<std::size_t>(kLabelColumns + hour * cells_ / 24), ' ');
      absl::StrAppend(&axis, absl::StrFormat("%02d", hour));
    }
    return absl::StrCat(axis, "\n");
  }

  std::string Day(absl::CivilDay day) {
    std::string line =
        absl::FormatTime("%a %m-%d  ", zone_.At(absl::CivilSecond(day) + 12 * 3600).pre, zone_);
    for (int i = 0; i < cells_; ++i) line += Draw(CellAt(day, i));
    const double hours = TakenHours(day);
    if (hours > 0) absl::StrAppendFormat(&line, " %.4g %s", hours, IsPool() ? "unit-h" : "h taken");
    return absl::StrCat(line, "\n");
  }

  std::string Legend() const {
    std::string legend;
    for (std::size_t i = 0; i < kMarks; ++i) {
      const Mark mark = static_cast<Mark>(i);
      if (!used_[i] || mark == Mark::kNoTime) continue;
      std::string words = StyleOf(mark).words;
      std::string sign = style_.utf8 ? StyleOf(mark).utf8 : StyleOf(mark).ascii;
      if (IsPool() && mark == Mark::kBooked) {
        sign = style_.utf8 ? "▁ to █" : "1 to 9, +";
        words = absl::StrCat("taken, of ", answer_.capacity());
      }
      absl::StrAppend(&legend, legend.empty() ? "" : "   ", sign, " ", words);
    }
    return absl::StrCat(std::string(kLabelColumns, ' '), legend, "\n");
  }

 private:
  bool IsPool() const { return answer_.capacity() > 1; }

  // The stretches of real time that the clocks show as this cell: none in the
  // spring gap, two in the autumn overlap.
  std::vector<Instants> PiecesOf(absl::CivilDay day, int index) const {
    const int minutes = kMinutesADay / cells_;
    const absl::CivilSecond local = absl::CivilSecond(day) + 60 * minutes * index;
    const absl::TimeZone::TimeInfo info = zone_.At(local);
    const absl::Duration length = absl::Minutes(minutes);
    if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return {};
    std::vector<Instants> pieces = {{info.pre, info.pre + length}};
    if (info.kind == absl::TimeZone::TimeInfo::REPEATED) {
      pieces.emplace_back(info.post, info.post + length);
    }
    return pieces;
  }

  Cell CellAt(absl::CivilDay day, int index) {
    Cell cell;
    for (const Instants& piece : PiecesOf(day, index)) {
      for (const v1::Span& span : answer_.spans()) {
        if (!Overlaps(span.interval(), piece)) continue;
        cell.taken = std::max(cell.taken, TakenOf(span));
        cell.mark = std::max(cell.mark, MarkOf(span));
      }
      if (IsPool()) continue;
      for (const v1::Occupancy& occupancy : answer_.occupancies()) {
        if (Overlaps(occupancy.interval(), piece)) {
          cell.mark = std::max(cell.mark, MarkOf(occupancy, piece));
        }
      }
    }
    used_[static_cast<std::size_t>(cell.mark)] = true;
    return cell;
  }

  // What is out of service is neither free nor taken.
  int TakenOf(const v1::Span& span) const {
    return answer_.capacity() - span.free_capacity() - span.out_of_service();
  }

  // What the span says by itself: whose it is comes from the occupancies.
  Mark MarkOf(const v1::Span& span) const {
    if (span.out_of_service() >= std::max(1, answer_.capacity())) return Mark::kOutOfService;
    if (span.travelling()) return Mark::kTravel;
    if (span.blocked()) return Mark::kBlocked;
    if (IsPool() && TakenOf(span) > 0) return Mark::kBooked;
    if (!IsPool() && span.free_capacity() < 1) return Mark::kChangeover;
    if (!span.open()) return Mark::kClosed;
    return span.out_of_service() > 0 ? Mark::kPartlyOut : Mark::kFree;
  }

  static Mark MarkOf(const v1::Occupancy& occupancy, const Instants& piece) {
    if (!Overlaps(occupancy.run(), piece)) return Mark::kChangeover;
    return occupancy.state() == v1::Reservation::STATE_HELD ? Mark::kHeld : Mark::kBooked;
  }

  std::string Draw(const Cell& cell) const {
    const MarkStyle& style = StyleOf(cell.mark);
    std::string sign = style_.utf8 ? style.utf8 : style.ascii;
    if (IsPool() && cell.mark == Mark::kBooked) {
      const int level = std::clamp(cell.taken * 8 / answer_.capacity(), 1, 8);
      sign = style_.utf8      ? kLevels[static_cast<std::size_t>(level - 1)]
             : cell.taken > 9 ? "+"
                              : absl::StrCat(cell.taken);
    }
    return style_.colours ? absl::StrCat(style.colour, sign, kPlain) : sign;
  }

  // Hours of runs that lie in the day, times their units.
  double TakenHours(absl::CivilDay day) const {
    const absl::Time start = zone_.At(absl::CivilSecond(day)).pre;
    const absl::Time end = zone_.At(absl::CivilSecond(day + 1)).pre;
    double hours = 0;
    for (const v1::Occupancy& occupancy : answer_.occupancies()) {
      const absl::Time from = std::max(start, ToTime(occupancy.run().start_time()));
      const absl::Time to = std::min(end, ToTime(occupancy.run().end_time()));
      if (from < to) hours += absl::ToDoubleHours(to - from) * std::max(1, occupancy.quantity());
    }
    return hours;
  }

  const v1::AssetFreeBusy& answer_;
  absl::TimeZone zone_;
  const WeekBarsStyle& style_;
  int cells_ = 48;
  std::array<bool, kMarks> used_ = {};
};

}  // namespace

std::string WeekBars(const v1::AssetFreeBusy& answer, absl::CivilDay first, int days,
                     absl::TimeZone zone, const WeekBarsStyle& style) {
  Bars bars(answer, zone, style);
  std::string text = bars.Axis();
  for (int i = 0; i < days; ++i) absl::StrAppend(&text, bars.Day(first + i));
  return absl::StrCat(text, bars.Legend());
}

}  // namespace labslot::client
