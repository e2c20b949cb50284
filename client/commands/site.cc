// site list, show, create, update and delete.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/record_commands.h"
#include "client/names.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"

namespace labslot::client {
namespace {

struct SiteKind {
  using Stub = v1::CatalogueService::Stub;
  using Record = v1::Site;
  using ListRequest = v1::ListSitesRequest;
  using ListReply = v1::ListSitesResponse;
  using GetRequest = v1::GetSiteRequest;
  using CreateRequest = v1::CreateSiteRequest;
  using UpdateRequest = v1::UpdateSiteRequest;
  using DeleteRequest = v1::DeleteSiteRequest;
  static constexpr char kNoun[] = "site";
  static constexpr char kOne[] = "a site";
  static constexpr char kExampleId[] = "lommel";
  static constexpr char kDeleted[] = "deleted";
  static constexpr char kDeleteHelp[] = "Remove a site that nothing needs any more";
  static constexpr absl::string_view kCollection = kSites;

  static auto List() { return &Stub::ListSites; }
  static auto Get() { return &Stub::GetSite; }
  static auto Create() { return &Stub::CreateSite; }
  static auto Update() { return &Stub::UpdateSite; }
  static auto Delete() { return &Stub::DeleteSite; }
  static const auto& Records(const ListReply& reply) { return reply.sites(); }
  static void SetCreate(const std::string& id, Record record, CreateRequest* request) {
    request->set_site_id(id);
    *request->mutable_site() = std::move(record);
  }
  static Record* UpdateTarget(UpdateRequest* request) { return request->mutable_site(); }
  static std::vector<std::string> CreateExamples() {
    return {
        "labslot site create ghent display_name=Ghent time_zone=Europe/Brussels location=\"51.05, "
        "3.72\"",
        "labslot site create leuven --file leuven.yaml --dry-run"};
  }
  static std::vector<std::string> UpdateExamples() {
    return {"labslot site update ghent power_kw=63",
            "labslot site update ghent calendar=\"{weekly_windows: [{days: mon-fri, hours: "
            "'08:00-17:00'}]}\""};
  }
  static Table Rows(const std::vector<Record>& records);
};

Table SiteKind::Rows(const std::vector<v1::Site>& sites) {
  Table table;
  table.columns = {{"SITE"},
                   {"NAME", Shown::kAlways, false, true},
                   {"ZONE"},
                   {"REGION"},
                   {"HOLIDAYS"},
                   {"ORGANISATION"},
                   {"LATITUDE", Shown::kWide, true},
                   {"LONGITUDE", Shown::kWide, true},
                   {"POWER-KW", Shown::kWide, true},
                   {"CLEARANCE-M", Shown::kWide, true}};
  table.when_empty = "no sites found";
  for (const v1::Site& site : sites) {
    table.rows.push_back({ShortName(site.name()), site.display_name(), site.time_zone(),
                          site.region(), ShortName(site.calendar().holiday_region()),
                          ShortName(site.organisation()), absl::StrCat(site.location().latitude()),
                          absl::StrCat(site.location().longitude()), absl::StrCat(site.power_kw()),
                          absl::StrCat(site.clearance_m())});
  }
  return table;
}

}  // namespace

void AddSiteCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddRecordCommands<SiteKind>(
      root, session, "Where assets stand, and which mobile assets visit");
  AddPlainList<SiteKind>(*group, session);
}

}  // namespace labslot::client
