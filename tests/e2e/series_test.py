"""Series: what a contract bears, days of changing clocks, and changes from a day on."""

import datetime
import zoneinfo

import harness
from labslot.v1 import event_pb2, refusal_pb2, series_pb2
from world import (
    BRUSSELS, HOUR, Contract, State, at, bounds, clock_change, date, day, local, series,
)
from world_test_case import WorldTest

Rule = refusal_pb2.Violation
SKIP = Contract(kind=Contract.SKIP_CONFLICTS)
DAILY = "FREQ=DAILY;COUNT=3"


def rules(occurrence):
    return [violation.rule for violation in occurrence.refusal.violations]


class SeriesTest(WorldTest):
    def setUp(self):
        super().setUp()
        self.alice.WhoAmI()  # her token is made before revisions are counted

    def repeat(self, *args, by=None, **fields):
        request = {key: fields.pop(key) for key in ("request_id", "validate_only")
                   if key in fields}
        return (by or self.alice).CreateSeries(series=series(*args, **fields), **request)

    def occupy(self, number, clock="09:00", name="bench"):
        start = at(number, clock)
        return self.book(name, start, start + HOUR, user="users/bob")

    def runs(self, made):
        """The reservations of the granted occurrences, by day."""
        return [self.operator.GetReservation(name=occurrence.reservation)
                for occurrence in made.occurrences if occurrence.reservation]

    def states(self, made):
        return [run.state for run in self.runs(made)]


class ContractTest(SeriesTest):
    def test_each_day_is_a_reservation_of_its_own(self):
        made = self.repeat("bench", day(0), "09:00", DAILY, purpose="lesson")
        self.assertEqual([occurrence.date for occurrence in made.occurrences],
                         [date(day(number)) for number in range(3)])
        self.assertEqual(made.recurrence.time_zone, BRUSSELS)
        for number, run in enumerate(self.runs(made)):
            self.assertEqual(bounds(run.interval), (at(number, "09:00"), at(number, "10:00")))
            self.assertEqual((run.series, run.occurrence, run.purpose, run.user),
                             (made.name, date(day(number)), "lesson", "users/alice"))
        self.assertEqual(self.amir.GetSeries(name=made.name), made)
        self.assertEqual(list(self.amir.ListSeries().series), [made])

    def test_all_or_nothing_is_refused_for_one_day(self):
        self.occupy(1)
        before = self.revision()
        self.refused("CAPACITY_EXCEEDED", self.repeat, "bench", day(0), "09:00", DAILY)
        self.assertEqual(self.revision(), before)

    def test_a_refused_day_is_told_with_its_refusal(self):
        self.occupy(1)
        made = self.repeat("bench", day(0), "09:00", DAILY, contract=SKIP)
        self.assertEqual([bool(entry.reservation) for entry in made.occurrences],
                         [True, False, True])
        refused = made.occurrences[1]
        self.assertEqual(rules(refused), [Rule.CAPACITY_EXCEEDED])
        self.assertEqual(refused.refusal.violations[0].conflicts[0].reservation, "", "of bob")
        self.assertEqual(bounds(refused.interval), (at(1, "09:00"), at(1, "10:00")))
        self.assertEqual(self.alice.GetSeries(name=made.name), made)

    def test_at_most_so_many_days_may_be_refused(self):
        for number in (0, 1):
            self.occupy(number)
        for contract, bears in ((Contract(kind=Contract.AT_MOST, max_refused=1), False),
                                (Contract(kind=Contract.AT_MOST, max_refused_percent=50), False),
                                (Contract(kind=Contract.AT_MOST, max_refused=2), True),
                                (Contract(kind=Contract.AT_MOST, max_refused_percent=67), True)):
            with self.subTest(contract=contract):
                fields = {"contract": contract, "validate_only": True}
                if bears:
                    self.repeat("bench", day(0), "09:00", DAILY, **fields)
                else:
                    self.refused("CAPACITY_EXCEEDED", self.repeat, "bench", day(0), "09:00", DAILY,
                                 **fields)

    def test_a_dry_run_tells_all_and_changes_nothing(self):
        before = self.revision()
        would = self.repeat("bench", day(0), "09:00", DAILY, validate_only=True)
        self.assertEqual(len(would.occurrences), 3)
        self.assertEqual(self.revision(), before)
        self.assertFalse(self.alice.ListSeries().series)

    def test_a_repetition_gets_the_same_reply_and_another_body_is_an_error(self):
        first = self.repeat("bench", day(0), "09:00", DAILY, request_id="once")
        before = self.revision()
        self.assertEqual(self.repeat("bench", day(0), "09:00", DAILY, request_id="once"), first)
        self.assertEqual(self.revision(), before)
        self.fails("REQUEST_ID_REUSED", self.repeat, "bench", day(0), "10:00", DAILY,
                   request_id="once")

    def test_a_rule_without_end_is_invalid(self):
        self.invalid("series.recurrence.rrule", self.repeat, "bench", day(0), "09:00",
                     "FREQ=DAILY")

    def test_the_watch_tells_of_the_series_and_its_reservations_without_gap(self):
        before = self.revision()
        made = self.repeat("bench", day(0), "09:00", DAILY)
        head = self.revision()
        events = []
        stream = self.operator.Watch(after_revision=before, timeout=60)
        for message in stream:
            events.extend(message.events)
            if message.revision >= head:
                break
        stream.cancel()
        self.assertEqual([event.revision for event in events], list(range(before + 1, head + 1)))
        self.assertEqual({event.type for event in events}, {event_pb2.Event.CREATED})
        self.assertEqual(sorted(event.resource_name for event in events),
                         sorted([made.name] + [run.name for run in self.runs(made)]))

    def test_a_series_is_the_same_after_a_kill(self):
        self.occupy(1)
        made = self.repeat("bench", day(0), "09:00", DAILY, contract=SKIP)
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        self.assertEqual(self.operator.GetSeries(name=made.name), made)
        self.assertEqual(self.states(made), [State.STATE_CONFIRMED] * 2)


class ClockChangeTest(SeriesTest):
    def test_the_wall_clock_is_kept_over_both_changes(self):
        for month in (3, 10):
            with self.subTest(month=month):
                first = clock_change(month) - datetime.timedelta(1)
                made = self.repeat("bench", first, "09:00", DAILY)
                for number, run in enumerate(self.runs(made)):
                    this = first + datetime.timedelta(number)
                    self.assertEqual(bounds(run.interval),
                                     (local(this, "09:00"), local(this, "10:00")))
                self.assertEqual(len(made.occurrences), 3)

    def test_a_run_in_the_hour_that_spring_skips_is_refused(self):
        first = clock_change(3) - datetime.timedelta(1)
        self.refused("LOCAL_TIME_SKIPPED", self.repeat, "bench", first, "02:30", DAILY)
        made = self.repeat("bench", first, "02:30", DAILY, contract=SKIP)
        self.assertEqual(rules(made.occurrences[1]), [Rule.LOCAL_TIME_SKIPPED])
        self.assertFalse(made.occurrences[1].HasField("interval"))
        self.assertEqual(len(self.runs(made)), 2)

    def test_the_hour_that_autumn_repeats_takes_a_choice(self):
        sunday = clock_change(10)
        first = sunday - datetime.timedelta(1)
        self.invalid("series.recurrence.repeated_hour", self.repeat, "bench", first, "02:15", DAILY,
                     900, contract=SKIP)
        for choice, fold in ((series_pb2.Recurrence.FIRST, 0), (series_pb2.Recurrence.SECOND, 1)):
            with self.subTest(choice=choice):
                made = self.repeat("bench", first, "02:45", DAILY, 600, repeated_hour=choice,
                                   validate_only=True)
                start = datetime.datetime.combine(
                    sunday, datetime.time(2, 45), zoneinfo.ZoneInfo(BRUSSELS)).replace(fold=fold)
                self.assertEqual(made.occurrences[1].interval.start_time.seconds,
                                 int(start.timestamp()))


class ChangeTest(SeriesTest):
    def test_a_refused_day_is_tried_again(self):
        blocker = self.occupy(1)
        made = self.repeat("bench", day(0), "09:00", DAILY, contract=SKIP)
        self.refused("CAPACITY_EXCEEDED", self.alice.RetrySeries, name=made.name)
        self.operator.CancelReservation(name=blocker.name)
        again = self.alice.RetrySeries(name=made.name, dates=[date(day(1))])
        self.assertEqual(self.states(again), [State.STATE_CONFIRMED] * 3)
        self.assertEqual(again.occurrences[0], made.occurrences[0])

    def test_words_change_from_a_day_on(self):
        made = self.repeat("bench", day(0), "09:00", DAILY, purpose="old")
        self.alice.UpdateSeries(series={"name": made.name, "reservation": {"purpose": "new"}},
                                update_mask={"paths": ["reservation.purpose"]},
                                from_date=date(day(1)))
        self.assertEqual([run.purpose for run in self.runs(made)], ["old", "new", "new"])

    def test_a_series_is_never_in_its_own_way(self):
        made = self.repeat("bench", day(0), "09:00", DAILY)
        moved = series("bench", day(0), "09:30", DAILY)
        moved.name = made.name
        changed = self.alice.UpdateSeries(series=moved, update_mask={"paths": ["recurrence"]})
        self.assertEqual([bounds(run.interval)[0] for run in self.runs(changed)],
                         [at(number, "09:30") for number in range(3)])
        self.assertEqual([entry.reservation for entry in changed.occurrences],
                         [entry.reservation for entry in made.occurrences])

    def test_an_old_etag_changes_nothing(self):
        made = self.repeat("bench", day(0), "09:00", DAILY)
        self.alice.UpdateSeries(series={"name": made.name, "reservation": {"purpose": "new"}},
                                update_mask={"paths": ["reservation.purpose"]})
        self.fails("ETAG_MISMATCH", self.alice.CancelSeries, name=made.name, etag=made.etag)

    def test_a_series_is_called_off_from_a_day_on_and_in_whole(self):
        made = self.repeat("bench", day(0), "09:00", DAILY)
        self.alice.CancelSeries(name=made.name, from_date=date(day(1)), reason="ill")
        self.assertEqual(self.states(made), [State.STATE_CONFIRMED] + [State.STATE_CANCELLED] * 2)
        self.assertEqual(self.runs(made)[1].state_reason, "ill")
        self.occupy(1)
        gone = self.alice.CancelSeries(name=made.name, reason="gone")
        self.assertTrue(gone.cancelled)
        self.assertEqual(self.states(made), [State.STATE_CANCELLED] * 3)


if __name__ == "__main__":
    harness.main()
