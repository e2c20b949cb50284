#ifndef LABSLOT_CLIENT_COMMAND_LINE_H_
#define LABSLOT_CLIENT_COMMAND_LINE_H_

#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "client/session.h"

namespace labslot::client {

// The whole command line: all commands and the options that all of them take.
// What is parsed with it lands in the session, which must outlive it.
std::unique_ptr<CLI::App> MakeCommandLine(Session& session);

// The version of this client.
std::string ClientVersion();

// Arguments such as -2h are times, not options: their sign becomes the
// typographic minus, which the time grammar reads.
std::vector<std::string> ShieldNegativeTimes(std::vector<std::string> arguments);

// The command of that name right below `app`, or null.
const CLI::App* FindCommand(const CLI::App& app, const std::string& name);

// What is wrong with a command line that was not accepted, with the nearest
// command or option.
std::string UsageText(const CLI::App& app, const std::vector<std::string>& arguments,
                      const CLI::ParseError& error);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMAND_LINE_H_
