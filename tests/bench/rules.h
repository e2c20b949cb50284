#ifndef LABSLOT_TESTS_BENCH_RULES_H_
#define LABSLOT_TESTS_BENCH_RULES_H_

#include "labslot/v1/catalogue_service.pb.h"

namespace labslot::bench {

// What is under rules, so that the cost of rules can be seen beside that of
// bookings without any.
inline constexpr char kRuledKind[] = "ruled-microscope";
inline constexpr int kPolicies = 20;
inline constexpr int kQuotas = 10;

// Adds policies and quotas for the assets of that kind, of all sorts, which the
// slots of the workshop obey.
void AddRules(v1::Catalogue& catalogue);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_RULES_H_
