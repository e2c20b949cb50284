#ifndef LABSLOT_CLIENT_COMMANDS_FLEXIBLE_WISH_H_
#define LABSLOT_CLIENT_COMMANDS_FLEXIBLE_WISH_H_

// What else would do for somebody who books: another time, other assets, or what
// a round decides.

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "client/commands/booking.h"

namespace labslot::client {

// --window and --flex, which a round does not take.
void AddWindowOptions(CLI::App* command, BookOptions* options);

// --like, --or and --firm.
void AddChoiceOptions(CLI::App* command, BookOptions* options);

// --value, of what competes in a round.
void AddValueOption(CLI::App* command, BookOptions* options);

// Reads all of these into a wish that has its items and its interval.
absl::Status ReadFlexibility(Session& session, const BookOptions& options, Wish* wish);

// The first of the options that do not go with a series, such as "--window"; empty
// if none was given.
std::string FlexibilityGiven(const BookOptions& options);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_FLEXIBLE_WISH_H_
