#include "daemon/service/secret.h"

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"
#include "openssl/rand.h"

namespace labslot::service {
namespace {

template <size_t kBytes>
std::string RandomBytes() {
  std::array<unsigned char, kBytes> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    Die("the system gives no random numbers");
  }
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace

std::string NewSecret() {
  return absl::StrCat("labslot_", absl::WebSafeBase64Escape(RandomBytes<32>()));
}

std::string NewTokenId() { return absl::StrCat("t", absl::BytesToHexString(RandomBytes<10>())); }

}  // namespace labslot::service
