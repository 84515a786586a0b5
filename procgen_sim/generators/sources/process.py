"""Processes of strangers: read no more than is bearable, wait no longer, leave nobody behind."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from procgen_sim.generators.sources.limits import Limits

__all__ = ["Process", "TimeIsUpError", "TooMuchError"]

_CHUNK: Final = 1 << 16
_TAIL: Final = 8192
"""Bytes of standard error that are kept: the last ones."""

_LOOK_S: Final = 0.05
"""How often to look whether a process has ended that leaves its output open to others."""

_GRACE_S: Final = 0.5
"""How long to wait for the rest of the output of a process that has ended."""

_SUPERVISOR: Final = str(Path(__file__).with_name("supervise.py"))


class TimeIsUpError(Exception):
    """The process did not answer in time."""


class TooMuchError(Exception):
    """The process wrote more than it may."""


class Process:
    """A running program, its output read by threads as far as the limit.

    Parameters
    ----------
    arguments
        The program and its arguments; no shell is involved.
    limits
        What it may take.
    talks
        True if it is written to with :meth:`send`; else its standard input is empty.

    Raises
    ------
    OSError
        If it cannot be started.
    """

    def __init__(self, arguments: Sequence[str], limits: Limits, *, talks: bool = False) -> None:
        self._limit = limits.output_bytes
        self._output = bytearray()
        self._tail = bytearray()
        self._ended = False
        self._stopping = False
        self._changed = threading.Condition()
        self._lifeline: int | None = None
        self._popen = self._start(list(arguments), limits, talks)
        self._readers = [
            threading.Thread(target=read, args=(stream,), daemon=True)
            for read, stream in (
                (self._read_output, self._popen.stdout),
                (self._read_errors, self._popen.stderr),
            )
        ]
        for reader in self._readers:
            reader.start()

    def _start(self, arguments: list[str], limits: Limits, talks: bool) -> subprocess.Popen[bytes]:
        stdin = subprocess.PIPE if talks else subprocess.DEVNULL
        # Sets of texts in the same order every time: one seed, one level.
        environment = {"PYTHONHASHSEED": "0", **os.environ}
        if sys.platform == "win32":
            return subprocess.Popen(
                arguments,
                env=environment,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
            )
        held, self._lifeline = os.pipe()
        supervised = [sys.executable, "-I", "-S", _SUPERVISOR, str(held), str(limits.memory_bytes)]
        try:
            return subprocess.Popen(
                supervised + arguments,
                env=environment,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(held,),
                start_new_session=True,
            )
        except BaseException:
            self._let_go()
            raise
        finally:
            os.close(held)

    def send(self, data: bytes) -> None:
        """Write to its standard input; if it has ended, reading will tell."""
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._popen.stdin.write(data)
            self._popen.stdin.flush()

    def read(self, n_bytes: int, deadline: float) -> bytes:
        """The next so many bytes of output; fewer if it ends before.

        Parameters
        ----------
        n_bytes
            How many.
        deadline
            By when, on the clock of :func:`time.monotonic`.

        Raises
        ------
        TimeIsUpError, TooMuchError
            If they are not there in time, or are more than the limit.
        """
        if n_bytes > self._limit:
            raise TooMuchError
        with self._changed:
            self._wait(n_bytes, deadline)
            data = bytes(self._output[:n_bytes])
            del self._output[:n_bytes]
            self._changed.notify_all()
            return data

    def read_all(self, deadline: float) -> bytes:
        """All it writes until it ends; raises as :meth:`read`."""
        with self._changed:
            self._wait(self._limit + 1, deadline)
            if len(self._output) > self._limit:
                raise TooMuchError
            return bytes(self._output)

    def _wait(self, n_bytes: int, deadline: float) -> None:
        gone_since = None
        while len(self._output) < n_bytes and not self._ended and not self._stopping:
            now = time.monotonic()
            if now >= deadline:
                raise TimeIsUpError
            if self._popen.poll() is not None:
                # What still holds the output open is not waited for longer than this.
                gone_since = gone_since or now
                if now - gone_since > _GRACE_S:
                    return
            self._changed.wait(min(_LOOK_S, deadline - now))

    def status(self, deadline: float) -> int:
        """Its exit status when it ends, negative for a signal; raises :class:`TimeIsUpError`."""
        try:
            return self._popen.wait(max(deadline - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            raise TimeIsUpError from None

    @property
    def last_words(self) -> str:
        """The last line it wrote to standard error, printable and short; empty for none."""
        self._readers[1].join(0.2)
        lines = bytes(self._tail).decode("utf-8", "replace").split("\n")
        words = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return "".join(c if c.isprintable() else " " for c in words)[:200].strip()

    def stop(self) -> None:
        """Kill it and all its descendants, if it still runs, and close everything."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if sys.platform == "win32" and self._popen.poll() is None:
            kill = ["taskkill", "/T", "/F", "/PID", str(self._popen.pid)]
            subprocess.run(kill, capture_output=True, check=False)
        self._let_go()
        self._popen.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()

    def _let_go(self) -> None:
        with self._changed:
            lifeline, self._lifeline = self._lifeline, None
        if lifeline is not None:
            os.close(lifeline)

    def _read_output(self, stream: IO[bytes]) -> None:
        while chunk := self._chunk(stream):
            with self._changed:
                self._output += chunk
                self._changed.notify_all()
                while len(self._output) > self._limit and not self._stopping:
                    self._changed.wait()  # whoever writes more has to wait, too
                if self._stopping:
                    break
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _read_errors(self, stream: IO[bytes]) -> None:
        while chunk := self._chunk(stream):
            self._tail += chunk
            del self._tail[:-_TAIL]

    def _chunk(self, stream: IO[bytes]) -> bytes:
        """What there is to read; nothing at its end, or when this process is to be stopped."""
        try:
            if sys.platform != "win32":
                # A descendant in a session of its own may hold the stream open for ever.
                ready = select.poll()
                ready.register(stream, select.POLLIN)
                while not ready.poll(1000 * _LOOK_S):
                    if self._stopping:
                        return b""
            return os.read(stream.fileno(), _CHUNK)
        except (OSError, ValueError):
            return b""
