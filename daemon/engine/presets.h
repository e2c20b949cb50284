#ifndef LABSLOT_DAEMON_ENGINE_PRESETS_H_
#define LABSLOT_DAEMON_ENGINE_PRESETS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/error.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/selector.h"

namespace labslot::engine {

// Rules in real use, ready to be taken over. docs/RULES.md tells where each
// comes from.

struct PresetParameter {
  std::string key;
  std::string description;
  std::string default_value;  // empty: must be given
};

struct Preset {
  std::string name;
  std::string display_name;
  std::string description;
  std::vector<PresetParameter> parameters;
};

// A preset written out.
struct PresetRules {
  std::vector<Policy> policies;
  std::vector<Quota> quotas;
};

// All presets, by name.
const std::vector<Preset>& Presets();

// Writes a preset out for what `applies_to` picks. Ids begin with `id_prefix`.
// NOT_FOUND (as `presets/{name}`) for an unknown preset; invalid fields
// `parameters[key]` for parameters that are unknown, missing or malformed, and
// `applies_to` where the preset needs it to say something.
Result<PresetRules> ExpandPreset(absl::string_view name, const Selector& applies_to,
                                 const std::string& id_prefix,
                                 const std::map<std::string, std::string>& parameters);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PRESETS_H_
