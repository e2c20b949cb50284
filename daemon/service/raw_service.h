#ifndef LABSLOT_DAEMON_SERVICE_RAW_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_RAW_SERVICE_H_

#include "google/protobuf/descriptor.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/byte_buffer.h"

namespace labslot::service {

// A service whose requests arrive as bytes. gRPC would drop a request that
// does not parse (text that is not UTF-8, for one) with an error that helps
// nobody; so parsing is done in call.h, where the caller can be told.
class RawService {
 public:
  virtual ~RawService() = default;

  // What to register with a server.
  virtual grpc::Service& grpc_service() = 0;

  virtual const google::protobuf::ServiceDescriptor& descriptor() const = 0;

  // Waits for one request of the method with the given index. The tag comes
  // back when it is there.
  virtual void AwaitUnary(int method, grpc::ServerContext& context, grpc::ByteBuffer& request,
                          grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>& writer,
                          grpc::ServerCompletionQueue& queue, void* tag) = 0;
  virtual void AwaitServerStream(int method, grpc::ServerContext& context,
                                 grpc::ByteBuffer& request,
                                 grpc::ServerAsyncWriter<grpc::ByteBuffer>& writer,
                                 grpc::ServerCompletionQueue& queue, void* tag) = 0;
};

// The raw form of a generated service, such as v1::CatalogueService.
template <typename Generated>
class RawServiceOf final : public RawService, private Generated::Service {
 public:
  RawServiceOf()
      : descriptor_(*google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            Generated::service_full_name())) {
    for (int i = 0; i < descriptor_.method_count(); ++i) this->MarkMethodRaw(i);
  }

  grpc::Service& grpc_service() override { return *this; }

  const google::protobuf::ServiceDescriptor& descriptor() const override { return descriptor_; }

  void AwaitUnary(int method, grpc::ServerContext& context, grpc::ByteBuffer& request,
                  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>& writer,
                  grpc::ServerCompletionQueue& queue, void* tag) override {
    this->RequestAsyncUnary(method, &context, &request, &writer, &queue, &queue, tag);
  }

  void AwaitServerStream(int method, grpc::ServerContext& context, grpc::ByteBuffer& request,
                         grpc::ServerAsyncWriter<grpc::ByteBuffer>& writer,
                         grpc::ServerCompletionQueue& queue, void* tag) override {
    this->RequestAsyncServerStreaming(method, &context, &request, &writer, &queue, &queue, tag);
  }

 private:
  const google::protobuf::ServiceDescriptor& descriptor_;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_RAW_SERVICE_H_
