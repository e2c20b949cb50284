#include "daemon/service/convert/filter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/restrictions.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/zoned_time.h"
#include "labslot/v1/reservation.pb.h"

namespace labslot::service {
namespace {

constexpr absl::string_view kFields =
    "asset, user, organisation, site, state, start_time, end_time";

struct NameField {
  absl::string_view field;
  const char* collection;
  std::optional<std::string> ReservationFilter::*id;
};
constexpr NameField kNameFields[] = {
    {"asset", kAssets, &ReservationFilter::asset},
    {"user", kUsers, &ReservationFilter::user},
    {"organisation", kOrganisations, &ReservationFilter::organisation},
    {"site", kSites, &ReservationFilter::site},
};

struct TimeField {
  absl::string_view field;
  Instant ReservationFilter::*min;
  Instant ReservationFilter::*max;
};
constexpr TimeField kTimeFields[] = {
    {"start_time", &ReservationFilter::start_min, &ReservationFilter::start_max},
    {"end_time", &ReservationFilter::end_min, &ReservationFilter::end_max},
};

// Reads one filter.
class FilterReader {
 public:
  explicit FilterReader(FieldErrors& errors) : errors_(errors) {}

  ReservationFilter Read(absl::string_view text) {
    ReadRestrictions(text, kFields, errors_, [&](const Restriction& r) { return Apply(r); });
    return filter_;
  }

 private:
  void Refuse(const FilterToken& at, absl::string_view what) { RefuseFilter(at, what, errors_); }

  bool Apply(const Restriction& restriction) {
    for (const NameField& field : kNameFields) {
      if (restriction.field.text == field.field) return ApplyName(field, restriction);
    }
    for (const TimeField& field : kTimeFields) {
      if (restriction.field.text == field.field) return ApplyTime(field, restriction);
    }
    if (restriction.field.text == "state") return ApplyState(restriction);
    Refuse(restriction.field, absl::StrCat("there is no field ", restriction.field.Description(),
                                           "; the fields are ", kFields));
    return true;
  }

  bool ApplyName(const NameField& field, const Restriction& restriction) {
    std::optional<std::string>& id = filter_.*field.id;
    std::optional<std::string> wanted = IdIn(field.collection, restriction.value.text);
    if (restriction.op.text != "=") {
      Refuse(restriction.op, absl::StrCat(field.field, " can be compared with = only"));
    }
    if (!wanted) {
      Refuse(restriction.value,
             absl::StrCat(field.field, " must be compared with a name like ", field.collection,
                          "/{id}; ", restriction.value.Description(), " is not"));
    } else if (id && *id != *wanted) {
      Refuse(restriction.field, absl::StrCat(field.field, " is restricted a second time"));
    } else {
      id = std::move(wanted);
    }
    return true;
  }

  bool ApplyState(const Restriction& restriction) {
    v1::Reservation::State state;
    if (!v1::Reservation::State_Parse(restriction.value.text, &state) &&
        !v1::Reservation::State_Parse("STATE_" + restriction.value.text, &state)) {
      state = v1::Reservation::STATE_UNSPECIFIED;
    }
    if (restriction.op.text != "=" && restriction.op.text != "!=") {
      Refuse(restriction.op, "state can be compared with = and != only");
    }
    if (state == v1::Reservation::STATE_UNSPECIFIED) {
      Refuse(restriction.value, absl::StrCat("there is no state ", restriction.value.Description(),
                                             "; the states are ", AllStates()));
      return true;
    }
    const auto meant = static_cast<ReservationState>(state);
    if (restriction.op.text == "!=") {
      filter_.states.Remove(meant);
    } else {
      filter_.states.KeepOnly(meant);
    }
    return true;
  }

  bool ApplyTime(const TimeField& field, const Restriction& restriction) {
    if (restriction.value.kind != FilterToken::Kind::kString) {
      Refuse(restriction.value,
             absl::StrCat(field.field, " must be compared with a time in quotes, such as ",
                          "\"2027-03-01T09:00:00Z\""));
      return false;
    }
    Instant time = 0;
    const std::string mistake = ReadZonedTime(restriction.value.text, time);
    if (!mistake.empty()) Refuse(restriction.value, mistake);
    Instant& min = filter_.*field.min;
    Instant& max = filter_.*field.max;
    if (restriction.op.text == "<") {
      max = std::min(max, time - 1);
    } else if (restriction.op.text == "<=") {
      max = std::min(max, time);
    } else if (restriction.op.text == ">") {
      min = std::max(min, time + 1);
    } else if (restriction.op.text == ">=") {
      min = std::max(min, time);
    } else {
      Refuse(restriction.op,
             absl::StrCat(field.field, " can be compared with <, <=, > and >= ", "only"));
    }
    return true;
  }

  static std::string AllStates() {
    std::string names;
    const auto& type = *v1::Reservation::State_descriptor();
    for (int i = 1; i < type.value_count(); ++i) {
      // Without `STATE_`, as they are usually written.
      absl::StrAppend(&names, i == 1 ? "" : ", ", type.value(i)->name().substr(6));
    }
    return names;
  }

  FieldErrors& errors_;
  ReservationFilter filter_;
};

}  // namespace

ReservationFilter FilterFromProto(absl::string_view filter, FieldErrors& errors) {
  return FilterReader(errors).Read(filter);
}

bool Matches(const ReservationFilter& filter, const Reservation& reservation) {
  const auto is = [](const std::optional<std::string>& wanted, const std::string& found) {
    return !wanted || *wanted == found;
  };
  const Interval& run = reservation.interval;
  return filter.states.Has(reservation.state) && filter.start_min <= run.start &&
         run.start <= filter.start_max && filter.end_min <= run.end && run.end <= filter.end_max &&
         is(filter.user, reservation.user) && is(filter.organisation, reservation.organisation) &&
         is(filter.site, reservation.site) &&
         (!filter.asset ||
          std::any_of(reservation.items.begin(), reservation.items.end(),
                      [&](const ReservationItem& item) { return item.asset == *filter.asset; }));
}

ReservationOrder OrderFromProto(absl::string_view order_by, FieldErrors& errors) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(order_by.substr(0, limits::kMaxFilterLength), ' ', absl::SkipEmpty());
  if (words.empty()) return ReservationOrder::kByStart;
  if (words[0] == "start_time") {
    if (words.size() == 1) return ReservationOrder::kByStart;
    if (words.size() == 2 && words[1] == "desc") return ReservationOrder::kByStartDescending;
  }
  errors.Add("order_by",
             absl::StrCat("must be 'start_time' or 'start_time desc', not ", Quoted(order_by)));
  return ReservationOrder::kByStart;
}

}  // namespace labslot::service
