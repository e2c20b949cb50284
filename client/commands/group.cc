// group list, show, create, update and delete.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/record_commands.h"
#include "client/names.h"
#include "labslot/v1/directory_service.grpc.pb.h"

namespace labslot::client {
namespace {

struct GroupKind {
  using Stub = v1::DirectoryService::Stub;
  using Record = v1::Group;
  using ListRequest = v1::ListGroupsRequest;
  using ListReply = v1::ListGroupsResponse;
  using GetRequest = v1::GetGroupRequest;
  using CreateRequest = v1::CreateGroupRequest;
  using UpdateRequest = v1::UpdateGroupRequest;
  using DeleteRequest = v1::DeleteGroupRequest;
  static constexpr char kNoun[] = "group";
  static constexpr char kOne[] = "a group";
  static constexpr char kExampleId[] = "partners";
  static constexpr char kDeleted[] = "deleted";
  static constexpr char kDeleteHelp[] = "Remove a group that no rule or calendar refers to";
  static constexpr absl::string_view kCollection = kGroups;

  static auto List() { return &Stub::ListGroups; }
  static auto Get() { return &Stub::GetGroup; }
  static auto Create() { return &Stub::CreateGroup; }
  static auto Update() { return &Stub::UpdateGroup; }
  static auto Delete() { return &Stub::DeleteGroup; }
  static const auto& Records(const ListReply& reply) { return reply.groups(); }
  static void SetCreate(const std::string& id, Record record, CreateRequest* request) {
    request->set_group_id(id);
    *request->mutable_group() = std::move(record);
  }
  static Record* UpdateTarget(UpdateRequest* request) { return request->mutable_group(); }
  static std::vector<std::string> CreateExamples() {
    return {"labslot group create partners display_name=Partners organisations=[acme]",
            "labslot group create laser-crew users=\"[anna, bob]\""};
  }
  static std::vector<std::string> UpdateExamples() {
    return {"labslot group update partners organisations=\"[acme, demo-metaal]\"",
            "labslot group update laser-crew users=[anna] --reason \"bob left\""};
  }
  static Table Rows(const std::vector<Record>& records);
};

std::string ShortNames(const google::protobuf::RepeatedPtrField<std::string>& names) {
  return absl::StrJoin(
      names, ", ", [](std::string* out, const std::string& name) { out->append(ShortName(name)); });
}

Table GroupKind::Rows(const std::vector<v1::Group>& groups) {
  Table table;
  table.columns = {{"GROUP"},
                   {"NAME", Shown::kAlways, false, true},
                   {"USERS", Shown::kAlways, false, true},
                   {"ORGANISATIONS", Shown::kAlways, false, true},
                   {"DESCRIPTION", Shown::kWide, false, true}};
  table.when_empty = "no groups found";
  for (const v1::Group& group : groups) {
    table.rows.push_back({ShortName(group.name()), group.display_name(), ShortNames(group.users()),
                          ShortNames(group.organisations()), group.description()});
  }
  return table;
}

}  // namespace

void AddGroupCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddRecordCommands<GroupKind>(
      root, session, "Users and organisations that rules speak of by one name");
  AddPlainList<GroupKind>(*group, session);
}

}  // namespace labslot::client
