#include "tests/bench/store_filler.h"

#include <chrono>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/domain/event.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "tests/bench/child.h"

namespace labslot::bench {
namespace {

constexpr Seconds kDay = 86400;
constexpr Seconds kHour = 3600;

// Writes a history of events into a store, in large commits.
class Filler {
 public:
  Filler(storage::Store& store, Instant begin) : store_(store), begin_(begin) {
    writes_.base = store.head();
    revision_ = writes_.base;
  }

  void Add(Resource record) {
    Event event;
    event.revision = ++revision_;
    event.time = begin_ - 30 * kDay;
    event.actor = "alice";
    std::visit([&](auto& r) { r.revision = revision_; }, record);
    if (auto* reservation = std::get_if<Reservation>(&record)) reservation->id = revision_;
    event.resource = std::move(record);
    storage::AppendEvent(event, nullptr, writes_);
    if (writes_.puts.size() > 20000) Commit();
  }

  void Commit() {
    writes_.revision = revision_;
    if (const absl::Status status = store_.Commit(writes_); !status.ok()) {
      Fail(std::string(status.message()));
    }
    writes_ = {};
    writes_.base = revision_;
  }

 private:
  storage::Store& store_;
  const Instant begin_;
  Revision revision_ = 0;
  storage::WriteSet writes_;
};

void AddRecords(Filler& filler, Instant begin) {
  Site site;
  site.id = "lommel";
  site.display_name = "Lommel";
  site.time_zone = "Europe/Brussels";
  site.calendar.emplace();
  site.calendar->weekly.push_back({0x7f, {4 * 3600, 23 * 3600, {}}});
  filler.Add(site);
  Organisation organisation;
  organisation.id = "acme";
  organisation.display_name = "Acme";
  filler.Add(organisation);
  User user;
  user.id = "alice";
  user.display_name = "Alice";
  user.organisations = {"acme"};
  filler.Add(user);
  for (int i = 0; i < kAssets; ++i) {
    Asset asset;
    asset.id = AssetId(i);
    asset.display_name = absl::StrCat("Microscope ", i);
    asset.kind = "microscope";
    asset.site = "lommel";
    asset.create_time = begin - 30 * kDay;
    filler.Add(asset);
  }
}

// Each takes some half-hours of its span.
void AddReservations(Filler& filler, const Layout& layout, int64_t count) {
  const int64_t places = 365 * layout.spans_a_day;
  const auto most_halves = static_cast<uint64_t>(layout.span / (kHour / 2));
  std::mt19937_64 random(1);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t place = i / kAssets * 1009 % places;
    const Instant start = layout.begin + place / layout.spans_a_day * kDay + 6 * kHour +
                          place % layout.spans_a_day * layout.span;
    Reservation reservation;
    reservation.items = {{AssetId(i % kAssets)}};
    reservation.interval = {start,
                            start + static_cast<Seconds>(1 + random() % most_halves) * kHour / 2};
    reservation.user = "alice";
    reservation.organisation = "acme";
    reservation.create_time = layout.begin - 30 * kDay;
    reservation.update_time = reservation.create_time;
    if (layout.over) {
      reservation.state = ReservationState::kCompleted;
      reservation.use.check_in = start + static_cast<Seconds>(random() % 600);
      reservation.use.check_out = reservation.interval.end;
    }
    filler.Add(std::move(reservation));
  }
  filler.Commit();
}

}  // namespace

std::string AssetId(int64_t number) { return absl::StrCat("microscope-", number); }

double FillStore(const std::string& folder, const Layout& layout, int64_t reservations) {
  const auto began = std::chrono::steady_clock::now();
  auto store = storage::RocksDbStore::Open(folder, {.write_out_at_end = true});
  if (!store.ok()) Fail(std::string(store.status().message()));
  Filler filler(**store, layout.begin);
  AddRecords(filler, layout.begin);
  AddReservations(filler, layout, reservations);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace labslot::bench
