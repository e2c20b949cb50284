#ifndef LABSLOT_CLIENT_CATALOGUE_NAMES_H_
#define LABSLOT_CLIENT_CATALOGUE_NAMES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/session.h"

namespace labslot::client {

// The ids that the daemon knows in a collection of the catalogue or the
// directory, for suggestions and completion. Empty if it does not answer, or
// keeps no such collection.
std::vector<std::string> NamesIn(Session& session, absl::string_view collection);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_CATALOGUE_NAMES_H_
