#ifndef LABSLOT_DAEMON_ENGINE_YEARLY_OVERVIEW_H_
#define LABSLOT_DAEMON_ENGINE_YEARLY_OVERVIEW_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/domain/quota.h"
#include "daemon/engine/use_report.h"

namespace labslot::engine {

// How capacity was used for what a quota counts and for other things: by time, by cost
// and by revenue, the three methods of the yearly overview of economic use.

// What such a report is grouped by, in this order.
std::vector<UseDimension> OverviewDimensions();

// Hundredths of a currency times seconds, so that nothing is rounded before the end.
// Money of an hour x seconds of a year x units fits.
using MoneySeconds = int64_t;
double MoneyOf(MoneySeconds amount);

// What is used, is still to come, and costs.
struct OverviewPart {
  Seconds used = 0;    // and overrun
  Seconds booked = 0;  // still to come
  MoneySeconds cost = 0;
  MoneySeconds revenue = 0;

  OverviewPart& operator+=(const OverviewPart& other);
};

struct YearlyOverview {
  // By asset, word of the activity class, whether it is counted, and currency.
  using Key = std::tuple<std::string, std::string, bool, std::string>;
  std::map<Key, OverviewPart> rows;
  std::map<CapacityBase, Seconds> capacity;

  // Adds rows of a report by OverviewDimensions.
  void Add(const std::vector<UseRow>& report);
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_YEARLY_OVERVIEW_H_
