#!/usr/bin/env python3
"""One command to run Alongside and one to test it.

    python3 dev.py run            start the portal with a demonstration year
    python3 dev.py run --empty    start it without invented people
    python3 dev.py test           check and test everything, as the build does
    python3 dev.py lint           only the checks that come before the tests
    python3 dev.py format         write the code in the house's form
    python3 dev.py lock           write the files in requirements anew from pyproject.toml
    python3 dev.py screenshots    take the pictures for the documentation
    python3 dev.py flask ...      any other command of the portal

The first start makes `.venv` beside this file and installs there exactly what the files in `requirements` list. Later
starts see that nothing changed and begin at once. This file needs Python 3.11 and nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "alongside.json"
# The lock lies beside the environment, as the environment itself may be thrown away while the lock is held.
INSTALL_LOCK = ROOT / ".venv.lock"
LOCKS = {"run": ROOT / "requirements" / "run.txt", "dev": ROOT / "requirements" / "dev.txt"}

OLDEST_PYTHON = (3, 11)
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

DEFAULT_PORT = 8000
DEMO_FACTOR = "246810"
THREADS = 8
HEALTH_SECONDS = 60.0
STOP_SECONDS = 10.0
LOCAL_ADDRESS = "127.0.0.1"
LOCAL_NAME = "localhost"
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - These are recognised here, and never bound unasked.
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

INTERRUPTED = 130


class Problem(Exception):
    """Something that stops the command; its text says what happened and what helps."""


class Interrupted(KeyboardInterrupt):
    """The person pressed Ctrl-C, or the system asked this process to stop.

    Attributes:
        number: The signal that asked.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


# ------------------------------------------------------------------------------------------------ the environment


def ensure_environment(kind: str) -> None:
    """Makes `.venv` ready, and does nothing when it already is.

    Args:
        kind: `run` for what the portal needs, `dev` for the tools and tests as well.

    Raises:
        Problem: The packages could not be installed.
    """
    if _is_ready(kind):
        return
    with _only_one():
        # Another process may have finished the work while this one waited.
        if _is_ready(kind):
            return
        if not _is_sound():
            _make_venv()
        _install("dev" if kind == "dev" or "dev" in _read_stamp() else "run")


def _is_ready(kind: str) -> bool:
    """Tells whether the environment holds exactly what the lock of this kind lists."""
    return _read_stamp().get(kind) == _fingerprint(kind) and _is_sound()


def _fingerprint(kind: str) -> str:
    """Computes the mark of a lock; a changed lock has another mark."""
    return hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()


def _read_stamp() -> dict[str, str]:
    """Reads which locks were installed; nothing, when that was never finished."""
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(kind): str(mark) for kind, mark in stamp.items()} if isinstance(stamp, dict) else {}


def _is_sound() -> bool:
    """Tells whether the environment starts, and with the Python that runs this file."""
    try:
        result = subprocess.run(
            [PYTHON, "-c", "import sys, pip; print(*sys.version_info[:2])"], check=False, capture_output=True, text=True
        )
    except OSError:
        return False
    return result.returncode == 0 and result.stdout.split() == [str(part) for part in sys.version_info[:2]]


def _make_venv() -> None:
    """Makes a new environment in place of a missing, broken or outdated one."""
    print(f"Making an environment for Python {sys.version_info.major}.{sys.version_info.minor} in .venv", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    # This file may itself be run by the Python in the old environment, so the one behind it makes the new one.
    base = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.run([base, "-m", "venv", VENV], check=False).returncode != 0:
        raise Problem("Python could not make an environment (on Debian: apt-get install python3-venv).")


def _install(kind: str) -> None:
    """Installs a lock with uv, or with pip where uv cannot be had, and notes that it is done."""
    print(f"Installing what requirements/{LOCKS[kind].name} lists", flush=True)
    began = time.monotonic()
    STAMP.unlink(missing_ok=True)
    if not _install_with_uv(LOCKS[kind]):
        print("uv is not to be had here, so pip does it, which takes a little longer", flush=True)
        _install_with_pip(LOCKS[kind])
    # Everything that the portal needs is in the lock of the developers too, in the same versions.
    marks = {each: _fingerprint(each) for each in (["run", "dev"] if kind == "dev" else ["run"])}
    STAMP.write_text(json.dumps(marks), "utf-8")
    print(f"Installed in {time.monotonic() - began:.0f} s", flush=True)


def _install_with_uv(lock: Path) -> bool:
    """Tries to install a lock with uv, and tells whether that worked."""
    fetch: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"]
    if subprocess.run(fetch, check=False, capture_output=True).returncode != 0:
        return False
    uv: list[str | Path] = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON]
    install = [*uv, "--require-hashes", "-r", lock]
    return subprocess.run(install, check=False, cwd=ROOT).returncode == 0


def _install_with_pip(lock: Path) -> None:
    """Installs a lock with pip."""
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    install = [*pip, "--require-hashes", "-r", lock]
    if subprocess.run(install, check=False, cwd=ROOT).returncode != 0:
        raise Problem("The packages could not be installed; the lines above say why. Is the package index in reach?")


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Lets one process at a time work on the environment; the others wait."""
    with INSTALL_LOCK.open("a+") as file:
        if not _try_lock(file.fileno()):
            print("Another dev.py is installing; waiting for it", flush=True)
            while not _try_lock(file.fileno()):
                time.sleep(0.2)
        # Closing the file gives the lock back, also when this process is killed.
        yield


def _try_lock(descriptor: int) -> bool:
    """Takes the lock if nobody has it, and tells whether that worked."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - It exists on Windows only.

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - It does not exist on Windows.

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def compile_translations() -> None:
    """Compiles the translations whose source is newer than what was compiled from it."""
    for folder in sorted(ROOT.glob("**/translations")):
        sources = [] if ".venv" in folder.parts else sorted(folder.glob("*/LC_MESSAGES/*.po"))
        if any(_is_newer(source, source.with_suffix(".mo")) for source in sources):
            babel: list[str | Path] = [PYTHON, "-m", "babel.messages.frontend", "--quiet"]
            command = [*babel, "compile", "--directory", folder]
            if subprocess.run(command, check=False, cwd=ROOT).returncode != 0:
                raise Problem(f"The translations in {folder.relative_to(ROOT)} could not be compiled.")


def _is_newer(source: Path, compiled: Path) -> bool:
    """Tells whether a source was changed since it was compiled."""
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


# ----------------------------------------------------------------------------------------------- running the portal


def run(options: argparse.Namespace) -> int:
    """Starts the portal and its worker, and keeps them until Ctrl-C.

    Returns:
        0 after Ctrl-C, 1 when the server or the worker ended on its own.
    """
    check_port(options.host, options.port)
    ensure_environment("run")
    compile_translations()
    address = address_for_people(options.host, options.port)
    environment = portal_environment(address)
    if options.empty:
        # Whoever begins with real people has a real second factor.
        environment["ALONGSIDE_DEMO_FACTOR"] = os.environ.get("ALONGSIDE_DEMO_FACTOR", "")
    prepare_instance(environment, empty=options.empty)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        children["server"] = start_child(server_command(options.host, options.port), environment)
        children["worker"] = start_child(flask_command("worker"), environment)
        sign_ins = "" if options.empty else read_sign_ins(environment)
        wait_for_health(address, children)
        print(f"\nAlongside is running at {address}\n{sign_ins}\nPress Ctrl-C to stop it.", flush=True)
        return watch(children)
    except KeyboardInterrupt:
        print("\nStopping", flush=True)
        return 0
    finally:
        stop_children(children)


def address_for_people(host: str, port: int) -> str:
    """Name the address that people type; this machine goes by its name, as passkeys are bound to one."""
    name = LOCAL_NAME if host in EVERYWHERE or host == LOCAL_ADDRESS else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def check_port(host: str, port: int) -> None:
    """Makes sure that nobody listens on the port, before anything else is done.

    Raises:
        Problem: The port is taken, or the host is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if not WINDOWS:
            # A port that was left a moment ago is free, and gunicorn takes it in the same way.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Problem(
                f"Port {port} on {host} cannot be used ({error.strerror}). Perhaps Alongside already runs there. "
                f"Try another one: python3 dev.py run --port {port + 1}"
            ) from error


def portal_environment(address: str = f"http://{LOCAL_NAME}:{DEFAULT_PORT}") -> dict[str, str]:
    """Says to the portal where it runs; what a person has set themselves stays as it is."""
    ours = {
        "ALONGSIDE_MODE": "local",
        "ALONGSIDE_BASE_URL": address,
        "ALONGSIDE_DEMO_FACTOR": DEMO_FACTOR,
        "PYTHONUNBUFFERED": "1",
    }
    # The portal starts in the folder of this file, so a path from where the person is has to be written out.
    instance = Path(os.environ.get("ALONGSIDE_INSTANCE") or ROOT / "instance").resolve()
    return {**ours, **os.environ, "ALONGSIDE_INSTANCE": str(instance)}


def prepare_instance(environment: Mapping[str, str], *, empty: bool) -> None:
    """Writes the secrets, brings the database up to date and fills it on the first start.

    Args:
        environment: What `portal_environment` gave.
        empty: Whether to leave the invented people out and ask for an administrator instead.
    """
    write_secrets(Path(environment["ALONGSIDE_INSTANCE"]))
    run_flask(environment, "database", "upgrade")
    if not empty:
        run_flask(environment, "demo", "load", "--if-empty")
    elif sys.stdin.isatty():
        run_flask(environment, "accounts", "create-administrator", "--if-none")
    else:
        print("Make the first administrator with: python3 dev.py flask accounts create-administrator", flush=True)


def write_secrets(instance: Path) -> None:
    """Writes the secrets of an instance once, for the eyes of its owner only."""
    sys.path.insert(0, str(ROOT))
    # The portal decides which secrets there are; this file of it needs the standard library alone.
    from foundation.settings import create_secrets  # noqa: PLC0415 - An older Python must get as far as our message.

    with _only_one():
        create_secrets(instance)


def flask_command(*words: str) -> list[str | Path]:
    """Builds the command line for one of the portal's own commands."""
    return [PYTHON, "-m", "flask", "--app", "app", *words]


def run_flask(environment: Mapping[str, str], *words: str) -> None:
    """Runs one of the portal's own commands.

    Raises:
        Problem: The command failed.
    """
    if subprocess.run(flask_command(*words), check=False, cwd=ROOT, env=environment).returncode != 0:
        raise Problem(f"“flask {' '.join(words)}” failed; the lines above say why.")


def read_sign_ins(environment: Mapping[str, str]) -> str:
    """Asks the portal for one invented person of each role and how they sign in."""
    result = subprocess.run(
        flask_command("demo", "sign-ins"), check=False, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    return result.stdout if result.returncode == 0 else ""


def server_command(host: str, port: int) -> list[str | Path]:
    """Builds the command line of the web server: gunicorn, or Flask's own where gunicorn cannot run."""
    if WINDOWS:
        return flask_command("run", "--no-reload", "--host", host, "--port", str(port))
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    manners = ["--no-control-socket", "--threads", str(THREADS), "--log-level", "warning"]
    return [PYTHON, "-m", "gunicorn", "app:create_app()", "--bind", place, *manners]


def start_child(command: Sequence[str | Path], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Starts a process of its own group, so that Ctrl-C reaches it through us and in good order."""
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)


def wait_for_health(address: str, children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Waits until the portal says that it is well.

    Raises:
        Problem: A process ended, or the portal was not well within a minute.
    """
    # A proxy in the environment is meant for the world outside, and the portal is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + HEALTH_SECONDS
    last = "it did not answer"
    while time.monotonic() < deadline:
        if ended := find_ended(children):
            raise Problem(f"The {ended} ended while it started; the lines above say why.")
        try:
            with opener.open(f"{address}/ready", timeout=5):
                return
        except urllib.error.HTTPError as error:
            last = f"/ready answered {error.code}"
            error.close()
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise Problem(f"The portal did not start within {HEALTH_SECONDS:.0f} seconds: {last}.")


def find_ended(children: Mapping[str, subprocess.Popen[bytes]]) -> str | None:
    """Names the first process that has ended, if one has."""
    return next((name for name, child in children.items() if child.poll() is not None), None)


def watch(children: Mapping[str, subprocess.Popen[bytes]]) -> NoReturn:
    """Waits for as long as all processes live.

    Raises:
        Problem: One of them ended on its own.
        KeyboardInterrupt: The person pressed Ctrl-C, or the system asked us to stop.
    """
    while (ended := find_ended(children)) is None:
        time.sleep(0.2)
    raise Problem(f"The {ended} ended on its own (exit code {children[ended].returncode}), so everything was stopped.")


def stop_children(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Asks every process to end, waits, and ends by force what does not."""
    for child in children.values():
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for name, child in children.items():
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            print(f"The {name} does not stop by itself, so it is ended by force", flush=True)
    for child in children.values():
        # A process that ended may leave members of its group behind, so every group is told.
        _signal_group(child, signal.SIGTERM if WINDOWS else signal.SIGKILL)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Sends a signal to a process and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            child.terminate()
        else:
            os.killpg(child.pid, number)


# ----------------------------------------------------------------------------------------------- checks and tests


def check_stages() -> list[tuple[str, list[str | Path]]]:
    """Lists the checks in the order in which they are told of, each with its command line.

    A house test inside pytest may run single ones again; both read their rules from pyproject.toml and so agree.
    """
    tools = PYTHON.parent
    stages: list[tuple[str, list[str | Path]]] = [
        ("ruff check", [tools / "ruff", "check", "--quiet"]),
        ("ruff format", [tools / "ruff", "format", "--check", "--quiet"]),
        ("mypy", [tools / "mypy", "--no-error-summary"]),
        ("lint-imports", [tools / "lint-imports", "--no-cache"]),
        ("djlint", [tools / "djlint", "templates", "--lint", "--quiet"]),
        ("codespell", [tools / "codespell"]),
    ]
    return [stage for stage in stages if stage[0] != "djlint" or any((ROOT / "templates").glob("**/*.html"))]


def run_checks() -> int:
    """Runs all checks side by side, and says of each what it found.

    Returns:
        0 when all is well, else the exit code of the first check that failed.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        running = [_start_check(name, command, environment, Path(folder)) for name, command in check_stages()]
        try:
            codes = [_report_check(name, process, told) for name, process, told in running]
        finally:
            for _name, process, _told in running:
                process.kill()
                process.wait()
    print(f"The checks took {time.monotonic() - began:.0f} s", flush=True)
    return next((code for code in codes if code != 0), 0)


def _start_check(
    name: str, command: Sequence[str | Path], environment: Mapping[str, str], folder: Path
) -> tuple[str, subprocess.Popen[bytes], Path]:
    """Starts one check, which writes what it finds into a file, so that the checks do not talk over one another."""
    told = folder / name.replace(" ", "-")
    with told.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT)
    return name, process, told


def _report_check(name: str, process: subprocess.Popen[bytes], told: Path) -> int:
    """Waits for one check and says what came of it."""
    code = process.wait()
    print(f"{'FAILED' if code else 'ok':<7}{name}", flush=True)
    if code:
        print(f"\n{told.read_text('utf-8', 'replace')}", flush=True)
    return code


def check_and_test(options: argparse.Namespace) -> int:
    """Runs every check and then every test; the last line is the summary of pytest.

    Returns:
        0 when all is well, else the exit code of what failed.
    """
    ensure_environment("dev")
    compile_translations()
    environment = {**os.environ, **browser_environment(wanted=not options.no_browser)}
    if not options.no_checks and (code := run_checks()) != 0:
        return code
    words = list(options.words)
    if not any(word.startswith(("-n", "--numprocesses")) or word == "no:xdist" for word in words):
        # The browser's tests come first, and one process keeps them while the other takes all else.
        words = ["-n", "2", "--dist", "worksteal", *words]
    if options.no_browser:
        words = ["-m", "not browser", *words]
    return run_in_front([PYTHON, "-m", "pytest", *words], environment)


def run_in_front(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Runs a program in the person's terminal, and on Ctrl-C gives it time to clear up after itself.

    Returns:
        Its exit code.
    """
    with subprocess.Popen(command, cwd=ROOT, env=environment) as child:
        try:
            return child.wait()
        except Interrupted as request:
            # Ctrl-C reaches the program through the terminal too, and a second one would cut its clearing up short.
            if request.number != signal.SIGINT or not _ends_within(child, STOP_SECONDS):
                child.send_signal(signal.SIGTERM if WINDOWS else signal.SIGINT)
            if not _ends_within(child, STOP_SECONDS):
                child.kill()
            raise


def _ends_within(child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Waits for a process and tells whether it ended in time."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(seconds)
    return child.returncode is not None


def browser_environment(*, wanted: bool) -> dict[str, str]:
    """Tells the tests which browser to use.

    Raises:
        Problem: There is none and it was wanted; tests are never left out silently.
    """
    if wanted:
        return {"CHROMIUM": find_chromium() or install_chromium()}
    if os.environ.get("CI") == "true":
        raise Problem("The build always runs the browser tests, so --no-browser is not allowed where CI=true.")
    print("The browser tests are left out, as you asked", flush=True)
    return {}


def find_chromium() -> str | None:
    """Finds Chromium by the variable CHROMIUM or by its usual names.

    Raises:
        Problem: CHROMIUM is set and names no program.
    """
    if chosen := os.environ.get("CHROMIUM"):
        if path := shutil.which(chosen):
            return path
        raise Problem(f"CHROMIUM is set to {chosen}, and there is no such program.")
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def install_chromium() -> str:
    """Installs Chromium from Debian's packages where this process may do so.

    Raises:
        Problem: It may not, or it did not work.
    """
    if not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get for the browser tests", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *words], check=False, env=environment, stdout=subprocess.DEVNULL)
        if path := find_chromium():
            return path
    raise Problem(
        "The browser tests need Chromium, and there is none: install it (on Debian: apt-get install chromium), "
        "set CHROMIUM to its path, or leave these tests out with --no-browser."
    )


# ----------------------------------------------------------------------------------------------- the other commands


def lint(_options: argparse.Namespace) -> int:
    """Runs the checks without the tests."""
    ensure_environment("dev")
    return run_checks()


def write_format(_options: argparse.Namespace) -> int:
    """Writes the code in the house's form and mends what ruff can mend by itself."""
    ensure_environment("dev")
    mended = subprocess.run([PYTHON.parent / "ruff", "check", "--fix", "--quiet"], check=False, cwd=ROOT)
    subprocess.run([PYTHON.parent / "ruff", "format"], check=True, cwd=ROOT)
    return mended.returncode


def write_locks(options: argparse.Namespace) -> int:
    """Writes both files in requirements anew from pyproject.toml, for the oldest Python and for every system."""
    ensure_environment("dev")
    compile_: list[str | Path] = [PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--no-header"]
    common = [*compile_, "--generate-hashes", "--python-version", "3.11", "pyproject.toml", *options.words]
    # Relative names are written as they are into the comments of a lock, so they must not begin at this machine's root.
    run_lock, dev_lock = (str(LOCKS[kind].relative_to(ROOT)) for kind in ("run", "dev"))
    for words in (["-o", run_lock], ["--group", "dev", "-c", run_lock, "-o", dev_lock]):
        if subprocess.run([*common, *words], check=False, cwd=ROOT).returncode != 0:
            raise Problem("The locks could not be written; the lines above say why.")
    return 0


def screenshots(options: argparse.Namespace) -> int:
    """Takes the pictures for the documentation with scripts/screenshots.py."""
    ensure_environment("dev")
    compile_translations()
    environment = {**os.environ, **browser_environment(wanted=True)}
    return run_in_front([PYTHON, "-m", "scripts.screenshots", *options.words], environment)


def flask(options: argparse.Namespace) -> int:
    """Runs one of the portal's own commands in the same surroundings as `run`."""
    ensure_environment("run")
    environment = portal_environment()
    write_secrets(Path(environment["ALONGSIDE_INSTANCE"]))
    return run_in_front(flask_command(*options.words), environment)


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    """Reads the command line; what a command does not know itself is passed on to its tool."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run_parser = commands.add_parser("run", help="start the portal")
    run_parser.add_argument("--empty", action="store_true", help="without invented people")
    run_parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"where to listen ({DEFAULT_PORT})")
    run_parser.add_argument("--host", default=LOCAL_ADDRESS, help="where to listen (this machine only)")
    run_parser.set_defaults(command=run, passes=False)

    test_parser = commands.add_parser("test", help="check and test everything", usage="dev.py test [PYTEST WORDS]")
    test_parser.add_argument("--no-browser", action="store_true", help="without the tests in Chromium")
    test_parser.add_argument("--no-checks", action="store_true", help="only pytest")
    test_parser.set_defaults(command=check_and_test, passes=True)

    commands.add_parser("lint", help="only the checks").set_defaults(command=lint, passes=False)
    commands.add_parser("format", help="write the house's form").set_defaults(command=write_format, passes=False)
    commands.add_parser("lock", help="write requirements anew").set_defaults(command=write_locks, passes=True)
    commands.add_parser("screenshots", help="take pictures").set_defaults(command=screenshots, passes=True)
    commands.add_parser("flask", help="a command of the portal", add_help=False).set_defaults(
        command=flask, passes=True
    )

    options, rest = parser.parse_known_args(words)
    if rest and not options.passes:
        parser.error(f"unknown words: {' '.join(rest)}")
    options.words = [word for word in rest if word != "--"]
    return options


def _interrupt(number: int, _frame: object) -> NoReturn:
    """Treats every request to stop like Ctrl-C."""
    raise Interrupted(number)


def main(words: Sequence[str]) -> int:
    """Carries out one command.

    Returns:
        The exit code for the shell.
    """
    if sys.version_info < OLDEST_PYTHON:
        print("Alongside needs Python 3.11 or newer; start dev.py with that one.", file=sys.stderr)
        return 1
    options = read_arguments(words)
    # A shell starts background jobs deaf to Ctrl-C, so it is asked for here too.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        return int(options.command(options))
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
