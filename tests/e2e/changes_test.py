"""The log of changes: complete, in order, resumable, filtered by what one may see."""

import queue
import threading

import harness
from world import HOUR, State, asset, at, booking, duration, small_world
from world_test_case import WorldTest


class Watcher:
    """Collects the events of a watch on a thread of its own, and resumes on demand."""

    def __init__(self, client, after=None, resources=()):
        self.events = []
        self.revision = after
        self.resources = list(resources)
        self._arrived = queue.Queue()
        self.failure = None
        self.resume(client)

    def resume(self, client):
        fields = {} if self.revision is None else {"after_revision": self.revision}
        self.stream = client.Watch(resources=self.resources, timeout=60, **fields)
        self._thread = threading.Thread(target=self._read, args=(self.stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        try:
            for message in stream:
                self.events.extend(message.events)
                self.revision = message.revision
                self._arrived.put(message)
            self.failure = None
        except harness.Failure as failure:
            self.failure = failure

    def wait_for(self, revision):
        harness.eventually(f"the watch to reach {revision}",
                           lambda: self.revision is not None and self.revision >= revision)

    def leave(self):
        self.stream.cancel()
        self.join()

    def join(self):
        self._thread.join(harness.PATIENCE)
        assert not self._thread.is_alive(), "the stream must end"

    def revisions(self):
        return [event.revision for event in self.events]


class LogTest(WorldTest):
    def log(self, by=None, **fields):
        return [event for page in (by or self.operator).pages("ListEvents", **fields)
                for event in page.events]

    def test_the_operator_reads_the_log_without_gap(self):
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        head = self.revision()
        for size in (1, 7, 1000):
            with self.subTest(size=size):
                events = self.log(page_size=size)
                self.assertEqual([event.revision for event in events], list(range(1, head + 1)))
        times = [event.time.seconds for event in events]
        self.assertEqual(times, sorted(times))
        after = self.log(after_revision=head - 2)
        self.assertEqual([event.revision for event in after], [head - 1, head])
        page = self.operator.ListEvents(after_revision=head)
        self.assertEqual((len(page.events), page.revision), (0, head))

    def test_every_change_tells_who_what_and_why(self):
        held = self.book("sem", at(0, "09:00"), at(0, "11:00"), by=self.alice,
                         hold_duration=duration(HOUR))
        self.alice.ConfirmReservation(name=held.name)
        moved = self.operator.UpdateReservation(
            reservation=booking([], at(1, "09:00"), at(1, "11:00"), name=held.name),
            update_mask={"paths": ["interval"]}, reason="sample is late")
        gone = self.alice.CancelReservation(name=held.name, reason="ill")
        told = [(event.Type.Name(event.type), event.actor, event.reason)
                for event in self.log(resources=[held.name])]
        operator = told[2][1]
        self.assertEqual(told, [
            ("CREATED", "users/alice", ""), ("CONFIRMED", "users/alice", ""),
            ("UPDATED", operator, "sample is late"), ("CANCELLED", "users/alice", "ill")])
        self.assertTrue(operator)
        events = self.log(resources=[held.name])
        self.assertEqual([event.reservation for event in events][0], held)
        self.assertEqual([event.reservation for event in events][2:], [moved, gone])

    def test_an_asset_selects_its_reservations_too(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        self.book("bench", at(0, "09:00"), at(0, "11:00"))
        names = [event.resource_name for event in self.log(resources=["assets/sem"])]
        self.assertEqual(names, ["assets/sem", made.name])
        events = self.log(resources=["reservations"])
        self.assertEqual({event.resource_name.split("/")[0] for event in events}, {"reservations"})

    def test_a_revision_ahead_of_the_log_is_told(self):
        head = self.revision()
        failure = self.fails("REVISION_AHEAD", self.operator.ListEvents, after_revision=head + 1)
        self.assertEqual(failure.metadata["head_revision"], str(head))
        self.fails("REVISION_AHEAD", lambda: next(self.operator.Watch(after_revision=head + 1)))

    def test_an_unchanged_log_survives_a_restart(self):
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        before = self.log()
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        self.assertEqual(self.log(), before)

    def test_others_see_only_what_they_may_read(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"), by=self.alice)
        for person, may in ((self.alice, True), (self.amir, True), (self.kim, True),
                            (self.ada, True), (self.bob, False), (self.otto, False)):
            names = [event.resource_name for event in self.log(by=person)]
            self.assertEqual(made.name in names, may)
            self.assertIn("assets/sem", names)
        self.assertNotIn("users/alice", [event.resource_name for event in self.log(by=self.bob)])

    def test_a_token_is_in_the_log_without_its_secret(self):
        secret = self.operator.CreateToken(token={"user": "users/alice"}).secret
        events = self.log(resources=["tokens"])
        self.assertTrue(events)
        for event in events:
            self.assertEqual(event.token.secret, "")
            self.assertNotIn(secret.encode(), event.SerializeToString())


class WatchTest(WorldTest):
    def test_a_watch_from_the_start_gives_the_past_and_then_what_comes(self):
        watcher = Watcher(self.operator, after=0)
        head = self.revision()
        watcher.wait_for(head)
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        watcher.wait_for(head + 1)
        watcher.leave()
        self.assertEqual(watcher.revisions(), list(range(1, head + 2)))
        self.assertEqual(watcher.events[-1].reservation, made)

    def test_a_watch_from_now_on_gives_only_what_comes(self):
        watcher = Watcher(self.operator)
        # The first message tells from where on the stream watches.
        harness.eventually("the watch to begin", lambda: watcher.revision is not None)
        head = self.revision()
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        watcher.wait_for(head + 1)
        watcher.leave()
        self.assertEqual(watcher.revisions(), [head + 1])

    def test_a_resumed_watch_has_no_gap_and_no_repeat(self):
        watcher = Watcher(self.operator, after=0)
        start = at(0, "00:00")
        for turn in range(12):
            watcher.wait_for(self.revision() if turn % 3 else 1)
            watcher.leave()
            self.book("bench", start + 2 * turn * HOUR, start + (2 * turn + 1) * HOUR)
            if turn % 4 == 3:
                (self.daemon.kill if turn % 8 == 3 else self.daemon.stop)()
                self.daemon.start()
                self.operator = self.daemon.operator()
            watcher.resume(self.operator)
            self.book("bench", start + (2 * turn + 1) * HOUR, start + (2 * turn + 2) * HOUR)
        head = self.revision()
        watcher.wait_for(head)
        watcher.leave()
        self.assertEqual(watcher.revisions(), list(range(1, head + 1)))

    def test_a_watch_over_a_restart_ends_and_goes_on_from_where_it_was(self):
        watcher = Watcher(self.operator, after=0)
        watcher.wait_for(self.revision())
        self.daemon.restart()
        watcher.join()
        self.assertIsNotNone(watcher.failure)
        self.assertEqual(watcher.failure.code, harness.Code.UNAVAILABLE)
        self.operator = self.daemon.operator()
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        watcher.resume(self.operator)
        head = self.revision()
        watcher.wait_for(head)
        watcher.leave()
        self.assertEqual(watcher.revisions(), list(range(1, head + 1)))
        self.assertEqual(watcher.events[-1].reservation, made)

    def test_many_watchers_see_the_same(self):
        watchers = [Watcher(self.operator, after=0) for _ in range(10)]
        start = at(0, "00:00")
        for turn in range(20):
            self.book("bench", start + turn * HOUR, start + (turn + 1) * HOUR)
        head = self.revision()
        for watcher in watchers:
            watcher.wait_for(head)
            watcher.leave()
            self.assertEqual(watcher.revisions(), list(range(1, head + 1)))

    def test_a_stranger_is_told_how_far_the_log_was_read(self):
        stranger = Watcher(self.bob, after=0)
        self.book("sem", at(0, "09:00"), at(0, "11:00"), by=self.alice)
        self.operator.UpdateAsset(asset={"name": "assets/oven", "description": "hot"},
                                  update_mask={"paths": ["description"]})
        stranger.wait_for(self.revision())
        stranger.leave()
        self.assertFalse([event for event in stranger.events if event.HasField("reservation")])
        self.assertEqual(stranger.events[-1].resource_name, "assets/oven")

    def test_a_watched_asset_brings_its_reservations(self):
        watcher = Watcher(self.operator, after=self.revision(), resources=["assets/sem"])
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        self.book("bench", at(0, "09:00"), at(0, "11:00"))
        self.operator.CancelReservation(name=made.name)
        watcher.wait_for(self.revision())
        watcher.leave()
        self.assertEqual([event.reservation.state for event in watcher.events],
                         [State.STATE_CONFIRMED, State.STATE_CANCELLED])

    def test_an_event_is_seen_only_after_it_is_durable(self):
        # What a watcher saw is there after kill -9.
        watcher = Watcher(self.operator, after=self.revision())
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        watcher.wait_for(self.revision())
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.daemon.operator().GetReservation(name=made.name),
                         watcher.events[-1].reservation)

    def test_a_watcher_that_does_not_read_holds_up_nobody(self):
        idle = self.operator.Watch(after_revision=0)
        next(idle)
        start = at(0, "00:00")
        for turn in range(300):
            self.book("bench", start + turn * HOUR, start + (turn + 1) * HOUR, purpose="x" * 1000)
        watcher = Watcher(self.operator, after=0)
        watcher.wait_for(self.revision())
        watcher.leave()
        idle.cancel()


class WatcherCountTest(WorldTest):
    def test_open_watches_are_counted_and_ended_ones_are_not(self):
        def watchers(count):
            harness.eventually(f"{count} watchers",
                               lambda: self.operator.GetServerInfo().watcher_count == count)

        streams = [self.operator.Watch(after_revision=0) for _ in range(3)]
        for stream in streams:
            next(stream)
        watchers(3)
        for stream in streams:
            stream.cancel()
        watchers(0)


class ImportTest(WorldTest):
    def test_an_import_is_one_step_in_the_log(self):
        before = self.revision()
        self.operator.ImportCatalogue(catalogue={"assets": [asset("new-1"), asset("new-2")]})
        events = self.operator.ListEvents(after_revision=before).events
        self.assertEqual([event.resource_name for event in events], ["assets/new-1",
                                                                     "assets/new-2"])
        self.assertEqual(self.revision(), before + 2)

    def test_an_import_of_the_same_leaves_no_trace_in_the_log(self):
        before = self.revision()
        self.operator.ImportCatalogue(catalogue=small_world())
        self.assertEqual(self.revision(), before)


if __name__ == "__main__":
    harness.main()
