"""The life of a reservation, told through the API of the real daemon."""

import threading
from concurrent import futures

import harness  # first: it puts the stubs on the path
from google.protobuf import field_mask_pb2
from world import (
    HOUR, MINUTE, State, at, booking, bounds, duration, iso, item, span,
)
from world_test_case import WorldTest


def mask(*paths):
    return field_mask_pb2.FieldMask(paths=paths)


class LifeTest(WorldTest):
    def test_what_was_created_can_be_read_and_listed(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"), by=self.alice,
                         display_name="Cracks", purpose="Look at cracks", project="P-1",
                         attendees=2, priority=5, labels={"sample": "weld"})
        self.assertRegex(made.name, r"^reservations/[1-9][0-9]*$")
        self.assertEqual(made.state, State.STATE_CONFIRMED)
        self.assertEqual(made.user, "users/alice", "empty means the caller")
        self.assertEqual(made.organisation, "organisations/acme", "empty means his first one")
        self.assertEqual(made.time_zone, "Europe/Brussels")
        self.assertEqual(made.items[0].quantity, 1, "0 means 1")
        self.assertEqual((made.display_name, made.project, dict(made.labels)),
                         ("Cracks", "P-1", {"sample": "weld"}))
        self.assertTrue(made.etag)
        self.assertEqual(made.create_time, made.update_time)
        self.assertEqual(self.alice.GetReservation(name=made.name), made)
        listed = self.alice.ListReservations(filter='asset = "assets/sem"').reservations
        self.assertEqual(list(listed), [made])

    def test_a_batch_is_made_whole_or_not_at_all(self):
        def wish(start, end, name="sem"):
            return {"reservation": booking(name, at(0, start), at(0, end))}
        wishes = [wish("09:00", "10:00"), wish("10:00", "11:00"), wish("09:00", "12:00", "bench")]
        rehearsed = self.alice.BatchCreateReservations(requests=wishes, validate_only=True)
        self.assertEqual([made.name for made in rehearsed.reservations], [""] * 3)
        batch = self.alice.BatchCreateReservations(requests=wishes, request_id="batch")
        self.assertEqual([made.items[0].asset for made in batch.reservations],
                         ["assets/sem", "assets/sem", "assets/bench"])
        for made in batch.reservations:
            self.assertEqual(self.alice.GetReservation(name=made.name), made)
        self.assertEqual(self.alice.BatchCreateReservations(requests=wishes, request_id="batch"),
                         batch)
        revision = self.operator.GetServerInfo().revision
        failure = self.refused("CAPACITY_EXCEEDED", self.alice.BatchCreateReservations, requests=[
            wish("13:00", "14:00"), wish("09:30", "09:45"), wish("13:00", "14:00")])
        self.assertEqual(failure.metadata["request"], "requests[1]")
        self.assertIn("requests[1]: ", failure.message)
        self.assertEqual(failure.refusal.violations[0].conflicts[0].reservation,
                         batch.reservations[0].name)
        self.assertEqual(self.operator.GetServerInfo().revision, revision)

    def test_a_move_frees_the_old_slot_and_takes_the_new_one(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        wanted = booking([], at(1, "09:00"), at(1, "11:00"), name=made.name, etag=made.etag)
        moved = self.operator.UpdateReservation(reservation=wanted, update_mask=mask("interval"),
                                                reason="sample is late")
        self.assertEqual(bounds(moved.interval), (at(1, "09:00"), at(1, "11:00")))
        self.assertNotEqual(moved.etag, made.etag)
        self.assertEqual((moved.name, moved.user, moved.items[0].asset),
                         (made.name, made.user, "assets/sem"))
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        self.refused("CAPACITY_EXCEEDED", self.book, "sem", at(1, "09:00"), at(1, "11:00"))

    def test_the_own_slot_never_stands_in_the_way_of_an_extension(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        wanted = booking([], at(0, "09:00"), at(0, "12:00"), name=made.name)
        longer = self.operator.UpdateReservation(reservation=wanted,
                                                 update_mask=mask("interval.end_time"))
        self.assertEqual(bounds(longer.interval), (at(0, "09:00"), at(0, "12:00")))

    def test_an_extension_into_a_neighbour_is_refused_and_changes_nothing(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        neighbour = self.book("sem", at(0, "12:00"), at(0, "13:00"))
        wanted = booking([], at(0, "09:00"), at(0, "12:30"), name=made.name)
        failure = self.refused("CAPACITY_EXCEEDED", self.operator.UpdateReservation,
                               reservation=wanted, update_mask=mask("interval"))
        conflicts = failure.refusal.violations[0].conflicts
        self.assertEqual([conflict.reservation for conflict in conflicts], [neighbour.name])
        self.assertEqual(self.operator.GetReservation(name=made.name), made)

    def test_an_update_leaves_alone_what_the_mask_does_not_name(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"), purpose="before", project="P-1")
        wanted = booking([], 1, 2, name=made.name, purpose="after", project="not this")
        changed = self.operator.UpdateReservation(reservation=wanted, update_mask=mask("purpose"))
        self.assertEqual((changed.purpose, changed.project), ("after", "P-1"))
        self.assertEqual(changed.interval, made.interval)

    def test_items_can_be_exchanged(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        wanted = booking([item("sem-2")], 1, 2, name=made.name)
        changed = self.operator.UpdateReservation(reservation=wanted, update_mask=mask("items"))
        self.assertEqual([entry.asset for entry in changed.items], ["assets/sem-2"])
        self.book("sem", at(0, "09:00"), at(0, "11:00"))

    def test_a_cancelled_reservation_frees_its_slot_and_stays_readable(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        gone = self.operator.CancelReservation(name=made.name, etag=made.etag, reason="ill")
        self.assertEqual((gone.state, gone.state_reason), (State.STATE_CANCELLED, "ill"))
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        self.assertEqual(self.operator.GetReservation(name=made.name), gone)

    def test_a_cancelled_reservation_cannot_be_changed_again(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        self.operator.CancelReservation(name=made.name)
        wanted = booking([], at(1, "09:00"), at(1, "10:00"), name=made.name)
        self.refused("STATE_FORBIDS_CHANGE", self.operator.UpdateReservation, reservation=wanted,
                     update_mask=mask("interval"))
        self.refused("STATE_FORBIDS_CHANGE", self.operator.CancelReservation, name=made.name)
        self.refused("STATE_FORBIDS_CHANGE", self.operator.ConfirmReservation, name=made.name)

    def test_an_unknown_reservation_is_not_found(self):
        for call in (self.operator.GetReservation, self.operator.CancelReservation,
                     self.operator.ConfirmReservation):
            failure = self.fails("RESOURCE_NOT_FOUND", call, name="reservations/424242")
            self.assertEqual(failure.metadata["resource"], "reservations/424242")

    def test_an_unknown_asset_is_not_found(self):
        failure = self.fails("RESOURCE_NOT_FOUND", self.book, "sen", at(0, "09:00"), at(0, "11:00"))
        self.assertEqual(failure.metadata["resource"], "assets/sen")


class HoldTest(WorldTest):
    def hold(self, seconds, **fields):
        return self.book("sem", at(0, "09:00"), at(0, "11:00"), hold_duration=duration(seconds),
                         **fields)

    def test_a_hold_blocks_until_it_is_confirmed(self):
        held = self.hold(HOUR)
        self.assertEqual(held.state, State.STATE_HELD)
        self.assertEqual(held.hold_expire_time.seconds, held.create_time.seconds + HOUR)
        self.refused("CAPACITY_EXCEEDED", self.book, "sem", at(0, "09:00"), at(0, "11:00"))
        firm = self.operator.ConfirmReservation(name=held.name, etag=held.etag)
        self.assertEqual(firm.state, State.STATE_CONFIRMED)
        self.assertFalse(firm.HasField("hold_expire_time"))

    def test_a_hold_that_runs_out_frees_its_slot(self):
        held = self.hold(1)
        over = self.wait_for_expiry(held.name)
        self.assertGreaterEqual(over.update_time.seconds, held.hold_expire_time.seconds)
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        self.refused("STATE_FORBIDS_CHANGE", self.operator.ConfirmReservation, name=held.name)
        last = self.operator.ListEvents(resources=[held.name]).events[-1]
        self.assertEqual((last.actor, last.Type.Name(last.type)), ("daemon", "EXPIRED"))

    def test_a_hold_that_ran_out_while_the_daemon_was_down_is_over_after_it(self):
        held = self.hold(1)
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        self.wait_for_expiry(held.name)

    def test_a_hold_can_be_cancelled(self):
        held = self.hold(HOUR)
        gone = self.operator.CancelReservation(name=held.name)
        self.assertEqual(gone.state, State.STATE_CANCELLED)
        self.hold(HOUR)


class RequestIdTest(WorldTest):
    def create(self, request_id, start="09:00", by=None, **fields):
        return self.book("sem", at(0, start), at(0, "17:00"), request_id=request_id,
                         by=by, **fields)

    def test_a_repeated_create_gives_the_first_answer_and_changes_nothing(self):
        first = self.create("r-1")
        before = self.revision()
        self.assertEqual(self.create("r-1"), first)
        self.assertEqual(self.revision(), before)

    def test_a_repeated_create_gives_the_first_answer_after_a_restart(self):
        first = self.create("r-1")
        self.daemon.restart()
        self.operator = self.daemon.operator()
        self.assertEqual(self.create("r-1"), first)
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        self.assertEqual(self.create("r-1"), first)

    def test_a_repeated_create_gives_the_first_answer_after_the_cancellation(self):
        first = self.create("r-1")
        self.operator.CancelReservation(name=first.name)
        again = self.create("r-1")
        self.assertEqual(again.name, first.name)
        listed = self.operator.ListReservations(filter='asset = "assets/sem"').reservations
        self.assertEqual(len(listed), 1, "nothing new came of it")

    def test_another_body_under_the_same_id_is_an_error(self):
        self.create("r-1")
        before = self.revision()
        self.fails("REQUEST_ID_REUSED", self.create, "r-1", start="10:00")
        self.assertEqual(self.revision(), before)

    def test_the_id_of_another_method_is_an_error(self):
        made = self.create("r-1")
        self.fails("REQUEST_ID_REUSED", self.operator.CancelReservation, name=made.name,
                   request_id="r-1")
        self.assertEqual(self.operator.GetReservation(name=made.name).state, State.STATE_CONFIRMED)

    def test_a_refused_request_is_judged_anew(self):
        blocker = self.create("r-1")
        self.refused("CAPACITY_EXCEEDED", self.create, "r-2")
        self.operator.CancelReservation(name=blocker.name)
        self.assertEqual(self.create("r-2").state, State.STATE_CONFIRMED)

    def test_moves_cancellations_and_confirmations_are_repeatable(self):
        made = self.create("r-1", hold_duration=duration(HOUR))
        for call, fields in (
                (self.operator.ConfirmReservation, {"name": made.name}),
                (self.operator.UpdateReservation, {
                    "reservation": booking([], at(1, "09:00"), at(1, "10:00"), name=made.name),
                    "update_mask": mask("interval")}),
                (self.operator.CancelReservation, {"name": made.name, "reason": "enough"})):
            with self.subTest(call=call):
                request_id = f"repeat-{fields}"[:100]
                first = call(request_id=request_id, **fields)
                before = self.revision()
                self.assertEqual(call(request_id=request_id, **fields), first)
                self.assertEqual(self.revision(), before)

    def test_an_id_belongs_to_its_caller(self):
        mine = self.create("r-1", by=self.alice)
        theirs = self.book("sem-2", at(0, "09:00"), at(0, "10:00"), by=self.bob, request_id="r-1")
        self.assertNotEqual(mine.name, theirs.name)
        self.assertEqual(theirs.user, "users/bob")


class DryRunTest(WorldTest):
    def test_a_dry_run_judges_in_full_and_writes_nothing(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        held = self.book("sem-2", at(0, "09:00"), at(0, "11:00"), hold_duration=duration(HOUR))
        before = self.revision()
        would = self.book("sem", at(1, "09:00"), at(1, "11:00"), validate_only=True)
        self.assertEqual(would.state, State.STATE_CONFIRMED)
        self.assertEqual(would.items[0].asset, "assets/sem")
        self.refused("CAPACITY_EXCEEDED", self.book, "sem", at(0, "09:00"), at(0, "11:00"),
                     validate_only=True)
        gone = self.operator.CancelReservation(name=made.name, validate_only=True)
        self.assertEqual(gone.state, State.STATE_CANCELLED)
        firm = self.operator.ConfirmReservation(name=held.name, validate_only=True)
        self.assertEqual(firm.state, State.STATE_CONFIRMED)
        wanted = booking([], at(2, "09:00"), at(2, "11:00"), name=made.name)
        moved = self.operator.UpdateReservation(reservation=wanted, update_mask=mask("interval"),
                                                validate_only=True)
        self.assertEqual(bounds(moved.interval), (at(2, "09:00"), at(2, "11:00")))
        self.assertEqual(self.revision(), before)
        self.assertEqual(self.operator.GetReservation(name=made.name), made)
        self.assertEqual(self.operator.GetReservation(name=held.name), held)

    def test_a_dry_run_does_not_use_up_its_request_id(self):
        fields = {"request_id": "r-1"}
        self.book("sem", at(0, "09:00"), at(0, "11:00"), validate_only=True, **fields)
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"), **fields)
        self.assertEqual(self.operator.GetReservation(name=made.name), made)


class EtagTest(WorldTest):
    def test_a_stale_etag_aborts_every_change(self):
        held = self.book("sem", at(0, "09:00"), at(0, "11:00"), hold_duration=duration(HOUR))
        self.operator.UpdateReservation(
            reservation=booking([], 1, 2, name=held.name, purpose="new"),
            update_mask=mask("purpose"))
        before = self.revision()
        stale = {"name": held.name, "etag": held.etag}
        self.fails("ETAG_MISMATCH", self.operator.ConfirmReservation, **stale)
        self.fails("ETAG_MISMATCH", self.operator.CancelReservation, **stale)
        self.fails("ETAG_MISMATCH", self.operator.UpdateReservation,
                   reservation=booking([], 1, 2, purpose="newer", **stale),
                   update_mask=mask("purpose"))
        self.assertEqual(self.revision(), before)

    def test_an_etag_that_never_was_one_is_malformed(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        self.invalid("etag", self.operator.CancelReservation, name=made.name, etag="yesterday")


class ListTest(WorldTest):
    def setUp(self):
        super().setUp()
        self.made = [self.book("bench", at(0, "00:00") + hour * HOUR,
                               at(0, "00:00") + hour * HOUR + 45 * MINUTE,
                               user="users/alice" if hour % 2 else "users/bob")
                     for hour in range(13)]

    def names(self, **fields):
        return [reservation.name for page in self.operator.pages("ListReservations", **fields)
                for reservation in page.reservations]

    def expected(self, keep=lambda index: True):
        return [made.name for index, made in enumerate(self.made) if keep(index)]

    def test_pages_give_everything_once_and_in_order(self):
        for size in (1, 5, 13, 100, 5000):
            with self.subTest(size=size):
                self.assertEqual(self.names(page_size=size), self.expected())
        first = self.operator.ListReservations(page_size=5)
        self.assertEqual(len(first.reservations), 5)

    def test_pages_can_run_backwards(self):
        backwards = self.expected()[::-1]
        self.assertEqual(self.names(page_size=4, order_by="start_time desc"), backwards)

    def test_a_page_read_on_after_new_bookings_repeats_nothing(self):
        first = self.operator.ListReservations(page_size=5)
        self.book("sem", at(0, "09:00"), at(0, "10:00"))
        self.operator.CancelReservation(name=self.made[2].name)
        rest = self.names(page_token=first.next_page_token)
        seen = [reservation.name for reservation in first.reservations]
        self.assertFalse(set(seen) & set(rest))
        self.assertTrue(set(self.expected()) <= set(seen) | set(rest))

    def test_filters_restrict(self):
        start = at(0, "00:00")
        for filter_, keep in (
                ('asset = "assets/bench"', lambda index: True),
                ('asset = "assets/sem"', lambda index: False),
                ('user = "users/bob"', lambda index: index % 2 == 0),
                ('organisation = "organisations/acme"', lambda index: index % 2),
                ('state = CONFIRMED', lambda index: True),
                ('state != CONFIRMED', lambda index: False),
                ('state = CANCELLED', lambda index: False),
                (f'start_time >= "{iso(start + 3 * HOUR)}"', lambda index: index >= 3),
                (f'start_time > "{iso(start + 3 * HOUR)}"', lambda index: index > 3),
                (f'start_time < "{iso(start + 5 * HOUR)}" AND end_time > "{iso(start + 2 * HOUR)}"',
                 lambda index: 2 <= index < 5),
                (f'end_time <= "{iso(start + 45 * MINUTE)}"', lambda index: index == 0),
                (f'user = "users/alice" AND start_time <= "{iso(start + 3 * HOUR)}"',
                 lambda index: index in (1, 3))):
            with self.subTest(filter=filter_):
                self.assertEqual(self.names(filter=filter_, page_size=2), self.expected(keep))

    def test_a_cancelled_one_is_found_by_its_state(self):
        self.operator.CancelReservation(name=self.made[4].name)
        self.assertEqual(self.names(filter="state = CANCELLED"), [self.made[4].name])
        self.assertNotIn(self.made[4].name, self.names(filter="state != CANCELLED"))

    def test_a_filter_that_is_not_understood_is_an_error(self):
        for filter_ in ("colour = red", "asset", 'asset > "assets/sem"', 'start_time = "today"',
                        'asset = "assets/sem" OR asset = "assets/bench"', 'start_time < "noon"',
                        'asset = "users/alice"', "state = SLEEPING", 'asset = "assets/sem',
                        '"' * 3000, "(" * 3000):
            with self.subTest(filter=filter_[:40]):
                self.invalid("filter", self.operator.ListReservations, filter=filter_)

    def test_a_token_from_elsewhere_is_an_error(self):
        token = self.operator.ListReservations(page_size=5).next_page_token
        asset_token = self.operator.ListAssets(page_size=2).next_page_token
        self.assertTrue(token and asset_token)
        for fields in ({"page_token": asset_token}, {"page_token": "what is this"},
                       {"page_token": token[:-2]}, {"page_token": token + "AA"},
                       {"page_token": token, "order_by": "start_time desc"},
                       {"page_token": token, "filter": 'asset = "assets/bench"'}):
            with self.subTest(fields=fields):
                self.invalid("page_token", self.operator.ListReservations, **fields)
        self.invalid("page_token", self.operator.ListAssets, page_token=token)
        self.invalid("page_size", self.operator.ListReservations, page_size=-1)
        self.invalid("order_by", self.operator.ListReservations, order_by="price")

    def test_a_changed_page_size_may_come_with_a_token(self):
        first = self.operator.ListReservations(page_size=5)
        rest = self.operator.ListReservations(page_size=100, page_token=first.next_page_token)
        self.assertEqual([entry.name for entry in rest.reservations], self.expected()[5:])


class ConcurrencyTest(WorldTest):
    """Many at once, from connections of their own."""

    def at_once(self, count, book):
        """What `count` simultaneous calls of book(number, client) led to."""
        start = threading.Barrier(count)
        clients = [self.daemon.operator() for _ in range(count)]

        def run(number):
            start.wait(harness.PATIENCE)
            try:
                return book(number, clients[number])
            except harness.Failure as failure:
                return failure

        with futures.ThreadPoolExecutor(count) as pool:
            return list(pool.map(run, range(count)))

    def granted(self, outcomes):
        """Those that were granted; all others were refused, and for the right reason."""
        failures = [entry for entry in outcomes if isinstance(entry, harness.Failure)]
        for failure in failures:
            self.assertIn("CAPACITY_EXCEEDED", failure.rules)
        return [entry for entry in outcomes if entry not in failures]

    def test_exactly_one_of_many_gets_the_slot(self):
        for turn in range(5):
            granted = self.granted(self.at_once(16, lambda _, client: self.book(
                "bench", at(turn, "09:00"), at(turn, "11:00"), by=client, user="users/alice")))
            self.assertEqual(len(granted), 1)

    def test_exactly_seven_of_many_get_a_rig(self):
        granted = self.granted(self.at_once(20, lambda number, client: self.book(
            "rigs", at(0, "09:00") + number, at(0, "11:00"), by=client, user="users/alice")))
        self.assertEqual(len(granted), 7)

    def test_one_request_id_from_many_at_once_books_once(self):
        before = self.revision()
        outcomes = self.at_once(16, lambda _, client: self.book(
            "bench", at(0, "09:00"), at(0, "11:00"), by=client, user="users/alice",
            request_id="once"))
        self.assertEqual(len({entry.SerializeToString() for entry in outcomes}), 1)
        self.assertEqual(self.revision(), before + 1)

    def test_a_read_sees_every_write_that_was_answered_before_it(self):
        reader = self.daemon.operator()
        start = at(0, "00:00")
        for hour in range(50):
            made = self.book("bench", start + hour * HOUR, start + (hour + 1) * HOUR)
            self.assertEqual(reader.GetReservation(name=made.name), made)
            listed = reader.ListReservations(order_by="start_time desc", page_size=1)
            self.assertEqual(listed.reservations[0], made)
            busy = reader.QueryFreeBusy(assets=["assets/bench"], interval=made.interval)
            self.assertEqual(busy.assets[0].occupancies[0].reservation, made.name)

    def test_of_many_that_change_one_version_one_succeeds(self):
        made = self.book("bench", at(0, "09:00"), at(0, "11:00"))
        outcomes = self.at_once(16, lambda number, client: client.UpdateReservation(
            reservation=booking([], 1, 2, name=made.name, etag=made.etag, purpose=f"{number}"),
            update_mask=mask("purpose")))
        stale = [entry for entry in outcomes if isinstance(entry, harness.Failure)]
        self.assertEqual({failure.reason for failure in stale}, {"ETAG_MISMATCH"})
        self.assertEqual(len(stale), 15)


class IntervalTest(WorldTest):
    def test_an_interval_is_read_as_it_was_written(self):
        made = self.book("bench", at(0, "09:00") + 1, at(0, "09:00") + 2)
        self.assertEqual(made.interval, span(at(0, "09:00") + 1, at(0, "09:00") + 2))


if __name__ == "__main__":
    harness.main()
