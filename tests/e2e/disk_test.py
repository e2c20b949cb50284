"""The disk of the daemon fails: power cuts, failed writes and syncs, no room, no right to write.

disk_shim.cc stands between the daemon, which is the one that is deployed, and its disk.
The seed is printed; LABSLOT_TEST_SEED replays the choices (not the timing).
LABSLOT_TEST_CUTS sets the number of lives of the power cuts, else 20, or 500 with
LABSLOT_TEST_LONG; LABSLOT_TEST_DISK_FAULTS the rounds of failing writes, else 1 or 125.
"""

import os
import pathlib
import random
import re
import subprocess

import crash_test
import harness
import world
from crash_workload import Auditor, Booker, CATALOGUE, answered, stop
from world import HOUR, at, booking

CUTS = int(os.environ.get("LABSLOT_TEST_CUTS", 500 if harness.LONG else 20))
ROUNDS = int(os.environ.get("LABSLOT_TEST_DISK_FAULTS", 125 if harness.LONG else 1))
SHIM = pathlib.Path(harness.LABSLOTD).parent / "liblabslot_disk_shim.so"
SET_FORMAT = pathlib.Path(harness.LABSLOTD).parent / "labslot_set_format"
WRITE_OLD_STORE = pathlib.Path(harness.LABSLOTD).parent / "labslot_write_old_store"
VERSION_1 = harness.ROOT / "tests" / "storage" / "version_1.rows"


class ShimmedDaemon(harness.Daemon):
    """A daemon whose disk can fail, and whose machine can lose its power."""

    def __init__(self, folder, fault=""):
        super().__init__(folder)
        self.journal = self.folder / "journal"
        self.armed = self.folder / "journal.armed"
        self.environment = {"LD_PRELOAD": str(SHIM), "LABSLOT_SHIM_FOLDER": f"{self.data}/",
                            "LABSLOT_SHIM_JOURNAL": str(self.journal),
                            "LABSLOT_SHIM_FAULT": fault}

    def cut_power(self, chance):
        """Kills it and takes away what was not synced, all or all but a first part; the bytes."""
        self.kill()
        synced = dict(map(int, line.split()) for line in self.journal.read_text().splitlines())
        lost = 0
        with open(self.journal, "w", encoding="ascii") as journal:
            for path in self.data.rglob("*"):
                if not path.is_file():
                    continue
                status = path.stat()
                kept = min(status.st_size, synced.get(status.st_ino, 0))
                if chance.random() < 0.5:
                    kept += chance.randrange(status.st_size - kept + 1)
                os.truncate(path, kept)
                lost += status.st_size - kept
                journal.write(f"{status.st_ino} {kept}\n")
        return lost


class PowerCutTest(crash_test.CrashTest):
    """As the kills of CrashTest, and with each of them the power goes."""

    cycles = CUTS

    def make_daemon(self):
        self.lost = []
        return ShimmedDaemon(self.folder)

    def kill(self, chance):
        self.lost.append(self.daemon.cut_power(chance))

    def faults_were_real(self):
        super().faults_were_real()
        print(f"{sum(self.lost)} bytes lost in {len(self.lost)} power cuts", flush=True)
        self.assertGreater(sum(1 for lost in self.lost if lost > 0), len(self.lost) // 2)


class DiskFaultTest(harness.DaemonTest):
    starts_daemon = False

    def start(self, folder, fault=""):
        folder.mkdir()
        daemon = ShimmedDaemon(folder, fault)
        self.addCleanup(lambda: daemon.process and (daemon.process.kill(), daemon.process.wait()))
        daemon.start()
        daemon.operator().ImportCatalogue(catalogue=CATALOGUE)
        return daemon

    def book(self, daemon, seed, busy):
        """Bookers at work; returns when they have had so many answers."""
        bookers = [Booker(f"{number}", f"unix:{daemon.socket}", seed, 0) for number in range(4)]
        for booker in bookers:
            self.addCleanup(booker.stopping.set)
            booker.start()
        harness.eventually("load", lambda: answered(bookers) >= busy, pause=0.001)
        return bookers

    def test_a_failed_write_or_sync_ends_the_daemon_and_loses_nothing(self):
        seed = harness.seed_of_this_run()
        chance = random.Random(seed)
        unknown = 0
        for number in range(ROUNDS):
            for fault in ("sync", "write", "half", "full"):
                with self.subTest(fault=fault, number=number):
                    folder = self.folder / f"{fault}-{number}"
                    daemon = self.start(folder, fault)
                    bookers = self.book(daemon, seed + number, chance.randrange(5, 100))
                    daemon.armed.touch()
                    self.assertNotEqual(daemon.process.wait(harness.PATIENCE), 0)
                    self.assertRegex(daemon.log_text(), "the store failed.*Look at the disk")
                    daemon.armed.unlink()
                    daemon.start()
                    stop(bookers)
                    unknown += sum(booker.counts["unknown"] for booker in bookers)
                    auditor = Auditor()
                    auditor.audit(daemon.operator(), bookers)
                    auditor.compare_with_list(daemon.operator())
                    daemon.close_clients()
                    self.assertEqual(daemon.stop(), 0)
        self.assertGreater(unknown, 0, "no outcome was ever at stake")

    def test_a_disk_that_lies_about_syncs_is_found_out(self):
        """Else the power cuts above would prove nothing."""
        chance = random.Random(harness.seed_of_this_run())
        daemon = self.start(self.folder / "lying", "lie")
        daemon.armed.touch()
        bookers = self.book(daemon, 1, 50)
        marks = [daemon.data / f"HIGHWATER-{slot}" for slot in (0, 1)]
        head = daemon.operator().GetServerInfo().revision
        harness.eventually("the high-water mark", lambda: any(
            int(found) >= head for mark in marks if mark.exists()
            for found in re.findall(r"revision (\d+)", mark.read_text(errors="replace"))))
        for booker in bookers:
            booker.stopping.set()
        lost = daemon.cut_power(chance)
        self.assertGreater(lost, 0)
        with self.assertRaisesRegex(harness.DaemonEnded, "(?s)acknowledged.*(recover|backup)"):
            daemon.start()


def may_mount(folder):
    """Why a small file system cannot be had, or None."""
    tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)],
                           capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else tried.stderr.strip()


class SmallDiskTest(harness.DaemonTest):
    """A file system of its own for the store, which takes root."""

    starts_daemon = False

    def setUp(self):
        super().setUp()
        self.daemon.data.mkdir()
        why_not = may_mount(self.daemon.data)
        if why_not:
            self.skipTest(f"no file system of its own: {why_not}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.daemon.data)], check=True)

    def begin(self):
        self.daemon.start()
        self.operator = self.daemon.operator()
        world.load(self.operator)
        self.first = self.book(0)

    def book(self, number):
        start = at(number, "10:00")
        return self.operator.CreateReservation(
            reservation=world.booking("bench", start, start + HOUR, user="users/alice"))

    def fill(self):
        """Leaves less room than the daemon wants to keep."""
        ballast = self.daemon.data / "ballast"
        with open(ballast, "wb") as file:
            status = os.statvfs(self.daemon.data)
            file.write(b"x" * (status.f_bavail * status.f_frsize - 400_000))
        return ballast

    def end(self):
        self.daemon.close_clients()
        self.assertEqual(self.daemon.stop(), 0)

    def test_a_full_disk_refuses_writes_serves_reads_and_is_mended_by_room(self):
        self.begin()
        ballast = self.fill()

        def full():
            try:
                self.last = self.book(full.number)
                full.number += 1
                return None
            except harness.Failure as failure:
                return failure
        full.number = 1
        failure = harness.eventually("the daemon to notice", full)
        self.assertEqual(failure.code, harness.Code.RESOURCE_EXHAUSTED, str(failure))
        self.assertIn("disk of the store is full; nothing was changed", failure.message)
        self.assertEqual(self.operator.GetReservation(name=self.first.name), self.first)
        self.assertRegex(self.daemon.log_text(), "MiB free, and writes need .* make room")
        ballast.unlink()
        after = self.book(full.number)
        self.end()
        self.daemon.start()
        self.operator = self.daemon.operator()
        for known in (self.first, self.last if full.number > 1 else self.first, after):
            self.assertEqual(self.operator.GetReservation(name=known.name), known)

    def test_without_room_the_store_is_not_compacted(self):
        self.begin()
        ballast = self.fill()
        failure = self.fails("DISK_FULL", self.operator.CompactStore)
        self.assertRegex(failure.message, "MiB free, and this needs .* MiB; make room")
        self.assertEqual(self.operator.GetReservation(name=self.first.name), self.first)
        ballast.unlink()
        self.operator.CompactStore(timeout=60)
        self.assertEqual(self.operator.GetReservation(name=self.first.name), self.first)
        self.end()

    def test_on_a_full_disk_it_does_not_start_and_says_how_much_it_needs(self):
        self.begin()
        self.end()
        ballast = self.fill()
        with self.assertRaisesRegex(harness.DaemonEnded, "opening the store needs .*; make room"):
            self.daemon.start()
        ballast.unlink()
        self.daemon.start()
        self.assertEqual(self.daemon.operator().GetReservation(name=self.first.name), self.first)

    def test_a_disk_that_is_mounted_to_be_read_is_told(self):
        self.begin()
        self.end()
        subprocess.run(["mount", "-o", "remount,ro", str(self.daemon.data)], check=True)
        with self.assertRaisesRegex(harness.DaemonEnded, "(?i)read-only"):
            self.daemon.start()
        subprocess.run(["mount", "-o", "remount,rw", str(self.daemon.data)], check=True)
        self.daemon.start()
        self.assertEqual(self.daemon.operator().GetReservation(name=self.first.name), self.first)


class NewerFormatTest(harness.DaemonTest):
    def test_a_newer_store_is_refused_and_left_as_it_is(self):
        self.operator.ImportCatalogue(catalogue=CATALOGUE)
        info = self.operator.GetServerInfo()
        self.daemon.close_clients()
        self.assertEqual(self.daemon.stop(), 0)
        self.set_format(info.store_format + 1)
        with self.assertRaisesRegex(
                harness.DaemonEnded,
                f"format {info.store_format + 1}.*{info.store_format}"):
            self.daemon.start()
        # As the daemon that wrote it would find it.
        self.set_format(info.store_format)
        self.daemon.start()
        self.assertEqual(self.daemon.operator().GetServerInfo().revision, info.revision)

    def set_format(self, version):
        subprocess.run([SET_FORMAT, self.daemon.data / "db", str(version)], check=True)


class OlderFormatTest(harness.DaemonTest):
    starts_daemon = False

    def test_a_store_of_the_first_format_is_served_with_all_that_is_in_it(self):
        subprocess.run([WRITE_OLD_STORE, self.daemon.data, VERSION_1], check=True)
        operator = self.daemon.start().operator()
        info = operator.GetServerInfo()
        self.assertGreater(info.store_format, 1)
        self.assertEqual(info.store_id, "0123456789abcdef0123456789abcdef")
        listed = operator.ListReservations(page_size=100)
        self.assertEqual(sorted(reservation.name for reservation in listed.reservations),
                         sorted(f"reservations/{number}" for number in range(1, 13)))
        # It is one of this daemon now: it starts again, and books.
        self.daemon.close_clients()
        self.assertEqual(self.daemon.stop(), 0)
        operator = self.daemon.start().operator()
        self.assertGreaterEqual(operator.GetServerInfo().revision, 12)
        operator.ImportCatalogue(catalogue=CATALOGUE)
        made = operator.CreateReservation(reservation=booking(
            "hot", at(9, "10:00"), at(9, "11:00"), user="users/alice"))
        self.assertEqual(operator.GetReservation(name=made.name), made)


if __name__ == "__main__":
    harness.main()
