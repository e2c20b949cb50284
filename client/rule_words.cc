#include "client/rule_words.h"

#include <array>

namespace labslot::client {
namespace {

using v1::Violation;

constexpr std::array<RuleWords, 36> kRules = {{
    {Violation::ASSET_RETIRED, "asset in service", "The equipment is not in service any more.",
     "It stays on record because old bookings refer to it.",
     "Look for a like one with `labslot find --kind`."},
    {Violation::QUANTITY_ABOVE_CAPACITY, "units there are",
     "You ask for more units or places than there are.", "Nobody can be given what is not there.",
     "Ask for fewer, as in `rigs:3`, or book a second asset beside it."},
    {Violation::ATTENDEES_ABOVE_LIMIT, "most attendees",
     "More people would come than the place may hold.",
     "It is usually the fire brigade's number, not the lab's.",
     "Come in smaller groups, or take a larger place."},
    {Violation::SITE_REQUIRED, "where it comes to",
     "The equipment is mobile, and the booking does not say where it shall come to.",
     "It has to be driven there and set up.",
     "Say where with `--site`; `labslot site list` shows the places."},
    {Violation::SITE_MISMATCH, "where it stands",
     "The equipment is fixed, and the booking names a site where it does not stand.",
     "It cannot be brought there.", "Leave out `--site`, or book a like asset at that site."},
    {Violation::START_IN_PAST, "not in the past", "The start has already passed.",
     "Bookings are plans; what has happened cannot be booked any more.",
     "Take a later start. `now` is the earliest."},
    {Violation::BEYOND_HORIZON, "booking horizon", "It ends further ahead than you may book.",
     "So that those who plan on short notice find slots too.",
     "Take an earlier date, or come back when the date is near enough."},
    {Violation::OUTSIDE_OPENING_HOURS, "opening hours",
     "The place is closed during a part of that time.",
     "Opening hours follow staff, neighbours and public holidays.",
     "Take a time in opening hours: `labslot calendar` shows the week, `labslot find` the next "
     "free slots."},
    {Violation::CAPACITY_EXCEEDED, "free units", "Others have booked it for a part of that time.",
     "Each unit serves one booking at a time, set-up and tear-down included.",
     "Take one of the alternatives, or ask the others whether they can move."},
    {Violation::RELATED_ASSET_BUSY, "related assets free",
     "Something that shares space or equipment with it is in use: a part of it, what it is a part "
     "of, or something that must not run beside it.",
     "The two cannot work at the same time.", "Take a time at which the other one is free."},
    {Violation::STATE_FORBIDS_CHANGE, "state allows it",
     "The reservation is in a state in which this cannot be done to it, such as cancelled or over.",
     "What has ended stays on record as it was.",
     "Look at it with `labslot show`; make a new booking if you need one."},
    {Violation::BREAKS_RESERVATIONS, "existing bookings",
     "The change would take the ground from under bookings that are there.",
     "Who has booked relies on it.", "Move or cancel those bookings first, or change less."},
    {Violation::STILL_REFERENCED, "nothing refers to it", "Other records still refer to it.",
     "They would point at nothing.", "Change or remove those first."},
    {Violation::NOT_A_MEMBER, "member of the organisation",
     "The user does not belong to the organisation that the booking is for.",
     "Organisations answer, and pay, for what is booked in their name.",
     "Leave out `--org` to book for your own, or ask an administrator to add you to it."},
    {Violation::USER_DISABLED, "active user", "The user's account is switched off.",
     "Who has left does not book any more.", "Book for somebody else, or ask an administrator."},
    {Violation::NOT_OPEN_FOR_HOLDER, "opening hours for you",
     "It is open then, but only for some groups, and neither you nor your organisation is in them.",
     "Some hours are kept for staff, trained users or partners.",
     "Take a time that is open to all: `labslot find` shows what you can book."},
    {Violation::TOO_SHORT, "shortest duration", "The booking is shorter than allowed.",
     "Starting and clearing up cost time that short slots waste.",
     "Book longer, or use it together with somebody else."},
    {Violation::TOO_LONG, "longest duration", "The booking is longer than allowed.",
     "So that everybody gets a turn.", "Book a shorter time, or several slots on different days."},
    {Violation::OFF_GRID, "steps of time",
     "It starts or ends between the steps that are used here.",
     "Even steps leave no gaps that are too short to use.",
     "Move the start and the end to the next step, as the limit says."},
    {Violation::NOT_A_SLOT, "fixed slots",
     "Here only whole slots, such as shifts, can be booked, and the times do not match one.",
     "Staff and processes follow these shifts.",
     "Take the times of a slot; the alternatives name the nearest."},
    {Violation::TOO_LATE, "notice", "It is too close to the start for this.",
     "Those who prepare the equipment, or could use the slot instead, need to know in time.",
     "Take a later start, or talk to those who manage the asset."},
    {Violation::LOCKED, "lock",
     "So close to its start a booking is not moved or shortened any more.",
     "Preparations have begun, and nobody else could use what is given back.",
     "Keep it as it is, or talk to those who manage the asset."},
    {Violation::TOO_CLOSE, "pause between bookings",
     "It follows too closely on another booking of the same holder.",
     "Between two bookings others shall have a chance.",
     "Leave a longer gap, or make the earlier booking longer."},
    {Violation::NOT_QUALIFIED, "qualification",
     "The user has not been trained for it, or the training expires before the end.",
     "It can hurt people, or be damaged, in untrained hands.",
     "Take the training, and ask an administrator to record it; or book with somebody who has it."},
    {Violation::COMPANION_MISSING, "what goes with it",
     "Something must be booked with it for the whole time: an operator, an area or an accessory.",
     "It cannot be run without.",
     "Name both in one booking, as in `labslot book sem operator ...`."},
    {Violation::SITE_UNSUITABLE, "what the site offers",
     "The site lacks what the equipment needs, such as power or height.",
     "It would arrive and could not work.",
     "Choose another site; `labslot site list -o wide` "
     "shows what they offer."},
    {Violation::NOT_ELIGIBLE, "who may book", "It is not for users or organisations of your kind.",
     "Who paid for the equipment, or public funding, decides who may use it.",
     "Ask those who manage the asset, or book a like one."},
    {Violation::APPROVAL_REQUIRED, "approval", "Somebody has to approve it.",
     "A person wants to look at such bookings first.",
     "Book it: it waits as pending until it is approved. You will see who may do that."},
    {Violation::HOLD_TOO_LONG, "longest hold", "The slot would be held for too long.",
     "What is held and not used is lost to others.",
     "Hold it for less time with `--ttl`, or book "
     "it now."},
    {Violation::PROTECTED, "protection",
     "So close to its start nobody but its user moves or cancels a booking.",
     "People have made their plans by then.", "Ask its user to change it."},
    {Violation::RESERVED_FOR_OTHERS, "kept for others",
     "It is kept for others, and becomes open to all closer to the start.",
     "They were promised a share; what they leave is handed back.",
     "Come back when it is open to all, or take another time."},
    {Violation::QUOTA_EXCEEDED, "quota", "You would have booked more than your share.",
     "Shares keep one user, or one organisation, from taking everything.",
     "Look at your share with `labslot quota usage`, cancel what you do not need, or take a time "
     "in another period."},
    {Violation::HOLIDAYS_UNKNOWN, "holidays known",
     "The public holidays of the region are not known that far ahead.",
     "The day might turn out to be a holiday, on which it is closed.",
     "Nothing needs to be done; look again when the holidays of that year are published."},
    {Violation::LOCAL_TIME_SKIPPED, "time exists",
     "In the night when summer time begins the clocks skip an hour, and the time falls into it.",
     "There is no such time on that day.", "Take a time before or after that hour on that day."},
    {Violation::LOCAL_TIME_REPEATED, "time is unique",
     "In the night when summer time ends the clocks show one hour twice, and the time falls into "
     "it.",
     "It could mean either.", "Say which with `--repeated-hour first` or `second`."},
    {Violation::COMPANION_NEEDED, "needed by another booking",
     "Another booking relies on this one: it may not run without it.",
     "The other one would be left without what it must have.",
     "Cancel or move the other booking first."},
}};

constexpr RuleWords kUnknown = {Violation::RULE_UNSPECIFIED, "a rule",
                                "It breaks a rule that this client is too old to explain.",
                                "The line above has the daemon's own words.",
                                "Take a newer client, or ask those who manage the asset."};

}  // namespace

const RuleWords& WordsOf(v1::Violation::Rule rule) {
  for (const RuleWords& words : kRules) {
    if (words.rule == rule) return words;
  }
  return kUnknown;
}

}  // namespace labslot::client
