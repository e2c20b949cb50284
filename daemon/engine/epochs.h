#ifndef LABSLOT_DAEMON_ENGINE_EPOCHS_H_
#define LABSLOT_DAEMON_ENGINE_EPOCHS_H_

#include <memory>
#include <string>
#include <vector>

#include "daemon/domain/event.h"
#include "daemon/engine/catalogue.h"

namespace labslot::engine {

// Assets as they were: their capacity, hours and relations hold from a change on, and
// never for the time before it.

// A time in which no asset, site or holiday region changed, with these as they were
// and everything else as it was last.
struct Epoch {
  Interval interval;
  std::shared_ptr<const Catalogue> catalogue;
};

// The epochs of a period. `events` are all of assets, sites and holiday regions up to
// some event, oldest first.
std::vector<Epoch> EpochsOf(const Catalogue& last, const std::vector<Event>& events,
                            const Interval& period);

// An asset as it was for a time. Points into the catalogue of an epoch.
struct AssetSpan {
  Interval interval;
  const Catalogue* catalogue = nullptr;
  const Asset* asset = nullptr;
};

// The spans of the period of the epochs in which the asset existed, each up to where
// something of it changed: its record, its home, their holidays, what it excludes.
std::vector<AssetSpan> SpansOf(const std::vector<Epoch>& epochs, const std::string& asset);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_EPOCHS_H_
