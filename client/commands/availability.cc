// free and find.

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/suggest.h"
#include "client/time_grammar.h"
#include "labslot/v1/availability_service.grpc.pb.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::AvailabilityService;

constexpr int kUsualFreeDays = 7;
constexpr int kUsualSearchDays = 14;
// A page of the largest size.
constexpr int kMostRecords = 1000;

struct FreeOptions {
  std::vector<std::string> words;
  std::string site;
  bool only_free = false;
};

struct FindOptions {
  std::vector<std::string> words;
  std::string kind;
  std::vector<std::string> labels;
  std::string site;
  std::string region;
  std::string from_site;
  std::string max_travel;
  bool best = false;
  int quantity = 0;
  std::string duration;
  std::string within;
  std::string user;
  std::string organisation;
  int limit = 0;
};

std::string SpanState(const v1::Span& span, int capacity) {
  if (span.travelling()) return "travelling";
  if (!span.open()) return "closed";
  if (span.blocked()) return "blocked";
  if (span.out_of_service() >= std::max(1, capacity)) return "outage";
  if (span.free_capacity() <= 0) return "busy";
  return span.free_capacity() >= capacity ? "free" : "partly free";
}

// What a span is to somebody who wants to book.
bool SameForBooking(const v1::Span& a, const v1::Span& b, int capacity) {
  return a.free_capacity() == b.free_capacity() && SpanState(a, capacity) == SpanState(b, capacity);
}

Table FreeTable(const v1::QueryFreeBusyResponse& reply, const Session& session, bool only_free) {
  Table table;
  table.columns = {{"ASSET"},
                   {"STATE"},
                   {"WHEN", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"LENGTH", Shown::kPeople},
                   {"FREE", Shown::kAlways, true},
                   {"OF", Shown::kAlways, true}};
  table.when_empty = "nothing free";
  for (const v1::AssetFreeBusy& asset : reply.assets()) {
    const absl::TimeZone zone = session.zone.has_value()
                                    ? session.place_zone.value_or(absl::UTCTimeZone())
                                    : ZoneOr(asset.time_zone(), session.environment.local_zone);
    for (int i = 0; i < asset.spans_size(); ++i) {
      const v1::Span& span = asset.spans(i);
      const absl::Time start = ToTime(span.interval().start_time());
      while (i + 1 < asset.spans_size() &&
             SameForBooking(span, asset.spans(i + 1), asset.capacity())) {
        ++i;
      }
      const absl::Time end = ToTime(asset.spans(i).interval().end_time());
      const std::string state = SpanState(span, asset.capacity());
      const bool bookable = state == "free" || state == "partly free";
      if (only_free && !bookable) continue;
      table.rows.push_back(
          {ShortName(asset.asset()), state, SpanText(start, end, zone), SheetTime(start, zone),
           SheetTime(end, zone), zone.name(), LengthText(end - start),
           absl::StrCat(bookable ? span.free_capacity() : 0), absl::StrCat(asset.capacity())});
    }
  }
  return table;
}

absl::Status Free(Session& session, const FreeOptions& options) {
  const AssetsAndTime words = SplitAtTime(options.words);
  if (words.assets.empty()) return absl::InvalidArgumentError("say of which asset");
  const std::string site = FullName(kSites, options.site);
  v1::QueryFreeBusyRequest request;
  for (const std::string& word : words.assets) request.add_assets(FullName(kAssets, word));
  request.set_site(site);
  const absl::StatusOr<TimeContext> times = TimesOfAsset(session, request.assets(0), site);
  if (!times.ok()) return times.status();
  TimeRange range{times->now, times->now + absl::Hours(24 * kUsualFreeDays)};
  if (!words.time.empty()) {
    const auto read = ParseRange(words.time, *times, BareDay::kIsWholeDay);
    if (!read.ok()) return read.status();
    range = *read;
  }
  *request.mutable_interval() = ToInterval(range.start, range.end);
  const absl::StatusOr<v1::QueryFreeBusyResponse> reply =
      Read(session, &AvailabilityService::Stub::QueryFreeBusy, request);
  if (!reply.ok()) return reply.status();
  return session.output.Show(*reply, FreeTable(*reply, session, options.only_free));
}

// `0.83`: between the best slots two digits often say the same, and more say nothing.
std::string ScoreText(const v1::Slot& slot) { return absl::StrFormat("%.2f", slot.score()); }

std::string TravelText(const v1::Slot& slot) {
  return slot.has_travel_time() ? LengthText(ToDuration(slot.travel_time())) : "?";
}

Table SlotTable(const v1::FindSlotsResponse& reply, const FindOptions& options,
                const Session& session, absl::TimeZone fallback) {
  Table table;
  const bool approval = std::any_of(reply.slots().begin(), reply.slots().end(),
                                    [](const v1::Slot& slot) { return slot.needs_approval(); });
  table.columns = {{"ASSETS"},
                   {"WHEN", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"SITE"},
                   {"OR-LATER-BY"},
                   {"APPROVAL", approval ? Shown::kAlways : Shown::kWide}};
  if (!options.from_site.empty()) table.columns.push_back({"TRAVEL", Shown::kAlways, true});
  if (options.best) table.columns.push_back({"SCORE", Shown::kAlways, true});
  table.when_empty = "no slot found; try a longer --within, a shorter --duration or fewer assets";
  for (const v1::Slot& slot : reply.slots()) {
    const absl::TimeZone zone =
        session.zone.has_value() ? fallback : ZoneOr(slot.time_zone(), fallback);
    const absl::Time start = ToTime(slot.interval().start_time());
    const absl::Time end = ToTime(slot.interval().end_time());
    table.rows.push_back({ItemsText(slot.items()), SpanText(start, end, zone),
                          SheetTime(start, zone), SheetTime(end, zone), zone.name(),
                          ShortName(slot.site()), LengthText(ToDuration(slot.start_slack())),
                          slot.needs_approval() ? "needed" : ""});
    if (!options.from_site.empty()) table.rows.back().push_back(TravelText(slot));
    if (options.best) table.rows.back().push_back(ScoreText(slot));
  }
  return table;
}

// How to book the first of the slots.
std::string BookLine(const v1::Slot& slot, const FindOptions& options, absl::TimeZone fallback) {
  std::string line = "labslot book";
  for (const v1::Item& item : slot.items()) {
    absl::StrAppend(&line, " ", ShellWord(ItemText(item)));
  }
  const absl::TimeZone zone = ZoneOr(slot.time_zone(), fallback);
  absl::StrAppend(&line, " ",
                  ShellWord(SpanToType(ToTime(slot.interval().start_time()),
                                       ToTime(slot.interval().end_time()), zone)));
  if (!slot.site().empty()) absl::StrAppend(&line, " --site ", ShortName(slot.site()));
  if (!options.user.empty()) absl::StrAppend(&line, " --user ", ShellWord(options.user));
  if (!options.organisation.empty()) {
    absl::StrAppend(&line, " --org ", ShellWord(options.organisation));
  }
  return line;
}

absl::Status ReadWanted(const FindOptions& options, const std::vector<std::string>& assets,
                        v1::FindSlotsRequest* request) {
  const bool narrowed = !options.kind.empty() || !options.labels.empty() || !options.region.empty();
  if (assets.empty() && !narrowed && options.site.empty()) {
    return absl::InvalidArgumentError(
        "say which assets, or search by --kind, --label, --site or --region");
  }
  if (!assets.empty() && (narrowed || !options.from_site.empty())) {
    return absl::InvalidArgumentError(
        "say which assets, or search by --kind, --label, --region and --from-site, not both");
  }
  for (const std::string& word : assets) {
    if (absl::Status status = ReadItem(word, request->add_items()); !status.ok()) return status;
  }
  request->set_kind(options.kind);
  request->set_quantity(options.quantity);
  request->set_site(FullName(kSites, options.site));
  request->set_region(options.region);
  request->set_from_site(FullName(kSites, options.from_site));
  if (options.best) request->set_order(v1::FindSlotsRequest::BEST);
  request->set_limit(options.limit);
  request->set_user(FullName(kUsers, options.user));
  request->set_organisation(FullName(kOrganisations, options.organisation));
  const absl::StatusOr<absl::Duration> duration = ParseDuration(options.duration);
  if (!duration.ok()) return duration.status();
  *request->mutable_duration() = ToProtoDuration(*duration);
  if (!options.max_travel.empty()) {
    const absl::StatusOr<absl::Duration> most = ParseDuration(options.max_travel);
    if (!most.ok()) return most.status();
    *request->mutable_max_travel() = ToProtoDuration(*most);
  }
  return ReadLabels(options.labels, request->mutable_labels());
}

absl::StatusOr<TimeContext> TimesOfSearch(Session& session, const v1::FindSlotsRequest& request) {
  if (request.items_size() > 0) {
    return TimesOfAsset(session, request.items(0).asset(), request.site());
  }
  if (request.site().empty()) return TimesOfNoPlace(session);
  const absl::StatusOr<v1::Site> site = GetSite(session, request.site());
  if (!site.ok()) return site.status();
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(site->time_zone());
  if (!zone.ok()) return zone.status();
  return TimeContext{session.environment.now(), *zone};
}

std::string UnknownHint(absl::string_view what, const std::string& word,
                        const std::set<std::string>& known) {
  return absl::StrCat("no ", what, " \"", Printable(word), "\" is known.",
                      DidYouMean(Suggest(word, {known.begin(), known.end()})), "\n");
}

std::string UnknownKindHint(Session& session, const std::string& kind) {
  v1::ListAssetsRequest request;
  request.set_page_size(kMostRecords);
  const auto reply = Read(session, &v1::CatalogueService::Stub::ListAssets, request);
  if (!reply.ok() || !reply->next_page_token().empty()) return "";
  std::set<std::string> known;
  for (const v1::Asset& asset : reply->assets()) known.insert(asset.kind());
  return known.count(kind) > 0 ? "" : UnknownHint("kind", kind, known);
}

// A region is known by each beginning of its code.
std::string UnknownRegionHint(Session& session, const std::string& region) {
  v1::ListSitesRequest request;
  request.set_page_size(kMostRecords);
  const auto reply = Read(session, &v1::CatalogueService::Stub::ListSites, request);
  if (!reply.ok() || !reply->next_page_token().empty()) return "";
  std::set<std::string> known;
  for (const v1::Site& site : reply->sites()) known.insert(site.region());
  const auto first = known.lower_bound(region);
  const bool is_known = first != known.end() && absl::StartsWith(*first, region);
  return is_known ? "" : UnknownHint("region", region, known);
}

// Why there may be none, beyond what the table says.
std::string NoSlotHint(Session& session, const v1::FindSlotsRequest& request) {
  if (request.items().empty()) {
    return absl::StrCat(
        request.kind().empty() ? "" : UnknownKindHint(session, request.kind()),
        request.region().empty() ? "" : UnknownRegionHint(session, request.region()));
  }
  if (!request.site().empty()) return "";
  const absl::StatusOr<v1::Asset> asset = GetAsset(session, request.items(0).asset());
  if (!asset.ok() || !asset->mobile()) return "";
  return absl::StrCat(ShortName(asset->name()),
                      " is mobile: say with --site where it should come\n");
}

absl::Status Find(Session& session, const FindOptions& options) {
  const AssetsAndTime words = SplitAtTime(options.words);
  v1::FindSlotsRequest request;
  if (absl::Status status = ReadWanted(options, words.assets, &request); !status.ok()) {
    return status;
  }
  const absl::StatusOr<TimeContext> times = TimesOfSearch(session, request);
  if (!times.ok()) return times.status();
  TimeRange range{times->now, times->now + absl::Hours(24 * kUsualSearchDays)};
  const std::string within = options.within.empty() ? words.time : options.within;
  if (!within.empty()) {
    const auto read = ParseRange(within, *times, BareDay::kIsWholeDay);
    if (!read.ok()) return read.status();
    range = *read;
  }
  *request.mutable_interval() = ToInterval(range.start, range.end);
  const absl::StatusOr<v1::FindSlotsResponse> reply =
      Read(session, &AvailabilityService::Stub::FindSlots, request);
  if (!reply.ok()) return reply.status();
  const Table table = SlotTable(*reply, options, session, times->zone);
  return session.output.ShowText(*reply, table, [&]() -> std::string {
    if (table.rows.empty()) {
      return absl::StrCat(table.when_empty, "\n", NoSlotHint(session, request));
    }
    return absl::StrCat(LayOut(table, {session.output.wide(), session.output.columns()}),
                        "To book the first: ", BookLine(reply->slots(0), options, times->zone),
                        "\n");
  });
}

void AddFind(CLI::App& root, Session& session) {
  CLI::App* find = AddCommand(
      root, "find", "Find slots that could be booked now",
      {"labslot find make-lab --duration 4h --site acme-ghent --within \"next mon..+5d\"",
       "labslot find --kind metal-printer --duration 90m --limit 3",
       "labslot find --best --kind sem --region BE2 --from-site acme-ghent --max-travel 2h "
       "--duration 4h",
       "labslot find rigs:3 clean-room --duration 1d"});
  auto options = std::make_shared<FindOptions>();
  find->add_option("what", options->words,
                   "Assets, all of them together, each NAME or NAME:QUANTITY")
      ->type_name("ASSET...");
  find->add_option("--kind", options->kind, "Any one asset of this kind");
  find->add_option("--label", options->labels, "Any one asset with this label, and of the --kind")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  find->add_option("--site", options->site, "Where; for a mobile asset where it should come to")
      ->type_name("SITE");
  find->add_option("--region", options->region,
                   "Any one asset that stands in this region, such as BE2")
      ->type_name("NUTS");
  CLI::Option* from_site = find->add_option("--from-site", options->from_site,
                                            "Where people set out: shows how far it is")
                               ->type_name("SITE");
  find->add_option("--max-travel", options->max_travel, "No further than this, such as 2h")
      ->type_name("LENGTH")
      ->needs(from_site);
  find->add_flag("--best", options->best,
                 "The best first: soon, near, and leaving little time that is of no use");
  find->add_option("--quantity", options->quantity, "Units or places, if no assets are named");
  find->add_option("--duration", options->duration, "How long, such as 2h")
      ->type_name("LENGTH")
      ->required();
  find->add_option("--within", options->within, "Where to search (default: the next 14 days)")
      ->type_name("TIME");
  find->add_option("--user", options->user, "For whom (default: yourself)")->type_name("USER");
  find->add_option("--org", options->organisation, "For which organisation (default: the first)")
      ->type_name("ORG");
  find->add_option("--limit", options->limit, "At most so many slots (default: 10)");
  find->callback([&session, options] {
    session.action = [&session, options] { return Find(session, *options); };
  });
}

}  // namespace

void AddAvailabilityCommands(CLI::App& root, Session& session) {
  CLI::App* free = AddCommand(
      root, "free", "When assets are free, busy, closed and travelling",
      {"labslot free make-lab tomorrow", "labslot free rigs \"mon 8:00..fri 17:00\" --only-free",
       "labslot free sem tem 2027-03-01..2027-03-08 -o csv"});
  auto options = std::make_shared<FreeOptions>();
  free->add_option("what-and-when", options->words,
                   "Assets, then the time (default: the next 7 days)")
      ->type_name("ASSET... [TIME]");
  free->add_option("--site", options->site, "Opening hours of this site, for a mobile asset")
      ->type_name("SITE");
  free->add_flag("--only-free", options->only_free, "Only what could be booked");
  free->callback([&session, options] {
    session.action = [&session, options] { return Free(session, *options); };
  });
  AddFind(root, session);
}

}  // namespace labslot::client
