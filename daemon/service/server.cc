#include "daemon/service/server.h"

#include <sys/resource.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "daemon/base/log.h"
#include "daemon/base/status_macros.h"
#include "daemon/service/admin_service.h"
#include "daemon/service/availability_service.h"
#include "daemon/service/catalogue_service.h"
#include "daemon/service/change_service.h"
#include "daemon/service/directory_service.h"
#include "daemon/service/planning_service.h"
#include "daemon/service/policy_service.h"
#include "daemon/service/reservation_service.h"
#include "daemon/service/utilisation_service.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/server_posix.h"
#include "labslot/v1/admin_service.grpc.pb.h"
#include "labslot/v1/availability_service.grpc.pb.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"
#include "labslot/v1/change_service.grpc.pb.h"
#include "labslot/v1/directory_service.grpc.pb.h"
#include "labslot/v1/planning_service.grpc.pb.h"
#include "labslot/v1/policy_service.grpc.pb.h"
#include "labslot/v1/reservation_service.grpc.pb.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"
#include "openssl/ssl.h"

namespace labslot::service {
namespace {

constexpr int kMaxMessageBytes = 4 << 20;  // an import of a large catalogue
constexpr int kMaxMetadataBytes = 16 << 10;
constexpr int kMaxStreams = 256;  // of one connection
constexpr int kMaxReflectionThreads = 8;
constexpr auto kDrainTime = std::chrono::seconds(5);
// While it stops, the daemon answers calls for this long with "draining", so
// that they are not cut off without a word.
constexpr auto kTimeToTurnAway = std::chrono::milliseconds(300);
constexpr auto kTimeForLastAnswers = std::chrono::milliseconds(300);

bool IsLoopback(absl::string_view address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]:");
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  if (!file || !(content << file.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("cannot read the TLS file '", path, "'"));
  }
  return content.str();
}

// gRPC would not say what is wrong with the files.
absl::Status CheckTlsPair(const TlsFiles& tls) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()),
                                                                  &SSL_CTX_free);
  if (SSL_CTX_use_certificate_chain_file(context.get(), tls.certificate.c_str()) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("--tls_cert '", tls.certificate, "' holds no certificate in PEM form"));
  }
  const bool key_fits =
      SSL_CTX_use_PrivateKey_file(context.get(), tls.key.c_str(), SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_check_private_key(context.get()) == 1;
  if (!key_fits) {
    return absl::InvalidArgumentError(absl::StrCat("--tls_key '", tls.key,
                                                   "' holds no private key in PEM form that fits "
                                                   "the certificate '",
                                                   tls.certificate, "'"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsFor(
    const ListenOptions& options) {
  const TlsFiles& tls = options.tls;
  if (tls.certificate.empty() != tls.key.empty()) {
    return absl::InvalidArgumentError("--tls_cert and --tls_key go together; set both");
  }
  if (tls.certificate.empty()) {
    if (!IsLoopback(options.tcp_address)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", options.tcp_address,
          "' can be reached from other machines, and without TLS anybody could read the traffic; "
          "set --tls_cert and --tls_key, or listen on 127.0.0.1"));
    }
    return grpc::InsecureServerCredentials();
  }
  grpc::SslServerCredentialsOptions ssl;
  LABSLOT_ASSIGN_OR_RETURN(const std::string certificate, ReadFile(tls.certificate));
  LABSLOT_ASSIGN_OR_RETURN(const std::string key, ReadFile(tls.key));
  LABSLOT_RETURN_IF_ERROR(CheckTlsPair(tls));
  ssl.pem_key_cert_pairs.push_back({key, certificate});
  if (!tls.client_ca.empty()) {
    LABSLOT_ASSIGN_OR_RETURN(ssl.pem_root_certs, ReadFile(tls.client_ca));
    ssl.client_certificate_request = GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(ssl);
}

// Bounds on what a peer can make the daemon do; idle connections go, so that
// they do not add up.
void SetLimits(grpc::ServerBuilder& builder) {
  // Reflection alone is served by threads of gRPC's.
  grpc::ResourceQuota quota("labslotd");
  quota.SetMaxThreads(kMaxReflectionThreads);
  builder.SetResourceQuota(quota);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS, 1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 300000);
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
  // A second daemon must not share the port in silence.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10000);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ListenOptions& options, runtime::Sequencer& sequencer, runtime::EventFeed& feed,
    storage::Store& store, runtime::WorkerPool& workers, const ServerFacts& facts) {
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(builder);
  std::unique_ptr<Server> server(new Server(builder.AddCompletionQueue(), sequencer, feed, store,
                                            workers, facts, options.watch_patience));
  for (const auto& service : server->services_) builder.RegisterService(&service->grpc_service());
  builder.RegisterService(&server->health_.grpc_service());
  if (!options.tcp_address.empty()) {
    LABSLOT_ASSIGN_OR_RETURN(const auto credentials, CredentialsFor(options));
    builder.AddListeningPort(options.tcp_address, credentials, &server->tcp_port_);
  }
  server->server_ = builder.BuildAndStart();
  const bool tcp_failed = !options.tcp_address.empty() && server->tcp_port_ == 0;
  if (server->server_ == nullptr || tcp_failed) {
    return absl::UnavailableError(absl::StrCat("cannot listen on '", options.tcp_address,
                                               "': the address is in use, or not one of this "
                                               "machine's"));
  }
  LABSLOT_RETURN_IF_ERROR(server->ListenOnSocket(options.socket));
  for (const auto& methods : server->methods_) methods->Wait();
  server->watchers_->Wait();
  server->health_.Wait();
  server->thread_ = std::thread([raw = server.get()] { raw->Run(); });
  return server;
}

Server::Server(std::unique_ptr<grpc::ServerCompletionQueue> queue, runtime::Sequencer& sequencer,
               runtime::EventFeed& feed, storage::Store& store, runtime::WorkerPool& workers,
               const ServerFacts& facts, absl::Duration watch_patience)
    : loop_(std::move(queue)),
      core_{sequencer, feed, store, workers, loop_, facts},
      gate_(sequencer, peers_),
      health_(loop_) {
  AddService<::labslot::v1::CatalogueService>(AddCatalogueMethods);
  AddService<::labslot::v1::DirectoryService>(AddDirectoryMethods);
  AddService<::labslot::v1::PolicyService>(AddPolicyMethods);
  AddService<::labslot::v1::ReservationService>(AddReservationMethods);
  AddService<::labslot::v1::AvailabilityService>(AddAvailabilityMethods);
  AddService<::labslot::v1::PlanningService>(AddPlanningMethods);
  AddService<::labslot::v1::UtilisationService>(AddUtilisationMethods);
  AddService<::labslot::v1::AdminService>(AddAdminMethods);
  RawService& changes = AddService<::labslot::v1::ChangeService>(AddChangeMethods);
  watchers_ = std::make_unique<Watchers>(changes, core_, gate_, watch_patience);
}

template <typename Generated>
RawService& Server::AddService(void (*add_methods)(Methods&)) {
  services_.push_back(std::make_unique<RawServiceOf<Generated>>());
  methods_.push_back(std::make_unique<Methods>(*services_.back(), core_, gate_));
  add_methods(*methods_.back());
  return *services_.back();
}

Server::~Server() { Stop(); }

// A quarter of the descriptors that the process may have.
size_t Server::MostPeersOfAccount() {
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<size_t>(limit.rlim_cur / 4);
}

absl::Status Server::ListenOnSocket(const std::string& path) {
  absl::StatusOr<std::unique_ptr<UnixListener>> listener =
      UnixListener::Listen(path, [this](int fd) {
        if (const std::optional<int> registered = peers_.Register(fd)) {
          grpc::AddInsecureChannelFromFd(server_.get(), *registered);
        }
      });
  if (!listener.ok()) return listener.status();
  listener_ = *std::move(listener);
  return absl::OkStatus();
}

void Server::Run() {
  loop_.Run({[this] { return Drain(); },
             [this]() -> std::optional<Instant> {
               if (end_at_) return 0;  // look again at once
               return core_.sequencer.NextDue();
             },
             [this] { return core_.sequencer.queued() > 0; }});
}

bool Server::Drain() {
  const bool more = core_.sequencer.Drain();
  if (!core_.sequencer.failed()) return more;
  const auto now = std::chrono::steady_clock::now();
  if (!end_at_) {
    health_.StopServing();
    end_at_ = now + kTimeForLastAnswers;
  }
  // Memory and store may differ from here on: only a restart tells the truth.
  if (now >= *end_at_) {
    Die(absl::StrCat("the store failed, and what was being written may or may not be there: ",
                     core_.sequencer.failure().message(),
                     ". Look at the disk, then start the daemon again"));
  }
  return more;
}

void Server::Stop() {
  if (server_ == nullptr) return;
  listener_.reset();
  gate_.Close();
  if (thread_.joinable()) {
    loop_.Post([this] {
      health_.StopServing();
      watchers_->EndAll();
    });
    std::this_thread::sleep_for(kTimeToTurnAway);
    core_.store.StopCompacting();
    server_->Shutdown(std::chrono::system_clock::now() + kDrainTime);
    core_.workers.Stop();
    // On the loop's own thread, after what it still has to answer: gRPC ends
    // the process if a call is answered when its queue is shut down.
    loop_.Post([this] {
      while (core_.sequencer.Drain()) {
      }
      loop_.Shutdown();
    });
    thread_.join();
  } else {
    server_->Shutdown();
    loop_.Shutdown();
  }
  server_.reset();
}

}  // namespace labslot::service
