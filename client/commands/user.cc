// user list, show, create, update and delete.

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
#include "client/output/words.h"
#include "client/yaml/scalars.h"
#include "labslot/v1/directory_service.grpc.pb.h"

namespace labslot::client {
namespace {

struct UserKind {
  using Stub = v1::DirectoryService::Stub;
  using Record = v1::User;
  using ListRequest = v1::ListUsersRequest;
  using ListReply = v1::ListUsersResponse;
  using GetRequest = v1::GetUserRequest;
  using CreateRequest = v1::CreateUserRequest;
  using UpdateRequest = v1::UpdateUserRequest;
  using DeleteRequest = v1::DeleteUserRequest;
  static constexpr char kNoun[] = "user";
  static constexpr char kOne[] = "a user";
  static constexpr char kExampleId[] = "anna";
  static constexpr char kDeleted[] = "disabled";
  static constexpr char kDeleteHelp[] = "Disable a user and revoke the tokens; history stays";
  static constexpr absl::string_view kCollection = kUsers;

  static auto List() { return &Stub::ListUsers; }
  static auto Get() { return &Stub::GetUser; }
  static auto Create() { return &Stub::CreateUser; }
  static auto Update() { return &Stub::UpdateUser; }
  static auto Delete() { return &Stub::DeleteUser; }
  static const auto& Records(const ListReply& reply) { return reply.users(); }
  static void SetCreate(const std::string& id, Record record, CreateRequest* request) {
    request->set_user_id(id);
    *request->mutable_user() = std::move(record);
  }
  static Record* UpdateTarget(UpdateRequest* request) { return request->mutable_user(); }
  static std::vector<std::string> CreateExamples() {
    return {
        "labslot user create anna display_name=\"Anna DEMO\" organisations=[acme] unix_login=anna",
        "labslot user create bob organisations=[acme] role_bindings=\"[administrator]\""};
  }
  static std::vector<std::string> UpdateExamples() {
    return {
        "labslot user update anna email=anna@example.org",
        "labslot user update anna qualifications=\"[laser-4, {name: safety, expires: "
        "2027-12-31T00:00:00Z}]\"",
        "labslot user update anna role_bindings=\"[{role: asset_manager, scope: sites/lommel}]\"",
        "labslot user update carl role_bindings=\"[{role: auditor, scope: organisations/acme}]\""};
  }
  static Table Rows(const std::vector<Record>& records);
};

// "administrator, asset manager (sites/lommel)"
std::string RolesText(const v1::User& user) {
  std::vector<std::string> roles;
  for (const v1::RoleBinding& binding : user.role_bindings()) {
    std::string role = EnumWords(v1::Role_Name(binding.role()), "ROLE_");
    if (!binding.scope().empty()) absl::StrAppend(&role, " (", binding.scope(), ")");
    roles.push_back(role);
  }
  return absl::StrJoin(roles, ", ");
}

// "laser-4, safety until 2027-12-31T00:00:00Z"
std::string QualificationsText(const v1::User& user) {
  return absl::StrJoin(user.qualifications(), ", ",
                       [](std::string* out, const v1::Qualification& one) {
                         absl::StrAppend(out, one.name());
                         if (!one.has_expire_time()) return;
                         absl::StrAppend(out, " until ", WriteTimestamp(one.expire_time()));
                       });
}

Table UserKind::Rows(const std::vector<v1::User>& users) {
  Table table;
  table.columns = {{"USER"},
                   {"NAME", Shown::kAlways, false, true},
                   {"ORGANISATIONS"},
                   {"ROLES", Shown::kAlways, false, true},
                   {"LOGIN"},
                   {"STATE"},
                   {"EMAIL", Shown::kWide},
                   {"QUALIFICATIONS", Shown::kWide}};
  table.when_empty = "no users found";
  for (const v1::User& user : users) {
    std::vector<std::string> organisations;
    for (const std::string& name : user.organisations()) organisations.push_back(ShortName(name));
    table.rows.push_back({ShortName(user.name()), user.display_name(),
                          absl::StrJoin(organisations, ", "), RolesText(user), user.unix_login(),
                          EnumWords(v1::User::State_Name(user.state()), "STATE_"), user.email(),
                          QualificationsText(user)});
  }
  return table;
}

}  // namespace

void AddUserCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddRecordCommands<UserKind>(root, session, "Who may act");
  AddPlainList<UserKind>(*group, session);
}

}  // namespace labslot::client
