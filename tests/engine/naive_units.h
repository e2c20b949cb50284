#ifndef LABSLOT_TESTS_ENGINE_NAIVE_UNITS_H_
#define LABSLOT_TESTS_ENGINE_NAIVE_UNITS_H_

#include <cstddef>
#include <vector>

#include "daemon/engine/unit_fit.h"

namespace labslot::engine {

// What FitUnits decides, by trying every way to hand out every unit: for small cases.
bool NaiveUnitsFit(size_t units, const std::vector<UnitUse>& uses);

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_NAIVE_UNITS_H_
