// asset list, show, create, update and delete.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/record_commands.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"

namespace labslot::client {
namespace {

struct AssetKind {
  using Stub = v1::CatalogueService::Stub;
  using Record = v1::Asset;
  using ListRequest = v1::ListAssetsRequest;
  using ListReply = v1::ListAssetsResponse;
  using GetRequest = v1::GetAssetRequest;
  using CreateRequest = v1::CreateAssetRequest;
  using UpdateRequest = v1::UpdateAssetRequest;
  using DeleteRequest = v1::DeleteAssetRequest;
  static constexpr char kNoun[] = "asset";
  static constexpr char kOne[] = "an asset";
  static constexpr char kExampleId[] = "make-lab";
  static constexpr char kDeleted[] = "retired";
  static constexpr char kDeleteHelp[] = "Retire an asset: no new bookings, its history stays";
  static constexpr absl::string_view kCollection = kAssets;

  static auto List() { return &Stub::ListAssets; }
  static auto Get() { return &Stub::GetAsset; }
  static auto Create() { return &Stub::CreateAsset; }
  static auto Update() { return &Stub::UpdateAsset; }
  static auto Delete() { return &Stub::DeleteAsset; }
  static const auto& Records(const ListReply& reply) { return reply.assets(); }
  static void SetCreate(const std::string& id, Record record, CreateRequest* request) {
    request->set_asset_id(id);
    *request->mutable_asset() = std::move(record);
  }
  static Record* UpdateTarget(UpdateRequest* request) { return request->mutable_asset(); }
  static std::vector<std::string> CreateExamples() {
    return {"labslot asset create sem kind=microscope site=brno display_name=\"SEM 1\"",
            "labslot asset create rigs kind=test-rig capacity_kind=pool capacity=7 site=leuven"};
  }
  static std::vector<std::string> UpdateExamples() {
    return {"labslot asset update make-lab set_up=3h",
            "labslot asset update sem parent= labels=\"{room: B2}\"",
            "labslot asset update sem \"rates={currency_code: EUR, cost_per_hour: 80, prices: "
            "{rental: 120.50}}\""};
  }
  static Table Rows(const std::vector<Record>& records);
};

std::string CapacityText(const v1::Asset& asset) {
  switch (asset.capacity_kind()) {
    case v1::Asset::CAPACITY_KIND_POOL:
      return Count(asset.capacity(), "unit", "units");
    case v1::Asset::CAPACITY_KIND_SEATS:
      return Count(asset.capacity(), "seat", "seats");
    default:
      return "exclusive";
  }
}

std::string UnitsText(const v1::Asset& asset) {
  return absl::StrJoin(asset.units(), ", ", [](std::string* out, const v1::Unit& unit) {
    absl::StrAppend(out, unit.id());
  });
}

Table AssetKind::Rows(const std::vector<v1::Asset>& assets) {
  Table table;
  table.columns = {{"ASSET"},
                   {"NAME", Shown::kAlways, false, true},
                   {"KIND"},
                   {"CAPACITY"},
                   {"SITE"},
                   {"MOBILE"},
                   {"SET-UP", Shown::kWide, true},
                   {"TEAR-DOWN", Shown::kWide, true},
                   {"PARENT", Shown::kWide},
                   {"ORGANISATION", Shown::kWide},
                   {"ATTENDEES", Shown::kWide, true},
                   {"STATE", Shown::kWide},
                   {"UNITS", Shown::kWide, false, true},
                   {"DESCRIPTION", Shown::kWide, false, true}};
  table.when_empty = "no assets found";
  for (const v1::Asset& asset : assets) {
    table.rows.push_back({ShortName(asset.name()), asset.display_name(), asset.kind(),
                          CapacityText(asset), ShortName(asset.site()), asset.mobile() ? "yes" : "",
                          asset.has_set_up() ? LengthText(ToDuration(asset.set_up())) : "",
                          asset.has_tear_down() ? LengthText(ToDuration(asset.tear_down())) : "",
                          ShortName(asset.parent()), ShortName(asset.organisation()),
                          asset.max_attendees() > 0 ? absl::StrCat(asset.max_attendees()) : "",
                          EnumWords(v1::Asset::State_Name(asset.state()), "STATE_"),
                          UnitsText(asset), asset.description()});
  }
  return table;
}

}  // namespace

void AddAssetCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddRecordCommands<AssetKind>(root, session, "What is booked");
  struct Options {
    std::string kind;
    std::string site;
    bool all = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* list = AddCommand(
      *group, "list", "List assets, by name",
      {"labslot asset list --site lommel", "labslot asset list --kind metal-printer -o wide"});
  list->add_option("--kind", options->kind, "Only of this kind");
  list->add_option("--site", options->site, "Only of this site")->type_name("SITE");
  list->add_flag("--all", options->all, "Retired ones too");
  list->callback([&session, options] {
    session.action = [&session, options] {
      v1::ListAssetsRequest request;
      request.set_kind(options->kind);
      request.set_site(FullName(kSites, options->site));
      request.set_show_retired(options->all);
      return ListRecords<AssetKind>(session, request);
    };
  });
}

}  // namespace labslot::client
