#ifndef LABSLOT_DAEMON_SERVICE_REPORT_ASSETS_H_
#define LABSLOT_DAEMON_SERVICE_REPORT_ASSETS_H_

#include <string>
#include <vector>

#include "daemon/service/call.h"
#include "daemon/service/convert/asset_filter.h"

namespace labslot::service {

// What the caller must be to read a report on an asset.
using MayReport = bool (*)(const engine::Catalogue&, const engine::Principal&, const Asset&);

// The assets to report on: those named, or all that the caller may report on, as far as
// the filter goes. The error says what it takes.
Result<std::vector<std::string>> AssetsOf(const DaemonCore& core, const CallInfo& call,
                                          const std::vector<std::string>& named,
                                          const AssetFilter& filter, MayReport may);

// The IANA zone in which an asset is reported on, unless somebody says which: that of
// its home.
std::string HomeZoneOf(const engine::Catalogue& catalogue, const Asset& asset);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_REPORT_ASSETS_H_
