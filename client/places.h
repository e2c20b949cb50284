#ifndef LABSLOT_CLIENT_PLACES_H_
#define LABSLOT_CLIENT_PLACES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/session.h"
#include "client/time_grammar.h"
#include "labslot/v1/catalogue.pb.h"

namespace labslot::client {

// Reads `assets/{id}`.
absl::StatusOr<v1::Asset> GetAsset(Session& session, const std::string& name);

// Reads `sites/{id}`.
absl::StatusOr<v1::Site> GetSite(Session& session, const std::string& name);

// The zone in which times of this asset are read and written: that of --zone,
// of the site where it stands, or of `visited_site` if it is mobile and that is
// not empty.
absl::StatusOr<absl::TimeZone> ZoneOfAsset(Session& session, const std::string& asset,
                                           const std::string& visited_site);

// The name of the zone of the place, whatever --zone says; empty without a place.
absl::StatusOr<std::string> WallClockOf(Session& session, const std::string& asset,
                                        const std::string& visited_site);

// Fails where --zone names another zone than the wall clock of a series, which is that of
// its place.
absl::Status KeepsWallClock(const Session& session, const std::string& wall_clock);

// What times for that asset are read against.
absl::StatusOr<TimeContext> TimesOfAsset(Session& session, const std::string& asset,
                                         const std::string& visited_site);

// The zones of assets, each read once. One that cannot be read has that of this
// machine.
class ZoneCache {
 public:
  explicit ZoneCache(Session& session) : session_(session) {}
  absl::TimeZone Of(const std::string& asset);

 private:
  Session& session_;
  std::map<std::string, absl::TimeZone> zones_;
};

// What times that belong to no place are read against.
absl::StatusOr<TimeContext> TimesOfNoPlace(Session& session);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_PLACES_H_
