#include "daemon/storage/stored_messages.h"

namespace labslot::storage {
namespace {

std::optional<RoleBinding> FromStored(const stored::RoleBinding& binding) {
  if (binding.role() == stored::ROLE_UNSPECIFIED || !stored::Role_IsValid(binding.role()) ||
      !stored::ScopeKind_IsValid(binding.scope_kind())) {
    return std::nullopt;
  }
  RoleBinding result;
  result.role = static_cast<Role>(binding.role());
  result.scope.kind = static_cast<ScopeKind>(binding.scope_kind());
  result.scope.id = binding.scope_id();
  return result;
}

}  // namespace

void ToStored(const Organisation& organisation, stored::Organisation& out) {
  out.set_id(organisation.id);
  out.set_display_name(organisation.display_name);
  out.set_kind(static_cast<stored::OrganisationKind>(organisation.kind));
  out.set_region(organisation.region);
  out.set_size_class(static_cast<stored::SizeClass>(organisation.size_class));
  for (const auto& [scheme, value] : organisation.identifiers) {
    stored::Identifier& identifier = *out.add_identifiers();
    identifier.set_scheme(scheme);
    identifier.set_value(value);
  }
  out.set_create_time(organisation.create_time);
  out.set_update_delay(organisation.update_time - organisation.create_time);
  out.set_revision(organisation.revision);
}

std::optional<Organisation> FromStored(const stored::Organisation& organisation) {
  if (organisation.kind() == stored::ORGANISATION_KIND_UNSPECIFIED ||
      !stored::OrganisationKind_IsValid(organisation.kind()) ||
      !stored::SizeClass_IsValid(organisation.size_class())) {
    return std::nullopt;
  }
  Organisation result;
  result.id = organisation.id();
  result.display_name = organisation.display_name();
  result.kind = static_cast<OrganisationKind>(organisation.kind());
  result.region = organisation.region();
  result.size_class = static_cast<SizeClass>(organisation.size_class());
  for (const auto& identifier : organisation.identifiers()) {
    result.identifiers.emplace(identifier.scheme(), identifier.value());
  }
  result.create_time = organisation.create_time();
  result.update_time = Sum(organisation.create_time(), organisation.update_delay());
  result.revision = organisation.revision();
  return result;
}

void ToStored(const User& user, stored::User& out) {
  out.set_id(user.id);
  out.set_display_name(user.display_name);
  out.set_email(user.email);
  ToStoredWords(user.organisations, *out.mutable_organisations());
  for (const RoleBinding& binding : user.role_bindings) {
    stored::RoleBinding& added = *out.add_role_bindings();
    added.set_role(static_cast<stored::Role>(binding.role));
    added.set_scope_kind(static_cast<stored::ScopeKind>(binding.scope.kind));
    added.set_scope_id(binding.scope.id);
  }
  out.set_unix_login(user.unix_login);
  out.set_state(static_cast<stored::UserState>(user.state));
  out.set_create_time(user.create_time);
  out.set_update_delay(user.update_time - user.create_time);
  out.set_revision(user.revision);
  for (const Qualification& qualification : user.qualifications) {
    stored::Qualification& added = *out.add_qualifications();
    added.set_name(qualification.name);
    added.set_expire_time(qualification.expire_time);
  }
}

std::optional<User> FromStored(const stored::User& user) {
  if (user.state() == stored::USER_STATE_UNSPECIFIED || !stored::UserState_IsValid(user.state())) {
    return std::nullopt;
  }
  User result;
  result.id = user.id();
  result.display_name = user.display_name();
  result.email = user.email();
  result.organisations = FromStoredWords(user.organisations());
  for (const auto& binding : user.role_bindings()) {
    std::optional<RoleBinding> read = FromStored(binding);
    if (!read) return std::nullopt;
    result.role_bindings.push_back(*std::move(read));
  }
  result.unix_login = user.unix_login();
  result.state = static_cast<UserState>(user.state());
  result.create_time = user.create_time();
  result.update_time = Sum(user.create_time(), user.update_delay());
  result.revision = user.revision();
  for (const auto& qualification : user.qualifications()) {
    result.qualifications.push_back(
        {.name = qualification.name(), .expire_time = qualification.expire_time()});
  }
  return result;
}

void ToStored(const Group& group, stored::Group& out) {
  out.set_id(group.id);
  out.set_display_name(group.display_name);
  out.set_description(group.description);
  ToStoredWords(group.users, *out.mutable_users());
  ToStoredWords(group.organisations, *out.mutable_organisations());
  out.set_create_time(group.create_time);
  out.set_update_delay(group.update_time - group.create_time);
  out.set_revision(group.revision);
}

std::optional<Group> FromStored(const stored::Group& group) {
  Group result;
  result.id = group.id();
  result.display_name = group.display_name();
  result.description = group.description();
  result.users = FromStoredWords(group.users());
  result.organisations = FromStoredWords(group.organisations());
  result.create_time = group.create_time();
  result.update_time = Sum(group.create_time(), group.update_delay());
  result.revision = group.revision();
  return result;
}

void ToStored(const Token& token, stored::Token& out) {
  out.set_id(token.id);
  out.set_user(token.user);
  out.set_display_name(token.display_name);
  out.set_secret_sha256(token.secret_sha256);
  out.set_expire_time(token.expire_time);
  out.set_create_time(token.create_time);
  out.set_revision(token.revision);
}

std::optional<Token> FromStored(const stored::Token& token) {
  Token result;
  result.id = token.id();
  result.user = token.user();
  result.display_name = token.display_name();
  result.secret_sha256 = token.secret_sha256();
  result.expire_time = token.expire_time();
  result.create_time = token.create_time();
  result.revision = token.revision();
  return result;
}

}  // namespace labslot::storage
