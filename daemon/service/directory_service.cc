#include "daemon/service/directory_service.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "daemon/service/record_methods.h"
#include "daemon/service/secret.h"

namespace labslot::service {
namespace {

using Service = v1::DirectoryService::AsyncService;

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

void AddDirectoryMethods(Service& service, const DaemonCore& core, Methods& methods) {
  methods.Add(service, &Service::RequestGetOrganisation, "/labslot.v1.DirectoryService/GetOrganisation", core, GetRecord<Organisation>);
  methods.Add(service, &Service::RequestListOrganisations, "/labslot.v1.DirectoryService/ListOrganisations", core, ListRecords<Organisation>);
  methods.Add(service, &Service::RequestCreateOrganisation, "/labslot.v1.DirectoryService/CreateOrganisation", core, CreateRecord<Organisation>);
  methods.Add(service, &Service::RequestUpdateOrganisation, "/labslot.v1.DirectoryService/UpdateOrganisation", core, UpdateRecord<Organisation>);
  methods.Add(service, &Service::RequestDeleteOrganisation, "/labslot.v1.DirectoryService/DeleteOrganisation", core, DeleteRecord<Organisation>);
  methods.Add(service, &Service::RequestGetUser, "/labslot.v1.DirectoryService/GetUser", core, GetRecord<User>);
  methods.Add(service, &Service::RequestListUsers, "/labslot.v1.DirectoryService/ListUsers", core, ListRecords<User>);
  methods.Add(service, &Service::RequestCreateUser, "/labslot.v1.DirectoryService/CreateUser", core, CreateRecord<User>);
  methods.Add(service, &Service::RequestUpdateUser, "/labslot.v1.DirectoryService/UpdateUser", core, UpdateRecord<User>);
  methods.Add(service, &Service::RequestDeleteUser, "/labslot.v1.DirectoryService/DeleteUser", core, DeleteRecord<User>);
  methods.Add(service, &Service::RequestWhoAmI, "/labslot.v1.DirectoryService/WhoAmI", core, WhoAmI);
  methods.Add(service, &Service::RequestCreateToken, "/labslot.v1.DirectoryService/CreateToken", core, CreateToken);
  methods.Add(service, &Service::RequestListTokens, "/labslot.v1.DirectoryService/ListTokens", core, ListTokens);
  methods.Add(service, &Service::RequestDeleteToken, "/labslot.v1.DirectoryService/DeleteToken", core, DeleteToken);
}

}  // namespace labslot::service
