#include "tests/runtime/same_state.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/storage/codec.h"

namespace labslot::runtime {
namespace {

template <typename T>
void AddRecords(const engine::Records<T>& records, std::string& picture) {
  for (const auto& [id, record] : records) {
    absl::StrAppend(&picture, NameOf(Resource(*record)), " ",
                    absl::BytesToHexString(storage::EncodeRecord(*record)), "\n");
  }
}

}  // namespace

std::string PictureOf(const engine::State& state) {
  std::string picture = absl::StrCat("head ", state.head(), "\n");
  const engine::Catalogue& catalogue = state.catalogue();
  AddRecords(catalogue.sites(), picture);
  AddRecords(catalogue.assets(), picture);
  AddRecords(catalogue.holiday_regions(), picture);
  AddRecords(catalogue.organisations(), picture);
  AddRecords(catalogue.users(), picture);
  AddRecords(catalogue.tokens(), picture);
  for (const auto& entry : catalogue.assets()) {
    const std::string& id = entry.first;
    const engine::Timeline& timeline = state.timeline(id);
    const Interval always = {-1, limits::kLatestInstant * 2};
    for (const engine::Occupant& o : timeline.Overlapping(always, timeline.size())) {
      absl::StrAppend(&picture, id, " ", o.reservation, " ", o.blocked.start, "-", o.blocked.end,
                      " x", o.quantity, " ", o.set_up, "/", o.tear_down, " ", StateWord(o.state),
                      o.plain ? " plain of " : " of ", state.parties().Get(o.party).user, "/",
                      state.parties().Get(o.party).organisation, "/",
                      state.parties().Get(o.party).site, "\n");
    }
    timeline.VisitSteps(always, [&](const Interval& step, int32_t used) {
      if (used > 0) {
        absl::StrAppend(&picture, id, " used ", step.start, "-", step.end, " ", used, "\n");
      }
    });
  }
  for (const auto& [expires, id] : state.dues()) {
    absl::StrAppend(&picture, "hold ", id, " until ", expires, "\n");
  }
  return picture;
}

}  // namespace labslot::runtime
