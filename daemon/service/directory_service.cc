#include "daemon/service/directory_service.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/service/record_methods.h"
#include "daemon/service/secret.h"
#include "labslot/v1/directory_service.pb.h"

namespace labslot::service {
namespace {

void WhoAmI(const DaemonCore& core, const CallInfo& call, const v1::WhoAmIRequest&,
            const Reply<v1::User>& reply) {
  v1::User response;
  if (const User* user = core.catalogue().FindUser(call.principal.user)) {
    ToProto(*user, response);
  } else {
    response.set_display_name("local operator");
    response.add_role_bindings()->set_role(v1::ROLE_ADMINISTRATOR);
  }
  reply.Send(response);
}

void CreateToken(const DaemonCore& core, const CallInfo& call,
                 const v1::CreateTokenRequest& request, const Reply<v1::Token>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  Token token = TokenFromProto(request.token(), "token", errors);
  const std::string secret = NewSecret();
  token.secret_sha256 = Sha256(secret);
  token.id = NewTokenId();
  command.body = engine::CreateRecord{std::move(token)};
  SubmitCommand(core, call, std::move(command), errors, reply,
                [secret](const runtime::Answer& answer, v1::Token& response) {
                  ToProto(std::get<Token>(answer.result), response);
                  // What was issued the first time is not known any more.
                  if (!answer.replayed) response.set_secret(secret);
                });
}

void ListTokens(const DaemonCore& core, const CallInfo& call, const v1::ListTokensRequest& request,
                const Reply<v1::ListTokensResponse>& reply) {
  FieldErrors errors;
  const std::string user = IdFromName(kUsers, request.user(), Presence::kOptional, "user", errors);
  const bool all = engine::IsAdministrator(core.catalogue(), call.principal);
  if (errors.ok() && !all && user.empty()) {
    errors.Add("user", "must be set: only administrators list the tokens of all");
  }
  if (errors.ok() && !all && user != call.principal.user) {
    return reply.Fail(NotFound(request.user()));
  }
  ListAccepted<Token>(core, call, request, reply, errors,
                      [&](const Token& token) { return user.empty() || token.user == user; });
}

void DeleteToken(const DaemonCore& core, const CallInfo& call,
                 const v1::DeleteTokenRequest& request,
                 const Reply<google::protobuf::Empty>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  const std::string id = IdFromName(kTokens, request.name(), Presence::kRequired, "name", errors);
  command.body = engine::DeleteRecord{kTokens, id, 0};
  SubmitCommand(core, call, std::move(command), errors, reply,
                [](const runtime::Answer&, google::protobuf::Empty&) {});
}

}  // namespace

void AddDirectoryMethods(Methods& methods) {
  methods.Add("GetOrganisation", GetRecord<Organisation, v1::GetOrganisationRequest>);
  methods.Add(
      "ListOrganisations",
      ListRecords<Organisation, v1::ListOrganisationsRequest, v1::ListOrganisationsResponse>);
  methods.Add("CreateOrganisation", CreateRecord<Organisation, v1::CreateOrganisationRequest>);
  methods.Add("UpdateOrganisation", UpdateRecord<Organisation, v1::UpdateOrganisationRequest>);
  methods.Add("DeleteOrganisation", DeleteRecord<Organisation, v1::DeleteOrganisationRequest>);
  methods.Add("GetUser", GetRecord<User, v1::GetUserRequest>);
  methods.Add("ListUsers", ListRecords<User, v1::ListUsersRequest, v1::ListUsersResponse>);
  methods.Add("CreateUser", CreateRecord<User, v1::CreateUserRequest>);
  methods.Add("UpdateUser", UpdateRecord<User, v1::UpdateUserRequest>);
  methods.Add("DeleteUser", DeleteRecord<User, v1::DeleteUserRequest>);
  methods.Add("GetGroup", GetRecord<Group, v1::GetGroupRequest>);
  methods.Add("ListGroups", ListRecords<Group, v1::ListGroupsRequest, v1::ListGroupsResponse>);
  methods.Add("CreateGroup", CreateRecord<Group, v1::CreateGroupRequest>);
  methods.Add("UpdateGroup", UpdateRecord<Group, v1::UpdateGroupRequest>);
  methods.Add("DeleteGroup", DeleteRecord<Group, v1::DeleteGroupRequest>);
  methods.Add("WhoAmI", WhoAmI);
  methods.Add("CreateToken", CreateToken);
  methods.Add("ListTokens", ListTokens);
  methods.Add("DeleteToken", DeleteToken);
}

}  // namespace labslot::service
