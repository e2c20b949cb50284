#ifndef LABSLOT_DAEMON_DOMAIN_DIRECTORY_H_
#define LABSLOT_DAEMON_DOMAIN_DIRECTORY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/base/clock.h"

namespace labslot {

enum class OrganisationKind {
  kSme = 1,
  kLarge = 2,
  kResearch = 3,
  kEducation = 4,
  kPublic = 5,
  kOperator = 6,
};

// Numbers are those of the API.
enum class SizeClass { kUnspecified = 0, kMicro = 1, kSmall = 2, kMedium = 3, kLarge = 4 };

struct Organisation {
  std::string id;
  std::string display_name;
  OrganisationKind kind = OrganisationKind::kResearch;
  SizeClass size_class = SizeClass::kUnspecified;
  std::string region;
  std::map<std::string, std::string> identifiers;  // by scheme
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Organisation&, const Organisation&) = default;
};

enum class Role { kAdministrator = 1, kAssetManager = 2, kMember = 3, kAuditor = 4 };

enum class ScopeKind { kPlatform = 0, kOrganisation = 1, kSite = 2, kAsset = 3 };

// Where a role holds.
struct Scope {
  ScopeKind kind = ScopeKind::kPlatform;
  std::string id;  // empty for the platform
  friend bool operator==(const Scope&, const Scope&) = default;
};

struct RoleBinding {
  Role role = Role::kMember;
  Scope scope;
  friend bool operator==(const RoleBinding&, const RoleBinding&) = default;
};

// Something a user has learnt or was trained for.
struct Qualification {
  std::string name;         // a word, such as `laser-4`
  Instant expire_time = 0;  // 0: never
  friend bool operator==(const Qualification&, const Qualification&) = default;
};

enum class UserState { kActive = 1, kDisabled = 2 };

// A person or a service that acts.
struct User {
  std::string id;
  std::string display_name;
  std::string email;
  std::vector<std::string> organisations;  // the first is the default
  std::vector<RoleBinding> role_bindings;
  std::string unix_login;
  std::vector<Qualification> qualifications;  // each name once
  UserState state = UserState::kActive;
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const User&, const User&) = default;
};

// Users and organisations that rules speak of by one name.
struct Group {
  std::string id;
  std::string display_name;
  std::string description;
  std::vector<std::string> users;
  std::vector<std::string> organisations;  // what is booked for them
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Group&, const Group&) = default;
};

// A bearer token. Its secret is never stored, only the SHA-256 of it.
struct Token {
  std::string id;
  std::string user;
  std::string display_name;
  std::string secret_sha256;  // 32 bytes
  Instant expire_time = 0;
  Instant create_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Token&, const Token&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_DIRECTORY_H_
