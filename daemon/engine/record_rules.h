#ifndef LABSLOT_DAEMON_ENGINE_RECORD_RULES_H_
#define LABSLOT_DAEMON_ENGINE_RECORD_RULES_H_

#include <string>
#include <vector>

#include "daemon/domain/error.h"
#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// What records of the catalogue must obey, beyond being well-formed.

// Adds what is wrong with the references of `record` in the catalogue that it
// is to become part of: things that do not exist, circles, parents that cannot
// be one. `path` leads to the record in the request.
void CheckReferences(const Catalogue& draft, const Resource& record, const std::string& path,
                     std::vector<FieldViolation>& violations);

// Adds what would break if the asset became what it is in `draft`: granted
// reservations that it could no longer hold. `before` is null for a new asset.
void CheckReservationsHold(const DecisionContext& context, const Catalogue& draft,
                           const Asset& after, const Asset* before,
                           std::vector<Violation>& violations);

// What still needs the record, so that it cannot go.
std::vector<Violation> WhatNeeds(const DecisionContext& context, const Resource& record);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_RECORD_RULES_H_
