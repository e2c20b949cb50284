#include "daemon/service/convert/user.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

constexpr size_t kLongestEmail = 254;  // of RFC 5321's path
constexpr size_t kLongestLogin = 256;  // of Linux: LOGIN_NAME_MAX

struct ScopeCollection {
  ScopeKind kind;
  const char* collection;
};
constexpr ScopeCollection kScopeCollections[] = {
    {ScopeKind::kOrganisation, kOrganisations},
    {ScopeKind::kSite, kSites},
    {ScopeKind::kAsset, kAssets},
};

bool HasSpace(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); });
}

std::string EmailFromProto(absl::string_view text, absl::string_view path, FieldErrors& errors) {
  std::string email = LineFromProto(text, kLongestEmail, Presence::kOptional, path, errors);
  const size_t at = email.rfind('@');
  const bool legal = email.empty() || (at != std::string::npos && at > 0 && at + 1 < email.size() &&
                                       !HasSpace(email));
  if (!legal) errors.Add(path, absl::StrCat("must be like name@host; ", Quoted(email), " is not"));
  return email;
}

// Directories allow more than the tools that make local users, so only what
// no login can have is refused: it parts the fields of passwd, or a path.
std::string LoginFromProto(absl::string_view text, absl::string_view path, FieldErrors& errors) {
  std::string login = LineFromProto(text, kLongestLogin, Presence::kOptional, path, errors);
  if (HasSpace(login) || login.find_first_of(":/") != std::string::npos) {
    errors.Add(path, absl::StrCat("must be a login name, without spaces, ':' and '/'; ",
                                  Quoted(login), " is not"));
  }
  return login;
}

Scope ScopeFromProto(absl::string_view name, absl::string_view path, FieldErrors& errors) {
  if (name.empty()) return {};
  for (const ScopeCollection& scope : kScopeCollections) {
    if (std::optional<std::string> id = IdIn(scope.collection, name)) {
      return {scope.kind, *std::move(id)};
    }
  }
  errors.Add(path, absl::StrCat("must be empty (the whole platform), organisations/{id}, "
                                "sites/{id} or assets/{id}; ",
                                Quoted(name), " is not"));
  return {};
}

std::vector<RoleBinding> BindingsFromProto(const v1::User& proto, absl::string_view path,
                                           FieldErrors& errors) {
  CheckCount(proto.role_bindings_size(), limits::kMaxMemberships, path, errors);
  std::vector<RoleBinding> bindings;
  for (int i = 0; i < AtMost(proto.role_bindings_size(), limits::kMaxMemberships); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    FieldErrors own;
    RoleBinding binding;
    binding.role = EnumFromProto<Role>(proto.role_bindings(i).role(), Presence::kRequired,
                                       FieldPath(element, "role"), own);
    binding.scope =
        ScopeFromProto(proto.role_bindings(i).scope(), FieldPath(element, "scope"), own);
    for (const FieldViolation& violation : own.violations()) {
      errors.Add(violation.field, violation.description);
    }
    // What a malformed one stands for is not a repetition.
    if (!own.ok()) continue;
    if (std::find(bindings.begin(), bindings.end(), binding) != bindings.end()) {
      errors.Add(element, "must not repeat another role binding");
    }
    bindings.push_back(std::move(binding));
  }
  return bindings;
}

Qualification QualificationFromProto(const v1::Qualification& proto, absl::string_view path,
                                     FieldErrors& errors) {
  Qualification qualification;
  qualification.name = LineFromProto(proto.name(), limits::kMaxNameText, Presence::kRequired,
                                     FieldPath(path, "name"), errors);
  if (!proto.has_expire_time()) return qualification;
  const std::string expire_path = FieldPath(path, "expire_time");
  qualification.expire_time = InstantFromProto(proto.expire_time(), expire_path, errors);
  // Inside, a zero means that it is valid for good.
  if (proto.expire_time().seconds() == 0) {
    errors.Add(expire_path, "must be after 1970-01-01T00:00:00Z, or not set if it is for good");
  }
  return qualification;
}

std::vector<Qualification> QualificationsFromProto(const v1::User& proto, absl::string_view path,
                                                   FieldErrors& errors) {
  CheckCount(proto.qualifications_size(), limits::kMaxQualifications, path, errors);
  std::vector<Qualification> qualifications;
  std::set<std::string> seen;
  for (int i = 0; i < AtMost(proto.qualifications_size(), limits::kMaxQualifications); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    Qualification one = QualificationFromProto(proto.qualifications(i), element, errors);
    if (!one.name.empty() && !seen.insert(one.name).second) {
      errors.Add(FieldPath(element, "name"),
                 absl::StrCat("must not be listed twice: ", Quoted(one.name)));
    }
    qualifications.push_back(std::move(one));
  }
  return qualifications;
}

}  // namespace

User UserFromProto(const v1::User& proto, absl::string_view id, absl::string_view path,
                   FieldErrors& errors) {
  User user;
  user.id = std::string(id);
  user.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText, Presence::kOptional,
                                    FieldPath(path, "display_name"), errors);
  user.email = EmailFromProto(proto.email(), FieldPath(path, "email"), errors);
  user.organisations = IdsFromNames(kOrganisations, proto.organisations(), limits::kMaxMemberships,
                                    FieldPath(path, "organisations"), errors);
  user.role_bindings = BindingsFromProto(proto, FieldPath(path, "role_bindings"), errors);
  user.unix_login = LoginFromProto(proto.unix_login(), FieldPath(path, "unix_login"), errors);
  user.qualifications = QualificationsFromProto(proto, FieldPath(path, "qualifications"), errors);
  return user;
}

void ToProto(const User& user, v1::User& proto) {
  proto.set_name(NameOf(kUsers, user.id));
  proto.set_display_name(user.display_name);
  proto.set_email(user.email);
  for (const std::string& organisation : user.organisations) {
    proto.add_organisations(NameOf(kOrganisations, organisation));
  }
  for (const RoleBinding& binding : user.role_bindings) {
    v1::RoleBinding& added = *proto.add_role_bindings();
    added.set_role(static_cast<v1::Role>(binding.role));
    added.set_scope(NameOfScope(binding.scope));
  }
  proto.set_unix_login(user.unix_login);
  proto.set_state(static_cast<v1::User::State>(user.state));
  ToProto(user.create_time, *proto.mutable_create_time());
  ToProto(user.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(user.revision));
  for (const Qualification& qualification : user.qualifications) {
    v1::Qualification& added = *proto.add_qualifications();
    added.set_name(qualification.name);
    if (qualification.expire_time != 0) {
      ToProto(qualification.expire_time, *added.mutable_expire_time());
    }
  }
}

std::string NameOfScope(const Scope& scope) {
  for (const ScopeCollection& entry : kScopeCollections) {
    if (entry.kind == scope.kind) return NameOf(entry.collection, scope.id);
  }
  return "";
}

}  // namespace labslot::service
