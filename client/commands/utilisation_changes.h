#ifndef LABSLOT_CLIENT_COMMANDS_UTILISATION_CHANGES_H_
#define LABSLOT_CLIENT_COMMANDS_UTILISATION_CHANGES_H_

#include "CLI/CLI.hpp"
#include "client/session.h"

namespace labslot::client {

// `utilisation changes`: why the same report differs from an earlier one.
void AddUtilisationChanges(CLI::App& utilisation, Session& session);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_UTILISATION_CHANGES_H_
