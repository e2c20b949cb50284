#include "daemon/service/convert/page_token.h"

#include <algorithm>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/service/convert/fingerprint.h"

namespace labslot::service {
namespace {

// A token is base64url of: version, fingerprint of the request, position,
// checksum of all that.
constexpr char kVersion = '\x01';
constexpr size_t kChecksumBytes = 4;
constexpr size_t kOverhead = 1 + kFingerprintBytes + kChecksumBytes;
// Longer than any position; keeps megabytes from being decoded and hashed.
constexpr size_t kLongestToken = 4096;

std::string FingerprintOfPage(const google::protobuf::Message& request) {
  return FingerprintWithout({"page_token", "page_size"}, request.GetDescriptor()->full_name(),
                            request);
}

std::string ChecksumOf(absl::string_view bytes) { return Sha256(bytes).substr(0, kChecksumBytes); }

struct Token {
  std::string fingerprint;
  std::string position;
};

std::optional<Token> Decode(absl::string_view text) {
  std::string bytes;
  if (text.size() > kLongestToken || !absl::WebSafeBase64Unescape(text, &bytes) ||
      bytes.size() < kOverhead || bytes[0] != kVersion) {
    return std::nullopt;
  }
  const size_t body = bytes.size() - kChecksumBytes;
  if (bytes.substr(body) != ChecksumOf(bytes.substr(0, body))) return std::nullopt;
  return Token{bytes.substr(1, kFingerprintBytes),
               bytes.substr(1 + kFingerprintBytes, bytes.size() - kOverhead)};
}

}  // namespace

std::string PageTokenOf(const google::protobuf::Message& request, absl::string_view position) {
  const std::string body =
      absl::StrCat(std::string(1, kVersion), FingerprintOfPage(request), position);
  return absl::WebSafeBase64Escape(absl::StrCat(body, ChecksumOf(body)));
}

std::string PositionFromToken(const google::protobuf::Message& request, absl::string_view token,
                              FieldErrors& errors) {
  if (token.empty()) return "";
  const std::optional<Token> decoded = Decode(token);
  if (!decoded) {
    errors.Add("page_token", absl::StrCat("must be a next_page_token as it was received; ",
                                          Quoted(token), " is not"));
    return "";
  }
  if (decoded->fingerprint != FingerprintOfPage(request)) {
    errors.Add("page_token",
               "must come with the method and the fields that it was given out for; to ask for "
               "something else, leave it empty");
    return "";
  }
  return decoded->position;
}

int32_t PageSizeFromProto(int32_t page_size, FieldErrors& errors) {
  if (page_size < 0) {
    errors.Add("page_size", absl::StrCat("must not be negative; 0 means ", limits::kDefaultPageSize,
                                         ", and it is ", page_size));
    return limits::kDefaultPageSize;
  }
  if (page_size == 0) return limits::kDefaultPageSize;
  return std::min(page_size, limits::kMaxPageSize);
}

}  // namespace labslot::service
