"""Starting, stopping and refusing to start."""

import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading

import harness
import world
from harness import Code, Failure, grpc
from world import HOUR, at
from world_test_case import WorldTest


class StartTest(harness.DaemonTest):
    starts_daemon = False

    def run_to_end(self, *flags):
        """A daemon that must end by itself; its exit code and all that it says."""
        run = subprocess.run([harness.LABSLOTD, *flags], stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, timeout=harness.PATIENCE,
                             cwd=self.folder)
        return run.returncode, run.stdout + run.stderr

    def refuses_to_start(self, *flags):
        code, said = self.run_to_end(*flags)
        self.assertGreater(code, 0, f"must end with an error, not {code}: {said}")
        self.assertTrue(said.strip(), "says why")
        return said

    def test_an_empty_folder_becomes_a_store(self):
        self.daemon.start()
        client = self.daemon.operator()
        self.assertEqual(client.GetServerInfo().revision, 0)
        self.assertEqual(self.daemon.socket.stat().st_mode & 0o170000, 0o140000, "a socket")

    def test_a_second_daemon_on_a_folder_names_it_and_the_first(self):
        self.daemon.start()
        said = self.refuses_to_start(*self.daemon.command()[1:])
        self.assertIn(str(self.daemon.data), said)
        self.assertIn(str(self.daemon.process.pid), said)
        said = self.refuses_to_start("--data_dir", str(self.daemon.data), "--socket",
                                     str(self.folder / "other.sock"))
        self.assertIn(str(self.daemon.process.pid), said)
        client = self.daemon.operator()
        self.assertEqual(client.GetServerInfo().revision, 0, "the first one goes on")

    def test_a_killed_daemon_leaves_no_lock_behind(self):
        self.daemon.start()
        self.daemon.kill()
        self.daemon.start()

    def test_a_folder_with_other_things_in_it_is_not_made_a_store(self):
        self.daemon.data.mkdir()
        (self.daemon.data / "thesis.txt").write_text("years of work")
        said = self.refuses_to_start("--data_dir", str(self.daemon.data))
        self.assertIn(str(self.daemon.data), said)
        self.assertEqual([path.name for path in self.daemon.data.iterdir()
                          if path.name == "thesis.txt"], ["thesis.txt"])

    def test_a_path_that_is_no_folder_is_told(self):
        self.daemon.data.write_text("a file")
        said = self.refuses_to_start("--data_dir", str(self.daemon.data))
        self.assertIn(str(self.daemon.data), said)

    def test_without_a_folder_it_says_what_is_missing(self):
        self.assertIn("data_dir", self.refuses_to_start())

    def test_an_unknown_flag_is_told(self):
        said = self.refuses_to_start("--data_dir", str(self.daemon.data), "--no_such_flag=1")
        self.assertIn("no_such_flag", said)
        self.assertFalse(self.daemon.data.exists(), "and nothing is touched")

    def test_beyond_loopback_it_wants_tls(self):
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:7443"):
            with self.subTest(address=address):
                said = self.refuses_to_start("--data_dir", str(self.daemon.data), "--listen",
                                             address)
                self.assertRegex(said, "(?i)tls")
                self.assertIn(address.rsplit(":", 1)[0].strip("[]"), said)

    def test_an_address_that_is_none_is_told(self):
        said = self.refuses_to_start("--data_dir", str(self.daemon.data), "--listen", "lab")
        self.assertIn("lab", said)

    def test_a_port_in_use_is_told(self):
        self.daemon.start()
        address = f"127.0.0.1:{self.daemon.port}"
        said = self.refuses_to_start("--data_dir", str(self.folder / "other"), "--listen", address)
        self.assertIn(str(self.daemon.port), said)


class TlsTest(WorldTest):
    """Beyond loopback with a certificate: encrypted, and still with a token."""

    starts_daemon = False

    def setUp(self):
        harness.DaemonTest.setUp(self)
        self.key, self.certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", self.key, "-out", self.certificate],
                       check=True, capture_output=True, timeout=harness.PATIENCE)

    def test_it_takes_tls_and_a_token(self):
        self.daemon.flags += ["--listen", "0.0.0.0:0", "--tls_cert", str(self.certificate),
                              "--tls_key", str(self.key)]
        self.daemon.start()
        operator = self.daemon.operator()
        world.load(operator)
        secret = world.token(operator, "alice")
        roots = grpc.ssl_channel_credentials(self.certificate.read_bytes())
        channel = grpc.secure_channel(f"localhost:{self.daemon.port}", roots)
        call = channel.unary_unary("/labslot.v1.DirectoryService/WhoAmI")
        told = call(b"", timeout=20, metadata=[("authorization", f"Bearer {secret}")])
        self.assertIn(b"users/alice", told)
        with self.assertRaises(grpc.RpcError) as caught:
            call(b"", timeout=20)
        self.assertEqual(caught.exception.code(), Code.UNAUTHENTICATED)
        channel.close()
        with self.assertRaises(Failure) as plain:
            self.daemon.client(secret).WhoAmI(timeout=5)
        self.assertIn(plain.exception.code, (Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED))

    def test_a_key_that_does_not_fit_is_told(self):
        self.key.write_text("no key")
        run = subprocess.run([harness.LABSLOTD, "--data_dir", str(self.daemon.data), "--listen",
                              "127.0.0.1:0", "--tls_cert", str(self.certificate), "--tls_key",
                              str(self.key)], capture_output=True, text=True, cwd=self.folder,
                             timeout=harness.PATIENCE)
        self.assertGreater(run.returncode, 0)
        self.assertRegex(run.stdout + run.stderr, "(?i)tls|certificate|key")


class StopTest(WorldTest):
    def test_sigterm_ends_with_0_and_removes_the_socket(self):
        self.assertEqual(self.daemon.stop(), 0)
        self.assertFalse(self.daemon.socket.exists())

    def test_a_good_end_leaves_no_log_to_read_again(self):
        logs = self.daemon.data / "db"
        self.assertTrue([log for log in logs.glob("*.log") if log.stat().st_size])
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual([log for log in logs.glob("*.log") if log.stat().st_size], [])

    def test_sigint_ends_with_0(self):
        self.daemon.process.send_signal(signal.SIGINT)
        self.assertEqual(self.daemon.process.wait(harness.PATIENCE), 0)

    def test_what_was_acknowledged_while_draining_is_kept(self):
        kept, failures, stopped = [], [], threading.Event()

        def book(number):
            client = self.daemon.operator()
            hour = 0
            while not stopped.is_set():
                start = at(number, "00:00") + hour * HOUR
                hour += 1
                try:
                    kept.append(self.book("rigs", start, start + HOUR, by=client,
                                          user="users/alice"))
                except Failure as failure:
                    failures.append(failure)
                    return

        clients = [threading.Thread(target=book, args=(number * 20,)) for number in range(4)]
        for client in clients:
            client.start()
        harness.eventually("some bookings", lambda: len(kept) > 40)
        self.assertEqual(self.daemon.stop(), 0)
        stopped.set()
        for client in clients:
            client.join(harness.PATIENCE)
        for failure in failures:
            self.assertEqual(failure.code, Code.UNAVAILABLE, failure)
        self.daemon.start()
        self.operator = self.daemon.operator()
        for made in kept:
            self.assertEqual(self.operator.GetReservation(name=made.name), made)

    def test_open_streams_do_not_hold_up_the_end(self):
        streams = [self.operator.Watch(after_revision=0, timeout=600) for _ in range(5)]
        for stream in streams:
            next(stream)
        self.assertEqual(self.daemon.stop(), 0)
        for stream in streams:
            with self.assertRaises(Failure) as caught:
                for _ in stream:
                    pass
            self.assertEqual(caught.exception.code, Code.UNAVAILABLE)


class DamageTest(harness.DaemonTest):
    """A damaged store is not served, and the message says what to do.

    Every case damages a copy of one store, which was killed in mid-life.
    """

    WAY_OUT = "(?i)backup|recover|restore"
    starts_daemon = False

    @classmethod
    def setUpClass(cls):
        cls.base = pathlib.Path(tempfile.mkdtemp(prefix="labslot-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.base, ignore_errors=True)
        daemon = harness.Daemon(cls.base).start()
        client = daemon.operator()
        world.load(client)
        cls.store = daemon.data
        starts = iter(range(at(0, "00:00"), at(300, "00:00"), HOUR))

        def book():
            start = next(starts)
            cls.last = client.CreateReservation(reservation=world.booking(
                "bench", start, start + HOUR, user="users/alice", purpose="x" * 300))
            return cls.last

        # Until what is at stake is noted in the high-water mark too, which is
        # written every now and then.
        for _ in range(60):
            book()
        harness.eventually("the high-water mark", lambda: book() and cls.marked() > 60)
        cls.head = client.GetServerInfo().revision
        cls.store_id = client.GetServerInfo().store_id
        daemon.close_clients()
        daemon.kill()

    @classmethod
    def marked(cls):
        """The greatest revision in the slots of the high-water mark."""
        marks = [int(number) for path in cls.store.iterdir()
                 if path.is_file() and path.stat().st_size < 1000
                 for number in re.findall(rb"revision (\d+)", path.read_bytes())]
        return max(marks, default=0)

    def newest(self, folder, pattern):
        files = [path for path in folder.rglob(pattern) if path.is_file() and path.stat().st_size]
        self.assertTrue(files, f"the store has a file {pattern}")
        return max(files, key=lambda path: (path.stat().st_mtime_ns, path.name))

    def copy_to(self, folder, source=None):
        shutil.copytree(source or self.store, folder, ignore=lambda _, names: [
            name for name in names if name.endswith(".sock")])

    def refuses(self, damage, source=None):
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        self.copy_to(copy, source)
        damage(copy)
        # Twice: the first refusal must not have made it look whole.
        self.refuses_folder(copy)
        self.refuses_folder(copy)

    def refuses_folder(self, copy):
        run = subprocess.Popen([harness.LABSLOTD, "--data_dir", str(copy)], cwd=self.folder,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
        try:
            said, _ = run.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            client = harness.Client(f"unix:{copy}/labslotd.sock")
            revision = client.GetServerInfo().revision
            client.close()
            run.terminate()
            said, _ = run.communicate(timeout=harness.PATIENCE)
            self.fail(f"serves a damaged store at revision {revision} of {self.head}, "
                      f"marked {self.marked()}:\n{said}")
        self.assertGreater(run.returncode, 0, f"ended with {run.returncode}:\n{said}")
        self.assertIn(str(copy), said)
        self.assertRegex(said, self.WAY_OUT)
        self.assertNotIn("Assertion", said)

    def test_a_flipped_bit_in_the_middle_of_the_log_is_refused(self):
        def flip(copy, part):
            path = self.newest(copy, "*[0-9].log")
            data = bytearray(path.read_bytes())
            data[int(len(data) * part)] ^= 0x10
            path.write_bytes(data)
        for part in (0.2, 0.5, 0.8):
            with self.subTest(part=part):
                self.refuses(lambda copy: flip(copy, part))

    def test_an_emptied_or_missing_log_is_refused(self):
        self.refuses(lambda copy: self.newest(copy, "*[0-9].log").write_bytes(b""))
        self.refuses(lambda copy: self.newest(copy, "*[0-9].log").unlink())

    def test_a_log_cut_in_half_is_refused(self):
        def cut(copy):
            path = self.newest(copy, "*[0-9].log")
            path.write_bytes(path.read_bytes()[:path.stat().st_size // 2])
        self.refuses(cut)

    def test_a_damaged_manifest_is_refused(self):
        def scribble(copy):
            path = self.newest(copy, "MANIFEST-*")
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 0xff
            path.write_bytes(data)
        self.refuses(scribble)

    def test_a_lost_current_file_is_refused(self):
        self.refuses(lambda copy: self.newest(copy, "CURRENT").unlink())
        self.refuses(lambda copy: self.newest(copy, "CURRENT").write_text("MANIFEST-999999\n"))

    def test_a_flipped_bit_in_a_table_is_never_served_as_truth(self):
        # Restarts turn the log into tables.
        self.copy_to(self.daemon.data)
        for _ in range(2):
            self.daemon.start()
            self.assertEqual(self.daemon.stop(), 0)
        tables = list(self.daemon.data.rglob("*.sst"))
        self.assertTrue(tables, "the store has tables after restarts")
        largest = max(tables, key=lambda path: path.stat().st_size)
        whole = largest.read_bytes()
        outcomes = set()
        for part in range(12):
            data = bytearray(whole)
            data[len(data) * part // 12 + 7] ^= 0x10
            largest.write_bytes(data)
            outcomes.add(self.read_damaged())
        print(f"a flipped bit in a table: {outcomes}")
        self.assertIn("refused", outcomes)

    def read_damaged(self):
        """What becomes of a table with a flipped bit; what is answered must be true.

        A start does not read all of history: a damaged block of it is found
        when somebody asks for it.
        """
        try:
            client = self.daemon.start().operator()
        except harness.DaemonEnded:
            self.assertRegex(self.daemon.log_tail(), self.WAY_OUT)
            return "refused"
        outcome = "harmless"
        try:
            events = [event for page in client.pages("ListEvents", page_size=20)
                      for event in page.events]
            self.assertEqual([event.revision for event in events], list(range(1, self.head + 1)))
            self.assertEqual(client.GetReservation(name=self.last.name), self.last)
        except Failure as failure:
            self.assertIn(failure.reason, ("DEFECT", "DRAINING"))
            outcome = "told when read"
        self.daemon.close_clients()
        self.daemon.kill()
        return outcome

    def test_recover_is_a_way_out_that_keeps_what_can_be_read(self):
        self.copy_to(self.daemon.data)
        log = self.newest(self.daemon.data, "*[0-9].log")
        log.write_bytes(log.read_bytes()[:log.stat().st_size // 2])
        with self.assertRaises(harness.DaemonEnded):
            self.daemon.start()
        run = subprocess.run([harness.LABSLOTD, "recover", "--data_dir", str(self.daemon.data)],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=harness.PATIENCE, cwd=self.folder)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertRegex(run.stdout, r"(?i)\blost\b", "says what is lost")
        client = self.daemon.start().operator()
        kept = client.GetServerInfo().revision
        self.assertTrue(10 < kept < self.head, kept)
        self.assertNotEqual(client.GetServerInfo().store_id, self.store_id,
                            "the lost revisions will come to mean something else")
        events = [event for page in client.pages("ListEvents") for event in page.events]
        self.assertEqual([event.revision for event in events], list(range(1, kept + 1)))
        listed = [entry for page in client.pages("ListReservations") for entry in page.reservations]
        self.assertEqual(listed, [event.reservation for event in events
                                  if event.HasField("reservation")])

    def test_an_undamaged_copy_is_served(self):
        self.copy_to(self.daemon.data)
        client = self.daemon.start().operator()
        self.assertEqual(client.GetServerInfo().revision, self.head)
        self.assertEqual(client.GetReservation(name=self.last.name), self.last)


if __name__ == "__main__":
    harness.main()
