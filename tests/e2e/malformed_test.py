"""Random requests to every RPC, made from the descriptors: only clear codes, no harm.

The seed is printed; LABSLOT_TEST_SEED replays it, LABSLOT_TEST_LONG sends ten
times as many.
"""

import collections
import random
import re

from google.protobuf import descriptor

import harness
from harness import Code, Failure, METHODS
from access_test import AccessTest, TABLE
from world import at

REQUESTS = 2000 if harness.LONG else 200
# A stream that is well-formed stays open until we leave it.
STREAMS = REQUESTS // 10

CLEAR = {Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.FAILED_PRECONDITION, Code.ALREADY_EXISTS,
         Code.ABORTED, Code.OUT_OF_RANGE}

NAMES = ["sites/lommel", "sites/brno", "assets/sem", "assets/rigs", "assets/make-lab",
         "assets/line", "users/alice", "users/bob", "organisations/acme", "holidayRegions/be",
         "reservations/20", "reservations/40", "tokens/x", "assets", "reservations",
         "groups/spare", "policies/long", "quotas/many", "series/40", "policies", "quotas"]
TEXTS = ["2027-03-01T09:00", "2027-03-28T02:30", "FREQ=DAILY;COUNT=9", "FREQ=SECONDLY",
         "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270501T000000", "nano-facility", "", "x", "saw", "sem",
         "Europe/Tallinn", "UTC", "BE22", '"1"', "nobody", "a" * 64,
         "é" * 300, "\x00", "a\nb", "*", "display_name", "interval.start_time", "state = HELD",
         'asset = "assets/sem"', "start_time desc", "../..", "%s%n", "'; --", "\u202e",
         "\U0001f9ea", "q" * 70_000]
INTEGERS = [0, 1, 2, 7, -1, 1000, 2**31 - 1, -2**31]
LONGS = INTEGERS + [2**63 - 1, -2**63, at(0, "09:00"), at(0, "11:00"), 3600, 86400, 253402300799,
                    -62135596800]
DOUBLES = [0.0, 1.5, -1.0, 51.2, 180.0, 1e308, float("inf"), float("-inf"), float("nan")]

Field = descriptor.FieldDescriptor


class Maker:
    """Makes messages out of plausible and of hostile values."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def scalar(self, field):
        pick = self.random.choice
        if field.type == Field.TYPE_ENUM:
            return pick([value.number for value in field.enum_type.values] + [99, -1])
        if field.cpp_type == Field.CPPTYPE_STRING:
            return pick(NAMES if self.random.random() < 0.6 else TEXTS)
        if field.cpp_type == Field.CPPTYPE_BOOL:
            return pick([True, False])
        if field.cpp_type in (Field.CPPTYPE_DOUBLE, Field.CPPTYPE_FLOAT):
            return pick(DOUBLES)
        return pick(LONGS if field.cpp_type == Field.CPPTYPE_INT64 else INTEGERS)

    def fill(self, message, density):
        for field in message.DESCRIPTOR.fields:
            if self.random.random() < density:
                self.fill_field(message, field, density)
        return message

    def fill_field(self, message, field, density):
        if field.label == Field.LABEL_REPEATED:
            for _ in range(self.random.choice([1, 1, 2, 3])):
                self.add_entry(getattr(message, field.name), field, density)
        elif field.message_type:
            getattr(message, field.name).SetInParent()
            self.fill(getattr(message, field.name), density)
        else:
            setattr(message, field.name, self.scalar(field))

    def add_entry(self, entries, field, density):
        if not field.message_type:
            entries.append(self.scalar(field))
        elif field.message_type.GetOptions().map_entry:
            kinds = field.message_type.fields_by_name
            entries[self.scalar(kinds["key"])] = self.scalar(kinds["value"])
        else:
            self.fill(entries.add(), density)

    def disturb(self, message):
        """Changes one field somewhere in the message."""
        if not message.DESCRIPTOR.fields:
            return
        field = self.random.choice(message.DESCRIPTOR.fields)
        present = [known for known, _ in message.ListFields() if known.message_type]
        if present and self.random.random() < 0.6:
            deeper = self.random.choice(present)
            if deeper.label != Field.LABEL_REPEATED:
                return self.disturb(getattr(message, deeper.name))
            if not deeper.message_type.GetOptions().map_entry:
                return self.disturb(self.random.choice(getattr(message, deeper.name)))
        message.ClearField(field.name)
        if self.random.random() < 0.7:
            self.fill_field(message, field, 0.5)

    def request(self, method, sound):
        """Serialised: random through and through, or a sound one with a few changes.

        One in eight has its bytes disturbed as well.
        """
        message = method.request()
        if self.random.random() < 0.4:
            self.fill(message, self.random.choice([0.3, 0.6, 0.95]))
        else:
            message.MergeFrom(sound)
            for _ in range(self.random.randrange(3)):
                if message.DESCRIPTOR.fields:
                    self.disturb(message)
        data = message.SerializeToString()
        if data and self.random.random() < 0.125:
            data = bytearray(data)
            for _ in range(self.random.randrange(1, 4)):
                data[self.random.randrange(len(data))] = self.random.randrange(256)
            data = bytes(data[:self.random.randrange(len(data) // 2, len(data) + 1)])
        return data


def leads_somewhere(path, message):
    """True if the path of a violation is one of fields of the message."""
    for part in re.sub(r'\[("(\\.|[^"\\])*"|[^\]"]*)\]', "", path).split("."):
        if message is None:
            return False
        if part in message.oneofs_by_name:  # none of its fields is set
            message = None
        elif part in message.fields_by_name:
            message = message.fields_by_name[part].message_type
        else:
            return False
    return True


class MalformedTest(AccessTest):
    def judge(self, method, data):
        """What is wrong with the outcome of a request, or nothing."""
        try:
            reply = self.operator.send(method, data, timeout=0.05 if method.streams else 20)
            if method.streams:
                next(reply)
                reply.cancel()
            self.outcomes["answered"] += 1
            return None
        except Failure as failure:
            if method.streams and failure.code == Code.DEADLINE_EXCEEDED:
                return None
            self.outcomes[failure.reason] += 1
            if failure.code not in CLEAR:
                return f"unclear: {failure}"
            if harness.CODE_OF_REASON.get(failure.reason) != failure.code:
                return f"reason and code do not match: {failure}"
            if failure.reason == "INVALID_FIELDS":
                if not failure.fields:
                    return f"names no field: {failure}"
                lost = [path for path in failure.fields
                        if not leads_somewhere(path, method.request.DESCRIPTOR)]
                if lost and failure.fields.keys() != {"request"}:
                    return f"names fields that are none: {lost[:3]}"
            if failure.reason == "REFUSED" and not failure.refusal.violations:
                return f"refused without a reason: {failure}"
            return None

    def new_token(self, name, **fields):
        """What random requests made is deleted: a user has an end of tokens."""
        made = self.operator.ListTokens(user=f"users/{name}", page_size=1000).tokens
        if len(made) > 100:
            for token in made:
                if token.name not in self.first_tokens:
                    self.operator.DeleteToken(name=token.name)
        return super().new_token(name, **fields)

    def test_random_requests_get_clear_answers(self):
        seed = harness.seed_of_this_run()
        self.first_tokens = {token.name
                             for token in self.operator.ListTokens(page_size=1000).tokens}
        wrong = []
        self.outcomes = collections.Counter()
        for hour in range(20):
            start = at(1, "00:00") + hour * 3600
            self.book("sem" if hour in range(9, 17) else "bench", start, start + 1800)
        for name in sorted(METHODS):
            maker = Maker(f"{seed}-{name}")
            for number in range(STREAMS if METHODS[name].streams else REQUESTS):
                fields = TABLE[name][0]
                sound = METHODS[name].request(**(fields(self) if callable(fields) else fields))
                data = maker.request(METHODS[name], sound)
                fault = self.judge(METHODS[name], data)
                if fault:
                    wrong.append(f"{name} #{number}: {fault[:400]}\n    request: {data[:300]!r}")
                    if self.daemon.process.poll() is not None:
                        self.fail("the daemon died of\n" + wrong[-1])
        self.assertFalse(wrong, f"{len(wrong)} of them:\n" + "\n".join(wrong[:40]))
        print(dict(self.outcomes), flush=True)
        for outcome in ("answered", "INVALID_FIELDS", "RESOURCE_NOT_FOUND", "REFUSED"):
            self.assertGreater(self.outcomes[outcome], REQUESTS // 10, "requests must reach deep")
        self.state_is_sound()

    def state_is_sound(self):
        """What random requests left behind can be read, kept and loaded."""
        self.assertEqual(harness.Standard(self.operator.channel).health(), "SERVING")
        events = [event.revision for page in self.operator.pages("ListEvents", page_size=1000)
                  for event in page.events]
        self.assertEqual(events, list(range(1, self.revision() + 1)))
        exported = self.operator.ExportCatalogue()
        listed = self.settled()
        reply = self.operator.ImportCatalogue(catalogue=exported.catalogue)
        self.assertEqual((reply.created_count, reply.updated_count), (0, 0))
        self.daemon.restart()
        self.operator = self.daemon.operator()
        self.assertEqual(self.operator.ExportCatalogue(), exported)
        self.assertEqual(self.settled(), listed)

    def settled(self):
        """All reservations but holds, which may run out at any time."""
        pages = self.operator.pages("ListReservations", filter="state != HELD AND state != EXPIRED")
        return [entry for page in pages for entry in page.reservations]


if __name__ == "__main__":
    harness.main()
