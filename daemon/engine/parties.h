#ifndef LABSLOT_DAEMON_ENGINE_PARTIES_H_
#define LABSLOT_DAEMON_ENGINE_PARTIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "daemon/domain/occupancy.h"

namespace labslot::engine {

// Who has something, and at which site.
struct Party {
  std::string user;
  std::string organisation;
  std::string site;

  friend bool operator==(const Party&, const Party&) = default;
  template <typename H>
  friend H AbslHashValue(H hash, const Party& party) {
    return H::combine(std::move(hash), party.user, party.organisation, party.site);
  }
};

inline Party PartyOf(const Occupancy& occupancy) {
  return {occupancy.user, occupancy.organisation, occupancy.site};
}

// Parties by number, so that each entry of a timeline names its own in four bytes.
// A number is good for ever: there are no more than users times their
// organisations times sites. Not thread-safe.
class Parties {
 public:
  uint32_t NumberOf(const Party& party);
  const Party& Get(uint32_t number) const { return parties_[number]; }

 private:
  std::vector<Party> parties_;
  absl::flat_hash_map<Party, uint32_t> numbers_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PARTIES_H_
