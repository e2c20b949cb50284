#ifndef LABSLOT_TESTS_CLIENT_FAKE_DAEMON_H_
#define LABSLOT_TESTS_CLIENT_FAKE_DAEMON_H_

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/environment.h"
#include "google/rpc/status.pb.h"
#include "labslot/v1/availability_service.grpc.pb.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"
#include "labslot/v1/change_service.grpc.pb.h"
#include "labslot/v1/directory_service.grpc.pb.h"
#include "labslot/v1/planning_service.grpc.pb.h"
#include "labslot/v1/policy_service.grpc.pb.h"
#include "labslot/v1/reservation_service.grpc.pb.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"

namespace labslot::client {

// A status as the daemon sends it, with its details in the trailer.
grpc::Status WithDetails(grpc::StatusCode code, const std::string& message,
                         const std::vector<const google::protobuf::Message*>& details);

// What the fake daemon answers, and what it was asked. Two assets: `make-lab`,
// mobile with its home at `lommel`, and `rigs`, a pool of 7 there.
struct FakeAnswers {
  std::function<grpc::Status(const v1::CreateReservationRequest&, v1::Reservation*)> create;
  std::function<grpc::Status(const v1::UpdateReservationRequest&, v1::Reservation*)> update;
  // Every visit comes to this.
  v1::Visit visit;
  grpc::Status visit_status;
  std::vector<v1::CreateVisitRequest> visits_created;
  v1::Catalogue catalogue;
  v1::QueryFreeBusyResponse free_busy;
  std::vector<v1::QueryFreeBusyRequest> free_busy_asked;
  v1::FindSlotsResponse slots;
  std::vector<v1::FindSlotsRequest> slots_asked;
  v1::QueryUtilisationResponse utilisation;
  // Instead of it, for the second question and those behind it.
  v1::QueryUtilisationResponse utilisation_before;
  std::vector<v1::QueryUtilisationRequest> utilisation_asked;
  std::vector<v1::ListUseChangesRequest> use_changes_asked;
  v1::ListUseChangesResponse use_changes;
  // Of the one quota that there is an overview of.
  v1::YearlyOverview overview;
  std::vector<v1::GetYearlyOverviewRequest> overviews_asked;
  std::vector<v1::ReportMachineStatesRequest> machines_reported;
  // The report that fails, counted from 1; 0 is none.
  std::size_t failing_report = 0;
  // Outages are listed as they are here; what is made or changed has `hits`.
  std::vector<v1::Outage> outages;
  std::vector<v1::Hit> hits;
  std::vector<v1::ListOutagesRequest> outages_listed;
  std::vector<v1::CreateOutageRequest> outages_created;
  std::vector<v1::UpdateOutageRequest> outages_updated;
  std::vector<v1::DeleteOutageRequest> outages_deleted;
  std::vector<v1::PlanDisplacementRequest> displacements_planned;
  v1::PlanDisplacementResponse displacement;
  std::vector<v1::Round> rounds;
  std::vector<v1::CreateRoundRequest> rounds_created;
  std::vector<v1::UpdateRoundRequest> rounds_updated;
  std::vector<v1::DeleteRoundRequest> rounds_deleted;
  std::vector<v1::PlanAllocationRequest> allocations_planned;
  v1::PlanAllocationResponse allocation;
  std::vector<v1::ApplyAllocationRequest> allocations_applied;
  // What 1042 is when it is read.
  v1::Reservation::State state = v1::Reservation::STATE_UNSPECIFIED;
  // Merged into it.
  v1::Reservation use;
  std::string displaced_by;
  std::vector<v1::AcceptOfferRequest> accepted;
  grpc::Status accept_status;
  std::vector<v1::CreateReservationRequest> created;
  std::vector<v1::UpdateReservationRequest> updated;
  std::vector<v1::ListReservationsRequest> listed;
  std::vector<v1::UpdateAssetRequest> assets_updated;
  std::vector<v1::ImportCatalogueRequest> imported;
  std::vector<v1::WatchRequest> watched;
  std::vector<v1::CancelReservationRequest> cancelled;
  std::vector<v1::ApproveReservationRequest> approved;
  std::vector<v1::RejectReservationRequest> rejected;
  std::vector<v1::CheckInRequest> checked_in;
  std::vector<v1::CheckOutRequest> checked_out;
  std::vector<v1::CorrectUseRequest> corrected;
  // One a page.
  std::vector<v1::Reservation> problems;
  std::vector<v1::ExplainRequest> explained;
  v1::ExplainResponse explanation;
  // Every series is this one, where it is not made by the request.
  v1::Series series;
  std::vector<v1::CreateSeriesRequest> series_created;
  std::vector<v1::UpdateSeriesRequest> series_updated;
  std::vector<v1::CancelSeriesRequest> series_cancelled;
  std::vector<v1::RetrySeriesRequest> series_retried;
  v1::ListReservationsResponse reservations;
  // Instead of `reservations`, for filters that end in one of these.
  std::map<std::string, v1::ListReservationsResponse> by_filter;
  // Policies, quotas and groups are those of `catalogue`.
  std::vector<v1::CreatePolicyRequest> policies_created;
  std::vector<v1::UpdateQuotaRequest> quotas_updated;
  std::vector<v1::QueryQuotaUsageRequest> usage_asked;
  v1::QueryQuotaUsageResponse usage;
  std::vector<v1::TestPolicyRequest> tested;
  v1::TestPolicyResponse test_result;
  std::vector<v1::ApplyPolicyRequest> applied;
  v1::ApplyPolicyResponse apply_result;
  v1::ListPresetsResponse presets;
  std::vector<v1::ExpandPresetRequest> expanded;
  v1::ExpandPresetResponse expansion;
  // What each stream sends before it breaks off, one after the other.
  std::vector<std::vector<v1::WatchResponse>> streams;
  std::string authorization;
};

// Serves FakeAnswers on a unix socket in a folder of its own.
class FakeDaemon {
 public:
  FakeDaemon();
  ~FakeDaemon();
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;

  FakeAnswers& answers() { return answers_; }
  std::string target() const { return "unix:" + socket_; }

 private:
  struct Services;

  FakeAnswers answers_;
  std::string folder_;
  std::string socket_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<grpc::Server> server_;
};

// What a command printed and how it ended.
struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

// The surroundings of a command in a test: Wednesday 2027-03-10 10:00 in
// Brussels, where the machine usually is, no terminal, UTF-8, no waiting.
struct FakeSurroundings {
  std::map<std::string, std::string> variables;
  std::string input;
  std::string local_zone = "Europe/Brussels";
  bool utf8 = true;
  // Of a terminal; 0 is none.
  int columns = 0;

  // Runs one command line.
  Outcome Run(const std::vector<std::string>& arguments) const;
};

}  // namespace labslot::client

#endif  // LABSLOT_TESTS_CLIENT_FAKE_DAEMON_H_
