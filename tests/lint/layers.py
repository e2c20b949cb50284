#!/usr/bin/env python3
"""Checks every #include of the repository against the layers.

Usage: layers.py [ROOT]

base <- domain <- engine <- storage <- runtime <- service <- app: a folder of
daemon/ includes itself and those before it. client/ never includes daemon/.
What may be included outside the layers (RocksDB, gRPC, generated headers) is in
RESTRICTED. Prints one line a violation; exit 1 when there is one.
"""

import pathlib
import re
import sys

LAYERS = ["base", "domain", "engine", "storage", "runtime", "service", "app"]

# The name of a place is its folder; the longest that fits counts. What a place
# of tests/ sees of daemon/ is given by the last layer that it may include; None
# is nothing at all.
TEST_PLACES = {
    "tests/base": "base",
    "tests/domain": "domain",
    "tests/engine": "engine",
    "tests/storage": "storage",
    "tests/conformance": "storage",
    "tests/runtime": "runtime",
    "tests/sim": "runtime",
    "tests/service": "service",
    "tests/support": "service",
    "tests/scenarios": "app",
    "tests/fuzz": "app",
    "tests/bench": "app",
    # These see the daemon from outside, as a client does.
    "tests/client": None,
    "tests/e2e": None,
}

# Places that speak the API: the adapters, the client, and tests of either.
API_PLACES = [
    "daemon/service", "client", "tests/service", "tests/client", "tests/e2e",
    "tests/bench", "tests/fuzz", "tests/scenarios", "tests/support",
]
# Places that may use the client's own code.
CLIENT_PLACES = ["client", "tests/client", "tests/e2e", "tests/fuzz"]
# Places that own a store's files or its stored messages.
STORE_PLACES = ["daemon/storage", "tests/storage", "tests/conformance", "tests/bench"]

# Prefix of an include -> the places that may have it. The first prefix counts.
RESTRICTED = [
    ("rocksdb/", ["daemon/storage/rocksdb", "tests/storage", "tests/conformance", "tests/sim",
                  "tests/bench"]),
    ("daemon/storage/rocksdb/",
     ["daemon/storage/rocksdb", "daemon/app", "tests/storage", "tests/conformance", "tests/sim",
      "tests/support", "tests/bench", "tests/fuzz", "tests/scenarios", "tests/service"]),
    ("lemon/", ["daemon/engine"]),
    ("coin/", ["daemon/engine"]),
    ("grpcpp/", API_PLACES + ["daemon/app"]),
    ("grpc++/", []),
    ("grpc/", API_PLACES + ["daemon/app"]),
    ("labslot/storage/v1/", STORE_PLACES),
    ("labslot/v1/", API_PLACES),
    ("google/rpc/", API_PLACES),
    ("google/type/", API_PLACES),
    ("google/api/", API_PLACES),
    ("google/protobuf/", API_PLACES + STORE_PLACES + ["daemon/app"]),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def within(place, folder):
    return place == folder or place.startswith(folder + "/")


def place_of(path):
    """The folder of a source; daemon/main.cc belongs to app."""
    folder = path.rpartition("/")[0]
    return "daemon/app" if folder == "daemon" else folder


def layer_of(path):
    """The index of the layer that a daemon/ header belongs to, or None."""
    parts = path.split("/")
    return LAYERS.index(parts[1]) if len(parts) > 2 and parts[1] in LAYERS else None


def highest_layer(place):
    """The index of the last layer that a place may include; -1 for none."""
    if within(place, "daemon"):
        layer = layer_of(place + "/x")
        return len(LAYERS) - 1 if layer is None else layer
    for folder, layer in TEST_PLACES.items():
        if within(place, folder):
            return -1 if layer is None else LAYERS.index(layer)
    return -1


def refusal(path, quote, header):
    """Why the source at `path` may not include `header`, or None."""
    place = place_of(path)
    if quote == '"' and "/" not in header:
        return "is not written from the root of the repository"
    if "../" in header:
        return "leaves its folder; write it from the root of the repository"
    if header.startswith("daemon/"):
        if within(place, "client"):
            return "is the daemon's, and the client never includes the daemon"
        layer = layer_of(header)
        if layer is None:
            return "is in none of the layers"
        highest = highest_layer(place)
        if layer > highest:
            allowed = LAYERS[highest] if highest >= 0 else "none"
            return f"is layer {LAYERS[layer]}; the last that {place} may include is {allowed}"
    if header.startswith("client/") and not any(
            within(place, user) for user in CLIENT_PLACES):
        return "is the client's, and only it and its tests include it"
    if header.startswith("tests/") and not within(place, "tests"):
        return "is for tests only"
    for prefix, places in RESTRICTED:
        if header.startswith(prefix):
            if not any(within(place, allowed) for allowed in places):
                return f"begins with {prefix}, which {place} may not include"
            break
    return None


def violations(root):
    for top in ("daemon", "client", "tests"):
        for source in sorted((root / top).rglob("*")):
            path = source.relative_to(root).as_posix()
            if source.suffix not in (".h", ".cc") or "/node_modules/" in path:
                continue
            text = source.read_text(encoding="utf-8", errors="replace")
            for number, line in enumerate(text.splitlines(), start=1):
                match = INCLUDE.match(line)
                reason = match and refusal(path, match[1], match[2])
                if reason:
                    yield f"{path}:{number}: {match[2]} {reason}"


def main():
    here = pathlib.Path(__file__).resolve().parents[2]
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    found = list(violations(root))
    for line in found:
        print(line)
    print(f"{len(found)} includes break the layers")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
