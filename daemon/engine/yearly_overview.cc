#include "daemon/engine/yearly_overview.h"

namespace labslot::engine {
namespace {

enum Place : size_t { kAssetPlace, kClassPlace, kQuotaPlace, kRatePlace };

OverviewPart PartOf(const UseSeconds& use, const Rate& rate) {
  OverviewPart part;
  part.used = use[UseState::kUsed] + use[UseState::kOverrun];
  part.booked = use[UseState::kBooked];
  const Seconds reserved =
      use[UseState::kUsed] + use[UseState::kIdle] + use[UseState::kNoShow] + use[UseState::kBooked];
  part.cost = (part.used + part.booked) * rate.cost_per_hour;
  part.revenue = reserved * rate.price_per_hour;
  return part;
}

}  // namespace

std::vector<UseDimension> OverviewDimensions() {
  return {UseDimension::kAsset, UseDimension::kActivityClass, UseDimension::kQuota,
          UseDimension::kRate};
}

double MoneyOf(MoneySeconds amount) {
  constexpr MoneySeconds kHour = 3600;
  const MoneySeconds hundredths = (amount + kHour / 2) / kHour;
  return static_cast<double>(hundredths) / 100;
}

OverviewPart& OverviewPart::operator+=(const OverviewPart& other) {
  used += other.used;
  booked += other.booked;
  cost += other.cost;
  revenue += other.revenue;
  return *this;
}

void YearlyOverview::Add(const std::vector<UseRow>& report) {
  for (const UseRow& row : report) {
    const UseSeconds& use = row.cell.use;
    capacity[CapacityBase::kCalendar] += use.total;
    capacity[CapacityBase::kOpening] += use.open;
    capacity[CapacityBase::kAvailable] +=
        use.open - use[UseState::kPlannedOutage] - use[UseState::kUnplannedOutage];
    // Nobody's time is in no class.
    if (row.group[kQuotaPlace].empty()) continue;
    const Rate rate = RateIn(row.group[kRatePlace]);
    const OverviewPart part = PartOf(use, rate);
    if (part.used == 0 && part.booked == 0 && part.revenue == 0) continue;
    rows[{row.group[kAssetPlace], row.group[kClassPlace], row.group[kQuotaPlace] == kCounted,
          rate.currency}] += part;
  }
}

}  // namespace labslot::engine
