#include "tests/fuzz/request_steps.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace labslot::fuzz {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;

constexpr const char* kServices[] = {
    "AdminService",  "AvailabilityService", "CatalogueService",
    "ChangeService", "DirectoryService",    "PlanningService",
    "PolicyService", "ReservationService",  "UtilisationService",
};

const MethodDescriptor* MethodNamed(absl::string_view name) {
  const auto& all = AllMethods();
  const auto found = std::find_if(all.begin(), all.end(), [&](const MethodDescriptor* method) {
    return name == absl::string_view(method->name());
  });
  return found == all.end() ? nullptr : *found;
}

std::optional<Step> ReadHead(absl::string_view line) {
  std::vector<absl::string_view> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
  Step step;
  if (!words.empty() && absl::StartsWith(words[0], "+")) {
    if (!absl::SimpleAtoi(words[0].substr(1), &step.later) || step.later < 0) return std::nullopt;
    words.erase(words.begin());
  }
  if (words.size() != 2) return std::nullopt;
  step.caller = std::string(words[0]);
  step.method = MethodNamed(words[1]);
  return step.method == nullptr ? std::nullopt : std::optional<Step>(step);
}

}  // namespace

const std::vector<const MethodDescriptor*>& AllMethods() {
  static const auto* const all = [] {
    auto* methods = new std::vector<const MethodDescriptor*>();
    for (const char* name : kServices) {
      const auto& service =
          *DescriptorPool::generated_pool()->FindServiceByName(absl::StrCat("labslot.v1.", name));
      for (int i = 0; i < service.method_count(); ++i) {
        if (!service.method(i)->server_streaming()) methods->push_back(service.method(i));
      }
    }
    return methods;
  }();
  return *all;
}

std::vector<Step> ReadSteps(absl::string_view text) {
  std::vector<Step> steps;
  bool in_request = false;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::StartsWith(line, "#")) continue;
    if (line.empty()) {
      in_request = false;
    } else if (in_request) {
      absl::StrAppend(&steps.back().request, line, "\n");
    } else {
      std::optional<Step> step = ReadHead(line);
      if (!step || steps.size() == kMaxSteps) break;
      steps.push_back(*std::move(step));
      in_request = true;
    }
  }
  return steps;
}

std::string WriteSteps(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) {
    if (step.later > 0) absl::StrAppend(&text, "+", step.later, " ");
    absl::StrAppend(&text, step.caller, " ", step.method->name(), "\n", step.request, "\n");
  }
  return text;
}

}  // namespace labslot::fuzz
