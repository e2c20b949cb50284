#ifndef LABSLOT_CLIENT_NAMES_H_
#define LABSLOT_CLIENT_NAMES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace labslot::client {

// The collections of the API.
inline constexpr absl::string_view kAssets = "assets";
inline constexpr absl::string_view kSites = "sites";
inline constexpr absl::string_view kOrganisations = "organisations";
inline constexpr absl::string_view kUsers = "users";
inline constexpr absl::string_view kHolidayRegions = "holidayRegions";
inline constexpr absl::string_view kReservations = "reservations";
inline constexpr absl::string_view kGroups = "groups";
inline constexpr absl::string_view kPolicies = "policies";
inline constexpr absl::string_view kQuotas = "quotas";
inline constexpr absl::string_view kSeries = "series";
inline constexpr absl::string_view kTokens = "tokens";
inline constexpr absl::string_view kOutages = "outages";
inline constexpr absl::string_view kRounds = "rounds";

// "make-lab" and "assets/make-lab" are both `assets/make-lab`. Empty stays
// empty. A name of another collection is kept: the daemon says what is wrong.
std::string FullName(absl::string_view collection, absl::string_view name);

// "assets/make-lab" is "make-lab".
std::string ShortName(absl::string_view name);

// "assets/make-lab" is "assets"; empty if there is no collection.
absl::string_view CollectionOf(absl::string_view name);

// An asset, how many units of it are wanted, and what these must have.
struct ItemWord {
  // `assets/{id}`
  std::string asset;
  // 0 if it is not said.
  int quantity = 0;
  std::map<std::string, std::string> unit_labels;
};

// Reads "rigs", "rigs:3" or "rigs:3:detector=eds", with any number of labels.
absl::StatusOr<ItemWord> ParseItemWord(absl::string_view word);

// A word as a shell reads it back, in quotes only if it needs them.
std::string ShellWord(absl::string_view word);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_NAMES_H_
