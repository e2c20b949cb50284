#include "daemon/storage/refused_requests.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/stored_messages.h"

namespace labslot::storage {
namespace {

std::optional<RefusedRequest> Decode(RefusedEntry key, absl::string_view bytes) {
  stored::RefusedRequest message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !stored::ActivityClass_IsValid(message.activity_class()) ||
      !stored::AccessMode_IsValid(message.access_mode())) {
    return std::nullopt;
  }
  return RefusedRequest{.asset = std::move(key.asset),
                        .run = {key.start, Sum(key.start, message.length())},
                        .quantity = Sum(message.more_units(), 1),
                        .user = message.user(),
                        .organisation = message.organisation(),
                        .project = message.project(),
                        .activity_class = static_cast<ActivityClass>(message.activity_class()),
                        .access_mode = static_cast<AccessMode>(message.access_mode()),
                        .time = key.time};
}

}  // namespace

Put RowOf(const RefusedRequest& refused, int64_t number) {
  stored::RefusedRequest message;
  message.set_length(refused.run.length());
  message.set_more_units(refused.quantity - 1);
  message.set_user(refused.user);
  message.set_organisation(refused.organisation);
  message.set_project(refused.project);
  message.set_activity_class(static_cast<stored::ActivityClass>(refused.activity_class));
  message.set_access_mode(static_cast<stored::AccessMode>(refused.access_mode));
  return {RefusedKey(refused.asset, refused.run.start, refused.time, number),
          message.SerializeAsString()};
}

absl::Status VisitRefused(const Snapshot& snapshot, absl::string_view asset, Instant from,
                          Instant to, const std::function<void(const RefusedRequest&)>& visitor) {
  const KeyRange range = RefusedRange(asset, from, to);
  absl::Status result;
  LABSLOT_RETURN_IF_ERROR(
      snapshot.Scan(range.from, range.to, [&](absl::string_view key, absl::string_view value) {
        std::optional<RefusedEntry> entry = ParseRefusedKey(key);
        const auto refused = entry ? Decode(*std::move(entry), value) : std::nullopt;
        if (!refused) {
          result = absl::DataLossError(absl::StrCat(DescribeKey(key), " is damaged in the store"));
          return false;
        }
        visitor(*refused);
        return true;
      }));
  return result;
}

}  // namespace labslot::storage
