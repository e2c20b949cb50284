// Page tokens: the input is taken for a token, and for a position that a token is made
// of.

#include <string>

#include "daemon/service/convert/page_token.h"
#include "labslot/v1/reservation_service.pb.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/targets.h"

namespace labslot::service {
namespace {

using fuzz::Require;

constexpr char kUrlSafe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=";

// Longer ones make tokens that are not read.
constexpr size_t kLongestPosition = 1000;

v1::ListReservationsRequest RequestWith(const std::string& filter) {
  v1::ListReservationsRequest request;
  request.set_filter(filter);
  return request;
}

bool IsRefused(const v1::ListReservationsRequest& request, absl::string_view token) {
  FieldErrors errors;
  const std::string position = PositionFromToken(request, token, errors);
  if (errors.ok()) return false;
  Require(position.empty(), "a refused token has no position");
  Require(errors.ToError().fields[0].field == "page_token", "the field is told");
  return true;
}

void TryToken(absl::string_view token) {
  const bool refused = IsRefused(RequestWith(""), token);
  Require(token.empty() || refused || IsRefused(RequestWith("state = HELD"), token),
          "a token is good for one request");
}

void TryPosition(absl::string_view position) {
  const v1::ListReservationsRequest request = RequestWith("state = HELD");
  const std::string token = PageTokenOf(request, position);
  Require(token.find_first_not_of(kUrlSafe) == std::string::npos, "a token fits into a URL");
  FieldErrors errors;
  Require(PositionFromToken(request, token, errors) == position && errors.ok(),
          "a token gives its position back");
  Require(IsRefused(RequestWith(""), token), "not for another request");
  std::string changed = token;
  char& letter = changed[position.size() % (changed.size() - 4)];
  letter = letter == 'A' ? 'B' : 'A';
  Require(IsRefused(request, changed), "a token that was changed is refused");
}

}  // namespace
}  // namespace labslot::service

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  labslot::service::TryToken(text);
  labslot::service::TryPosition(text.substr(0, labslot::service::kLongestPosition));
  return 0;
}
