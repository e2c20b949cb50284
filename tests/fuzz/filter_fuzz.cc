// Filters of lists: each is read or refused in words that name `filter`, and what is
// read matches something or nothing without harm.

#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/service/convert/asset_filter.h"
#include "daemon/service/convert/filter.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/targets.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {
namespace {

using fuzz::Require;

void RequireViolations(const FieldErrors& errors, const std::string& field) {
  if (errors.ok()) return;
  const Error error = errors.ToError();
  Require(!error.fields.empty(), "a mistake is told");
  for (const FieldViolation& violation : error.fields) {
    Require(violation.field == field, "it is told where");
    Require(!violation.description.empty() && violation.description.size() < 5000,
            "it is told in words");
  }
}

void TryReservations(absl::string_view text) {
  static const Reservation* const reservation = new Reservation(FullReservation());
  FieldErrors errors;
  const ReservationFilter filter = FilterFromProto(text, errors);
  RequireViolations(errors, "filter");
  if (!errors.ok() || !Matches(filter, *reservation)) return;
  // All restrictions must hold: one more that does not hold leaves nothing.
  const std::string stricter = absl::StrCat(text, text.empty() ? "" : " AND ", "state != HELD");
  const ReservationFilter none = FilterFromProto(stricter, errors);
  if (errors.ok()) Require(!Matches(none, *reservation), "every restriction must hold");
}

void TryAssets(absl::string_view text) {
  static const Asset* const asset = new Asset(FullAsset());
  static const Site* const site = new Site(FullSite());
  FieldErrors errors;
  const AssetFilter filter = AssetFilterFromProto(text, errors);
  RequireViolations(errors, "filter");
  if (!errors.ok()) return;
  Require(!Matches(filter, *asset, nullptr) || Matches(filter, *asset, site),
          "a site more matches no less");
}

void TryOrder(absl::string_view text) {
  FieldErrors errors;
  OrderFromProto(text, errors);
  RequireViolations(errors, "order_by");
}

}  // namespace
}  // namespace labslot::service

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labslot::service;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  TryReservations(text);
  TryAssets(text);
  TryOrder(text);
  return 0;
}
