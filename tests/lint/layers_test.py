#!/usr/bin/env python3
"""Plants includes in a tree of its own and asks layers.py for its verdict."""

import pathlib
import tempfile
import unittest

import layers

# Source, the include planted there, whether it is allowed.
VERDICTS = [
    ("daemon/domain/a.h", '"daemon/base/clock.h"', True),
    ("daemon/domain/a.h", '"daemon/domain/interval.h"', True),
    ("daemon/base/a.h", '"daemon/domain/interval.h"', False),
    ("daemon/domain/a.h", '"daemon/engine/view.h"', False),
    ("daemon/engine/a.cc", '"daemon/storage/store.h"', False),
    ("daemon/storage/a.cc", '"daemon/engine/view.h"', True),
    ("daemon/runtime/a.cc", '"daemon/service/server.h"', False),
    ("daemon/app/a.cc", '"daemon/service/server.h"', True),
    ("daemon/main.cc", '"daemon/app/app.h"', True),
    ("daemon/main.cc", '"daemon/elsewhere/a.h"', False),
    ("daemon/storage/a.cc", "<rocksdb/db.h>", False),
    ("daemon/storage/rocksdb/a.cc", '"rocksdb/db.h"', True),
    ("daemon/storage/a.cc", '"daemon/storage/rocksdb/rocksdb_store.h"', False),
    ("daemon/runtime/a.cc", '"daemon/storage/rocksdb/rocksdb_store.h"', False),
    ("daemon/app/a.cc", '"daemon/storage/rocksdb/rocksdb_store.h"', True),
    ("daemon/engine/a.cc", "<coin/CbcModel.hpp>", True),
    ("daemon/domain/a.cc", "<lemon/smart_graph.h>", False),
    ("daemon/runtime/a.cc", "<grpcpp/grpcpp.h>", False),
    ("daemon/service/a.cc", "<grpcpp/grpcpp.h>", True),
    ("daemon/runtime/a.cc", '"labslot/v1/asset.pb.h"', False),
    ("daemon/service/a.cc", '"labslot/v1/asset.pb.h"', True),
    ("daemon/service/a.cc", '"labslot/storage/v1/record.pb.h"', False),
    ("daemon/storage/a.cc", '"labslot/storage/v1/record.pb.h"', True),
    ("daemon/domain/a.cc", "<google/protobuf/message.h>", False),
    ("daemon/base/a.cc", '"clock.h"', False),
    ("daemon/base/a.cc", '"../domain/interval.h"', False),
    ("daemon/base/a.cc", "<vector>", True),
    ("daemon/base/a.cc", '"absl/time/time.h"', True),
    ("daemon/base/a.cc", '"tests/support/temp_dir.h"', False),
    ("client/a.cc", '"daemon/base/clock.h"', False),
    ("client/a.cc", '"labslot/v1/asset.pb.h"', True),
    ("client/commands/a.cc", '"client/output.h"', True),
    ("daemon/app/a.cc", '"client/output.h"', False),
    ("tests/engine/a_test.cc", '"daemon/engine/view.h"', True),
    ("tests/engine/a_test.cc", '"daemon/storage/store.h"', False),
    ("tests/conformance/a_test.cc", "<rocksdb/db.h>", True),
    ("tests/e2e/a_test.cc", '"daemon/base/clock.h"', False),
    ("tests/client/a_test.cc", '"client/output.h"', True),
]


class Layers(unittest.TestCase):

    def test_every_planted_include_gets_its_verdict(self):
        for source, include, allowed in VERDICTS:
            with self.subTest(source=source, include=include):
                with tempfile.TemporaryDirectory() as folder:
                    root = pathlib.Path(folder)
                    (root / source).parent.mkdir(parents=True)
                    (root / source).write_text(f"// A comment.\n#include {include}\n")
                    found = list(layers.violations(root))
                self.assertEqual(len(found), 0 if allowed else 1, found)

    def test_a_violation_names_file_line_and_header(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "daemon/base").mkdir(parents=True)
            (root / "daemon/base/a.h").write_text('\n#include "daemon/app/app.h"\n')
            found = list(layers.violations(root))
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("daemon/base/a.h:2: daemon/app/app.h "), found)


if __name__ == "__main__":
    unittest.main()
