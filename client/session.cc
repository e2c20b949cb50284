#include "client/session.h"

#include <utility>

#include "client/time_grammar.h"

namespace labslot::client {

absl::StatusOr<Connection*> Session::Connect() {
  if (connection_ == nullptr) {
    absl::StatusOr<ConnectionSettings> settings = ResolveSettings(flags, environment);
    if (!settings.ok()) return settings.status();
    const absl::StatusOr<absl::Duration> limit = ParseDuration(timeout);
    if (!limit.ok()) return limit.status();
    connection_ =
        std::make_unique<Connection>(*std::move(settings), deadline.value_or(*limit), environment);
  }
  return connection_.get();
}

absl::StatusOr<absl::TimeZone> Session::ZoneFor(const std::string& name) const {
  if (zone.has_value()) return LoadZone(*zone);
  if (name.empty()) return environment.local_zone;
  return LoadZone(name);
}

}  // namespace labslot::client
