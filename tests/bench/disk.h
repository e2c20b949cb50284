#ifndef LABSLOT_TESTS_BENCH_DISK_H_
#define LABSLOT_TESTS_BENCH_DISK_H_

#include <string>
#include <vector>

namespace labslot::bench {

// Appends half a kilobyte to a file of the folder and syncs it, so many times: how long
// each took, in microseconds. No durable write of anything takes less.
std::vector<float> TimeBareSyncs(const std::string& folder, int times);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_DISK_H_
