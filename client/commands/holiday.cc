// holiday list, show, create, update and delete.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/record_commands.h"
#include "client/names.h"
#include "client/yaml/scalars.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"

namespace labslot::client {
namespace {

struct HolidayRegionKind {
  using Stub = v1::CatalogueService::Stub;
  using Record = v1::HolidayRegion;
  using ListRequest = v1::ListHolidayRegionsRequest;
  using ListReply = v1::ListHolidayRegionsResponse;
  using GetRequest = v1::GetHolidayRegionRequest;
  using CreateRequest = v1::CreateHolidayRegionRequest;
  using UpdateRequest = v1::UpdateHolidayRegionRequest;
  using DeleteRequest = v1::DeleteHolidayRegionRequest;
  static constexpr char kNoun[] = "holiday";
  static constexpr char kOne[] = "a holiday region";
  static constexpr char kExampleId[] = "be-vlg";
  static constexpr char kDeleted[] = "deleted";
  static constexpr char kDeleteHelp[] = "Remove a region that no calendar refers to";
  static constexpr absl::string_view kCollection = kHolidayRegions;

  static auto List() { return &Stub::ListHolidayRegions; }
  static auto Get() { return &Stub::GetHolidayRegion; }
  static auto Create() { return &Stub::CreateHolidayRegion; }
  static auto Update() { return &Stub::UpdateHolidayRegion; }
  static auto Delete() { return &Stub::DeleteHolidayRegion; }
  static const auto& Records(const ListReply& reply) { return reply.holiday_regions(); }
  static void SetCreate(const std::string& id, Record record, CreateRequest* request) {
    request->set_holiday_region_id(id);
    *request->mutable_holiday_region() = std::move(record);
  }
  static Record* UpdateTarget(UpdateRequest* request) { return request->mutable_holiday_region(); }
  static std::vector<std::string> CreateExamples() {
    return {"labslot holiday create be-vlg --file be-vlg.yaml",
            "labslot holiday create test valid_from=2027-01-01 valid_through=2027-12-31 "
            "holidays=\"[{date: 2027-05-06, display_name: Ascension}]\""};
  }
  static std::vector<std::string> UpdateExamples() {
    return {"labslot holiday update be-vlg display_name=Flanders",
            "labslot holiday update be-vlg valid_through=2028-12-31"};
  }
  static Table Rows(const std::vector<Record>& records);
};

Table HolidayRegionKind::Rows(const std::vector<v1::HolidayRegion>& regions) {
  Table table;
  table.columns = {
      {"REGION"},  {"NAME", Shown::kAlways, false, true}, {"FROM"},
      {"THROUGH"}, {"DAYS", Shown::kAlways, true},        {"SOURCE", Shown::kAlways, false, true}};
  table.when_empty = "no holiday regions found";
  for (const v1::HolidayRegion& region : regions) {
    table.rows.push_back({ShortName(region.name()), region.display_name(),
                          WriteDate(region.valid_from()), WriteDate(region.valid_through()),
                          absl::StrCat(region.holidays_size()), region.attribution()});
  }
  return table;
}

}  // namespace

void AddHolidayCommands(CLI::App& root, Session& session) {
  CLI::App* group =
      AddRecordCommands<HolidayRegionKind>(root, session, "Public holidays of a region");
  AddPlainList<HolidayRegionKind>(*group, session);
}

}  // namespace labslot::client
