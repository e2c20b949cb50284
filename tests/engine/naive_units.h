#ifndef LABSLOT_TESTS_ENGINE_NAIVE_UNITS_H_
#define LABSLOT_TESTS_ENGINE_NAIVE_UNITS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/engine/unit_fit.h"

namespace labslot::engine {

// `fitting` has a 1 for each unit that would do.
UnitUse MakeUse(Instant start, Instant end, const std::string& fitting, size_t count = 1,
                std::vector<size_t> held = {});

// True if everybody has as many units as he needs, what he holds and what would do, and
// nobody what somebody else has at the same time.
bool IsWay(const std::vector<UnitUse>& uses, const std::vector<std::vector<size_t>>& units);

// What FitUnits decides, by trying every way to hand out every unit: for small cases.
bool NaiveUnitsFit(size_t units, const std::vector<UnitUse>& uses);

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_NAIVE_UNITS_H_
