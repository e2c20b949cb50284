#ifndef LABSLOT_CLIENT_COMMANDS_UTILISATION_QUERY_H_
#define LABSLOT_CLIENT_COMMANDS_UTILISATION_QUERY_H_

// What a report of use is asked for, as it was typed and as it is sent.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "client/output/time_text.h"
#include "client/session.h"
#include "client/time_grammar.h"
#include "client/utilisation_words.h"

namespace labslot::client {

struct UtilisationOptions {
  std::vector<std::string> assets;
  std::string period;
  std::string from;
  std::string to;
  std::string bucket;
  std::vector<std::string> by;
  std::string quota;
  std::string where;
  std::vector<std::string> ratios;
  std::string as_of;
  bool lead_times = false;
  int suppress = 0;
  int top = 0;  // 0: all
  // What is shown; one of these at most.
  bool heat_map = false;
  bool spark = false;
  bool bars = false;
  std::string compare;
};

struct UtilisationQuery {
  v1::QueryUtilisationRequest request;
  // As the daemon groups, also where nothing was said.
  Grouping grouping;
  TimeRange period;
  // What times are read against.
  TimeContext times;
};

// Adds everything but what is shown. Returns --bucket, which some pictures exclude.
CLI::Option* AddUtilisationOptions(CLI::App* command, UtilisationOptions* options);

// What times for these assets are read against: those of the first one.
absl::StatusOr<TimeContext> TimesOfAssets(Session& session, const std::vector<std::string>& assets);

// The state of the log that a report is asked for as of; neither means now.
struct AsOf {
  std::int64_t revision = 0;
  std::optional<absl::Time> time;
};

// Adds --as-of.
void AddAsOfOption(CLI::App* command, std::string* as_of);

// Reads "813", or a moment; nothing means now. Errors name the option.
absl::StatusOr<AsOf> ReadAsOf(const std::string& text, const TimeContext& times);

// Asks for the report as of then.
template <typename Request>
void SetAsOf(const AsOf& as_of, Request* request) {
  request->set_as_of_revision(as_of.revision);
  if (as_of.time.has_value()) *request->mutable_as_of_time() = ToTimestamp(*as_of.time);
}

// The current month.
TimeRange CurrentMonth(const TimeContext& times);

// Reads them. Errors name the option.
absl::StatusOr<UtilisationQuery> ReadUtilisation(Session& session,
                                                 const UtilisationOptions& options);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_UTILISATION_QUERY_H_
