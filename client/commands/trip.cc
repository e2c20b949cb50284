// trip.

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/time_grammar.h"
#include "labslot/v1/availability_service.grpc.pb.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::AvailabilityService;

constexpr int kUsualDays = 60;
constexpr int kMostDays = 400;

struct TripOptions {
  std::string asset;
  std::vector<std::string> time;
};

// What is known of the places, and in which zone they are read.
class Places {
 public:
  Places(std::map<std::string, v1::Site> sites, const Session& session, absl::TimeZone home)
      : sites_(std::move(sites)), one_zone_(session.zone.has_value()), home_(home) {}

  // "Brno", or its id if it has no other name.
  std::string NameOf(const std::string& site) const {
    const auto found = sites_.find(site);
    const bool named = found != sites_.end() && !found->second.display_name().empty();
    return named ? found->second.display_name() : ShortName(site);
  }

  absl::TimeZone ZoneOf(const std::string& site) const {
    const auto found = sites_.find(site);
    return one_zone_ || found == sites_.end() ? home_ : ZoneOr(found->second.time_zone(), home_);
  }

 private:
  std::map<std::string, v1::Site> sites_;
  bool one_zone_;
  absl::TimeZone home_;
};

absl::StatusOr<std::map<std::string, v1::Site>> ReadSites(Session& session) {
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto reply =
      (*connection)
          ->ReadPages(&v1::CatalogueService::Stub::ListSites, v1::ListSitesRequest(),
                      std::function<int(const v1::ListSitesResponse&)>(
                          [](const v1::ListSitesResponse& page) { return page.sites_size(); }));
  if (!reply.ok()) return reply.status();
  std::map<std::string, v1::Site> sites;
  for (const v1::Site& site : reply->sites()) sites[site.name()] = site;
  return sites;
}

// A stretch of the tour: a visit, or a leg between two.
struct Stretch {
  absl::Time start;
  absl::Time end;
  // Each end is read at its own place.
  absl::TimeZone start_zone;
  absl::TimeZone end_zone;
  // Of a leg there is none.
  const v1::Occupancy* visit = nullptr;
  std::string what;
  std::string where;
};

std::vector<Stretch> TourOf(const v1::AssetFreeBusy& answer, const Places& places) {
  std::vector<Stretch> tour;
  for (const v1::Occupancy& visit : answer.occupancies()) {
    const absl::TimeZone zone = places.ZoneOf(visit.site());
    tour.push_back({ToTime(visit.interval().start_time()), ToTime(visit.interval().end_time()),
                    zone, zone, &visit, "visit", places.NameOf(visit.site())});
  }
  for (const v1::Leg& leg : answer.legs()) {
    tour.push_back(
        {ToTime(leg.interval().start_time()), ToTime(leg.interval().end_time()),
         places.ZoneOf(leg.from_site()), places.ZoneOf(leg.to_site()), nullptr,
         absl::StrCat(places.NameOf(leg.from_site()), " -> ", places.NameOf(leg.to_site())), ""});
  }
  std::stable_sort(tour.begin(), tour.end(), [](const Stretch& a, const Stretch& b) {
    return std::make_pair(a.start, a.end) < std::make_pair(b.start, b.end);
  });
  return tour;
}

std::string IdOf(const Stretch& stretch) {
  if (stretch.visit == nullptr) return "";
  const std::string& name = stretch.visit->reservation();
  return name.empty() ? "(busy)" : ShortName(name);
}

// With --quiet only what has a name.
Table TourTable(const std::vector<Stretch>& tour, bool quiet) {
  Table table;
  table.columns = {{"RESERVATION"},
                   {"WHAT", Shown::kAlways, false, true},
                   {"FROM", Shown::kPeople},
                   {"UNTIL", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"LENGTH", Shown::kPeople, true},
                   {"WHERE", Shown::kAlways, false, true},
                   {"STATE", Shown::kWide},
                   {"RUN", Shown::kWide}};
  table.when_empty = "no visits and no ways";
  for (const Stretch& one : tour) {
    const bool visit = one.visit != nullptr;
    if (quiet && (!visit || one.visit->reservation().empty())) continue;
    const std::string first = one.start_zone.name();
    const std::string last = one.end_zone.name();
    table.rows.push_back(
        {IdOf(one), one.what, TimeText(one.start, one.start_zone), TimeText(one.end, one.end_zone),
         SheetTime(one.start, one.start_zone), SheetTime(one.end, one.end_zone),
         first == last ? first : absl::StrCat(first, " -> ", last), LengthText(one.end - one.start),
         one.where, visit ? StateText(one.visit->state()) : "on the way",
         visit ? SpanText(one.visit->run(), one.start_zone) : ""});
  }
  return table;
}

// "2 visits, 3 legs: 31 h on the way."
std::string SumText(const v1::AssetFreeBusy& answer) {
  absl::Duration way;
  for (const v1::Leg& leg : answer.legs()) {
    way += ToTime(leg.interval().end_time()) - ToTime(leg.interval().start_time());
  }
  return absl::StrCat(Count(answer.occupancies_size(), "visit", "visits"), ", ",
                      Count(answer.legs_size(), "leg", "legs"), ": ", HoursText(way),
                      " on the way, rests included.\n");
}

absl::StatusOr<TimeRange> Period(const TripOptions& options, const TimeContext& times) {
  if (options.time.empty()) {
    return TimeRange{times.now, times.now + absl::Hours(24 * kUsualDays)};
  }
  const std::string text = absl::StrJoin(options.time, " ");
  const absl::StatusOr<TimeRange> range = ParseRange(text, times, BareDay::kIsWholeDay);
  if (!range.ok() || range->end - range->start <= absl::Hours(24 * kMostDays)) return range;
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is longer than ", kMostDays,
                                                 " days: ask for less, such as today..+60d"));
}

absl::Status ShowTour(Session& session, const v1::Asset& asset, const TimeRange& range,
                      absl::TimeZone home) {
  v1::QueryFreeBusyRequest request;
  request.add_assets(asset.name());
  *request.mutable_interval() = ToInterval(range.start, range.end);
  const absl::StatusOr<v1::QueryFreeBusyResponse> reply =
      Read(session, &AvailabilityService::Stub::QueryFreeBusy, request);
  if (!reply.ok()) return reply.status();
  if (reply->assets_size() != 1) return absl::InternalError("the daemon left out the asset");
  absl::StatusOr<std::map<std::string, v1::Site>> sites = ReadSites(session);
  if (!sites.ok()) return sites.status();
  const Places places(*std::move(sites), session, home);
  const Table table = TourTable(TourOf(reply->assets(0), places), session.output.quiet());
  return session.output.ShowText(*reply, table, [&] {
    const std::string name =
        asset.display_name().empty() ? ShortName(asset.name()) : asset.display_name();
    const std::string title =
        absl::StrCat(Printable(name), " (", ShortName(asset.name()), "), at home in ",
                     Printable(places.NameOf(asset.site())), ", ",
                     SpanTextWithZone(range.start, range.end, home), "\n");
    if (table.rows.empty()) return absl::StrCat(title, table.when_empty, "\n");
    return absl::StrCat(title, LayOut(table, {session.output.wide(), session.output.columns()}),
                        SumText(reply->assets(0)));
  });
}

absl::Status Trip(Session& session, const TripOptions& options) {
  const std::string name = FullName(kAssets, options.asset);
  const absl::StatusOr<v1::Asset> asset = GetAsset(session, name);
  if (!asset.ok()) return asset.status();
  if (!asset->mobile()) {
    return absl::InvalidArgumentError(
        absl::StrCat(ShortName(name), " is not mobile, so it makes no trips; `labslot calendar ",
                     ShortName(name), "` shows what is booked"));
  }
  const absl::StatusOr<TimeContext> times = TimesOfAsset(session, name, "");
  if (!times.ok()) return times.status();
  const absl::StatusOr<TimeRange> range = Period(options, *times);
  if (!range.ok()) return range.status();
  return ShowTour(session, *asset, *range, times->zone);
}

}  // namespace

void AddTripCommand(CLI::App& root, Session& session) {
  CLI::App* command =
      AddCommand(root, "trip", "The tour of a mobile asset: its visits, and the ways between them",
                 {"labslot trip make-lab", "labslot trip make-lab 2027-03-01..2027-04-01 -o wide"});
  auto options = std::make_shared<TripOptions>();
  command->add_option("asset", options->asset, "Which")->type_name("ASSET")->required();
  command->add_option("time", options->time, "When (default: the next 60 days; 400 at most)")
      ->type_name("TIME");
  command->callback([&session, options] {
    session.action = [&session, options] { return Trip(session, *options); };
  });
}

}  // namespace labslot::client
