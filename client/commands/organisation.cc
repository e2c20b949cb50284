// org list, show, create, update and delete.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/record_commands.h"
#include "client/names.h"
#include "client/output/words.h"
#include "labslot/v1/directory_service.grpc.pb.h"

namespace labslot::client {
namespace {

struct OrganisationKind {
  using Stub = v1::DirectoryService::Stub;
  using Record = v1::Organisation;
  using ListRequest = v1::ListOrganisationsRequest;
  using ListReply = v1::ListOrganisationsResponse;
  using GetRequest = v1::GetOrganisationRequest;
  using CreateRequest = v1::CreateOrganisationRequest;
  using UpdateRequest = v1::UpdateOrganisationRequest;
  using DeleteRequest = v1::DeleteOrganisationRequest;
  static constexpr char kNoun[] = "org";
  static constexpr char kOne[] = "an organisation";
  static constexpr char kExampleId[] = "flanders-make";
  static constexpr char kDeleted[] = "deleted";
  static constexpr char kDeleteHelp[] = "Remove an organisation that nothing refers to";
  static constexpr absl::string_view kCollection = kOrganisations;

  static auto List() { return &Stub::ListOrganisations; }
  static auto Get() { return &Stub::GetOrganisation; }
  static auto Create() { return &Stub::CreateOrganisation; }
  static auto Update() { return &Stub::UpdateOrganisation; }
  static auto Delete() { return &Stub::DeleteOrganisation; }
  static const auto& Records(const ListReply& reply) { return reply.organisations(); }
  static void SetCreate(const std::string& id, Record record, CreateRequest* request) {
    request->set_organisation_id(id);
    *request->mutable_organisation() = std::move(record);
  }
  static Record* UpdateTarget(UpdateRequest* request) { return request->mutable_organisation(); }
  static std::vector<std::string> CreateExamples() {
    return {"labslot org create acme kind=sme display_name=\"Acme DEMO\" region=BE22",
            "labslot org create ror-lab kind=research identifiers=\"{ror: 05wv8fb92}\""};
  }
  static std::vector<std::string> UpdateExamples() {
    return {"labslot org update acme region=BE23",
            "labslot org update acme size_class=medium --reason \"accounts of 2026\""};
  }
  static Table Rows(const std::vector<Record>& records);
};

// Nothing, where it is not stated.
std::string SizeText(v1::Organisation::SizeClass size) {
  if (size == v1::Organisation::SIZE_CLASS_UNSPECIFIED) return "";
  return EnumWords(v1::Organisation::SizeClass_Name(size), "");
}

Table OrganisationKind::Rows(const std::vector<v1::Organisation>& organisations) {
  Table table;
  table.columns = {{"ORGANISATION"},
                   {"NAME", Shown::kAlways, false, true},
                   {"KIND"},
                   {"REGION"},
                   {"SIZE", Shown::kWide}};
  table.when_empty = "no organisations found";
  for (const v1::Organisation& one : organisations) {
    table.rows.push_back({ShortName(one.name()), one.display_name(),
                          EnumWords(v1::Organisation::Kind_Name(one.kind()), "KIND_"), one.region(),
                          SizeText(one.size_class())});
  }
  return table;
}

}  // namespace

void AddOrganisationCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddRecordCommands<OrganisationKind>(root, session, "Who uses and owns assets");
  AddPlainList<OrganisationKind>(*group, session);
}

}  // namespace labslot::client
