"""A PostgreSQL server that lives exactly as long as one test run.

Run as a program it is the server's guardian: it starts PostgreSQL, never as root, and stops it as soon as the test run
that it was started for is gone, also when that was killed. So no server is left over, whatever happens.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

LOOK_S = 0.2
USERS = ("postgres", "nobody")
# Nothing in a test outlives the machine: losing the last second costs nothing, waiting for the disk would.
SPEED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_connections": "200",
}
# Checks rely on these being as in production: they are stated, not inherited from the machine.
BEHAVIOUR = {"timezone": "UTC", "listen_addresses": "", "default_transaction_isolation": "read committed"}


def start_guarded(programs: Path, folder: Path, *, run: int, buffers: str = SPEED["shared_buffers"]) -> None:
    """Start a guardian with its server, and return before the server answers.

    Args:
        programs: Where initdb and postgres are.
        folder: A short path (a socket's address is limited to 107 bytes); the guardian removes it at the end.
        run: Process id of the test run.
        buffers: How much memory the server keeps pages in.
    """
    arguments = [sys.executable, "-B", __file__, str(programs), str(folder), str(run), buffers]
    with (folder / "log").open("wb") as log:
        subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, check=True)


def main(programs: Path, folder: Path, run: int, buffers: str) -> None:
    """Be the guardian."""
    account = _unprivileged()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
        folder.chmod(0o755)
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(folder)}
    options = ["-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--no-locale"]
    subprocess.run([programs / "initdb", "-D", folder / "data", *options], check=True, cwd=folder, env=environment, **identity)
    settings = [f"--{name}={value}" for name, value in (SPEED | BEHAVIOUR | {"shared_buffers": buffers}).items()]
    command = [programs / "postgres", "-D", folder / "data", "-k", folder, *settings]
    server = subprocess.Popen(command, cwd=folder, env=environment, **identity)
    (folder / "server.pid").write_text(str(server.pid), encoding="ascii")
    try:
        while server.poll() is None and lives(run):
            time.sleep(LOOK_S)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)
    if not lives(run):
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {account.pw_name: account for account in pwd.getpwall()}
    return next(known[name] for name in USERS if name in known)


def lives(process: int) -> bool:
    """Tell whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is there, and somebody else's
        return True
    return True


if __name__ == "__main__":
    # The guardian is a grandchild, so that the worker that asked for it has no child to wait for.
    if os.fork() == 0:
        try:
            main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
        except Exception:
            (Path(sys.argv[2]) / "failed").touch()
            raise
