"""A real portal for browsers: web server and worker as processes of their own, on a database of their own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import DATA_KEYS

START_SECONDS = 180.0
DEMO_FACTOR = "246810"
ROOT = Path(__file__).resolve().parents[2]


class PortalNotStarted(Exception):
    """The server did not answer in time; the message holds what it wrote."""


class LivePortal:
    """One portal that is running.

    Args:
        instance: Its folder.
        port: Where it listens.
    """

    def __init__(self, instance: Path, port: int) -> None:
        self.instance = instance
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.environment = {
            **os.environ,
            "ALONGSIDE_MODE": "local",
            "ALONGSIDE_INSTANCE": str(instance),
            "ALONGSIDE_SECRET_KEY": "an invented secret for browsers that is long enough",
            "ALONGSIDE_BASE_URL": self.url,
            "ALONGSIDE_DATA_KEYS": DATA_KEYS,
            "ALONGSIDE_DEMO_FACTOR": DEMO_FACTOR,
        }

    def flask(self, *words: str) -> str:
        """Run one of the portal's commands and give what it prints."""
        command = [sys.executable, "-m", "flask", "--app", "app", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self) -> Iterator["LivePortal"]:
        """Start server and worker, wait until the portal answers, and stop both in the end."""
        log = (self.instance / "server.log").open("w", encoding="utf-8")
        address = f"127.0.0.1:{self.port}"
        gunicorn = ["gunicorn", "--no-control-socket", "--threads", "4", "--bind", address, "app:create_app()"]
        processes = [
            subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log)
            for words in (gunicorn, ["flask", "--app", "app", "worker"])
        ]
        try:
            self._wait()
            yield self
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=20)
            log.close()

    def _wait(self) -> None:
        """Wait until the portal says that it is ready."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                # The address is our own server's on loopback, never one from outside.
                with urllib.request.urlopen(f"{self.url}/ready", timeout=2):  # noqa: S310 - see above.
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise PortalNotStarted((self.instance / "server.log").read_text(encoding="utf-8")[-3000:])


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
