// How inputs of request_fuzz.cc are changed: as requests, seldom as bytes.

#include <string>
#include <vector>

#include "tests/fuzz/escaped.h"
#include "tests/fuzz/message_text.h"
#include "tests/fuzz/request_steps.h"
#include "tests/fuzz/targets.h"

namespace labslot::fuzz {
namespace {

constexpr const char* kCallers[] = {"operator", "ada", "bob", "eve", "mia"};
constexpr Seconds kWaits[] = {0, 0, 1, 60, 900, 3600, 86400, 604800, 2592000};

// Sunday 2027-02-28 12:00 in Brussels, when the small lab begins.
constexpr Instant kNow = 1803812400;

const std::vector<std::string>& Words() {
  static const auto* const words =
      new std::vector<std::string>{"",
                                   "*",
                                   "a",
                                   "new",
                                   "assets/lab",
                                   "assets/rigs",
                                   "assets/van",
                                   "assets/new",
                                   "sites/lommel",
                                   "sites/brno",
                                   "sites/new",
                                   "users/ada",
                                   "users/bob",
                                   "users/eve",
                                   "users/mia",
                                   "users/new",
                                   "organisations/acme",
                                   "organisations/new",
                                   "groups/new",
                                   "policies/new",
                                   "quotas/new",
                                   "outages/new",
                                   "rounds/new",
                                   "holidayRegions/new",
                                   "tokens/new",
                                   "reservations/11",
                                   "reservations/12",
                                   "reservations/13",
                                   "series/11",
                                   "series/12",
                                   "outages/broken",
                                   "lab",
                                   "rigs",
                                   "Europe/Brussels",
                                   "America/Havana",
                                   "Mars/X",
                                   "FREQ=WEEKLY;COUNT=3",
                                   "FREQ=DAILY;COUNT=400",
                                   "2027-03-01T09:00",
                                   "2027-03-01T10:00:00",
                                   "asset = assets/lab",
                                   "state != HELD",
                                   "start_time > \"2027-03-01T09:00:00Z\"",
                                   "start_time desc",
                                   "interval",
                                   "items",
                                   "capacity",
                                   "calendar",
                                   "reservation.items",
                                   "recurrence",
                                   "display_name",
                                   "state",
                                   "EUR",
                                   "nano-facility",
                                   "\"12\"",
                                   "12",
                                   "\xff\xfe"};
  return *words;
}

Step AnyStep(MessageMutator& mutator) {
  Step step;
  step.caller = kCallers[mutator.Below(std::size(kCallers))];
  step.method = AllMethods()[mutator.Below(AllMethods().size())];
  return step;
}

void MutateStep(Step& step, MessageMutator& mutator) {
  const size_t kind = mutator.Below(16);
  if (kind == 0) step.caller = kCallers[mutator.Below(std::size(kCallers))];
  if (kind == 1) step.later = kWaits[mutator.Below(std::size(kWaits))];
  if (kind > 1) step.request = MutateText(*step.method->input_type(), step.request, mutator);
}

void MutateSteps(std::vector<Step>& steps, MessageMutator& mutator) {
  const size_t kind = mutator.Below(16);
  const size_t at = mutator.Below(steps.size());
  const auto place = steps.begin() + static_cast<std::ptrdiff_t>(at);
  if (kind == 0 && steps.size() > 1) {
    steps.erase(place);
  } else if (kind == 1 && steps.size() < kMaxSteps) {
    steps.insert(place, Step(steps[at]));
  } else if (kind == 2) {
    std::swap(steps[at], steps[mutator.Below(steps.size())]);
  } else if (kind == 3 && steps.size() < kMaxSteps) {
    steps.push_back(AnyStep(mutator));
    MutateStep(steps.back(), mutator);
  } else {
    MutateStep(steps[at], mutator);
  }
}

std::vector<Step> Read(const uint8_t* data, size_t size) {
  return ReadSteps({reinterpret_cast<const char*>(data), size});
}

}  // namespace
}  // namespace labslot::fuzz

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  using namespace labslot::fuzz;
  MessageMutator mutator(seed, Words(), kNow);
  std::vector<Step> steps = Read(data, size);
  if (steps.empty()) steps.push_back(AnyStep(mutator));
  MutateSteps(steps, mutator);
  return PutText(WriteSteps(steps), data, size, max_size);
}

// The first steps of one input, then the last of the other.
size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1, const uint8_t* data2,
                                 size_t size2, uint8_t* out, size_t max_out_size, unsigned seed) {
  using namespace labslot::fuzz;
  MessageMutator mutator(seed, Words(), kNow);
  std::vector<Step> steps = Read(data1, size1);
  const std::vector<Step> others = Read(data2, size2);
  steps.resize(mutator.Below(steps.size() + 1));
  const auto from = static_cast<std::ptrdiff_t>(mutator.Below(others.size() + 1));
  steps.insert(steps.end(), others.begin() + from, others.end());
  if (steps.size() > kMaxSteps) steps.resize(kMaxSteps);
  return PutText(WriteSteps(steps), out, 0, max_out_size);
}
