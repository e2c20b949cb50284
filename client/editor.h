#ifndef LABSLOT_CLIENT_EDITOR_H_
#define LABSLOT_CLIENT_EDITOR_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/environment.h"

namespace labslot::client {

// Lets the user edit the text in $VISUAL, $EDITOR or vi, and returns what was
// saved, without blanks around it. Fails if there is no such editor, or if it
// fails. The file that it uses can be read by the user alone, and is removed.
absl::StatusOr<std::string> EditText(const Environment& environment, const std::string& text);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_EDITOR_H_
