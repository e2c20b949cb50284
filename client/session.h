#ifndef LABSLOT_CLIENT_SESSION_H_
#define LABSLOT_CLIENT_SESSION_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/connection.h"
#include "client/environment.h"
#include "client/output/output.h"
#include "client/settings.h"
#include "labslot/v1/refusal.pb.h"

namespace labslot::client {

// One run of `labslot`: what its command line said, and what its command needs.
struct Session {
  explicit Session(const Environment& the_environment)
      : environment(the_environment), output(environment) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Environment environment;
  Output output;

  // Of the command line.
  ConnectionFlags flags;
  std::string timeout = "10s";
  // Comes before --timeout, for what nobody waits longer for.
  std::optional<absl::Duration> deadline;
  std::optional<std::string> zone;

  // What the command does once the line has been read; set by its parser.
  std::function<absl::Status()> action;

  // The zone of the place that the command is about, once it is known.
  std::optional<absl::TimeZone> place_zone;

  // How to ask for an alternative: the command line to paste. Set by commands
  // that can be refused with alternatives.
  std::function<std::string(const v1::Alternative&)> alternative_command;

  // --explain: a refusal is told in words for a newcomer as well.
  bool explain = false;

  // The connection, made at the first call.
  absl::StatusOr<Connection*> Connect();

  // The zone of --zone, else the one of that name, else, if the name is empty,
  // that of this machine.
  absl::StatusOr<absl::TimeZone> ZoneFor(const std::string& name) const;

 private:
  std::unique_ptr<Connection> connection_;
};

// What all writes have in common.
struct WriteFlags {
  bool dry_run = false;
  std::string request_id;

  // The request_id that was given, or a fresh one.
  std::string RequestId() const { return request_id.empty() ? NewRequestId() : request_id; }
};

// Shorthand: connects and calls. See Connection.
template <typename Stub, typename Request, typename Reply>
absl::StatusOr<Reply> Read(Session& session, Connection::Method<Stub, Request, Reply> method,
                           const Request& request) {
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  return (*connection)->Read(method, request);
}

// Shorthand for writes that can be judged without being done.
template <typename Stub, typename Request, typename Reply>
absl::StatusOr<Reply> Write(Session& session, Connection::Method<Stub, Request, Reply> method,
                            Request request, const WriteFlags& flags) {
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  request.set_request_id(flags.RequestId());
  request.set_validate_only(flags.dry_run);
  return (*connection)->Write(method, request);
}

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_SESSION_H_
