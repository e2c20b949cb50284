#include "daemon/domain/rates.h"

namespace labslot {

Rate RateFor(const Rates& rates, ActivityClass activity_class) {
  Rate rate = rates.usual;
  const auto special = rates.price_by_class.find(activity_class);
  if (special != rates.price_by_class.end()) rate.price_per_hour = special->second;
  return rate;
}

}  // namespace labslot
