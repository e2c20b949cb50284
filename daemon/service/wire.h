#ifndef LABSLOT_DAEMON_SERVICE_WIRE_H_
#define LABSLOT_DAEMON_SERVICE_WIRE_H_

#include <optional>

#include "daemon/domain/error.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace labslot::service {

// A message on an arena, which is made and freed faster than on the heap, part by part.
template <typename Message>
class OnArena {
 public:
  OnArena()
      : arena_(Options()), message_(*google::protobuf::Arena::CreateMessage<Message>(&arena_)) {}

  Message& operator*() { return message_; }
  Message* operator->() { return &message_; }

 private:
  static google::protobuf::ArenaOptions Options() {
    google::protobuf::ArenaOptions options;
    options.start_block_size = 2048;  // of the usual message one block is enough
    options.max_block_size = 65536;
    return options;
  }

  google::protobuf::Arena arena_;
  Message& message_;
};

// Reads a request. Returns the error for the caller if it does not parse.
std::optional<Error> ParseRequest(grpc::ByteBuffer& bytes, google::protobuf::Message& request);

// Writes a response.
grpc::ByteBuffer SerializeResponse(const google::protobuf::Message& response);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_WIRE_H_
