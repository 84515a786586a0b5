"""Run a command under a memory limit, in a process group that ends with its caller.

A program of its own, started as ``python -I -S supervise.py LIFELINE MEMORY COMMAND…``, and
nothing but the standard library: it must start in milliseconds. It stands between the caller and
the command because what it does cannot be done from a caller with threads: setting limits between
fork and exec. The caller holds the other end of the pipe LIFELINE. When that closes, because the
caller says so or because it has died, however it died, the command's whole process group is
killed; so is what is left of the group when the command itself has ended. Unix only.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import sys


def main(lifeline: int, memory: int, command: list[str]) -> None:
    """Run the command and end as it ended: with its status, or by its signal."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.set_inheritable(lifeline, False)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    child = os.fork()
    if child == 0:
        _become(memory, command)
    with contextlib.suppress(OSError):
        os.setpgid(child, child)  # whoever of the two comes first
    # Whoever reads the command's output shall see its end, so this process must not hold it open.
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    ready = select.poll()
    ready.register(lifeline, select.POLLIN)
    ready.register(woken, select.POLLIN)
    while True:
        if lifeline in dict(ready.poll()):
            _kill(child)
            status = os.waitpid(child, 0)[1]
            break
        os.read(woken, 64)
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
    _kill(child)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


def _become(memory: int, command: list[str]) -> None:
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        with contextlib.suppress(OSError, ValueError):  # macOS refuses what is below its own use
            hard = resource.getrlimit(kind)[1]
            limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
            resource.setrlimit(kind, (limit, limit))
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode("utf-8", "backslashreplace"))
    finally:
        os._exit(126)


def _kill(group: int) -> None:
    with contextlib.suppress(OSError):  # nobody left
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
