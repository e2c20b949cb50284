#ifndef LABSLOT_CLIENT_APP_H_
#define LABSLOT_CLIENT_APP_H_

#include <string>
#include <vector>

#include "client/environment.h"

namespace labslot::client {

// Runs one command line, without the name of the program in it, and returns
// the exit code of the process (see exit_code.h).
int RunApp(const std::vector<std::string>& arguments, const Environment& environment);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_APP_H_
