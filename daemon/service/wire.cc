#include "daemon/service/wire.h"

#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"
#include "grpcpp/impl/codegen/proto_utils.h"

namespace labslot::service {

std::optional<Error> ParseRequest(grpc::ByteBuffer& bytes, google::protobuf::Message& request) {
  using Traits = grpc::SerializationTraits<google::protobuf::Message>;
  if (Traits::Deserialize(&bytes, &request).ok()) return std::nullopt;
  return InvalidField("request",
                      absl::StrCat("is not a well-formed ", request.GetDescriptor()->full_name(),
                                   ": the bytes are cut or mangled, or some text in "
                                   "it is not valid UTF-8"));
}

grpc::ByteBuffer SerializeResponse(const google::protobuf::Message& response) {
  using Traits = grpc::SerializationTraits<google::protobuf::Message>;
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  // Fails only if the message is larger than 2 GiB, which no response is.
  const grpc::Status status = Traits::Serialize(response, &bytes, &own_buffer);
  if (!status.ok()) Die(absl::StrCat("cannot serialise a response: ", status.error_message()));
  return bytes;
}

}  // namespace labslot::service
