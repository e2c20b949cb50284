"""The example clients, run as their READMEs say, with a restart under their feet."""

import os
import pathlib
import shutil
import subprocess

import harness
from world import HOUR, at, duration, iso
from world_test_case import WorldTest

EXAMPLES = harness.ROOT / "client" / "examples"
NODE_MODULES = pathlib.Path(os.environ.get("LABSLOT_NODE_MODULES",
                                           harness.ROOT / "tests" / "node" / "node_modules"))


class ExampleCase(WorldTest):
    """What every example must do; subclasses say how one is run."""

    def command(self):
        raise NotImplementedError

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder)}

    def run_example(self, *words, server=None, token=""):
        environment = {**self.environment(), "LABSLOT_TOKEN": token}
        process = subprocess.Popen(
            [*self.command(), *words, "--server", server or f"unix:{self.daemon.socket}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder,
            env=environment)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def finish(self, process, code=0):
        said, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, said + errors)
        return said + errors

    def line(self, process, start):
        """Reads on to the line that begins so."""
        passed = []
        for line in process.stdout:
            if line.startswith(start):
                return line.strip()
            passed.append(line)
        self.fail(f"no line '{start}' in:\n{''.join(passed)}{process.stderr.read()}")


class Stories:
    def test_it_books_and_follows_the_reservation_over_a_restart(self):
        example = self.run_example("assets/sem", iso(at(0, "09:00")), "3", "--user", "users/alice",
                                   "--events", "3")
        name = self.line(example, "booked: ").split()[1]
        made = self.operator.GetReservation(name=name)
        self.assertEqual(made.interval.start_time.seconds, at(0, "09:00"))
        self.assertIn("CREATED", self.line(example, "event: "))
        self.daemon.restart()
        self.operator = self.daemon.operator()
        self.operator.UpdateReservation(reservation={"name": name, "purpose": "new"},
                                        update_mask={"paths": ["purpose"]},
                                        reason="changed my mind")
        self.assertIn("UPDATED", self.line(example, "event: "))
        self.operator.CancelReservation(name=name, reason="machine is down")
        self.assertIn("machine is down", self.line(example, "event: "))
        self.finish(example)

    def test_it_takes_an_alternative_when_it_is_refused(self):
        self.book("sem", at(0, "09:00"), at(0, "12:00"))
        token = self.operator.CreateToken(token={"user": "users/bob"}).secret
        example = self.run_example("assets/sem", iso(at(0, "10:00")), "1", "--events", "1",
                                   server=f"127.0.0.1:{self.daemon.port}", token=token)
        said = self.finish(example)
        for word in ("refused: ", "taking: ", "booked: ", "CREATED"):
            self.assertIn(word, said)
        booked, = self.bob.ListReservations().reservations
        self.assertEqual(booked.user, "users/bob")

    def test_it_ends_with_an_error_where_it_can_do_nothing(self):
        example = self.run_example("assets/nothing", iso(at(0, "10:00")), "1", "--user",
                                   "users/alice")
        self.assertIn("NOT_FOUND", self.finish(example, code=1))
        example = self.run_example("assets/sem", iso(at(0, "10:00")), "1",
                                   server=f"127.0.0.1:{self.daemon.port}", token="not-a-token")
        self.assertIn("UNAUTHENTICATED", self.finish(example, code=1))

    def test_a_lost_daemon_is_waited_for_and_the_booking_is_made_once(self):
        # The example asks for the revision first: it must reach the daemon then.
        held = self.book("sem", at(1, "09:00"), at(1, "10:00"), hold_duration=duration(HOUR))
        example = self.run_example("assets/sem", iso(at(0, "09:00")), "1", "--user", "users/alice",
                                   "--events", "1")
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        example.communicate(timeout=60)
        made = [entry for entry in self.operator.ListReservations().reservations
                if entry.name != held.name]
        self.assertLessEqual(len(made), 1)


class PythonExampleTest(Stories, ExampleCase):
    def command(self):
        return ["/usr/bin/python3", "-B", str(EXAMPLES / "python" / "book_and_watch.py")]

    def environment(self):
        return {**super().environment(), "PYTHONPATH": str(harness.STUBS)}


class NodeExampleTest(Stories, ExampleCase):
    def setUp(self):
        self.node = shutil.which("node")
        # Not skipped: a client nobody ran is not known to work.
        self.assertTrue(self.node, "node is missing; see deploy/packages")
        self.assertTrue((NODE_MODULES / "@grpc" / "grpc-js").is_dir(),
                        f"@grpc/grpc-js is missing in {NODE_MODULES}; tests/run installs it")
        super().setUp()

    def command(self):
        return [self.node, str(EXAMPLES / "node" / "book_and_watch.mjs")]

    def environment(self):
        return {**super().environment(), "NODE_PATH": str(NODE_MODULES)}


if __name__ == "__main__":
    harness.main()
