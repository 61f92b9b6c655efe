"""Passkeys: a key pair on the person's own device answers a challenge that one browser may answer once.

The cryptography is py_webauthn's. What is ours: which challenge belongs to whom, that it is used once, and that a
passkey whose counter goes back is not accepted, since somebody may have copied it.
"""

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts import queries
from accounts.models import Account, Passkey, PasskeyChallenge, SignIn
from accounts.operations.factors.passing import pass_factor, require_fresh, tell_of_change
from accounts.policy import Actor
from accounts.rules import CHALLENGE_LASTS, MOST_PASSKEYS, Ceremony
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _

CHALLENGE_BYTES = 32
BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,1400}")
MILLISECONDS = int(CHALLENGE_LASTS.total_seconds() * 1000)


class PasskeyNotAccepted(Refusal):
    """What the browser sent does not prove that somebody holds a passkey of this account."""


@dataclass(frozen=True)
class Portal:
    """The portal as passkeys know it; they answer nobody who pretends to be it.

    Attributes:
        base_url: Address under which people reach the portal.
        reached_as: Host under which somebody reached it just now; empty where nobody asks.
    """

    base_url: str
    reached_as: str = ""

    @property
    def host(self) -> str:
        """The name that passkeys are bound to."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def origin(self) -> str:
        """Scheme, host and port, as the browser names them."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def has_passkeys(self) -> bool:
        """Whether passkeys can be used here at all: they are bound to a name, and an address of numbers is none."""
        return _is_name(self.host) and (not self.reached_as or _is_name(self.reached_as))


def _is_name(host: str) -> bool:
    """Whether a host is a name and no address of numbers."""
    return bool(host) and not host.replace(".", "").isdigit() and ":" not in host


def ask_to_register(session: Session, *, sign_in: SignIn, portal: Portal, at: datetime) -> str:
    """Ask a browser to make a new passkey; give the question as the browser's own JSON.

    Raises:
        FactorNotFresh: The person has a factor and has not shown it just now.
        Refusal: They have as many passkeys as anybody needs.
    """
    require_fresh(session, sign_in, at)
    account = session.get_one(Account, sign_in.account_id)
    known = queries.list_passkeys(session, account.id)
    if len(known) >= MOST_PASSKEYS:
        raise Refusal(_("You have %(number)s passkeys. Remove one that you no longer use.", number=MOST_PASSKEYS))
    options = webauthn.generate_registration_options(
        rp_id=portal.host,
        rp_name="Alongside",
        user_id=account.id.bytes,
        user_name=account.email_key,
        user_display_name=account.person.name,
        challenge=_new_challenge(session, Ceremony.REGISTERING, sign_in.token_hash, at),
        timeout=MILLISECONDS,
        # The passkey shall also open the door without a password, so it knows whom it is for and asks who holds it.
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(row.credential_id)) for row in known],
    )
    return webauthn.options_to_json(options)


def add_passkey(
    session: Session, *, sign_in: SignIn, name: str, answer: str, portal: Portal, by: Actor, at: datetime
) -> str:
    """Accept a new passkey; other devices are signed out.

    Returns:
        The new token for the cookie of this device, on which a factor has been shown by this.

    Raises:
        PasskeyNotAccepted: The answer does not fit a question of this sign-in.
        FactorNotFresh: The person has a factor and has not shown it just now.
    """
    require_fresh(session, sign_in, at)
    credential = _read(answer)
    challenge = _take_challenge(session, credential, Ceremony.REGISTERING, sign_in.token_hash, at)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=portal.host,
            expected_origin=portal.origin,
            require_user_verification=True,
        )
    except Exception as error:
        raise _not_accepted() from error
    passkey = Passkey(
        account_id=sign_in.account_id,
        name=name[:100],
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        created_at=at,
        last_used_at=at,
    )
    session.add(passkey)
    audit.record(session, by=by, at=at, verb="add_passkey", subject=passkey)
    account = session.get_one(Account, sign_in.account_id)
    told = _("A passkey was added to your account.")
    tell_of_change(session, account=account, kept=sign_in, told=told, by=by, at=at)
    return pass_factor(session, sign_in=sign_in, by=by, at=at)


def ask_for_passkey(
    session: Session, *, ceremony: Ceremony, asked_hash: str, account: Account | None, portal: Portal, at: datetime
) -> str:
    """Ask a browser for a passkey; give the question as the browser's own JSON.

    Args:
        session: The transaction.
        ceremony: Confirming a sign-in, or signing in.
        asked_hash: Hash of the token of the sign-in, or of the browser, which alone may answer.
        account: Whose passkeys are asked for; None where the passkey shall say who signs in.
        portal: This portal.
        at: When.
    """
    known = queries.list_passkeys(session, account.id) if account is not None else []
    options = webauthn.generate_authentication_options(
        rp_id=portal.host,
        challenge=_new_challenge(session, ceremony, asked_hash, at),
        timeout=MILLISECONDS,
        allow_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(row.credential_id)) for row in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def check_passkey(
    session: Session, *, ceremony: Ceremony, asked_hash: str, answer: str, portal: Portal, at: datetime
) -> Passkey:
    """Find whose passkey has answered, if it proves that its holder is here and has unlocked it.

    Raises:
        PasskeyNotAccepted: The answer does not fit a question to this browser, or the passkey is not known.
    """
    credential = _read(answer)
    challenge = _take_challenge(session, credential, ceremony, asked_hash, at)
    passkey = queries.find_passkey(session, _plain(credential.get("id")))
    if passkey is None or passkey.account.disabled_at is not None or not _is_holder(credential, passkey):
        raise _not_accepted()
    try:
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=portal.host,
            expected_origin=portal.origin,
            credential_public_key=passkey.public_key,
            # A counter that stands still or goes back tells of a copy; the library refuses it.
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        raise _not_accepted() from error
    counted = Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count
    change = update(Passkey).where(*counted).values(sign_count=shown.new_sign_count, last_used_at=at)
    if session.connection().execute(change).rowcount != 1:
        raise _not_accepted()
    return passkey


def _is_holder(credential: dict[str, Any], passkey: Passkey) -> bool:
    """Whether the person that the passkey names, where it names one, is the one it was made for."""
    response = credential.get("response")
    handle = response.get("userHandle") if isinstance(response, dict) else None
    return not handle or handle == bytes_to_base64url(passkey.account_id.bytes)


def _new_challenge(session: Session, ceremony: Ceremony, asked_hash: str, at: datetime) -> bytes:
    """Draw a challenge and note who may answer it; those that have run out go."""
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= at))
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    row = PasskeyChallenge(
        challenge=bytes_to_base64url(challenge),
        ceremony=ceremony,
        asked_hash=asked_hash,
        expires_at=at + CHALLENGE_LASTS,
    )
    session.add(row)
    session.flush()
    return challenge


def _take_challenge(
    session: Session, credential: dict[str, Any], ceremony: Ceremony, asked_hash: str, at: datetime
) -> bytes:
    """Use up the challenge that an answer names, if it was put to this browser for this and has not run out."""
    challenge = _challenge_in(credential)
    taking = delete(PasskeyChallenge).where(
        PasskeyChallenge.challenge == challenge,
        PasskeyChallenge.ceremony == ceremony,
        PasskeyChallenge.asked_hash == asked_hash,
        PasskeyChallenge.expires_at > at,
    )
    if session.connection().execute(taking).rowcount != 1:
        raise _not_accepted()
    return base64url_to_bytes(challenge)


def _challenge_in(credential: dict[str, Any]) -> str:
    """Read which challenge an answer is for; the library checks afterwards that this is what was signed."""
    try:
        data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        challenge = str(data["challenge"])
    except (KeyError, TypeError, ValueError) as error:
        raise _not_accepted() from error
    return _plain(challenge)


def _plain(text: object) -> str:
    """Insist on base64url, so that nothing stranger reaches the database."""
    if not isinstance(text, str) or not BASE64URL.fullmatch(text):
        raise _not_accepted()
    return text


def _read(answer: str) -> dict[str, Any]:
    """Read what the browser sent."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise _not_accepted() from error
    if not isinstance(found, dict):
        raise _not_accepted()
    return cast("dict[str, Any]", found)


def _not_accepted() -> PasskeyNotAccepted:
    """The one answer to everything that is wrong with a passkey; more would help only those who try."""
    return PasskeyNotAccepted(_("The passkey was not accepted. Try again, or use another way."))
