#include "tests/client/fake_daemon.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "client/app.h"
#include "client/time_grammar.h"
#include "google/rpc/error_details.pb.h"
#include "tests/client/fake_planning.h"

namespace labslot::client {
namespace {

v1::Catalogue UsualCatalogue() {
  v1::Catalogue catalogue;
  v1::Site* lommel = catalogue.add_sites();
  lommel->set_name("sites/lommel");
  lommel->set_time_zone("Europe/Brussels");
  v1::Site* tartu = catalogue.add_sites();
  tartu->set_name("sites/tartu");
  tartu->set_time_zone("Europe/Tallinn");
  v1::Asset* make_lab = catalogue.add_assets();
  make_lab->set_name("assets/make-lab");
  make_lab->set_display_name("Mobile Make Lab");
  make_lab->set_capacity_kind(v1::Asset::CAPACITY_KIND_EXCLUSIVE);
  make_lab->set_capacity(1);
  make_lab->set_site("sites/lommel");
  make_lab->set_mobile(true);
  v1::Asset* rigs = catalogue.add_assets();
  rigs->set_name("assets/rigs");
  rigs->set_capacity_kind(v1::Asset::CAPACITY_KIND_POOL);
  rigs->set_capacity(7);
  rigs->set_site("sites/lommel");
  return catalogue;
}

class Catalogue final : public v1::CatalogueService::Service {
 public:
  explicit Catalogue(FakeAnswers* answers) : answers_(*answers) {}

  grpc::Status GetAsset(grpc::ServerContext* context, const v1::GetAssetRequest* request,
                        v1::Asset* reply) override {
    const auto& metadata = context->client_metadata();
    if (const auto found = metadata.find("authorization"); found != metadata.end()) {
      answers_.authorization = std::string(found->second.data(), found->second.size());
    }
    return Find(answers_.catalogue.assets(), request->name(), reply);
  }
  grpc::Status GetSite(grpc::ServerContext*, const v1::GetSiteRequest* request,
                       v1::Site* reply) override {
    return Find(answers_.catalogue.sites(), request->name(), reply);
  }
  grpc::Status ListAssets(grpc::ServerContext*, const v1::ListAssetsRequest* request,
                          v1::ListAssetsResponse* reply) override {
    // One asset a page, so that reading on is tested as well.
    const int at = request->page_token().empty() ? 0 : std::stoi(request->page_token());
    const int size = request->page_size() > 0 ? request->page_size() : 1;
    for (int i = at; i < answers_.catalogue.assets_size() && i < at + size; ++i) {
      *reply->add_assets() = answers_.catalogue.assets(i);
    }
    if (at + size < answers_.catalogue.assets_size()) {
      reply->set_next_page_token(std::to_string(at + size));
    }
    return grpc::Status::OK;
  }
  grpc::Status ListSites(grpc::ServerContext*, const v1::ListSitesRequest*,
                         v1::ListSitesResponse* reply) override {
    *reply->mutable_sites() = answers_.catalogue.sites();
    return grpc::Status::OK;
  }
  grpc::Status UpdateAsset(grpc::ServerContext*, const v1::UpdateAssetRequest* request,
                           v1::Asset* reply) override {
    answers_.assets_updated.push_back(*request);
    *reply = request->asset();
    return grpc::Status::OK;
  }
  grpc::Status GetOutage(grpc::ServerContext*, const v1::GetOutageRequest* request,
                         v1::Outage* reply) override {
    return Find(answers_.outages, request->name(), reply);
  }
  grpc::Status ListOutages(grpc::ServerContext*, const v1::ListOutagesRequest* request,
                           v1::ListOutagesResponse* reply) override {
    answers_.outages_listed.push_back(*request);
    for (const v1::Outage& outage : answers_.outages) *reply->add_outages() = outage;
    return grpc::Status::OK;
  }
  grpc::Status CreateOutage(grpc::ServerContext*, const v1::CreateOutageRequest* request,
                            v1::Outage* reply) override {
    answers_.outages_created.push_back(*request);
    *reply = request->outage();
    reply->set_name("outages/" +
                    (request->outage_id().empty() ? "outage-17" : request->outage_id()));
    for (const v1::Hit& hit : answers_.hits) *reply->add_hits() = hit;
    return grpc::Status::OK;
  }
  grpc::Status UpdateOutage(grpc::ServerContext*, const v1::UpdateOutageRequest* request,
                            v1::Outage* reply) override {
    answers_.outages_updated.push_back(*request);
    const grpc::Status found = Find(answers_.outages, request->outage().name(), reply);
    *reply->mutable_interval() = request->outage().interval();
    for (const v1::Hit& hit : answers_.hits) *reply->add_hits() = hit;
    return found;
  }
  grpc::Status DeleteOutage(grpc::ServerContext*, const v1::DeleteOutageRequest* request,
                            v1::Outage* reply) override {
    answers_.outages_deleted.push_back(*request);
    return Find(answers_.outages, request->name(), reply);
  }
  grpc::Status ImportCatalogue(grpc::ServerContext*, const v1::ImportCatalogueRequest* request,
                               v1::ImportCatalogueResponse* reply) override {
    answers_.imported.push_back(*request);
    reply->set_unchanged_count(request->catalogue().assets_size());
    return grpc::Status::OK;
  }
  grpc::Status ExportCatalogue(grpc::ServerContext*, const v1::ExportCatalogueRequest*,
                               v1::ExportCatalogueResponse* reply) override {
    *reply->mutable_catalogue() = answers_.catalogue;
    return grpc::Status::OK;
  }

 private:
  FakeAnswers& answers_;
};

// The reservation of that name in its new state.
grpc::Status Ended(const std::string& name, v1::Reservation::State state, v1::Reservation* reply) {
  if (name == "reservations/404") return NotFound(name);
  reply->set_name(name);
  reply->set_state(state);
  reply->add_items()->set_asset("assets/rigs");
  reply->set_time_zone("Europe/Brussels");
  return grpc::Status::OK;
}

class Reservations final : public v1::ReservationService::Service {
 public:
  explicit Reservations(FakeAnswers* answers) : answers_(*answers) {}

  grpc::Status CreateReservation(grpc::ServerContext*, const v1::CreateReservationRequest* request,
                                 v1::Reservation* reply) override {
    answers_.created.push_back(*request);
    if (answers_.create) return answers_.create(*request, reply);
    *reply = request->reservation();
    reply->set_name("reservations/1042");
    reply->set_time_zone("Europe/Brussels");
    reply->set_state(request->has_hold_duration() ? v1::Reservation::STATE_HELD
                                                  : v1::Reservation::STATE_CONFIRMED);
    return grpc::Status::OK;
  }
  grpc::Status CreateVisit(grpc::ServerContext*, const v1::CreateVisitRequest* request,
                           v1::Visit* reply) override {
    answers_.visits_created.push_back(*request);
    *reply = answers_.visit;
    return answers_.visit_status;
  }
  grpc::Status GetReservation(grpc::ServerContext*, const v1::GetReservationRequest* request,
                              v1::Reservation* reply) override {
    if (request->name() != "reservations/1042") return NotFound(request->name());
    reply->set_name(request->name());
    reply->add_items()->set_asset("assets/rigs");
    reply->set_time_zone("Europe/Brussels");
    reply->set_etag("7");
    reply->set_state(answers_.state);
    reply->set_displaced_by(answers_.displaced_by);
    // 2027-03-27 09:00 to 11:00 in Brussels, the day before the clocks change.
    reply->mutable_interval()->mutable_start_time()->set_seconds(1806134400);
    reply->mutable_interval()->mutable_end_time()->set_seconds(1806141600);
    reply->MergeFrom(answers_.use);
    return grpc::Status::OK;
  }
  grpc::Status UpdateReservation(grpc::ServerContext*, const v1::UpdateReservationRequest* request,
                                 v1::Reservation* reply) override {
    answers_.updated.push_back(*request);
    if (answers_.update) return answers_.update(*request, reply);
    *reply = request->reservation();
    reply->set_time_zone("Europe/Brussels");
    return grpc::Status::OK;
  }
  grpc::Status ListReservations(grpc::ServerContext*, const v1::ListReservationsRequest* request,
                                v1::ListReservationsResponse* reply) override {
    answers_.listed.push_back(*request);
    *reply = answers_.reservations;
    for (const auto& [end, found] : answers_.by_filter) {
      if (absl::EndsWith(request->filter(), end)) *reply = found;
    }
    return grpc::Status::OK;
  }
  grpc::Status AcceptOffer(grpc::ServerContext*, const v1::AcceptOfferRequest* request,
                           v1::Reservation* reply) override {
    answers_.accepted.push_back(*request);
    if (!answers_.accept_status.ok()) return answers_.accept_status;
    return Ended(request->name(), v1::Reservation::STATE_CONFIRMED, reply);
  }
  grpc::Status CancelReservation(grpc::ServerContext*, const v1::CancelReservationRequest* request,
                                 v1::Reservation* reply) override {
    answers_.cancelled.push_back(*request);
    return Ended(request->name(), v1::Reservation::STATE_CANCELLED, reply);
  }
  grpc::Status ApproveReservation(grpc::ServerContext*,
                                  const v1::ApproveReservationRequest* request,
                                  v1::Reservation* reply) override {
    answers_.approved.push_back(*request);
    return Ended(request->name(), v1::Reservation::STATE_CONFIRMED, reply);
  }
  grpc::Status RejectReservation(grpc::ServerContext*, const v1::RejectReservationRequest* request,
                                 v1::Reservation* reply) override {
    answers_.rejected.push_back(*request);
    return Ended(request->name(), v1::Reservation::STATE_REJECTED, reply);
  }
  grpc::Status CheckIn(grpc::ServerContext*, const v1::CheckInRequest* request,
                       v1::Reservation* reply) override {
    answers_.checked_in.push_back(*request);
    const grpc::Status found = Ended(request->name(), v1::Reservation::STATE_CHECKED_IN, reply);
    for (const v1::UnitChoice& choice : request->units()) {
      if (found.ok()) *reply->mutable_items(0)->mutable_units() = choice.units();
    }
    return found;
  }
  grpc::Status CheckOut(grpc::ServerContext*, const v1::CheckOutRequest* request,
                        v1::Reservation* reply) override {
    answers_.checked_out.push_back(*request);
    return Ended(request->name(),
                 request->items().empty() ? v1::Reservation::STATE_COMPLETED
                                          : v1::Reservation::STATE_CHECKED_IN,
                 reply);
  }
  grpc::Status CorrectUse(grpc::ServerContext*, const v1::CorrectUseRequest* request,
                          v1::Reservation* reply) override {
    answers_.corrected.push_back(*request);
    return Ended(request->name(),
                 request->outcome() == v1::CorrectUseRequest::NOBODY_CAME
                     ? v1::Reservation::STATE_NO_SHOW
                     : v1::Reservation::STATE_COMPLETED,
                 reply);
  }
  grpc::Status ListProblems(grpc::ServerContext*, const v1::ListProblemsRequest* request,
                            v1::ListProblemsResponse* reply) override {
    const std::size_t at = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    if (at < answers_.problems.size()) *reply->add_reservations() = answers_.problems[at];
    if (at + 1 < answers_.problems.size()) reply->set_next_page_token(std::to_string(at + 1));
    return grpc::Status::OK;
  }
  grpc::Status Explain(grpc::ServerContext*, const v1::ExplainRequest* request,
                       v1::ExplainResponse* reply) override {
    answers_.explained.push_back(*request);
    *reply = answers_.explanation;
    return grpc::Status::OK;
  }
  grpc::Status CreateSeries(grpc::ServerContext*, const v1::CreateSeriesRequest* request,
                            v1::Series* reply) override {
    answers_.series_created.push_back(*request);
    *reply = request->series();
    *reply->mutable_occurrences() = answers_.series.occurrences();
    reply->set_name("series/7");
    reply->mutable_recurrence()->set_time_zone("Europe/Brussels");
    return grpc::Status::OK;
  }
  grpc::Status GetSeries(grpc::ServerContext*, const v1::GetSeriesRequest* request,
                         v1::Series* reply) override {
    if (request->name() != answers_.series.name()) return NotFound(request->name());
    *reply = answers_.series;
    return grpc::Status::OK;
  }
  grpc::Status ListSeries(grpc::ServerContext*, const v1::ListSeriesRequest*,
                          v1::ListSeriesResponse* reply) override {
    *reply->add_series() = answers_.series;
    return grpc::Status::OK;
  }
  grpc::Status UpdateSeries(grpc::ServerContext*, const v1::UpdateSeriesRequest* request,
                            v1::Series* reply) override {
    answers_.series_updated.push_back(*request);
    *reply = answers_.series;
    return grpc::Status::OK;
  }
  grpc::Status CancelSeries(grpc::ServerContext*, const v1::CancelSeriesRequest* request,
                            v1::Series* reply) override {
    answers_.series_cancelled.push_back(*request);
    *reply = answers_.series;
    reply->set_cancelled(true);
    return grpc::Status::OK;
  }
  grpc::Status RetrySeries(grpc::ServerContext*, const v1::RetrySeriesRequest* request,
                           v1::Series* reply) override {
    answers_.series_retried.push_back(*request);
    *reply = answers_.series;
    return grpc::Status::OK;
  }

 private:
  FakeAnswers& answers_;
};

class Policies final : public v1::PolicyService::Service {
 public:
  explicit Policies(FakeAnswers* answers) : answers_(*answers) {}

  grpc::Status GetPolicy(grpc::ServerContext*, const v1::GetPolicyRequest* request,
                         v1::Policy* reply) override {
    return Find(answers_.catalogue.policies(), request->name(), reply);
  }
  grpc::Status ListPolicies(grpc::ServerContext*, const v1::ListPoliciesRequest*,
                            v1::ListPoliciesResponse* reply) override {
    *reply->mutable_policies() = answers_.catalogue.policies();
    return grpc::Status::OK;
  }
  grpc::Status CreatePolicy(grpc::ServerContext*, const v1::CreatePolicyRequest* request,
                            v1::Policy* reply) override {
    answers_.policies_created.push_back(*request);
    *reply = request->policy();
    reply->set_name("policies/" + request->policy_id());
    return grpc::Status::OK;
  }
  grpc::Status GetQuota(grpc::ServerContext*, const v1::GetQuotaRequest* request,
                        v1::Quota* reply) override {
    return Find(answers_.catalogue.quotas(), request->name(), reply);
  }
  grpc::Status ListQuotas(grpc::ServerContext*, const v1::ListQuotasRequest*,
                          v1::ListQuotasResponse* reply) override {
    *reply->mutable_quotas() = answers_.catalogue.quotas();
    return grpc::Status::OK;
  }
  grpc::Status UpdateQuota(grpc::ServerContext*, const v1::UpdateQuotaRequest* request,
                           v1::Quota* reply) override {
    answers_.quotas_updated.push_back(*request);
    *reply = request->quota();
    return grpc::Status::OK;
  }
  grpc::Status QueryQuotaUsage(grpc::ServerContext*, const v1::QueryQuotaUsageRequest* request,
                               v1::QueryQuotaUsageResponse* reply) override {
    answers_.usage_asked.push_back(*request);
    *reply = answers_.usage;
    return grpc::Status::OK;
  }
  grpc::Status TestPolicy(grpc::ServerContext*, const v1::TestPolicyRequest* request,
                          v1::TestPolicyResponse* reply) override {
    answers_.tested.push_back(*request);
    *reply = answers_.test_result;
    return grpc::Status::OK;
  }
  grpc::Status ApplyPolicy(grpc::ServerContext*, const v1::ApplyPolicyRequest* request,
                           v1::ApplyPolicyResponse* reply) override {
    answers_.applied.push_back(*request);
    *reply = answers_.apply_result;
    return grpc::Status::OK;
  }
  grpc::Status ListPresets(grpc::ServerContext*, const v1::ListPresetsRequest*,
                           v1::ListPresetsResponse* reply) override {
    *reply = answers_.presets;
    return grpc::Status::OK;
  }
  grpc::Status ExpandPreset(grpc::ServerContext*, const v1::ExpandPresetRequest* request,
                            v1::ExpandPresetResponse* reply) override {
    answers_.expanded.push_back(*request);
    if (answers_.expansion.ByteSizeLong() == 0) return NotFound("presets/" + request->preset());
    *reply = answers_.expansion;
    return grpc::Status::OK;
  }

 private:
  FakeAnswers& answers_;
};

class Directory final : public v1::DirectoryService::Service {
 public:
  explicit Directory(FakeAnswers* answers) : answers_(*answers) {}

  grpc::Status GetGroup(grpc::ServerContext*, const v1::GetGroupRequest* request,
                        v1::Group* reply) override {
    return Find(answers_.catalogue.groups(), request->name(), reply);
  }
  grpc::Status ListGroups(grpc::ServerContext*, const v1::ListGroupsRequest*,
                          v1::ListGroupsResponse* reply) override {
    *reply->mutable_groups() = answers_.catalogue.groups();
    return grpc::Status::OK;
  }
  grpc::Status WhoAmI(grpc::ServerContext*, const v1::WhoAmIRequest*, v1::User* reply) override {
    reply->set_name("users/anna");
    return grpc::Status::OK;
  }

 private:
  FakeAnswers& answers_;
};

class Availability final : public v1::AvailabilityService::Service {
 public:
  explicit Availability(FakeAnswers* answers) : answers_(*answers) {}

  grpc::Status QueryFreeBusy(grpc::ServerContext*, const v1::QueryFreeBusyRequest* request,
                             v1::QueryFreeBusyResponse* reply) override {
    answers_.free_busy_asked.push_back(*request);
    *reply = answers_.free_busy;
    return grpc::Status::OK;
  }
  grpc::Status FindSlots(grpc::ServerContext*, const v1::FindSlotsRequest* request,
                         v1::FindSlotsResponse* reply) override {
    answers_.slots_asked.push_back(*request);
    *reply = answers_.slots;
    return grpc::Status::OK;
  }

 private:
  FakeAnswers& answers_;
};

class Utilisation final : public v1::UtilisationService::Service {
 public:
  explicit Utilisation(FakeAnswers* answers) : answers_(*answers) {}

  grpc::Status QueryUtilisation(grpc::ServerContext*, const v1::QueryUtilisationRequest* request,
                                v1::QueryUtilisationResponse* reply) override {
    const bool first = answers_.utilisation_asked.empty();
    answers_.utilisation_asked.push_back(*request);
    const bool has_before = answers_.utilisation_before.rows_size() > 0;
    *reply = first || !has_before ? answers_.utilisation : answers_.utilisation_before;
    return grpc::Status::OK;
  }
  grpc::Status ListUseChanges(grpc::ServerContext*, const v1::ListUseChangesRequest* request,
                              v1::ListUseChangesResponse* reply) override {
    answers_.use_changes_asked.push_back(*request);
    *reply = answers_.use_changes;
    return grpc::Status::OK;
  }
  grpc::Status GetYearlyOverview(grpc::ServerContext*, const v1::GetYearlyOverviewRequest* request,
                                 v1::YearlyOverview* reply) override {
    answers_.overviews_asked.push_back(*request);
    if (request->quota() != answers_.overview.quota()) return NotFound(request->quota());
    *reply = answers_.overview;
    return grpc::Status::OK;
  }
  grpc::Status ReportMachineStates(grpc::ServerContext*,
                                   const v1::ReportMachineStatesRequest* request,
                                   v1::MachineReport* reply) override {
    answers_.machines_reported.push_back(*request);
    const std::size_t number = answers_.machines_reported.size();
    if (number == answers_.failing_report) {
      return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no");
    }
    *reply = request->report();
    if (!request->validate_only()) reply->set_name("machineReports/" + std::to_string(number));
    return grpc::Status::OK;
  }

 private:
  FakeAnswers& answers_;
};

class Changes final : public v1::ChangeService::Service {
 public:
  explicit Changes(FakeAnswers* answers) : answers_(*answers) {}

  grpc::Status Watch(grpc::ServerContext*, const v1::WatchRequest* request,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    const std::size_t stream = answers_.watched.size();
    answers_.watched.push_back(*request);
    if (stream >= answers_.streams.size()) {
      return grpc::Status(grpc::StatusCode::INTERNAL, "no more streams");
    }
    for (const v1::WatchResponse& response : answers_.streams[stream]) writer->Write(response);
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "Socket closed");
  }

 private:
  FakeAnswers& answers_;
};

}  // namespace

struct FakeDaemon::Services {
  explicit Services(FakeAnswers* answers)
      : catalogue(answers),
        reservations(answers),
        policies(answers),
        planning(answers),
        directory(answers),
        availability(answers),
        utilisation(answers),
        changes(answers) {}
  Catalogue catalogue;
  Reservations reservations;
  Policies policies;
  FakePlanning planning;
  Directory directory;
  Availability availability;
  Utilisation utilisation;
  Changes changes;
};

grpc::Status WithDetails(grpc::StatusCode code, const std::string& message,
                         const std::vector<const google::protobuf::Message*>& details) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  for (const google::protobuf::Message* detail : details) status.add_details()->PackFrom(*detail);
  return grpc::Status(code, message, status.SerializeAsString());
}

grpc::Status NotFound(const std::string& resource) {
  google::rpc::ErrorInfo info;
  info.set_reason("RESOURCE_NOT_FOUND");
  info.set_domain("labslot");
  (*info.mutable_metadata())["resource"] = resource;
  return WithDetails(grpc::StatusCode::NOT_FOUND, resource + " does not exist", {&info});
}

FakeDaemon::FakeDaemon() : services_(std::make_unique<Services>(&answers_)) {
  answers_.catalogue = UsualCatalogue();
  std::string folder = (std::filesystem::temp_directory_path() / "labslot-XXXXXX").string();
  folder_ = mkdtemp(folder.data());
  socket_ = folder_ + "/sock";
  grpc::ServerBuilder builder;
  builder.AddListeningPort(target(), grpc::InsecureServerCredentials());
  builder.RegisterService(&services_->catalogue);
  builder.RegisterService(&services_->reservations);
  builder.RegisterService(&services_->policies);
  builder.RegisterService(&services_->planning);
  builder.RegisterService(&services_->directory);
  builder.RegisterService(&services_->availability);
  builder.RegisterService(&services_->utilisation);
  builder.RegisterService(&services_->changes);
  server_ = builder.BuildAndStart();
}

FakeDaemon::~FakeDaemon() {
  server_->Shutdown();
  server_->Wait();
  std::filesystem::remove_all(folder_);
}

Outcome FakeSurroundings::Run(const std::vector<std::string>& arguments) const {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Environment environment;
  environment.in = &in;
  environment.out = &out;
  environment.err = &err;
  environment.variable = [this](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  // 2027-03-10 10:00 in Brussels.
  environment.now = [] { return absl::FromUnixSeconds(1804669200); };
  environment.sleep = [](absl::Duration) {};
  environment.local_zone = LoadZone(local_zone).value();
  environment.utf8 = utf8;
  environment.out_is_terminal = columns > 0;
  if (columns > 0) environment.columns = columns;
  Outcome outcome;
  outcome.code = RunApp(arguments, environment);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

}  // namespace labslot::client
