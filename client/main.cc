// labslot: the command line of labslotd.

#include <clocale>
#include <csignal>
#include <cstdlib>

#include "client/app.h"
#include "client/environment.h"

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  // Numbers are written with a point, whatever the language.
  std::setlocale(LC_NUMERIC, "C");
  // What the transport logs is not for people; we say it in our own words.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  // `labslot list | head` ends without a message.
  std::signal(SIGPIPE, SIG_DFL);
  return labslot::client::RunApp({argv + 1, argv + argc}, labslot::client::ProcessEnvironment());
}
