#include "client/commands/utilisation_query.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/period_grammar.h"
#include "client/places.h"
#include "client/suggest.h"

namespace labslot::client {
namespace {

using v1::QueryUtilisationRequest;

constexpr std::size_t kMostDimensions = 4;
constexpr absl::string_view kLabelPrefix = "label:";

absl::Status InOption(absl::string_view option, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(option, ": ", status.message()));
}

// The value of the word in a table of words.
template <typename Value>
absl::StatusOr<Value> ReadWord(absl::string_view option, const std::string& word,
                               const std::vector<std::pair<std::string, Value>>& table) {
  std::vector<std::string> known;
  std::string words;
  for (const auto& [name, value] : table) {
    if (name == word) return value;
    known.push_back(name);
    absl::StrAppend(&words, words.empty() ? "" : ", ", name);
  }
  return absl::InvalidArgumentError(absl::StrCat(option, ": there is no \"", word, "\".",
                                                 DidYouMean(Suggest(word, known)), " There are ",
                                                 words, "."));
}

bool IsBy(const Grouping& grouping, Dimension dimension) {
  const auto& all = grouping.dimensions;
  return std::find(all.begin(), all.end(), dimension) != all.end();
}

absl::Status AddDimension(const std::string& word, Grouping* grouping) {
  absl::string_view key = word;
  const bool labelled = absl::ConsumePrefix(&key, kLabelPrefix);
  if (word == "label" || (labelled && key.empty())) {
    return absl::InvalidArgumentError("--by: say which label, as in --by label:gas");
  }
  if (labelled && !grouping->label.empty() && grouping->label != key) {
    return absl::InvalidArgumentError("--by: rows can be grouped by one label only");
  }
  if (labelled) grouping->label = std::string(key);
  const absl::StatusOr<Dimension> dimension =
      ReadWord("--by", labelled ? "label" : word, Dimensions());
  if (!dimension.ok()) return dimension.status();
  if (IsBy(*grouping, *dimension)) {
    return absl::InvalidArgumentError(absl::StrCat("--by: ", word, " is written twice"));
  }
  grouping->dimensions.push_back(*dimension);
  return absl::OkStatus();
}

absl::Status ReadGrouping(const UtilisationOptions& options, UtilisationQuery* query) {
  for (const std::string& word : options.by) {
    if (absl::Status status = AddDimension(word, &query->grouping); !status.ok()) return status;
  }
  if (query->grouping.dimensions.size() > kMostDimensions) {
    return absl::InvalidArgumentError("--by: rows can be grouped by at most 4");
  }
  for (const Dimension dimension : query->grouping.dimensions) {
    query->request.add_group_by(dimension);
  }
  query->request.set_label(query->grouping.label);
  const bool by_quota = IsBy(query->grouping, QueryUtilisationRequest::QUOTA);
  if (by_quota && options.quota.empty()) {
    return absl::InvalidArgumentError(
        "--by quota: say which quota counts, as in --by quota --quota rdi-sem");
  }
  if (!by_quota && !options.quota.empty()) {
    return absl::InvalidArgumentError(
        "--quota: it tells what a quota counts from the rest; add --by quota");
  }
  query->request.set_quota(FullName(kQuotas, options.quota));
  if (options.by.empty()) query->grouping.dimensions = {QueryUtilisationRequest::ASSET};
  return absl::OkStatus();
}

absl::StatusOr<TimeRange> ReadPeriod(const UtilisationOptions& options, const TimeContext& times) {
  if (!options.period.empty()) {
    const absl::StatusOr<TimeRange> period = ParsePeriod(options.period, times);
    if (!period.ok()) return InOption("--period", period.status());
    return *period;
  }
  TimeRange range = CurrentMonth(times);
  if (!options.from.empty()) {
    const absl::StatusOr<absl::Time> from = ParseMoment(options.from, times);
    if (!from.ok()) return InOption("--from", from.status());
    range.start = *from;
    if (options.to.empty()) range.end = times.now;
  }
  if (!options.to.empty()) {
    const absl::StatusOr<absl::Time> to = ParseMoment(options.to, times);
    if (!to.ok()) return InOption("--to", to.status());
    range.end = *to;
  }
  if (range.start < range.end) return range;
  return absl::InvalidArgumentError("--to is not after --from");
}

// So that a picture has some tens of buckets.
Bucket BucketFor(const TimeRange& period) {
  const double days = absl::ToDoubleHours(period.end - period.start) / 24;
  if (days <= 3) return QueryUtilisationRequest::HOUR;
  if (days <= 62) return QueryUtilisationRequest::DAY;
  if (days <= 190) return QueryUtilisationRequest::WEEK;
  return days <= 1100 ? QueryUtilisationRequest::MONTH : QueryUtilisationRequest::QUARTER;
}

absl::Status ReadBucket(const UtilisationOptions& options, UtilisationQuery* query) {
  if (options.heat_map) {
    query->request.set_bucket(QueryUtilisationRequest::HOUR_OF_WEEK);
  } else if (!options.bucket.empty()) {
    const absl::StatusOr<Bucket> bucket = ReadWord("--bucket", options.bucket, Buckets());
    if (!bucket.ok()) return bucket.status();
    query->request.set_bucket(*bucket);
  } else if (options.spark || options.bars) {
    query->request.set_bucket(BucketFor(query->period));
  }
  if (options.spark || options.bars) {
    if (query->request.bucket() == QueryUtilisationRequest::HOUR_OF_WEEK) {
      return absl::InvalidArgumentError("--bucket: hour-of-week is for --heat-map and tables");
    }
  }
  return absl::OkStatus();
}

void ReadRatios(const UtilisationOptions& options, QueryUtilisationRequest* request) {
  for (const std::string& name : options.ratios) {
    request->add_ratios(name == "all" ? "*" : absl::StrReplaceAll(name, {{"-", "_"}}));
  }
}

void AddPeriodOptions(CLI::App* command, UtilisationOptions* options) {
  CLI::Option* period =
      command
          ->add_option("--period", options->period,
                       "Such as 2027-Q1, last-month or a range (default: the current month)")
          ->type_name("PERIOD");
  command->add_option("--from", options->from, "From, in place of --period")
      ->type_name("TIME")
      ->excludes(period);
  command->add_option("--to", options->to, "Until, exclusive (with --from: now)")
      ->type_name("TIME")
      ->excludes(period);
}

}  // namespace

void AddAsOfOption(CLI::App* command, std::string* as_of) {
  command->add_option("--as-of", *as_of, "The report as it was at this revision, or at this time")
      ->type_name("REVISION|TIME");
}

absl::StatusOr<AsOf> ReadAsOf(const std::string& text, const TimeContext& times) {
  AsOf as_of;
  if (text.empty()) return as_of;
  if (absl::SimpleAtoi(text, &as_of.revision)) {
    if (as_of.revision >= 1) return as_of;
    return absl::InvalidArgumentError("--as-of: revisions count from 1");
  }
  const absl::StatusOr<absl::Time> moment = ParseMoment(text, times);
  if (!moment.ok()) return InOption("--as-of", moment.status());
  // What could not be read as a number is left in it.
  as_of.revision = 0;
  as_of.time = *moment;
  return as_of;
}

TimeRange CurrentMonth(const TimeContext& times) {
  const absl::CivilMonth month(times.zone.At(times.now).cs);
  return {absl::FromCivil(month, times.zone), absl::FromCivil(month + 1, times.zone)};
}

absl::StatusOr<TimeContext> TimesOfAssets(Session& session,
                                          const std::vector<std::string>& assets) {
  if (assets.empty()) return TimesOfNoPlace(session);
  return TimesOfAsset(session, FullName(kAssets, assets[0]), "");
}

CLI::Option* AddUtilisationOptions(CLI::App* command, UtilisationOptions* options) {
  command->add_option("--asset,assets", options->assets, "Which (default: all you may report on)")
      ->type_name("ASSET...");
  AddPeriodOptions(command, options);
  CLI::Option* bucket = command
                            ->add_option("--bucket", options->bucket,
                                         "One row an hour, day, week, month, quarter or year "
                                         "(default: the whole period)")
                            ->type_name("BUCKET");
  command
      ->add_option("--by", options->by,
                   "Group by up to 4 of asset (default), kind, label:KEY, site, region, owner, "
                   "user, organisation, organisation-kind, organisation-size, "
                   "organisation-region, activity-class, access-mode, project, funding, purpose, "
                   "on-behalf-of, unit and quota")
      ->type_name("WHAT,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      ->add_option("--quota", options->quota,
                   "With --by quota: what this quota counts is `counted`, all else `other`")
      ->type_name("QUOTA");
  command
      ->add_option("--where", options->where,
                   "Only assets that fit, as in 'kind = \"sem\" AND label.gas = \"ar\"'; there are "
                   "kind, site, region, owner and label.KEY")
      ->type_name("FILTER");
  command->add_option("--ratio", options->ratios, "Ratios to give as well, by name, or all")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  AddAsOfOption(command, &options->as_of);
  command->add_flag("--lead-times", options->lead_times,
                    "How many were reserved and called off, and how long ahead");
  command
      ->add_option("--suppress", options->suppress,
                   "Put groups with fewer users than this together as (few)")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  return bucket;
}

absl::StatusOr<UtilisationQuery> ReadUtilisation(Session& session,
                                                 const UtilisationOptions& options) {
  UtilisationQuery query;
  if (absl::Status status = ReadGrouping(options, &query); !status.ok()) return status;
  const absl::StatusOr<TimeContext> times = TimesOfAssets(session, options.assets);
  if (!times.ok()) return times.status();
  query.times = *times;
  const absl::StatusOr<TimeRange> period = ReadPeriod(options, *times);
  if (!period.ok()) return period.status();
  query.period = *period;
  if (absl::Status status = ReadBucket(options, &query); !status.ok()) return status;
  const absl::StatusOr<AsOf> as_of = ReadAsOf(options.as_of, *times);
  if (!as_of.ok()) return as_of.status();
  SetAsOf(*as_of, &query.request);
  ReadRatios(options, &query.request);
  for (const std::string& name : options.assets) {
    query.request.add_assets(FullName(kAssets, name));
  }
  *query.request.mutable_interval() = ToInterval(period->start, period->end);
  if (session.zone.has_value()) query.request.set_time_zone(*session.zone);
  query.request.set_filter(options.where);
  query.request.set_lead_times(options.lead_times);
  query.request.set_suppress_below(options.suppress);
  return query;
}

}  // namespace labslot::client
