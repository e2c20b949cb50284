// Measures how much of the greatest value a round of allocation finds for a month
// of requests, how long it takes, and what simpler rules would have given.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "daemon/engine/packing.h"
#include "tests/bench/child.h"
#include "tests/bench/online.h"
#include "tests/bench/table.h"

ABSL_FLAG(bool, quick, false, "A few seconds, to see that it runs; the figures mean nothing.");
ABSL_FLAG(double, seconds, 1, "The limit of time for a month; 0: none.");
ABSL_FLAG(int64_t, nodes, 10000, "The limit of nodes for each part of a month.");
ABSL_FLAG(unsigned, seeds, 3, "How many months of each kind; the table shows their sums.");

namespace labslot::bench {
namespace {

using engine::Pack;
using engine::Packing;
using engine::PackingLimits;
using engine::PackingMethod;
using engine::PackingOption;
using engine::PackingProblem;

constexpr Seconds kSlot = 1800;
constexpr Seconds kDay = 86400;
constexpr size_t kUnits = 7;
constexpr size_t kSlotsOfDay = 48;

struct Shape {
  const char* name;
  bool pool;      // or units with names, of which each request may have some
  size_t opens;   // slot of the day
  size_t closes;  // after the last slot
};

struct Request {
  size_t from = 0;  // slot of the month
  size_t to = 0;
  int64_t weight = 1;         // of its class
  std::vector<size_t> units;  // that will do
  int64_t value() const { return static_cast<int64_t>(to - from) * weight; }
};

// The requests of a month, in the order in which they came in.
class Month {
 public:
  Month(const Shape& shape, double load, size_t days, unsigned seed)
      : shape_(shape), days_(days), random_(seed) {
    const double open = static_cast<double>(kUnits * days * (shape.closes - shape.opens));
    for (double asked = 0; asked < load * open;) {
      requests_.push_back(Draw());
      asked += static_cast<double>(requests_.back().to - requests_.back().from);
    }
  }

  const std::vector<Request>& requests() const { return requests_; }
  const Shape& shape() const { return shape_; }
  size_t slots() const { return days_ * kSlotsOfDay; }
  bool open(size_t slot) const {
    return shape_.opens <= slot % kSlotsOfDay && slot % kSlotsOfDay < shape_.closes;
  }

  PackingProblem Problem() const {
    PackingProblem problem;
    problem.wishes = requests_.size();
    problem.resources.resize(shape_.pool ? 1 : kUnits);
    for (engine::PackingResource& resource : problem.resources) {
      for (size_t day = 0; day < days_; ++day) {
        const Interval hours =
            Times(day * kSlotsOfDay + shape_.opens, day * kSlotsOfDay + shape_.closes);
        resource.capacity.push_back({hours, shape_.pool ? static_cast<int32_t>(kUnits) : 1});
      }
    }
    for (size_t wish = 0; wish < requests_.size(); ++wish) {
      const Request& request = requests_[wish];
      for (const size_t unit : request.units) {
        problem.options.push_back(
            {wish, request.value(), {{unit, Times(request.from, request.to), 1}}});
      }
    }
    return problem;
  }

 private:
  static Interval Times(size_t from, size_t to) {
    return {static_cast<Instant>(from) * kSlot, static_cast<Instant>(to) * kSlot};
  }

  // Written out: distributions of the standard library differ from one to the next.
  double Uniform() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }
  size_t Roll(size_t sides) { return random_() % sides; }
  double Normal() {
    constexpr double kTwoPi = 6.283185307179586;
    return std::sqrt(-2 * std::log(1 - Uniform())) * std::cos(kTwoPi * Uniform());
  }

  // 1 to 8 h, half of them shorter than 2.5 h.
  size_t Length() {
    const double hours = 2.5 * std::exp(0.6 * Normal());
    return static_cast<size_t>(std::clamp(std::round(2 * hours), 2.0, 16.0));
  }

  Request Draw() {
    Request request;
    const size_t length = Length();
    const bool always_open = shape_.closes - shape_.opens == kSlotsOfDay;
    if (always_open) {
      request.from = Roll(slots() - length + 1);
    } else {
      request.from = Roll(days_) * kSlotsOfDay + shape_.opens +
                     Roll(shape_.closes - shape_.opens - length + 1);
    }
    request.to = request.from + length;
    request.weight = int64_t{1} << Roll(4);
    request.units = {0};
    if (!shape_.pool) DrawUnits(request);
    return request;
  }

  void DrawUnits(Request& request) {
    request.units.resize(kUnits);
    std::iota(request.units.begin(), request.units.end(), size_t{0});
    const size_t count = 2 + Roll(4);
    for (size_t i = 0; i < count; ++i) {
      std::swap(request.units[i], request.units[i + Roll(kUnits - i)]);
    }
    request.units.resize(count);
  }

  const Shape shape_;
  const size_t days_;
  std::mt19937_64 random_;
  std::vector<Request> requests_;
};

// What is had if each in turn takes the first unit that is free, those with the
// greatest score first; of the same score, who came first.
int64_t InTurn(const Month& month, const std::function<int64_t(const Request&)>& score) {
  std::vector<const Request*> order;
  for (const Request& request : month.requests()) order.push_back(&request);
  std::stable_sort(order.begin(), order.end(),
                   [&score](const Request* a, const Request* b) { return score(*a) > score(*b); });
  std::vector<std::vector<size_t>> left(month.shape().pool ? 1 : kUnits);
  for (auto& slots : left) {
    for (size_t slot = 0; slot < month.slots(); ++slot) {
      slots.push_back(!month.open(slot) ? 0 : month.shape().pool ? kUnits : 1);
    }
  }
  int64_t value = 0;
  for (const Request* request : order) {
    const auto is_free = [&](size_t unit) {
      const auto from = left[unit].begin();
      return std::all_of(from + static_cast<std::ptrdiff_t>(request->from),
                         from + static_cast<std::ptrdiff_t>(request->to),
                         [](size_t units) { return units > 0; });
    };
    const auto unit = std::find_if(request->units.begin(), request->units.end(), is_free);
    if (unit == request->units.end()) continue;
    for (size_t slot = request->from; slot < request->to; ++slot) --left[*unit][slot];
    value += request->value();
  }
  return value;
}

// The same requests, each of which may displace others of a lower class if it is
// worth `least_gain` times the harm. Of a pool only.
OnlineOutcome Online(const Month& month, double least_gain) {
  if (!month.shape().pool) return {};
  std::vector<Asked> requests;
  for (const Request& request : month.requests()) {
    requests.push_back(
        {{static_cast<Instant>(request.from) * kSlot, static_cast<Instant>(request.to) * kSlot},
         request.weight,
         request.value()});
  }
  return BookInTurn(requests, static_cast<int32_t>(kUnits), least_gain);
}

const char* NameOf(PackingMethod method) {
  switch (method) {
    case PackingMethod::kTrivial:
      return "trivial";
    case PackingMethod::kFlow:
      return "flow";
    case PackingMethod::kMip:
      return "mip";
  }
  return "?";
}

// Sums over months.
struct Sums {
  double requests = 0;
  double value = 0;
  double bound = 0;
  double longest = 0;  // seconds
  int proven = 0;
  PackingMethod method = PackingMethod::kTrivial;
  double first_come = 0;
  double by_class = 0;
  double by_value = 0;
  double online = 0;        // displacing whom it is worth once
  double online_twice = 0;  // or twice
  double displaced = 0;
  double displaced_twice = 0;
};

void AddMonth(const Month& month, Sums& sums) {
  const PackingProblem problem = month.Problem();
  PackingLimits limits;
  limits.seconds = absl::GetFlag(FLAGS_seconds);
  limits.nodes = absl::GetFlag(FLAGS_nodes);
  // Of the processor: one thread, so that is how long it takes on an idle machine.
  const std::clock_t began = std::clock();
  const Packing packing = Pack(problem, limits);
  const double took = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  if (!Fits(problem, packing.chosen)) Fail("a choice does not fit");
  sums.requests += static_cast<double>(problem.wishes);
  sums.value += static_cast<double>(packing.value);
  sums.bound += static_cast<double>(packing.bound);
  sums.longest = std::max(sums.longest, took);
  sums.proven += packing.proven ? 1 : 0;
  sums.method = std::max(sums.method, packing.method);
  sums.first_come += static_cast<double>(InTurn(month, [](const Request&) { return 0; }));
  // Value is hours times weight: this is also the order of value for the time.
  sums.by_class += static_cast<double>(InTurn(month, [](const Request& r) { return r.weight; }));
  sums.by_value += static_cast<double>(InTurn(month, [](const Request& r) { return r.value(); }));
  const OnlineOutcome once = Online(month, 1);
  const OnlineOutcome twice = Online(month, 2);
  sums.online += static_cast<double>(once.value);
  sums.displaced += static_cast<double>(once.displaced);
  sums.online_twice += static_cast<double>(twice.value);
  sums.displaced_twice += static_cast<double>(twice.displaced);
}

void Run() {
  std::printf(
      "labslot_packing_bench: months of requests for %zu units, %.1f s each, one thread\n%s",
      kUnits, absl::GetFlag(FLAGS_seconds), Surroundings("/var/tmp").c_str());
  const bool quick = absl::GetFlag(FLAGS_quick);
  const unsigned seeds = quick ? 1 : absl::GetFlag(FLAGS_seeds);
  const std::vector<Shape> shapes = {{"a pool, 7:00 to 21:00", true, 14, 42},
                                     {"a pool, at all times", true, 0, 48},
                                     {"2 to 5 of 7 will do, 7:00 to 21:00", false, 14, 42},
                                     {"2 to 5 of 7 will do, at all times", false, 0, 48}};
  for (const Shape& shape : shapes) {
    Table table({"load", "requests", "method", "value", "bound", "value/bound %", "proven",
                 "seconds", "first come %", "class %", "value %", "displacing %", "displaced",
                 "if worth 2x %", "displaced "});
    for (const double load : {0.7, 1.0, 1.5, 2.0}) {
      Sums sums;
      for (unsigned seed = 1; seed <= seeds; ++seed) {
        AddMonth(Month(shape, load, quick ? 3 : 30, seed), sums);
      }
      table.Add(
          {Fixed(load, 1), Whole(sums.requests / seeds), NameOf(sums.method), Whole(sums.value),
           Whole(sums.bound), AtLeast(100 * sums.value / sums.bound, shape.pool ? 100 : 98, 2),
           absl::StrCat(sums.proven, "/", seeds), Fixed(sums.longest, 3),
           Fixed(100 * sums.first_come / sums.value, 1), Fixed(100 * sums.by_class / sums.value, 1),
           Fixed(100 * sums.by_value / sums.value, 1),
           shape.pool ? AtLeast(100 * sums.online / sums.value, 92, 1) : "-",
           shape.pool ? Whole(sums.displaced / seeds) : "-",
           shape.pool ? Fixed(100 * sums.online_twice / sums.value, 1) : "-",
           shape.pool ? Whole(sums.displaced_twice / seeds) : "-"});
    }
    table.Print(shape.name);
  }
}

}  // namespace
}  // namespace labslot::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  labslot::bench::Run();
  return 0;
}
