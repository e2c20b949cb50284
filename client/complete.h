#ifndef LABSLOT_CLIENT_COMPLETE_H_
#define LABSLOT_CLIENT_COMPLETE_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "client/session.h"

namespace labslot::client {

// What a shell asks for when the reader presses Tab: prints the words that may
// stand last in `words`, one a line. `words` are those behind `labslot`, the
// last being the one that is written. Names come from the daemon, which has
// 300 ms for it; without it there are no names, and never an error.
void Complete(const CLI::App& app, Session& session, const std::vector<std::string>& words);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMPLETE_H_
