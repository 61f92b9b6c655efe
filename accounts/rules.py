"""Roles and permissions as one table, and the numbers that guard signing in."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

SIGN_IN_LASTS = timedelta(hours=12)
"""After this long everybody signs in again. Source: NIST SP 800-63B-3, 4.2.3, for assurance level 2."""

IDLE_STAFF_LASTS = timedelta(minutes=30)
"""Unused for this long, a sign-in that reads many people's records ends. Source: NIST SP 800-63B-3, 4.2.3."""

IDLE_OTHERS_LASTS = timedelta(minutes=60)
"""The same for those who read their own record and write long notes. Source: NIST SP 800-63B-4, 2.2.3, one hour."""

SEEN_EVERY = timedelta(minutes=1)
"""How often at most it is written down that a sign-in is in use; reading a page would otherwise always write."""

INVITATION_LASTS = timedelta(days=14)
MOST_GUESSES = 10
GUESS_WINDOW = timedelta(minutes=5)
SHORTEST_PASSWORD = 12
"""Long rather than complicated: any letters, signs and blanks will do. Source: NIST SP 800-63B-4, 3.1.1."""

RESET_LASTS = timedelta(hours=1)
MOST_RESETS = 3
"""So many letters an hour for one address, so that nobody floods somebody else's letter box."""

RESETS_KEPT = timedelta(days=1)

BREAK_GLASS_LASTS = timedelta(hours=1)
"""How long one confidential record stays open to an administrator once somebody else has allowed it."""
BREAK_GLASS_WAITS = timedelta(hours=24)
"""How long a request may wait; what was urgent yesterday is asked for anew."""

CODE_SECONDS = 30
CODE_STEPS_AROUND = 1
"""An authenticator app shows a new code every 30 seconds; one step early or late is a clock that is a little off.

**Source:** RFC 6238, sections 5.2 and 6.
"""
RECOVERY_CODES = 10
CHALLENGE_LASTS = timedelta(minutes=5)
FACTOR_IS_FRESH = timedelta(minutes=10)
"""How long after a second factor somebody may change their factors without showing one again."""
PASSWORD_IS_FRESH = timedelta(minutes=30)
"""How long after the password somebody may set up their first factor; an app has to be found and installed first."""

URGED_AGAIN = timedelta(days=30)
MOST_PASSKEYS = 10


class Role(StrEnum):
    """What a person is in a scheme; one person may be several things."""

    VOLUNTEER = "volunteer"
    MENTOR = "mentor"
    COORDINATOR = "coordinator"
    SENIOR = "senior coordinator"
    TRAINING_LEAD = "training lead"
    PARTNER_OFFICER = "partner officer"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "administrator"


class GlassState(StrEnum):
    """Where a request for emergency access is."""

    ASKED = "asked"
    OPEN = "open"
    REFUSED = "refused"
    OVER = "over"


FACTOR_ROLES = frozenset(
    {Role.COORDINATOR, Role.SENIOR, Role.TRAINING_LEAD, Role.PARTNER_OFFICER, Role.EVALUATOR, Role.ADMINISTRATOR}
)
"""Roles that see or decide about others and so never work without a second factor; volunteers and mentors are urged."""


class Factor(StrEnum):
    """A second thing, beside the password, by which somebody shows who they are."""

    APP = "app"
    PASSKEY = "passkey"


class Ceremony(StrEnum):
    """What a passkey is asked for."""

    REGISTERING = "registering"
    CONFIRMING = "confirming"
    SIGNING_IN = "signing in"


class Permission(StrEnum):
    """One thing that somebody may do, named ``subject:act``."""

    OWN_RECORD_READ = "own-record:read"
    MENTORING_LOG = "mentoring:log"
    VOLUNTEERS_READ = "volunteers:read"
    VOLUNTEERS_DECIDE = "volunteers:decide"
    TRAINING_READ = "training:read"
    TRAINING_LOG = "training:log"
    PLANS_REVIEW = "plans:review"
    REFERRALS_MAKE = "referrals:make"
    MENTEES_READ = "mentees:read"
    MENTEES_DECIDE = "mentees:decide"
    MATCHING_READ = "matching:read"
    MATCHING_DECIDE = "matching:decide"
    VETO_LIFT = "vetoes:lift"
    MATCHES_READ = "matches:read"
    FIGURES_READ = "figures:read"
    PEOPLE_IMPORT = "people:import"
    ACCOUNTS_MANAGE = "accounts:manage"
    AUDIT_READ = "audit:read"
    LETTERS_READ = "letters:read"
    PRIVACY_MANAGE = "privacy:manage"
    PRIVACY_CONFIRM = "privacy:confirm"
    RECORDS_UNSEAL = "records:unseal"
    UNSEALING_DECIDE = "records:decide-unsealing"


ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.VOLUNTEER: frozenset({Permission.OWN_RECORD_READ}),
    Role.MENTOR: frozenset({Permission.OWN_RECORD_READ, Permission.MENTORING_LOG}),
    Role.COORDINATOR: frozenset(
        {
            Permission.VOLUNTEERS_READ,
            Permission.VOLUNTEERS_DECIDE,
            Permission.TRAINING_READ,
            Permission.TRAINING_LOG,
            Permission.PLANS_REVIEW,
            Permission.REFERRALS_MAKE,
            Permission.MENTEES_READ,
            Permission.MENTEES_DECIDE,
            Permission.MATCHING_READ,
            Permission.MATCHING_DECIDE,
            Permission.MATCHES_READ,
            Permission.FIGURES_READ,
            Permission.PEOPLE_IMPORT,
            Permission.PRIVACY_MANAGE,
            Permission.PRIVACY_CONFIRM,
            Permission.UNSEALING_DECIDE,
        }
    ),
    # Held beside the role of coordinator, and good for nothing without it: whoever runs rounds does not lift rules.
    Role.SENIOR: frozenset({Permission.VETO_LIFT}),
    # Training leads see hours and plans of volunteers and nothing at all of the people mentored.
    Role.TRAINING_LEAD: frozenset(
        {Permission.VOLUNTEERS_READ, Permission.TRAINING_READ, Permission.TRAINING_LOG, Permission.PLANS_REVIEW}
    ),
    Role.PARTNER_OFFICER: frozenset({Permission.REFERRALS_MAKE}),
    Role.EVALUATOR: frozenset({Permission.FIGURES_READ}),
    # Administrators grant access. They read nobody's record unless a second person opens that one for an hour.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ACCOUNTS_MANAGE,
            Permission.AUDIT_READ,
            Permission.LETTERS_READ,
            Permission.FIGURES_READ,
            # A second person for what cannot be undone; the pages behind it show names and numbers only.
            Permission.PRIVACY_CONFIRM,
            Permission.RECORDS_UNSEAL,
            Permission.UNSEALING_DECIDE,
        }
    ),
}


_OTHERS = frozenset({Role.VOLUNTEER, Role.MENTOR})


def idle_limit(roles: Iterable[Role]) -> timedelta:
    """Tell how long a sign-in with these roles may lie unused; the strictest role decides."""
    return IDLE_OTHERS_LASTS if frozenset(roles) <= _OTHERS else IDLE_STAFF_LASTS


def is_idle(roles: Iterable[Role], last_seen_at: datetime, at: datetime) -> bool:
    """Whether a sign-in has lain unused for too long."""
    return at - last_seen_at >= idle_limit(roles)


_BROWSERS = (
    (r"\bEdg(e|A|iOS)?/", "Edge"),
    (r"\b(OPR|Opera)/", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\b(Firefox|FxiOS)/", "Firefox"),
    (r"\b(HeadlessChrome|Chrome|Chromium|CriOS)/", "Chrome"),
    (r"\bSafari/", "Safari"),
)
_SYSTEMS = (
    (r"\bAndroid\b", "Android"),
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bWindows\b", "Windows"),
    (r"\b(Macintosh|Mac OS X)\b", "Mac"),
    (r"\bCrOS\b", "Chromebook"),
    (r"\bLinux\b", "Linux"),
)


def device_parts(user_agent: str) -> tuple[str, str]:
    """Read which browser and which system a browser says it is; each empty where it does not say.

    The order of the tables matters: nearly every browser also claims to be Chrome and Safari.
    """
    return _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)


def _first(table: Iterable[tuple[str, str]], text: str) -> str:
    """Give the name of the first pattern that is found."""
    return next((name for pattern, name in table if re.search(pattern, text)), "")


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Gather what somebody with these roles may do."""
    return frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in roles))


_PRISON_WORDS = frozenset({"hm", "hmp", "hmyoi", "yoi", "prison", "the"})
"""Words that stand before or after the name of a prison, and by which nobody tells two of them apart."""


def establishment_key(name: str) -> str:
    """Give the form of an establishment's name under which it is found, so that each stands in a list once."""
    words = re.sub(r"[\W_]+", " ", name.casefold()).split()
    return " ".join(word for word in words if word not in _PRISON_WORDS)[:120] or " ".join(words)[:120]


def email_key(email: str) -> str:
    """Give the form of an e-mail address under which an account is found: trimmed and without capitals."""
    # Some letters become three when they lose their capitals, and the column is as long as an address may be.
    return email.strip().casefold()[:254]


def step_of(at: datetime) -> int:
    """Count the steps of authenticator apps until an instant; the code of a step is the same for all of it."""
    return int(at.timestamp()) // CODE_SECONDS


def plain_code(typed: str) -> str:
    """Give a code as it was made, however it was typed: without spaces and hyphens, in small letters."""
    return typed.translate({ord(sign): None for sign in " -\u00a0\t"}).lower()
