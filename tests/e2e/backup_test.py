"""Backups by the running daemon under load, restored and audited.

LABSLOT_TEST_BACKUPS sets how many, else 3, or 50 with LABSLOT_TEST_LONG. The seed of
the load is printed; LABSLOT_TEST_SEED sets it.
"""

import os
import pathlib
import random
import shutil
import subprocess
import time

import harness
from crash_workload import Booker, CATALOGUE, answered, check_no_double_booking, stop
from world import at, booking

BACKUPS = int(os.environ.get("LABSLOT_TEST_BACKUPS", 50 if harness.LONG else 3))
CLIENTS = 4


def log_of(client):
    return [event for page in client.pages("ListEvents", page_size=1000) for event in page.events]


def reservations_of(client):
    return {entry.name: entry for page in client.pages("ListReservations", page_size=1000)
            for entry in page.reservations}


def folded(events):
    """The reservations as the last event of each leaves them."""
    return {event.reservation.name: event.reservation for event in events
            if event.HasField("reservation")}


class BackupTest(harness.DaemonTest):
    def make_daemon(self):
        return harness.Daemon(self.folder, "--backup_dir", str(self.folder / "backups"))

    def setUp(self):
        super().setUp()
        self.operator.ImportCatalogue(catalogue=CATALOGUE)

    def restore(self, source, target):
        return subprocess.run([harness.LABSLOTD, "restore", "--from", source, "--data_dir", target],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=4 * harness.PATIENCE, cwd=self.folder)

    def labslot(self, *words):
        return subprocess.run([harness.LABSLOT, "--server", f"unix:{self.daemon.socket}", *words],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=harness.PATIENCE, cwd=self.folder)

    def serve(self, data):
        """A second daemon on a restored store."""
        second = harness.Daemon(self.folder / "second")
        second.folder.mkdir(exist_ok=True)
        second.data = pathlib.Path(data)
        second.socket = self.folder / "second.sock"
        second.flags = ["--socket", str(second.socket)]
        self.addCleanup(lambda: second.process.poll() is None and second.kill())
        return second.start()

    def test_under_load_each_is_a_store_as_it_was(self):
        seed = harness.seed_of_this_run()
        chance = random.Random(seed)
        bookers = [Booker(f"b-{number}", f"unix:{self.daemon.socket}", seed, 1)
                   for number in range(CLIENTS)]
        for booker in bookers:
            booker.start()
        backups = []
        for _ in range(BACKUPS):
            time.sleep(chance.random())
            known = [entry.last for booker in bookers for entry in list(booker.owned)]
            backups.append((self.operator.Backup(timeout=60), known))
        stop(bookers)
        calls = answered(bookers)
        print(f"{BACKUPS} backups while {calls} calls were answered", flush=True)
        self.assertGreater(calls, 20 * BACKUPS)
        events = log_of(self.operator)
        listed = self.operator.ListBackups().backups
        self.assertEqual(sorted(backup.path for backup in listed),
                         sorted({backup.path for backup, _ in backups}))
        for number, (backup, known) in enumerate(backups):
            with self.subTest(backup=backup.path):
                self.audit(backup, known, events, self.folder / f"restored-{number}")
        self.assertEqual(log_of(self.operator), events, "the first one goes on as before")

    def audit(self, backup, known, events, target):
        run = self.restore(backup.path, target)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("no damage was found", run.stdout)
        second = self.serve(target)
        client = second.operator()
        info = client.GetServerInfo()
        self.assertGreaterEqual(info.revision, backup.revision)
        self.assertIn(f"revision {info.revision} of", run.stdout)
        self.assertNotEqual(info.store_id, self.operator.GetServerInfo().store_id)
        restored = log_of(client)
        self.assertEqual(restored, events[:info.revision])
        reservations = reservations_of(client)
        self.assertEqual(reservations, folded(restored))
        check_no_double_booking(reservations.values())
        # What was acknowledged before it was asked for is in it.
        versions = {(event.reservation.name, event.reservation.etag) for event in restored}
        for entry in known:
            self.assertIn((entry.name, entry.etag), versions)
        client.CreateReservation(reservation=booking("hot", at(9, "09:00"), at(9, "10:00"),
                                                     user="users/alice"))
        self.assertEqual(client.GetServerInfo().revision, info.revision + 1, "and it goes on")
        second.close_clients()
        self.assertEqual(second.stop(), 0)
        shutil.rmtree(target)

    def test_people_make_list_and_restore_them(self):
        first = self.labslot("backup")
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertRegex(first.stdout, r"^Backed up revision \d+ to /\S+ \([\d.]+ [KM]iB\)\.\n$")
        folder = first.stdout.split()[5]
        listed = self.labslot("backup", "list")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn(folder, listed.stdout)
        quiet = self.labslot("backup", "list", "-q")
        self.assertEqual(quiet.stdout, folder + "\n")
        self.assertIn(str(self.folder / "backups"), self.labslot("status").stdout)
        # A disaster, and the way back.
        self.operator.DeleteAsset(name="assets/press")
        self.daemon.close_clients()
        self.daemon.stop()
        run = self.restore(folder, self.daemon.data)
        self.assertNotEqual(run.returncode, 0)
        self.assertRegex(run.stderr, "is not empty; move it aside")
        self.daemon.data.rename(self.folder / "old")
        run = self.restore(folder, self.daemon.data)
        self.assertEqual(run.returncode, 0, run.stderr)
        client = self.daemon.start().operator()
        self.assertFalse(client.GetAsset(name="assets/press").HasField("retire_time"))

    def test_what_cannot_be_restored_is_told_and_leaves_nothing(self):
        target = self.folder / "target"
        for source, words in ((self.folder / "nowhere", "there is no backup in"),
                              (self.folder, "there is no backup in")):
            run = self.restore(source, target)
            self.assertNotEqual(run.returncode, 0)
            self.assertIn(words, run.stderr)
            self.assertFalse(target.exists())
        backup = pathlib.Path(self.operator.Backup().path)
        table = max(backup.glob("db/*.sst"), key=lambda path: path.stat().st_size)
        content = bytearray(table.read_bytes())
        content[len(content) // 2] ^= 1
        # Not in place: the file may be the store's own.
        table.unlink()
        table.write_bytes(content)
        run = self.restore(backup, target)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("damaged", run.stderr)
        self.assertFalse(target.exists())

    def test_an_action_without_its_flag_is_told(self):
        for words in (("restore", "--data_dir", "x"), ("--from", "y", "--data_dir", "x")):
            run = subprocess.run([harness.LABSLOTD, *words], capture_output=True, text=True,
                                 timeout=harness.PATIENCE, cwd=self.folder)
            self.assertNotEqual(run.returncode, 0)
            self.assertIn("--from goes with restore", run.stderr)

    def test_halves_of_a_killed_daemon_are_removed(self):
        half = self.folder / "backups" / ".making-20270301T080000Z-r7"
        half.mkdir(parents=True)
        self.daemon.restart()
        self.assertFalse(half.exists())


class NoFolderTest(harness.DaemonTest):
    def test_without_a_folder_the_way_out_is_told(self):
        failure = self.fails("BACKUP_FAILED", self.operator.Backup)
        self.assertIn("--backup_dir", failure.message)
        self.assertEqual(list(self.operator.ListBackups().backups), [])

    def test_a_disk_that_takes_nothing_is_told(self):
        (self.folder / "file").write_text("x")
        self.daemon.flags += ["--backup_dir", str(self.folder / "file")]
        self.daemon.restart()
        failure = self.fails("BACKUP_FAILED", self.daemon.operator().Backup)
        self.assertIn(str(self.folder / "file"), failure.message)


if __name__ == "__main__":
    harness.main()
