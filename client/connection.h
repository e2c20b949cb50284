#ifndef LABSLOT_CLIENT_CONNECTION_H_
#define LABSLOT_CLIENT_CONNECTION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/environment.h"
#include "client/settings.h"

namespace labslot::client {

// Calls the daemon. Every call carries the token and a deadline, and every
// failure comes back as a status that a person can read: one that the daemon
// sent carries its details (see failure.h), one that it never saw says why.
class Connection {
 public:
  Connection(ConnectionSettings settings, absl::Duration timeout, const Environment& environment);

  // A method of a generated stub.
  template <typename Stub, typename Request, typename Reply>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Reply*);

  // Calls a method that changes nothing.
  template <typename Stub, typename Request, typename Reply>
  absl::StatusOr<Reply> Read(Method<Stub, Request, Reply> method, const Request& request) {
    Stub stub(channel_);
    Reply reply;
    const absl::Status status = CallOnce(
        [&](grpc::ClientContext* context) { return (stub.*method)(context, request, &reply); });
    if (!status.ok()) return status;
    return reply;
  }

  // Calls a method that changes something. Where it is not known whether the
  // daemon took it, it is sent again with the same request_id, at most
  // kWriteAttempts times in all; after that the status says so and how to go on.
  template <typename Stub, typename Request, typename Reply>
  absl::StatusOr<Reply> Write(Method<Stub, Request, Reply> method, const Request& request) {
    Stub stub(channel_);
    Reply reply;
    const absl::Status status =
        CallUntilKnown(request.request_id(), [&](grpc::ClientContext* context) {
          reply.Clear();
          return (stub.*method)(context, request, &reply);
        });
    if (!status.ok()) return status;
    return reply;
  }

  // Reads all pages of a list into one reply. Stops at `most` results, 0 being
  // no limit; `count` tells how many a reply holds.
  template <typename Stub, typename Request, typename Reply>
  absl::StatusOr<Reply> ReadPages(Method<Stub, Request, Reply> method, Request request,
                                  const std::function<int(const Reply&)>& count, int most = 0) {
    Reply all;
    do {
      absl::StatusOr<Reply> page = Read(method, request);
      if (!page.ok()) return page.status();
      request.set_page_token(page->next_page_token());
      page->clear_next_page_token();
      all.MergeFrom(*page);
    } while (!request.page_token().empty() && (most == 0 || count(all) < most));
    return all;
  }

  // Adds the token, and a deadline unless `timeout` is infinite.
  void Prepare(grpc::ClientContext* context, absl::Duration timeout) const;
  // The failure of a call as the client carries it.
  absl::Status Translate(const grpc::Status& status) const;

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const std::string& target() const { return settings_.target; }
  void set_timeout(absl::Duration timeout) { timeout_ = timeout; }

 private:
  using Attempt = std::function<grpc::Status(grpc::ClientContext*)>;

  absl::Status CallOnce(const Attempt& attempt) const;
  absl::Status CallUntilKnown(const std::string& request_id, const Attempt& attempt) const;
  absl::Status Unreachable(const grpc::Status& status) const;

  ConnectionSettings settings_;
  absl::Duration timeout_;
  std::function<void(absl::Duration)> sleep_;
  std::shared_ptr<grpc::Channel> channel_;
};

// How often a write is sent at most.
inline constexpr int kWriteAttempts = 4;

// A fresh request_id that nobody else has.
std::string NewRequestId();

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_CONNECTION_H_
