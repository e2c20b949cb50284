#include "daemon/service/warm_rollups.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/log.h"
#include "daemon/base/status_macros.h"
#include "daemon/engine/use_report.h"
#include "daemon/service/report_assets.h"
#include "daemon/service/use_history.h"

namespace labslot::service {
namespace {

constexpr Seconds kYear = 366 * limits::kDay;
constexpr Seconds kYearsBack = 3 * kYear;

struct Warming {
  runtime::WorkerPool& workers;
  runtime::Rollups& rollups;
  FrozenView view;
  Instant now = 0;
  Interval period;
  std::unique_ptr<UseHistory> history;
  std::vector<engine::Epoch> epochs;
  std::vector<std::string> assets;  // still to do
};

absl::Status Open(Warming& warming) {
  LABSLOT_ASSIGN_OR_RETURN(warming.history,
                           UseHistory::Open(warming.view, warming.view.snapshot->revision(),
                                            warming.now, warming.period));
  LABSLOT_ASSIGN_OR_RETURN(warming.epochs, warming.history->Epochs());
  return absl::OkStatus();
}

// What the report says is in the rollups then.
absl::Status Warm(Warming& warming, const std::string& asset) {
  const std::vector<engine::AssetSpan> spans = engine::SpansOf(warming.epochs, asset);
  if (spans.empty()) return absl::OkStatus();
  const engine::AssetSpan& last = spans.back();
  engine::UseQuery query;
  query.period = warming.period;
  query.bucket = engine::Bucket::kMonth;
  query.group_by = {engine::UseDimension::kAsset};
  runtime::RollupsAt rollups(warming.rollups, warming.view.mark);
  engine::UseReport report(query, warming.now, *warming.history, &rollups);
  report.Add(spans, HomeZoneOf(*last.catalogue, *last.asset));
  return warming.history->status();
}

// One asset a job, so that reports that somebody waits for come in between, and the
// daemon can end.
void WarmNext(const std::shared_ptr<Warming>& warming) {
  if (warming->assets.empty()) return;
  const bool queued = warming->workers.Run([warming] {
    absl::Status status = warming->history == nullptr ? Open(*warming) : absl::OkStatus();
    if (status.ok()) status = Warm(*warming, warming->assets.back());
    if (!status.ok()) {
      Log(LogLevel::kError, absl::StrCat("cannot read what was used: ", status.message()));
      return;
    }
    warming->assets.pop_back();
    WarmNext(warming);
  });
  // A report reads for itself what is not there.
  if (!queued) warming->assets.clear();
}

}  // namespace

void WarmRollups(const storage::Store& store, runtime::Sequencer& sequencer,
                 runtime::WorkerPool& workers) {
  const Instant now = sequencer.Now();
  auto warming = std::make_shared<Warming>(Warming{.workers = workers,
                                                   .rollups = sequencer.rollups(),
                                                   .view = Freeze(store, sequencer),
                                                   .now = now,
                                                   .period = {now - kYearsBack, now + kYear},
                                                   .history = nullptr,
                                                   .epochs = {},
                                                   .assets = {}});
  for (const auto& [id, asset] : warming->view.catalogue->assets()) warming->assets.push_back(id);
  WarmNext(warming);
}

}  // namespace labslot::service
