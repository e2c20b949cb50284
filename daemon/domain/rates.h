#ifndef LABSLOT_DAEMON_DOMAIN_RATES_H_
#define LABSLOT_DAEMON_DOMAIN_RATES_H_

#include <cstdint>
#include <map>
#include <string>

namespace labslot {

enum class ActivityClass {
  kUnspecified = 0,
  kEducation = 1,
  kIndependentResearch = 2,
  kCollaboration = 3,
  kDissemination = 4,
  kRental = 5,
  kService = 6,
  kContractResearch = 7,
};

// What an hour of one unit costs and what is charged for it: hundredths of a
// currency.
struct Rate {
  std::string currency;  // ISO 4217; empty: not known
  int64_t cost_per_hour = 0;
  int64_t price_per_hour = 0;
  friend bool operator==(const Rate&, const Rate&) = default;
};

// The rates of an asset, and what is charged instead for some classes.
struct Rates {
  Rate usual;
  std::map<ActivityClass, int64_t> price_by_class;
  friend bool operator==(const Rates&, const Rates&) = default;
};

Rate RateFor(const Rates& rates, ActivityClass activity_class);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_RATES_H_
