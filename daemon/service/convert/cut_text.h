#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_CUT_TEXT_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_CUT_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace labslot::service {

// `text` in at most `most` bytes (at least 3), with an ellipsis at the end if
// it was cut. What is not well-formed, and control characters, become `?`, so
// that any bytes of a caller's may be sent back to him.
std::string CutText(absl::string_view text, size_t most);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_CUT_TEXT_H_
