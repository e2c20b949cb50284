#ifndef LABSLOT_DAEMON_SERVICE_WIRE_H_
#define LABSLOT_DAEMON_SERVICE_WIRE_H_

#include <optional>

#include "daemon/domain/error.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace labslot::service {

// Reads a request. Returns the error for the caller if it does not parse.
std::optional<Error> ParseRequest(grpc::ByteBuffer& bytes, google::protobuf::Message& request);

// Writes a response.
grpc::ByteBuffer SerializeResponse(const google::protobuf::Message& response);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_WIRE_H_
