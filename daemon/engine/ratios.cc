#include "daemon/engine/ratios.h"

#include <algorithm>

namespace labslot::engine {
namespace {

using T = RatioTerms;

Seconds InUse(const UseSeconds& use) { return use[UseState::kUsed] + use[UseState::kOverrun]; }
Seconds Productive(const UseSeconds& use) { return InUse(use) - use.engineering; }

// Of the whole group of assets: nobody's time is in the rows of its users.
Seconds Operations(const T& t) { return t.whole.total - t.whole[UseState::kClosed]; }

Seconds Uptime(const T& t) {
  const UseSeconds& whole = t.whole;
  return Operations(t) - whole[UseState::kPlannedOutage] - whole[UseState::kUnplannedOutage] -
         whole[UseState::kChangeover] - whole[UseState::kTravel];
}

Seconds ReservedPast(const T& t) {
  return t.use[UseState::kUsed] + t.use[UseState::kIdle] + t.use[UseState::kNoShow];
}

constexpr char kOpening[] = "opening hours";
constexpr char kOperations[] = "operations time: all but closed (SEMI E10)";
constexpr char kCalendar[] = "calendar time";
constexpr char kReserved[] = "reserved time that is over";

}  // namespace

const std::vector<Ratio>& Ratios() {
  static const auto& ratios = *new std::vector<Ratio>{
      {"occupancy", kOpening, "reserved in opening hours",
       [](const T& t) { return t.use.reserved_open; }, [](const T& t) { return t.whole.open; }},
      {"effective_use", kReserved, "in use within what was reserved",
       [](const T& t) { return t.use[UseState::kUsed]; }, ReservedPast},
      {"idle_share", kReserved, "reserved, but nobody there",
       [](const T& t) { return t.use[UseState::kIdle]; }, ReservedPast},
      {"no_show_share", kReserved, "reserved by who never came",
       [](const T& t) { return t.use[UseState::kNoShow]; }, ReservedPast},
      {"assumed_share", "time in use within what was reserved", "nobody checked in",
       [](const T& t) { return t.use.assumed; }, [](const T& t) { return t.use[UseState::kUsed]; }},
      {"overrun_share", "time in use", "in use beyond the end",
       [](const T& t) { return t.use[UseState::kOverrun]; },
       [](const T& t) { return InUse(t.use); }},
      {"operational_uptime", kOperations, "uptime (SEMI E10)", Uptime, Operations},
      {"total_uptime", kCalendar, "uptime (SEMI E10)", Uptime,
       [](const T& t) { return t.whole.total; }},
      {"operational_utilisation", kOperations, "productive time (SEMI E10)",
       [](const T& t) { return Productive(t.use); }, Operations},
      {"total_utilisation", kCalendar, "productive time (SEMI E10)",
       [](const T& t) { return Productive(t.use); }, [](const T& t) { return t.whole.total; }},
      {"set_up_loss", kOperations, "set-up and tear-down",
       [](const T& t) { return t.use[UseState::kChangeover]; }, Operations},
      {"share_of_use", "time in use, by whomever", "in use",
       [](const T& t) { return InUse(t.use); }, [](const T& t) { return InUse(t.whole); }},
      {"share_of_opening", kOpening, "in use", [](const T& t) { return InUse(t.use); },
       [](const T& t) { return t.whole.open; }},
      {"share_of_calendar", kCalendar, "in use", [](const T& t) { return InUse(t.use); },
       [](const T& t) { return t.whole.total; }},
      {"no_show_rate", "reservations", "to which nobody came",
       [](const T& t) { return t.statistics.no_shows; },
       [](const T& t) { return t.statistics.reservations; }},
      {"late_cancel_rate", "reservations, called off or not",
       "called off within a day of the start",
       [](const T& t) { return t.statistics.late_cancelled; },
       [](const T& t) { return t.statistics.reservations + t.statistics.cancelled; }},
      {"refusal_rate", "time that was asked for", "refused for want of equipment",
       [](const T& t) { return t.statistics.refused_seconds; },
       [](const T& t) { return t.statistics.requested_seconds; }},
      {"relet_rate", "time that was called off", "that others got",
       [](const T& t) { return t.statistics.relet_seconds; },
       [](const T& t) { return t.statistics.cancelled_seconds; }}};
  return ratios;
}

const Ratio* FindRatio(absl::string_view name) {
  const auto found = std::find_if(Ratios().begin(), Ratios().end(),
                                  [&](const Ratio& ratio) { return name == ratio.name; });
  return found == Ratios().end() ? nullptr : &*found;
}

}  // namespace labslot::engine
