#ifndef LABSLOT_CLIENT_COMMANDS_COMMANDS_H_
#define LABSLOT_CLIENT_COMMANDS_COMMANDS_H_

// Each of these adds a group of commands to the command line. A command, once
// chosen, leaves what it does in Session::action.

#include "CLI/CLI.hpp"
#include "client/session.h"

namespace labslot::client {

void AddBookCommands(CLI::App& root, Session& session);
void AddChangeCommands(CLI::App& root, Session& session);
void AddUseCommands(CLI::App& root, Session& session);
void AddSeriesCommands(CLI::App& root, Session& session);
void AddApproveCommands(CLI::App& root, Session& session);
void AddWaitListCommands(CLI::App& root, Session& session);
void AddOutageCommands(CLI::App& root, Session& session);
void AddPlanCommands(CLI::App& root, Session& session);
void AddRoundCommands(CLI::App& root, Session& session);
void AddExplainCommand(CLI::App& root, Session& session);
void AddReservationCommands(CLI::App& root, Session& session);
void AddAvailabilityCommands(CLI::App& root, Session& session);
void AddCalendarCommand(CLI::App& root, Session& session);
void AddTripCommand(CLI::App& root, Session& session);
void AddVisitCommand(CLI::App& root, Session& session);
void AddUtilisationCommand(CLI::App& root, Session& session);
void AddReportCommands(CLI::App& root, Session& session);
void AddMachineCommand(CLI::App& root, Session& session);
void AddWatchCommand(CLI::App& root, Session& session);
void AddAssetCommands(CLI::App& root, Session& session);
void AddSiteCommands(CLI::App& root, Session& session);
void AddOrganisationCommands(CLI::App& root, Session& session);
void AddUserCommands(CLI::App& root, Session& session);
void AddGroupCommands(CLI::App& root, Session& session);
void AddPolicyCommands(CLI::App& root, Session& session);
void AddQuotaCommands(CLI::App& root, Session& session);
void AddHolidayCommands(CLI::App& root, Session& session);
void AddTokenCommands(CLI::App& root, Session& session);
void AddCatalogueCommands(CLI::App& root, Session& session);
void AddBackupCommands(CLI::App& root, Session& session);
void AddServerCommands(CLI::App& root, Session& session);
void AddContextCommands(CLI::App& root, Session& session);
void AddCompletionCommands(CLI::App& root, Session& session);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_COMMANDS_H_
