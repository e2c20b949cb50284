"""A bare HTTP/2 connection, for frames that no client library would send (RFC 9113)."""

import socket
import struct
import threading

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_STREAM = ACK = 1
END_HEADERS = 4
MAX_CONCURRENT_STREAMS = 3
ENHANCE_YOUR_CALM = 11

EMPTY_MESSAGE = b"\0" * 5  # not compressed, no bytes


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _literal(name, value):
    """A header as HPACK writes it without table and without Huffman code."""
    assert len(name) < 127 and len(value) < 127
    return bytes([0, len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def request_headers(path):
    return b"".join(_literal(name, value) for name, value in (
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
        ("te", "trailers"), ("content-type", "application/grpc")))


class Connection:
    """Sends what it is told and notes the frames that come, on a thread of its own."""

    def __init__(self, path, patience):
        self.settings = {}
        self.goaway_code = None
        self._answered = 0  # the highest stream with an answer
        self._changed = threading.Condition()
        self._patience = patience
        self._ready = threading.Event()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._socket.settimeout(patience)
        self._sending = threading.Lock()  # the reader acknowledges
        self._socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._ready.wait(patience), "the daemon must send its settings"

    def send(self, *frames):
        """False if the other side has closed."""
        try:
            with self._sending:
                self._socket.sendall(b"".join(frames))
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def await_answer(self, stream):
        """Waits until something came on this stream or on a later one."""
        with self._changed:
            return self._changed.wait_for(lambda: self._answered >= stream, self._patience)

    def await_end(self):
        """Waits until the other side has closed."""
        self._reader.join(self._patience)
        return not self._reader.is_alive()

    def close(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._reader.join(self._patience)
        self._socket.close()

    def _read(self):
        try:
            with self._socket.makefile("rb") as stream:
                while len(head := stream.read(9)) == 9:
                    size = int.from_bytes(head[:3], "big")
                    number = int.from_bytes(head[5:], "big")
                    self._note(head[3], head[4], number, stream.read(size))
        except OSError:
            pass

    def _note(self, kind, flags, number, payload):
        if kind == SETTINGS and not flags & ACK:
            self.settings.update(struct.iter_unpack(">HI", payload))
            self.send(frame(SETTINGS, ACK, 0))
            self._ready.set()
        elif kind == HEADERS:
            with self._changed:
                self._answered = max(self._answered, number)
                self._changed.notify()
        elif kind == GOAWAY:
            self.goaway_code = int.from_bytes(payload[4:8], "big")
