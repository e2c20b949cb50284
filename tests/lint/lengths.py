#!/usr/bin/env python3
"""Refuses files that are too long to read in one sitting.

A header ends by line 250, any other source by line 600. What is longer wants to
be two files; where it truly does not, it goes into LONGER with the reason.
"""

import pathlib
import sys

HEADER_LINES = 250
SOURCE_LINES = 600
SUFFIXES = {".h": HEADER_LINES, ".cc": SOURCE_LINES, ".py": SOURCE_LINES, ".js": SOURCE_LINES}

# Path -> (lines, reason).
LONGER = {}


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    failures = 0
    for top in ("daemon", "client", "tests"):
        for source in sorted((root / top).rglob("*")):
            path = source.relative_to(root).as_posix()
            if source.suffix not in SUFFIXES or "/node_modules/" in path:
                continue
            limit, _ = LONGER.get(path, (SUFFIXES[source.suffix], ""))
            lines = len(source.read_bytes().splitlines())
            if lines > limit:
                print(f"{path}: {lines} lines, the limit is {limit}")
                failures += 1
    for path in LONGER:
        if not (root / path).exists():
            print(f"{path}: excused from the limit, but gone; drop it from LONGER")
            failures += 1
    print(f"{failures} files break the limits")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
