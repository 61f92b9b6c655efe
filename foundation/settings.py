"""Settings: read once at start from the environment and the instance folder, and refused together when unsafe."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from foundation import key_texts

SHORTEST_SECRET = 32
MOST_PROXIES = 5

SECRETS = "secrets.json"
"""The file of the instance folder that holds the secrets which the environment does not give."""

NAMES = {
    "ALONGSIDE_MODE": "`local`, `test` or `production`; a portal that is told nothing takes itself for production.",
    "ALONGSIDE_INSTANCE": "Folder of the secrets, the letters and the queue; `instance` unless told otherwise.",
    "ALONGSIDE_SECRET_KEY": "Signs cookies and forms; read from `secrets.json` of the instance unless given.",
    "ALONGSIDE_DATABASE_URL": "`sqlite:////folder/file` or `postgresql+psycopg://…`; must be given in production.",
    "ALONGSIDE_BASE_URL": "The https address under which people reach the portal; links in letters begin with it.",
    "ALONGSIDE_SMTP_URL": "`smtp://user:password@host:port`, or `smtps`; must be given in production.",
    "ALONGSIDE_MAIL_FROM": "Address that letters come from; must be given in production.",
    "ALONGSIDE_HOSTS": "More names under which the portal is reached, with commas, as a load balancer may use them.",
    "ALONGSIDE_BACKUP_KEY": "Encrypts backups; read from `secrets.json` unless given. Keep a copy elsewhere.",
    "ALONGSIDE_DATA_KEYS": "Keys of what lies encrypted, `k2:…,k1:…`, the current one first; see `flask keys`.",
    "ALONGSIDE_DATA_KEYS_FILE": "File that holds these keys instead; `secrets.json` of the instance unless given.",
    "ALONGSIDE_METRICS_TOKEN": "Opens `/metrics` to whoever sends it as bearer token; without it there is none.",
    "ALONGSIDE_DEMO_FACTOR": "Six digits that stand in for a second factor in a trial; refused in production.",
    "ALONGSIDE_TRUSTED_PROXIES": "How many proxies of yours stand in front; 0 believes no forwarded address.",
}
"""Every setting with its meaning; in production another name that begins like these is refused as a slip."""

_PLACEHOLDERS = ("changeme", "replaceme", "example", "placeholder", "yoursecret", "yourkey", "insecure", "password")
_EASY_PASSWORDS = {"", "alongside", "postgres", "portal", "password", "secret", "admin", "changeme", "example"}


class Mode(StrEnum):
    """Where the portal runs."""

    LOCAL = "local"
    TEST = "test"
    PRODUCTION = "production"


class UnsafeSettings(Exception):
    """The portal will not start like this; every fault is listed at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Alongside does not start, because:\n" + "\n".join(f"- {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """What one running portal needs to know.

    Attributes:
        mode: Local, test or production; only production insists on everything.
        instance: Folder of the database, the letters and the secrets.
        secret_key: Signs cookies and forms.
        database_url: SQLAlchemy address; SQLite in the instance folder unless told otherwise.
        base_url: Address under which people reach the portal; links in letters begin with it.
        smtp_url: ``smtp://user:password@host:port`` (``smtps`` for TLS from the start); empty means a folder.
        mail_from: Address that letters come from.
        data_keys: Keys of what lies encrypted, as ``foundation.keyring`` writes them; the first is current.
        data_keys_source: File that they came from, watched for new ones; None where the environment gave them.
        backup_key: Encrypts backups; whoever restores on another machine needs it, so it is kept elsewhere too.
        demo_factor: Code that stands in for a second factor where nobody is real; never in production.
        hosts: Names under which requests may ask for the portal; empty lets every name pass.
        trusted_proxies: How many proxies of ours stand in front, each of which adds one address to a request.
        metrics_token: Opens the figures for Prometheus; empty where nobody collects them.
    """

    mode: Mode
    instance: Path
    # What is secret, or carries a password, is left out of what a stray print or traceback would show.
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    base_url: str
    smtp_url: str = field(repr=False)
    mail_from: str
    data_keys: str = field(default="", repr=False)
    data_keys_source: Path | None = None
    backup_key: str = field(default="", repr=False)
    demo_factor: str = ""
    hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    metrics_token: str = field(default="", repr=False)

    @property
    def is_production(self) -> bool:
        """Whether real people depend on this portal."""
        return self.mode is Mode.PRODUCTION

    @property
    def letters_folder(self) -> Path:
        """Folder that takes letters where no mail server is set."""
        return self.instance / "letters"

    @property
    def anchors_file(self) -> Path:
        """File that takes a line a day on where the audit chain ends."""
        return self.instance / "audit-anchors.jsonl"

    @property
    def jobs_database(self) -> Path:
        """SQLite file that holds the queue of the worker."""
        return self.instance / "jobs.sqlite"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings and refuse to go on with unsafe ones.

    Args:
        environ: The process environment; names begin with ``ALONGSIDE_``.

    Raises:
        UnsafeSettings: Something is missing, weak or unfit for production; all faults are listed.
    """
    instance = Path(environ.get("ALONGSIDE_INSTANCE", "instance")).absolute()
    mode_text = environ.get("ALONGSIDE_MODE", Mode.PRODUCTION)
    if mode_text not in set(Mode):
        raise UnsafeSettings([f"ALONGSIDE_MODE is “{mode_text}”; it must be one of {', '.join(Mode)}."])
    mode = Mode(mode_text)
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = _secrets_from_file(instance)
    base_url = environ.get("ALONGSIDE_BASE_URL", "" if mode is Mode.PRODUCTION else "http://127.0.0.1:8000")
    data_keys, source = _data_keys(instance, environ)
    settings = Settings(
        mode=mode,
        instance=instance,
        secret_key=environ.get("ALONGSIDE_SECRET_KEY") or kept.get("SECRET_KEY", ""),
        database_url=environ.get("ALONGSIDE_DATABASE_URL") or _default_database(instance, mode),
        base_url=base_url,
        smtp_url=environ.get("ALONGSIDE_SMTP_URL", ""),
        mail_from=environ.get("ALONGSIDE_MAIL_FROM", "alongside@localhost"),
        data_keys=data_keys,
        data_keys_source=source,
        backup_key=environ.get("ALONGSIDE_BACKUP_KEY") or kept.get("BACKUP_KEY", ""),
        demo_factor=environ.get("ALONGSIDE_DEMO_FACTOR", ""),
        hosts=_hosts(base_url, environ.get("ALONGSIDE_HOSTS", "")) if mode is Mode.PRODUCTION else (),
        trusted_proxies=_count(environ.get("ALONGSIDE_TRUSTED_PROXIES", "0")),
        metrics_token=environ.get("ALONGSIDE_METRICS_TOKEN", ""),
    )
    if faults := find_faults(settings, environ):
        raise UnsafeSettings(faults)
    return settings


def _data_keys(instance: Path, environ: Mapping[str, str]) -> tuple[str, Path | None]:
    """Read the keys of the data from the environment, from the file that it names, or from the instance's secrets."""
    if given := environ.get("ALONGSIDE_DATA_KEYS"):
        return given, None
    file = Path(environ.get("ALONGSIDE_DATA_KEYS_FILE") or instance / SECRETS)
    return key_texts.read_source(file), file


def _secrets_from_file(instance: Path) -> dict[str, str]:
    """Read the secrets of the instance folder; none where there is no readable file."""
    path = instance / SECRETS
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return {name: text for name, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}


def _default_database(instance: Path, mode: Mode) -> str:
    """Place the embedded database in the instance folder; production names its own."""
    return "" if mode is Mode.PRODUCTION else f"sqlite:///{instance / 'alongside.sqlite'}"


def _hosts(base_url: str, more: str) -> tuple[str, ...]:
    """List the names under which a production may be asked for."""
    try:
        first = urlsplit(base_url).netloc.lower()
    except ValueError:
        first = ""
    return tuple(host for host in (first, *(part.strip().lower() for part in more.split(","))) if host)


def _count(text: str) -> int:
    """Read a small number; -1, which is refused, where it is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else -1


def find_faults(settings: Settings, environ: Mapping[str, str]) -> list[str]:
    """List everything that makes these settings unsafe, in words."""
    faults = _secret_faults("ALONGSIDE_SECRET_KEY", settings.secret_key)
    # A portal without a key for backups runs, and its backups say that there is none; one with a weak key does not.
    if settings.backup_key:
        faults += _secret_faults("ALONGSIDE_BACKUP_KEY", settings.backup_key)
    faults += _key_faults(settings)
    faults += _address_faults(settings)
    if not 0 <= settings.trusted_proxies <= MOST_PROXIES:
        faults.append(f"ALONGSIDE_TRUSTED_PROXIES must be a number from 0 to {MOST_PROXIES}.")
    if settings.metrics_token:
        faults += _secret_faults("ALONGSIDE_METRICS_TOKEN", settings.metrics_token)
    if not re.fullmatch(r"([0-9]{6})?", settings.demo_factor):
        faults.append("ALONGSIDE_DEMO_FACTOR must be six digits.")
    if settings.is_production:
        faults += _production_faults(settings, environ)
    return faults


def _secret_faults(name: str, secret: str) -> list[str]:
    """List what makes a secret easy to guess."""
    if len(secret) < SHORTEST_SECRET:
        return [f"{name} must have at least {SHORTEST_SECRET} characters."]
    if len(set(secret)) < SHORTEST_SECRET // 4:
        make = "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`"
        return [f"{name} is too regular; make one with {make}."]
    letters = re.sub(r"[^a-z]", "", secret.lower())
    if any(word in letters for word in _PLACEHOLDERS):
        return [f"{name} looks like the placeholder of an example; make one of your own."]
    return []


def _key_faults(settings: Settings) -> list[str]:
    """List what is wrong with the keys of the data."""
    try:
        key_texts.parse_keys(settings.data_keys)
    except key_texts.KeysUnfit as error:
        make = "import base64, secrets; print('k1:' + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())"
        return [f'ALONGSIDE_DATA_KEYS cannot be used: {error} Make the first with `python3 -c "{make}"` and keep it.']
    return []


def _address_faults(settings: Settings) -> list[str]:
    """List the addresses that cannot be right anywhere."""
    faults = []
    # A database of SQLite lies in a file; one in memory would be another one for every connection.
    if settings.database_url and not re.match(r"sqlite:///.|postgresql\+psycopg://.", settings.database_url):
        faults.append("ALONGSIDE_DATABASE_URL must begin with sqlite:///file or postgresql+psycopg://.")
    if settings.base_url and not _is_address(settings.base_url, {"http", "https"}):
        faults.append("ALONGSIDE_BASE_URL must be an address like https://alongside.example.")
    if settings.smtp_url and not _is_address(settings.smtp_url, {"smtp", "smtps"}):
        faults.append("ALONGSIDE_SMTP_URL must be an address like smtp://user:password@mail.example:587.")
    if not re.fullmatch(r"[^\s@]+@[^\s@]+", settings.mail_from):
        faults.append("ALONGSIDE_MAIL_FROM must be one plain address.")
    return faults


def _is_address(text: str, schemes: set[str]) -> bool:
    """Whether a text is an address of one of some kinds, with a host and a port that can be."""
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _production_faults(settings: Settings, environ: Mapping[str, str]) -> list[str]:
    """List what is tolerable on a laptop and not where real people are."""
    faults = []
    if environ.get("FLASK_DEBUG", "") not in {"", "0", "false"}:
        faults.append("FLASK_DEBUG must be off in production.")
    faults += [
        f"{name} is no setting that production knows; see docs/settings.md."
        for name in sorted(environ)
        if name.startswith("ALONGSIDE_") and name not in NAMES
    ]
    faults += _host_faults(settings)
    faults += _file_faults(settings)
    if not environ.get("ALONGSIDE_DATABASE_URL"):
        faults.append("ALONGSIDE_DATABASE_URL must be set in production.")
    elif _has_easy_password(settings.database_url):
        faults.append("ALONGSIDE_DATABASE_URL carries a password that anybody would try first.")
    if not settings.smtp_url:
        faults.append("ALONGSIDE_SMTP_URL must name the mail server.")
    if settings.demo_factor:
        faults.append("ALONGSIDE_DEMO_FACTOR must not be set in production, as everybody would know the second factor.")
    if settings.mail_from.endswith("@localhost"):
        faults.append("ALONGSIDE_MAIL_FROM must be an address that people can answer.")
    return faults


def _host_faults(settings: Settings) -> list[str]:
    """List what is wrong with the names under which people reach a production."""
    faults = []
    if not _is_address(settings.base_url, {"https"}):
        faults.append("ALONGSIDE_BASE_URL must be the https address under which people reach the portal.")
    else:
        parts = urlsplit(settings.base_url)
        if parts.username or parts.query or parts.fragment or parts.path not in {"", "/"}:
            faults.append("ALONGSIDE_BASE_URL must be a scheme and a host alone.")
        if re.fullmatch(r"localhost|127\..*|0\.0\.0\.0|::1?", parts.hostname or ""):
            faults.append("ALONGSIDE_BASE_URL must name a host that people can reach.")
    strange = [host for host in settings.hosts if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?", host)]
    if strange:
        faults.append("ALONGSIDE_HOSTS must be plain names of hosts with commas between them.")
    return faults


def _file_faults(settings: Settings) -> list[str]:
    """List the files of a production that other accounts of the machine could read."""
    secret = {settings.instance / SECRETS, *filter(None, [settings.data_keys_source])}
    faults = [
        f"{file.name} can be read by others; `chmod 600` it."
        for file in sorted(secret)
        if file.exists() and file.stat().st_mode & 0o077
    ]
    if settings.database_url.startswith("sqlite:///"):
        file = Path(settings.database_url.removeprefix("sqlite:///"))
        if not file.is_absolute():
            faults.append("ALONGSIDE_DATABASE_URL must name its file from the root: sqlite:////folder/file.")
        elif file.exists() and file.stat().st_mode & 0o004 and file.parent.stat().st_mode & 0o001:
            faults.append("the file of the database can be read by others; `chmod 600` it.")
    return faults


def _has_easy_password(url: str) -> bool:
    """Whether the address of a database carries a password that everybody knows."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return False
    return password is not None and password.lower() in _EASY_PASSWORDS


def create_secrets(instance: Path) -> Path:
    """Write the secrets of an instance, readable by its owner alone, and tell where they are; none is ever changed."""
    path = instance / SECRETS
    kept = _secrets_from_file(instance)
    if missing := {name for name in ("SECRET_KEY", "BACKUP_KEY") if not kept.get(name)}:
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(kept | {name: secrets.token_urlsafe(48) for name in sorted(missing)}), "utf-8")
    if not key_texts.read_source(path):
        # An instance that is older than encryption gets its first key now.
        key_texts.write_source(path, key_texts.format_keys({"k1": key_texts.new_key()}))
    return path
