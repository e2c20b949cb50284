#include "daemon/engine/machine_decisions.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"

namespace labslot::engine {
namespace {

// What is wrong with the unit that a report names, or does not.
std::optional<Error> WrongUnit(const Asset& asset, const std::string& unit) {
  constexpr char kField[] = "report.unit";
  if (asset.units.empty()) {
    if (asset.capacity > 1) {
      return InvalidField("report.asset", absl::StrCat("is ", NameOf(asset),
                                                       ", which has several units without "
                                                       "names; name its units first"));
    }
    if (unit.empty()) return std::nullopt;
    return InvalidField(kField, absl::StrCat("must be empty: ", NameOf(asset), " has no units"));
  }
  const auto is_it = [&](const Unit& one) { return one.id == unit; };
  if (std::any_of(asset.units.begin(), asset.units.end(), is_it)) return std::nullopt;
  const auto id = [](std::string* out, const Unit& one) { absl::StrAppend(out, one.id); };
  return InvalidField(kField, absl::StrCat("must be a unit of ", NameOf(asset), ": ",
                                           absl::StrJoin(asset.units, ", ", id)));
}

}  // namespace

Result<Decision> DecideBody(const DecisionContext& context, const ReportMachineStates& command) {
  MachineReport report = command.report;
  const Asset* asset = context.catalogue().FindAsset(report.asset);
  if (asset == nullptr) return NotFound(NameOf(kAssets, report.asset));
  if (!ManagesAsset(context.catalogue(), context.principal, *asset)) {
    return RoleRequired(absl::StrCat("report the states of ", NameOf(*asset)), kAssetManagerRole);
  }
  if (auto error = WrongUnit(*asset, report.unit)) return *std::move(error);
  for (size_t i = 0; i < report.spans.size(); ++i) {
    if (report.spans[i].interval.end > context.now) {
      return InvalidField(absl::StrCat("report.spans[", i, "].interval.end_time"),
                          "must not be in the future");
    }
  }
  Decision decision;
  report.id = NextRevision(context, decision);
  report.create_time = context.now;
  AddChange<MachineReport>(context, EventType::kCreated, std::move(report), nullptr, decision);
  decision.result = decision.changes.back().event.resource;
  return decision;
}

}  // namespace labslot::engine
