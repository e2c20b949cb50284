#include "daemon/storage/stored_messages.h"

namespace labslot::storage {
namespace {

void ToStored(const Hit& hit, stored::Hit& out) {
  out.set_reservation(hit.reservation);
  out.set_outcome(static_cast<stored::HitOutcome>(hit.outcome));
  out.set_message(hit.message);
}

// False if one of them is damaged.
bool ReadHits(const stored::Outage& outage, std::vector<Hit>& out) {
  for (const auto& hit : outage.hits()) {
    Hit& added = out.emplace_back();
    if (!ReadEnumerator(hit.outcome(), stored::HitOutcome_IsValid, added.outcome)) return false;
    added.reservation = hit.reservation();
    added.message = hit.message();
  }
  return true;
}

}  // namespace

void ToStored(const Outage& outage, stored::Outage& out) {
  out.set_id(outage.id);
  out.set_asset(outage.asset);
  out.set_quantity(outage.quantity);
  ToStoredWords(outage.units, *out.mutable_units());
  out.set_start(outage.interval.start);
  out.set_length(outage.interval.length());
  out.set_open(outage.open);
  out.set_planned(outage.planned);
  out.set_category(outage.category);
  out.set_description(outage.description);
  for (const Hit& hit : outage.hits) ToStored(hit, *out.add_hits());
  out.set_create_time(outage.create_time);
  out.set_update_delay(outage.update_time - outage.create_time);
  out.set_revision(outage.revision);
}

std::optional<Outage> FromStored(const stored::Outage& outage) {
  Outage result;
  if (!ReadHits(outage, result.hits)) return std::nullopt;
  result.id = outage.id();
  result.asset = outage.asset();
  result.quantity = outage.quantity();
  result.units = FromStoredWords(outage.units());
  result.interval = {outage.start(), Sum(outage.start(), outage.length())};
  result.open = outage.open();
  result.planned = outage.planned();
  result.category = outage.category();
  result.description = outage.description();
  result.create_time = outage.create_time();
  result.update_time = Sum(outage.create_time(), outage.update_delay());
  result.revision = outage.revision();
  return result;
}

void ToStored(const Round& round, stored::Round& out) {
  out.set_id(round.id);
  out.set_display_name(round.display_name);
  out.set_description(round.description);
  ToStoredWords(round.assets, *out.mutable_assets());
  out.set_start(round.interval.start);
  out.set_length(round.interval.length());
  out.set_deadline(round.deadline);
  out.set_organisation_limit(round.organisation_limit);
  out.set_user_limit(round.user_limit);
  out.set_state(static_cast<stored::RoundState>(round.state));
  out.set_value(round.value);
  out.set_bound(round.bound);
  out.set_granted_count(round.granted_count);
  out.set_rejected_count(round.rejected_count);
  out.set_create_time(round.create_time);
  out.set_update_delay(round.update_time - round.create_time);
  out.set_revision(round.revision);
}

std::optional<Round> FromStored(const stored::Round& round) {
  Round result;
  if (!ReadEnumerator(round.state(), stored::RoundState_IsValid, result.state)) {
    return std::nullopt;
  }
  result.id = round.id();
  result.display_name = round.display_name();
  result.description = round.description();
  result.assets = FromStoredWords(round.assets());
  result.interval = {round.start(), Sum(round.start(), round.length())};
  result.deadline = round.deadline();
  result.organisation_limit = round.organisation_limit();
  result.user_limit = round.user_limit();
  result.value = round.value();
  result.bound = round.bound();
  result.granted_count = round.granted_count();
  result.rejected_count = round.rejected_count();
  result.create_time = round.create_time();
  result.update_time = Sum(round.create_time(), round.update_delay());
  result.revision = round.revision();
  return result;
}

}  // namespace labslot::storage
