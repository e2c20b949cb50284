#include "client/complete.h"

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/catalogue_names.h"
#include "client/command_line.h"
#include "client/names.h"
#include "client/output/words.h"

namespace labslot::client {
namespace {

constexpr absl::Duration kDeadline = absl::Milliseconds(300);

// Collections by the option or the position that takes a name of it.
const std::map<std::string, absl::string_view> kCollections = {
    {"--asset", kAssets},      {"--site", kSites},
    {"--org", kOrganisations}, {"--on-behalf-of", kOrganisations},
    {"--return", kAssets},     {"--user", kUsers},
    {"asset", kAssets},        {"assets", kAssets},
    {"what", kAssets},         {"what-and-when", kAssets},
    {"site", kSites},          {"org", kOrganisations},
    {"user", kUsers},          {"holiday", kHolidayRegions},
    {"group", kGroups},        {"policy", kPolicies},
    {"quota", kQuotas},        {"--quota", kQuotas},
    {"place", kAssets},        {"--holidays", kHolidayRegions},
    {"outage", kOutages},      {"round", kRounds},
    {"--round", kRounds},      {"--or", kAssets},
    {"--from-site", kSites},
};

const std::map<std::string, std::vector<std::string>> kFixedValues = {
    {"--output", {"table", "wide", "json", "yaml", "csv"}},
    {"-o", {"table", "wide", "json", "yaml", "csv"}},
    {"--bucket", {"hour", "day", "week", "month", "quarter", "year", "whole", "hour-of-week"}},
    {"--by",
     {"asset", "kind", "label:", "site", "region", "owner", "user", "organisation",
      "organisation-kind", "organisation-size", "organisation-region", "activity-class",
      "access-mode", "project", "funding", "purpose", "on-behalf-of", "unit", "quota"}},
    {"--ratio", {"all"}},
    {"--compare", {"last-week", "last-month", "last-quarter", "last-year", "before"}},
    {"--period",
     {"this-week", "last-week", "this-month", "last-month", "this-quarter", "last-quarter",
      "this-year", "last-year"}},
    {"--class",
     {"education", "independent-research", "collaboration", "dissemination", "rental", "service",
      "contract-research"}},
    {"--access", {"excellence", "market", "wide"}},
    {"--state",
     {"held", "pending", "waitlisted", "offered", "displaced", "confirmed", "checked-in",
      "completed", "rejected", "cancelled", "expired", "no-show"}},
    {"state", {"running", "idle", "down"}},
    {"--existing", {"keep", "warn", "cancel"}},
    {"--repeated-hour", {"first", "second"}},
    {"shell", {"bash", "zsh", "fish"}},
};

const CLI::Option* FindOption(const CLI::App& app, const std::string& word) {
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    if (const CLI::Option* option = at->get_option_no_throw(word)) return option;
  }
  return nullptr;
}

bool TakesValue(const CLI::App& app, const std::string& word) {
  const CLI::Option* option = FindOption(app, word);
  return option != nullptr && option->get_items_expected_min() > 0;
}

// Where the finished words lead to.
struct Place {
  const CLI::App* command;
  // How many words stand at positions.
  std::size_t positions = 0;
};

Place FollowWords(const CLI::App& app, const std::vector<std::string>& words) {
  Place place{&app};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (absl::StartsWith(words[i], "-")) {
      if (TakesValue(*place.command, words[i])) ++i;
      continue;
    }
    const CLI::App* next = FindCommand(*place.command, words[i]);
    if (next != nullptr && place.positions == 0) {
      place.command = next;
    } else {
      ++place.positions;
    }
  }
  return place;
}

std::vector<std::string> Values(Session& session, const std::string& key) {
  if (const auto fixed = kFixedValues.find(key); fixed != kFixedValues.end()) return fixed->second;
  const auto collection = kCollections.find(key);
  if (collection == kCollections.end()) return {};
  session.deadline = kDeadline;
  return NamesIn(session, collection->second);
}

std::vector<std::string> OptionsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

// What may stand at the next position of the command.
std::vector<std::string> AtPosition(Session& session, const Place& place) {
  std::vector<std::string> names;
  for (const CLI::App* command : place.command->get_subcommands({})) {
    if (!command->get_name().empty()) names.push_back(command->get_name());
  }
  std::size_t position = 0;
  for (const CLI::Option* option : place.command->get_options()) {
    if (!option->get_positional()) continue;
    const bool many = option->get_items_expected_max() > 1;
    if (position == place.positions || many) {
      const std::vector<std::string> values = Values(session, option->get_name(true));
      names.insert(names.end(), values.begin(), values.end());
      return names;
    }
    ++position;
  }
  return names;
}

}  // namespace

void Complete(const CLI::App& app, Session& session, const std::vector<std::string>& words) {
  if (words.empty()) return;
  const std::string& last = words.back();
  const Place place = FollowWords(app, words);
  std::vector<std::string> candidates;
  if (words.size() > 1 && absl::StartsWith(words[words.size() - 2], "-") &&
      TakesValue(*place.command, words[words.size() - 2])) {
    candidates = Values(session, words[words.size() - 2]);
  } else if (absl::StartsWith(last, "-")) {
    candidates = OptionsOf(*place.command);
  } else {
    candidates = AtPosition(session, place);
  }
  std::sort(candidates.begin(), candidates.end());
  for (const std::string& candidate : candidates) {
    if (absl::StartsWith(candidate, last)) {
      session.output.Print(absl::StrCat(Printable(candidate), "\n"));
    }
  }
}

}  // namespace labslot::client
