"""A timestamp authority over HTTP on a loopback port, good or hostile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from typing_extensions import override

from signing.timestamp import QUERY_MEDIA, REPLY_MEDIA

Answer = Callable[[bytes], bytes]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: Answer
    lists: dict[str, bytes]

    def do_POST(self) -> None:
        """Answer a query."""
        query = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == QUERY_MEDIA
        match self.path:
            case "/elsewhere":
                self._send(b"", status=302, location="file:///etc/hostname")
            case "/busy":
                self._send(b"later", status=503)
            case "/slow":
                self._send(b"0", drip=True)
            case "/packed":
                self._send(bytes(1000), encoding="gzip")
            case _:
                self._send(type(self).answer(query))

    def do_GET(self) -> None:
        """Give a revocation list."""
        found = type(self).lists.get(self.path)
        self._send(found or b"", status=200 if found else 404)

    def _send(
        self,
        body: bytes,
        *,
        status: int = 200,
        location: str | None = None,
        drip: bool = False,
        encoding: str | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", REPLY_MEDIA)
        if location is not None:
            self.send_header("Location", location)
        if encoding is not None:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(100_000 if drip else len(body)))
        self.end_headers()
        try:
            for _ in range(200 if drip else 1):
                self.wfile.write(body)
                self.wfile.flush()
                time.sleep(0.05 if drip else 0)
        except OSError:
            pass  # the asker had enough
        if drip:
            self.close_connection = True

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def answering(answer: Answer, lists: dict[str, bytes] | None = None) -> Iterator[str]:
    """Its address, while it answers each query so. lists: what it gives away by path."""
    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer), "lists": {} if lists is None else lists})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
