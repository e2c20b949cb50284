#ifndef LABSLOT_DAEMON_ENGINE_FAIRNESS_H_
#define LABSLOT_DAEMON_ENGINE_FAIRNESS_H_

#include <vector>

namespace labslot::engine {

// How evenly shares are spread: (Σx)² / (n·Σx²). 1 if all are the same, 1/n if one
// has everything; 1 also of no shares, and if nobody has anything. Shares are not
// negative. Source: Jain, Chiu, Hawe, "A Quantitative Measure of Fairness and
// Discrimination for Resource Allocation in Shared Computer Systems", DEC-TR-301,
// 1984.
double JainIndex(const std::vector<double>& shares);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_FAIRNESS_H_
