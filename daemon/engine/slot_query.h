#ifndef LABSLOT_DAEMON_ENGINE_SLOT_QUERY_H_
#define LABSLOT_DAEMON_ENGINE_SLOT_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/catalogue.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/catalogue.h"

namespace labslot::engine {

// Which slots come first. Numbers are those of the API.
enum class SlotOrder { kEarliest = 1, kBest = 2 };

// What to look for: all of `items` together, or, if there are none, any one asset
// that all of kind, labels, site, region and travel leave.
struct SlotQuery {
  std::vector<ReservationItem> items;  // set-up and tear-down are filled in here
  std::string kind;
  Labels labels;                      // the asset carries them all
  std::string site;                   // where it stands, or where a mobile asset should come to
  std::string region;                 // how the NUTS code of the site where it is at home begins
  std::string from_site;              // where people set out; empty: distances do not matter
  std::optional<Seconds> max_travel;  // with `from_site`
  int32_t quantity = 1;
  // For whom; rules about holders are judged if the user is named.
  std::string user;
  std::string organisation;
  Seconds duration = 0;
  Interval window;  // the run lies inside
  SlotOrder order = SlotOrder::kEarliest;
  size_t limit = 0;
};

// An asset that a query without items is about.
struct SlotCandidate {
  const Asset* asset = nullptr;
  // How long people take to where it would be used, from `from_site`. Nothing if
  // that is not asked, or a site has no location.
  std::optional<Seconds> travel;
};

// All of them, by id. They live as long as the catalogue does not change.
std::vector<SlotCandidate> CandidatesOf(const Catalogue& catalogue, const SlotQuery& query);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_SLOT_QUERY_H_
