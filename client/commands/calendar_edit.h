#ifndef LABSLOT_CLIENT_COMMANDS_CALENDAR_EDIT_H_
#define LABSLOT_CLIENT_COMMANDS_CALENDAR_EDIT_H_

#include "CLI/CLI.hpp"
#include "client/session.h"

namespace labslot::client {

// `edit`, in the group `calendar`.
void AddCalendarEdit(CLI::App& calendar, Session& session);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_CALENDAR_EDIT_H_
