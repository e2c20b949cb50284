#ifndef LABSLOT_DAEMON_BASE_LOG_H_
#define LABSLOT_DAEMON_BASE_LOG_H_

#include "absl/strings/string_view.h"

namespace labslot {

enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Sends the log to standard error in the given form, from `least` upwards.
// Call once, before threads start.
void StartLog(LogFormat format, LogLevel least);

// True if lines of this level are written, for those that cost something to
// make. Thread-safe.
bool IsLogged(LogLevel level);

// Writes one line. Thread-safe. Never pass secrets.
void Log(LogLevel level, absl::string_view message);

// Writes the message and ends the process at once, without unwinding: for the
// cases in which going on could tell a caller something untrue.
[[noreturn]] void Die(absl::string_view message);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_BASE_LOG_H_
