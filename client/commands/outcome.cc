#include "client/commands/outcome.h"

#include "absl/strings/str_cat.h"
#include "client/approval_text.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/reservation_text.h"

namespace labslot::client {

using v1::Reservation;

std::string Details(Session& session, const Reservation& reservation, absl::TimeZone zone) {
  return absl::StrCat(ReservationText(reservation, zone), ApprovalText(session, reservation, zone),
                      WaitText(reservation));
}

absl::Status ShowOutcome(Session& session, const Reservation& reservation, const std::string& words,
                         const WriteFlags& write) {
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(reservation.time_zone());
  if (!zone.ok()) return zone.status();
  return session.output.ShowText(reservation, ReservationTable({reservation}, *zone, nullptr), [&] {
    return absl::StrCat("Reservation ", ShortName(reservation.name()), " ",
                        write.dry_run ? "would be " : "is ", words, ".", DryRunNote(write), "\n",
                        Details(session, reservation, *zone));
  });
}

}  // namespace labslot::client
