"""Undoing Content-Encoding bit by bit, so that a small answer cannot become a large one."""

from __future__ import annotations

import zlib

PIECE = 1 << 20  # bytes held at once while inflating; a bomb of 300 MB is stopped at the cap


class TooLargeError(Exception):
    """More bytes came out than may be kept."""


class BrokenError(Exception):
    """The compressed bytes are not what their encoding says, or end too soon."""


class Inflater:
    """Collects an answer's body. `encoding` is "", "identity", "gzip", "x-gzip" or "deflate"."""

    def __init__(self, encoding: str, cap: int) -> None:
        self.cap, self.body = cap, bytearray()
        self._plain = encoding in ("", "identity")
        self._gzip = "gzip" in encoding
        self._inflate = None if self._plain else zlib.decompressobj(31 if self._gzip else 15)
        self._fed = False

    def feed(self, chunk: bytes) -> None:
        """Take some bytes of the answer; raises TooLargeError or BrokenError."""
        if self._inflate is None:
            self._keep(chunk)
            return
        while chunk:
            chunk = self._piece(chunk)

    def _piece(self, chunk: bytes) -> bytes:
        assert self._inflate is not None  # noqa: S101 -- only reached when there is something to inflate
        if self._inflate.eof:
            # A second gzip member goes on with the text; anything else behind the end is padding.
            if not (self._gzip and chunk.startswith(b"\x1f\x8b")):
                return b""
            self._inflate = zlib.decompressobj(31)
        try:
            out = self._inflate.decompress(chunk, PIECE)
        except zlib.error:
            if self._fed or self._gzip:
                raise BrokenError from None
            self._inflate = zlib.decompressobj(-15)  # "deflate" without its header: half the servers that send it
            self._fed = True
            return chunk
        self._fed = True
        self._keep(out)
        return self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail

    def _keep(self, data: bytes) -> None:
        if len(self.body) + len(data) > self.cap:
            raise TooLargeError
        self.body += data

    def close(self) -> bytes:
        """The whole body; raises BrokenError if the compressed bytes ended before their end mark."""
        if self._inflate is not None and self._fed:
            self._keep(self._inflate.flush())  # what the last piece had no room for
            if not self._inflate.eof:
                raise BrokenError
        return bytes(self.body)
