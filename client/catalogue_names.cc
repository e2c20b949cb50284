#include "client/catalogue_names.h"

#include <utility>

#include "client/names.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"
#include "labslot/v1/directory_service.grpc.pb.h"
#include "labslot/v1/planning_service.grpc.pb.h"
#include "labslot/v1/policy_service.grpc.pb.h"

namespace labslot::client {
namespace {

// One page of the largest size: more names than anybody can choose from.
constexpr int kMostNames = 1000;

template <typename Stub, typename Request, typename Reply, typename Records>
std::vector<std::string> Names(Session& session, Connection::Method<Stub, Request, Reply> method,
                               Records records) {
  Request request;
  request.set_page_size(kMostNames);
  const absl::StatusOr<Reply> reply = Read(session, method, request);
  std::vector<std::string> names;
  if (!reply.ok()) return names;
  for (const auto& record : records(*reply)) names.push_back(ShortName(record.name()));
  return names;
}

}  // namespace

std::vector<std::string> NamesIn(Session& session, absl::string_view collection) {
  using v1::CatalogueService;
  using v1::DirectoryService;
  using v1::PolicyService;
  if (collection == kAssets) {
    return Names(session, &CatalogueService::Stub::ListAssets,
                 [](const auto& reply) { return reply.assets(); });
  }
  if (collection == kSites) {
    return Names(session, &CatalogueService::Stub::ListSites,
                 [](const auto& reply) { return reply.sites(); });
  }
  if (collection == kHolidayRegions) {
    return Names(session, &CatalogueService::Stub::ListHolidayRegions,
                 [](const auto& reply) { return reply.holiday_regions(); });
  }
  if (collection == kOrganisations) {
    return Names(session, &DirectoryService::Stub::ListOrganisations,
                 [](const auto& reply) { return reply.organisations(); });
  }
  if (collection == kUsers) {
    return Names(session, &DirectoryService::Stub::ListUsers,
                 [](const auto& reply) { return reply.users(); });
  }
  if (collection == kGroups) {
    return Names(session, &DirectoryService::Stub::ListGroups,
                 [](const auto& reply) { return reply.groups(); });
  }
  if (collection == kPolicies) {
    return Names(session, &PolicyService::Stub::ListPolicies,
                 [](const auto& reply) { return reply.policies(); });
  }
  if (collection == kQuotas) {
    return Names(session, &PolicyService::Stub::ListQuotas,
                 [](const auto& reply) { return reply.quotas(); });
  }
  if (collection == kOutages) {
    return Names(session, &CatalogueService::Stub::ListOutages,
                 [](const auto& reply) { return reply.outages(); });
  }
  if (collection == kRounds) {
    return Names(session, &v1::PlanningService::Stub::ListRounds,
                 [](const auto& reply) { return reply.rounds(); });
  }
  return {};
}

}  // namespace labslot::client
