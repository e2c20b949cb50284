#ifndef LABSLOT_CLIENT_COMMANDS_SERIES_TEXT_H_
#define LABSLOT_CLIENT_COMMANDS_SERIES_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/output/table.h"
#include "client/session.h"
#include "labslot/v1/series.pb.h"

namespace labslot::client {

// Shows a series with one row a day: what became of it, or why it was refused.
// `done` says what was just done to it, such as "reserved"; empty if nothing.
absl::Status ShowSeries(Session& session, const v1::Series& series, const std::string& done,
                        const WriteFlags& write);

// One row a series.
Table SeriesTable(const std::vector<v1::Series>& all);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_SERIES_TEXT_H_
