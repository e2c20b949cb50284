#include "daemon/service/convert/status.h"

#include "daemon/service/convert/error_details.h"

namespace labslot::service {

grpc::Status GrpcStatusOf(const Error& error) {
  const google::rpc::Status status = RpcStatusOf(error);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), status.message(),
                      status.SerializeAsString());
}

grpc::Status GrpcStatusOf(const absl::Status& status) {
  Error error;
  if (absl::IsInvalidArgument(status)) {
    return GrpcStatusOf(InvalidField("request", std::string(status.message())));
  }
  error.kind = ErrorKind::kDefect;
  error.message = "the daemon failed on this request; its log says why";
  return GrpcStatusOf(error);
}

}  // namespace labslot::service
