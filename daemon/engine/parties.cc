#include "daemon/engine/parties.h"

namespace labslot::engine {

uint32_t Parties::NumberOf(const Party& party) {
  const auto [it, inserted] = numbers_.try_emplace(party, static_cast<uint32_t>(parties_.size()));
  if (inserted) parties_.push_back(party);
  return it->second;
}

}  // namespace labslot::engine
