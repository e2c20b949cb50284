"""Peers that take more than their share: others are served, and memory is bounded."""

import re
import time

import harness
from harness import METHODS
from http2 import (
    Connection, DATA, EMPTY_MESSAGE, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, HEADERS,
    MAX_CONCURRENT_STREAMS, PING, RST_STREAM, frame, request_headers,
)
from world import HOUR, at, booking
from world_test_case import WorldTest

# Of the daemon; the constants of server.cc and watch_call.cc.
STREAMS_OF_CONNECTION = 256
WATCHERS_OF_USER = 1000

RESETS = 200_000 if harness.LONG else 20_000
BURST = 100
CANCEL = (8).to_bytes(4, "big")
MEBIBYTE = 1 << 20


class WireTest(WorldTest):
    def connection(self):
        connection = Connection(self.daemon.socket, harness.PATIENCE)
        self.addCleanup(connection.close)
        return connection


class OverloadTest(WireTest):
    def peak_memory(self):
        """The most that the daemon ever had resident, in bytes."""
        with open(f"/proc/{self.daemon.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM"))

    def assert_others_are_served(self):
        self.daemon.operator().GetAsset(name="assets/sem", timeout=5)

    def test_who_pings_all_the_time_is_cut_off(self):
        connection = self.connection()
        for _ in range(100):
            if not connection.send(frame(PING, 0, 0, b"x" * 8)):
                break
        self.assertTrue(connection.await_end())
        self.assertEqual(connection.goaway_code, ENHANCE_YOUR_CALM)
        self.assert_others_are_served()

    def test_more_streams_than_one_connection_may_have_end_it(self):
        connection = self.connection()
        self.assertEqual(connection.settings[MAX_CONCURRENT_STREAMS], STREAMS_OF_CONNECTION)
        headers = request_headers(METHODS["Watch"].path)

        def watch(number):
            stream = 2 * number + 1
            connection.send(frame(HEADERS, END_HEADERS, stream, headers),
                            frame(DATA, END_STREAM, stream, EMPTY_MESSAGE))

        def watchers(count):
            harness.eventually(f"{count} watchers",
                               lambda: self.operator.GetServerInfo().watcher_count == count)

        for number in range(STREAMS_OF_CONNECTION):
            watch(number)
        watchers(STREAMS_OF_CONNECTION)
        watch(STREAMS_OF_CONNECTION)
        self.assertTrue(connection.await_end())
        watchers(0)
        self.assert_others_are_served()

    def reset(self, path, count):
        """Opens so many calls, and resets them before they can be answered, or just after."""
        headers = request_headers(path)
        connection = self.connection()
        for first in range(0, count, BURST):
            streams = [2 * number + 1 for number in range(first, first + BURST)]
            calls = [frame(HEADERS, END_HEADERS, stream, headers)
                     + frame(DATA, END_STREAM, stream, EMPTY_MESSAGE) for stream in streams]
            resets = [frame(RST_STREAM, 0, stream, CANCEL) for stream in streams]
            # Half at once, half when the daemon has begun to answer.
            both = BURST // 2
            self.assertTrue(connection.send(*map(bytes.__add__, calls[:both], resets[:both]),
                                            *calls[both:]))
            self.assertTrue(connection.await_answer(streams[both]))
            self.assertTrue(connection.send(*resets[both:]))

    def test_a_flood_of_resets_leaves_the_daemon_serving_and_small(self):
        before = self.peak_memory()
        for name in ("WhoAmI", "Watch", "CreateReservation", "ListReservations"):
            with self.subTest(name=name):
                self.reset(METHODS[name].path, RESETS // 4)
                self.assert_others_are_served()
        harness.eventually("the watchers to be gone",
                           lambda: self.operator.GetServerInfo().watcher_count == 0)
        self.assertLess(self.peak_memory() - before, 256 * MEBIBYTE)

    def test_a_watcher_that_reads_late_misses_nothing(self):
        stream = self.operator.Watch(after_revision=0, timeout=60)
        message = next(stream)
        start = at(0, "00:00")
        for turn in range(300):
            self.book("bench", start + turn * HOUR, start + (turn + 1) * HOUR, purpose="x" * 1000)
        head = self.revision()
        revisions = [event.revision for event in message.events]
        while message.revision < head:
            message = next(stream)
            revisions += [event.revision for event in message.events]
        stream.cancel()
        self.assertEqual(revisions, list(range(1, head + 1)))


class SlowWatcherTest(WireTest):
    def make_daemon(self):
        return harness.Daemon(self.folder, "--watch_patience", "1s")

    def test_a_watcher_that_takes_nothing_is_cut_off_and_told_where_to_go_on(self):
        client = self.daemon.client(self.operator.CreateToken(token={"user": "users/ada"}).secret)
        stream = client.Watch(after_revision=0, timeout=60)
        revisions = [event.revision for event in next(stream).events]
        start = at(0, "00:00")
        # More than a client library takes in on its own.
        for day in range(0, 8000, 200):
            self.operator.BatchCreateReservations(requests=[
                {"reservation": booking("bench", start + hour * HOUR, start + (hour + 1) * HOUR,
                                        user="users/alice", purpose="x" * 2000)}
                for hour in range(day, day + 200)])
        time.sleep(1.5)
        self.book("bench", start + 8000 * HOUR, start + 8001 * HOUR)
        failure = None
        try:
            for message in stream:
                revisions += [event.revision for event in message.events]
        except harness.Failure as cut_off:
            failure = cut_off
        self.assertEqual(failure.reason, "OVERLOADED", failure)
        resume = re.search(r"watch again from revision (\d+)", failure.message)
        self.assertEqual(int(resume[1]), revisions[-1])
        head = self.revision()
        self.assertLess(revisions[-1], head)
        for message in client.Watch(after_revision=int(resume[1]), timeout=60):
            revisions += [event.revision for event in message.events]
            if message.revision == head:
                break
        self.assertEqual(revisions, list(range(1, head + 1)))

    def test_one_that_does_not_even_take_that_is_gone_in_the_end(self):
        connection = self.connection()
        path = METHODS["Watch"].path
        connection.send(frame(HEADERS, END_HEADERS, 1, request_headers(path))
                        + frame(DATA, END_STREAM, 1, EMPTY_MESSAGE))
        harness.eventually("the watch",
                           lambda: self.operator.GetServerInfo().watcher_count == 1)
        start = at(0, "00:00")
        for turn in range(200):
            self.book("bench", start + turn * HOUR, start + (turn + 1) * HOUR, purpose="x" * 2000)
        time.sleep(1.5)
        self.book("bench", start + 200 * HOUR, start + 201 * HOUR)
        harness.eventually("the watch to be cut off",
                           lambda: self.operator.GetServerInfo().watcher_count == 0)


class WatchersOfUserTest(WorldTest):
    def test_one_user_cannot_take_the_watches_of_all(self):
        secret = self.operator.CreateToken(token={"user": "users/alice"}).secret
        clients = [self.daemon.client(secret) for _ in range(WATCHERS_OF_USER // 250 + 1)]
        streams = []
        for number in range(WATCHERS_OF_USER):
            streams.append(clients[number // 250].Watch(after_revision=0))
        for stream in streams:
            next(stream)
        self.fails("OVERLOADED", lambda: next(clients[-1].Watch(after_revision=0)))
        next(self.bob.Watch(after_revision=0))
        streams[0].cancel()
        harness.eventually(
            "a place", lambda: self.operator.GetServerInfo().watcher_count <= WATCHERS_OF_USER)
        next(clients[-1].Watch(after_revision=0))


if __name__ == "__main__":
    harness.main()
