#include "client/commands/flexible_wish.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/places.h"
#include "client/time_grammar.h"

namespace labslot::client {
namespace {

using v1::Reservation;

absl::Status ReadWindow(const std::string& text, Wish* wish) {
  const TimeRange& run = wish->range;
  const absl::TimeZone zone = wish->times.zone;
  const absl::StatusOr<TimeRange> window = ParseRange(text, wish->times, BareDay::kIsWholeDay);
  if (!window.ok()) return window.status();
  if (window->start > run.start || window->end < run.end) {
    return absl::InvalidArgumentError(
        absl::StrCat("--window ", SpanText(window->start, window->end, zone),
                     " does not contain the time asked for, ", SpanText(run.start, run.end, zone),
                     ": make it wider"));
  }
  *wish->reservation.mutable_window() = ToInterval(window->start, window->end);
  return absl::OkStatus();
}

// So much earlier and so much later.
absl::Status ReadFlex(const std::string& text, Wish* wish) {
  const absl::StatusOr<Length> length = ParseLength(text);
  if (!length.ok()) return length.status();
  const absl::TimeZone zone = wish->times.zone;
  const Length earlier{-length->days, -length->elapsed};
  const absl::StatusOr<absl::Time> start = AddLength(wish->range.start, earlier, zone);
  if (!start.ok()) return start.status();
  const absl::StatusOr<absl::Time> end = AddLength(wish->range.end, *length, zone);
  if (!end.ok()) return end.status();
  *wish->reservation.mutable_window() = ToInterval(*start, *end);
  return absl::OkStatus();
}

// "sem-2,tem @ tue 9:00..12:00" as its assets and its time. The words of book,
// without comma and @, mean the same.
AssetsAndTime SplitChoice(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('@', 1));
  const std::vector<std::string> words =
      absl::StrSplit(absl::StrReplaceAll(parts[0], {{",", " "}}), ' ', absl::SkipEmpty());
  if (parts.size() == 1) return SplitAtTime(words);
  return {words, std::string(absl::StripAsciiWhitespace(parts[1]))};
}

// Times of a choice are of the place of its assets, if it names others.
absl::StatusOr<TimeContext> TimesOfChoice(Session& session, const Wish& wish,
                                          const Reservation& choice) {
  if (choice.items().empty()) return wish.times;
  const auto place = session.place_zone;
  auto times = TimesOfAsset(session, choice.items(0).asset(), wish.reservation.site());
  session.place_zone = place;
  return times;
}

absl::Status ReadChoice(Session& session, const std::string& text, Wish* wish) {
  const AssetsAndTime words = SplitChoice(text);
  if (words.assets.empty() && words.time.empty()) {
    return absl::InvalidArgumentError(
        "--or says what would do as well, as in --or \"sem-2 @ tue 9:00..12:00\"");
  }
  Reservation read;
  if (absl::Status status = ReadItems(words.assets, &read); !status.ok()) return status;
  const absl::StatusOr<TimeContext> times = TimesOfChoice(session, *wish, read);
  if (!times.ok()) return times.status();
  v1::Choice* choice = wish->reservation.add_choices();
  *choice->mutable_items() = read.items();
  if (words.time.empty()) return absl::OkStatus();
  const absl::StatusOr<TimeRange> range = ParseRange(words.time, *times, BareDay::kIsError);
  if (!range.ok()) return range.status();
  *choice->mutable_interval() = ToInterval(range->start, range->end);
  return absl::OkStatus();
}

}  // namespace

void AddWindowOptions(CLI::App* command, BookOptions* options) {
  CLI::Option* window =
      command
          ->add_option("--window", options->window,
                       "Where it may lie instead, if that time cannot be had; the earliest is "
                       "taken")
          ->type_name("TIME");
  command
      ->add_option("--flex", options->flex,
                   "The same as a length: it may be so much earlier or later")
      ->type_name("LENGTH")
      ->excludes(window);
}

void AddChoiceOptions(CLI::App* command, BookOptions* options) {
  command->add_flag("--like", options->like, "Other assets of the kind at the site will do too");
  command
      ->add_option("--or", options->choices,
                   "What will do as well, best first: ASSET[,ASSET...] [@ TIME], or @ TIME with "
                   "the same assets; may be repeated")
      ->type_name("CHOICE")
      ->allow_extra_args(false);
  command->add_flag("--firm", options->firm,
                    "It never gives way, whatever their priority; for managers of the assets");
}

void AddValueOption(CLI::App* command, BookOptions* options) {
  command
      ->add_option("--value", options->value,
                   "What it is worth in its round (default: minutes x units x (1 + priority))")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
}

absl::Status ReadFlexibility(Session& session, const BookOptions& options, Wish* wish) {
  wish->reservation.set_like_assets(options.like);
  wish->reservation.set_firm(options.firm);
  wish->reservation.set_round(FullName(kRounds, options.round));
  wish->reservation.set_value(options.value);
  if (options.value > 0 && options.round.empty()) {
    return absl::InvalidArgumentError("--value is what it is worth in a round: say which, --round");
  }
  if (!options.round.empty() && (!options.window.empty() || !options.flex.empty())) {
    return absl::InvalidArgumentError(
        "a round takes no window: say with --or what would do as well");
  }
  absl::Status status;
  if (!options.window.empty()) status = ReadWindow(options.window, wish);
  if (!options.flex.empty()) status = ReadFlex(options.flex, wish);
  for (const std::string& choice : options.choices) {
    if (status.ok()) status = ReadChoice(session, choice, wish);
  }
  return status;
}

std::string FlexibilityGiven(const BookOptions& options) {
  const std::vector<std::pair<bool, std::string>> given = {
      {options.wait, "--wait"},           {options.displace, "--displace"},
      {options.nearest, "--nearest"},     {!options.window.empty(), "--window"},
      {!options.flex.empty(), "--flex"},  {options.like, "--like"},
      {!options.choices.empty(), "--or"}, {options.firm, "--firm"},
      {!options.round.empty(), "--round"}};
  for (const auto& [is_given, name] : given) {
    if (is_given) return name;
  }
  return "";
}

}  // namespace labslot::client
