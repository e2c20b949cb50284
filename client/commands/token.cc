// token create, list and delete.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/time_grammar.h"
#include "google/protobuf/empty.pb.h"
#include "labslot/v1/directory_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::DirectoryService;

struct TokenOptions {
  std::string id;
  std::string user;
  std::string title;
  std::string expires;
  std::string request_id;
};

Table TokenTable(const google::protobuf::RepeatedPtrField<v1::Token>& tokens, absl::TimeZone zone) {
  Table table;
  table.columns = {
      {"TOKEN"}, {"USER"}, {"FOR", Shown::kAlways, false, true}, {"EXPIRES"}, {"ZONE"}};
  table.when_empty = "no tokens found";
  for (const v1::Token& token : tokens) {
    table.rows.push_back({ShortName(token.name()), ShortName(token.user()), token.display_name(),
                          TimeText(ToTime(token.expire_time()), zone), zone.name()});
  }
  return table;
}

absl::StatusOr<std::string> OwnName(Session& session) {
  const absl::StatusOr<v1::User> me =
      Read(session, &DirectoryService::Stub::WhoAmI, v1::WhoAmIRequest());
  if (!me.ok()) return me.status();
  if (me->name().empty()) {
    return absl::InvalidArgumentError(absl::StrCat("you are no user of the daemon but its ",
                                                   me->display_name(), "; name one with --user"));
  }
  return me->name();
}

// Tokens have no validate_only: sends without the flags of other writes.
template <typename Stub, typename Request, typename Reply>
absl::StatusOr<Reply> Send(Session& session, Connection::Method<Stub, Request, Reply> method,
                           Request request, const std::string& request_id) {
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  request.set_request_id(request_id.empty() ? NewRequestId() : request_id);
  return (*connection)->Write(method, request);
}

absl::Status CreateToken(Session& session, const TokenOptions& options) {
  const absl::StatusOr<TimeContext> times = TimesOfNoPlace(session);
  if (!times.ok()) return times.status();
  v1::CreateTokenRequest request;
  v1::Token* token = request.mutable_token();
  token->set_display_name(options.title);
  token->set_user(FullName(kUsers, options.user));
  if (options.user.empty()) {
    const absl::StatusOr<std::string> own = OwnName(session);
    if (!own.ok()) return own.status();
    token->set_user(*own);
  }
  if (!options.expires.empty()) {
    const absl::StatusOr<absl::Time> expires = ParseMoment(options.expires, *times);
    if (!expires.ok()) return expires.status();
    *token->mutable_expire_time() = ToTimestamp(*expires);
  }
  const auto created =
      Send(session, &DirectoryService::Stub::CreateToken, request, options.request_id);
  if (!created.ok()) return created.status();
  google::protobuf::RepeatedPtrField<v1::Token> one;
  *one.Add() = *created;
  Table table = TokenTable(one, times->zone);
  table.columns.push_back({"SECRET", Shown::kSheet});
  table.rows[0].push_back(created->secret());
  if (session.output.quiet() && session.output.ForPeople()) {
    session.output.Print(absl::StrCat(created->secret(), "\n"));
    return absl::OkStatus();
  }
  return session.output.ShowText(*created, table, [&] {
    return absl::StrCat(
        "Token ", ShortName(created->name()), " stands for ", ShortName(created->user()), " until ",
        TimeTextWithZone(ToTime(created->expire_time()), times->zone), ".\n",
        created->secret().empty()
            ? "Its secret was shown when it was created, and is not shown again.\n"
            : absl::StrCat("Its secret is shown this once:\n", Printable(created->secret()), "\n"));
  });
}

absl::Status ListTokens(Session& session, const TokenOptions& options) {
  const absl::StatusOr<TimeContext> times = TimesOfNoPlace(session);
  if (!times.ok()) return times.status();
  v1::ListTokensRequest request;
  request.set_user(FullName(kUsers, options.user));
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto reply =
      (*connection)
          ->ReadPages(&DirectoryService::Stub::ListTokens, request,
                      std::function<int(const v1::ListTokensResponse&)>(
                          [](const v1::ListTokensResponse& page) { return page.tokens_size(); }));
  if (!reply.ok()) return reply.status();
  return session.output.Show(*reply, TokenTable(reply->tokens(), times->zone));
}

absl::Status DeleteToken(Session& session, const TokenOptions& options) {
  v1::DeleteTokenRequest request;
  request.set_name(FullName(kTokens, options.id));
  const auto deleted =
      Send(session, &DirectoryService::Stub::DeleteToken, request, options.request_id);
  if (!deleted.ok()) return deleted.status();
  if (session.output.ForPeople() && !session.output.quiet()) {
    session.output.Print(absl::StrCat("Token ", ShortName(options.id), " is revoked.\n"));
  }
  return absl::OkStatus();
}

}  // namespace

void AddTokenCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddCommand(root, "token", "Access tokens for programs and remote clients",
                               {"labslot token create --for \"laptop\"", "labslot token list"});
  group->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& help,
                       const std::vector<std::string>& examples, auto act) {
    auto options = std::make_shared<TokenOptions>();
    CLI::App* command = AddCommand(*group, name, help, examples);
    command->callback([&session, options, act] {
      session.action = [&session, options, act] { return act(session, *options); };
    });
    return std::make_pair(command, options);
  };
  const auto [create, create_options] = add("create", "Issue a token; its secret is shown once",
                                            {"labslot token create --for laptop --expires +30d",
                                             "labslot token create --user anna -q > token.txt"},
                                            CreateToken);
  create->add_option("--user", create_options->user, "Whom it stands for (default: yourself)")
      ->type_name("USER");
  create->add_option("--for", create_options->title, "What it is for")->type_name("TITLE");
  create->add_option("--expires", create_options->expires, "Until when (default: 90 days)")
      ->type_name("TIME");
  create->add_option("--request-id", create_options->request_id, "Makes a repetition safe")
      ->type_name("ID");
  const auto [list, list_options] =
      add("list", "List tokens, without their secrets",
          {"labslot token list", "labslot token list --user anna"}, ListTokens);
  list->add_option("--user", list_options->user, "Only of this user")->type_name("USER");
  const auto [remove, remove_options] =
      add("delete", "Revoke a token at once",
          {"labslot token delete 7", "labslot token delete tokens/7"}, DeleteToken);
  remove->add_option("token", remove_options->id, "Its id")->type_name("ID")->required();
  remove->add_option("--request-id", remove_options->request_id, "Makes a repetition safe")
      ->type_name("ID");
}

}  // namespace labslot::client
