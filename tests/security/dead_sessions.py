"""Twelve ways in which a sign-in ends, and whether its cookie is worth anything afterwards."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import time_machine
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import operations as accounts
from accounts.models import Account, RoleGrant, SignIn
from accounts.operations import factors
from accounts.rules import SIGN_IN_LASTS, Role
from demo.builders import Builder
from foundation import clock
from tests.security.own_records import give_factors
from tests.security.world import Visitor, World, sign_in

IDLE = timedelta(minutes=61)
"""A minute more than the longest time that anybody's sign-in may rest."""


@dataclass
class Device:
    """A signed-in browser of somebody who has just been made."""

    world: World
    account_id: uuid.UUID
    visitor: Visitor

    @property
    def cookie_name(self) -> str:
        """The name of the portal's cookie."""
        return str(self.world.app.config["SESSION_COOKIE_NAME"])

    def change(self, how: Callable[[Session, Builder, Account], object]) -> None:
        """Change something about the account, and save it."""
        with self.world.app.app_context(), self.world.database.transaction() as session:
            how(session, Builder(session, at=clock.now()), session.get_one(Account, self.account_id))

    def is_signed_in(self) -> bool:
        """Whether the cookie still opens the home page."""
        return self.visitor.http.get("/home").status_code == 200


def new_device(world: World, *roles: Role) -> Device:
    """Make somebody with an account and sign them in."""
    with world.app.app_context(), world.database.transaction() as session:
        build = Builder(session, at=clock.now())
        account = build.account(*(roles or (Role.EVALUATOR,)), email=f"{uuid.uuid4().hex}@mail.example")
    visitor = Visitor(world, "anonymous")
    visitor.cookie(sign_in(world, account.id))
    device = Device(world, account.id, visitor)
    assert device.is_signed_in()
    return device


def _row_of(session: Session, account: Account) -> SignIn:
    """Give the newest sign-in of an account."""
    statement = select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.created_at.desc(), SignIn.id)
    return session.scalars(statement.limit(1)).one()


def _sign_out(device: Device) -> None:
    kept = device.visitor.http.get_cookie(device.cookie_name)
    assert kept is not None
    device.visitor.post("/sign-out").close()
    device.visitor.http.set_cookie(device.cookie_name, kept.value)


def _end_elsewhere(device: Device) -> None:
    device.change(
        lambda session, build, account: accounts.end_sign_in(
            session, sign_in=_row_of(session, account), by=build.portal(), at=clock.now()
        )
    )


def _take_roles(device: Device) -> None:
    def take(session: Session, build: Builder, account: Account) -> None:
        statement = select(RoleGrant).where(RoleGrant.person_id == account.person_id).order_by(RoleGrant.id)
        for grant in session.scalars(statement):
            accounts.end_role(session, grant=grant, by=build.portal(), at=clock.now(), why="")

    device.change(take)


def _give_role(device: Device) -> None:
    device.change(
        lambda session, build, account: accounts.grant_role(
            session, person=account.person, role=Role.TRAINING_LEAD, by=build.portal(), at=clock.now()
        )
    )


def _disable(device: Device) -> None:
    def disable(_session: Session, _build: Builder, account: Account) -> None:
        account.disabled_at = clock.now()

    device.change(disable)


def _change_password(device: Device) -> None:
    device.change(
        lambda session, _build, account: accounts.set_password(
            session, account=account, password="another invented password", at=clock.now()
        )
    )


def _change_factor(device: Device) -> None:
    def reset(session: Session, build: Builder, account: Account) -> None:
        give_factors(build, account)
        statement = select(RoleGrant).where(RoleGrant.person_id == account.person_id).order_by(RoleGrant.id)
        grant = session.scalars(statement.limit(1)).one()
        admin = build.account(Role.ADMINISTRATOR, email=f"{uuid.uuid4().hex}@mail.example")
        by = build.actor(Role.ADMINISTRATOR, person_id=admin.person_id)
        factors.reset_factors(session, grant=grant, by=by, at=clock.now(), why="Lost.")

    device.change(reset)


def _guess_token(device: Device) -> None:
    device.visitor.cookie("x" * 43)


def _use_hash(device: Device) -> None:
    def find(session: Session, _build: Builder, account: Account) -> None:
        # Whoever reads the table has the hashes; they must open nothing.
        device.visitor.cookie(_row_of(session, account).token_hash)

    device.change(find)


def _forge_signature(device: Device) -> None:
    class Foreign(SecureCookieSessionInterface):
        """Signs cookies as the portal does, with another secret."""

    secret, device.world.app.secret_key = device.world.app.secret_key, "another secret that is long enough to sign"
    try:
        serializer = Foreign().get_signing_serializer(device.world.app)
    finally:
        device.world.app.secret_key = secret
    assert serializer is not None
    with device.visitor.http.session_transaction() as kept:
        forged = serializer.dumps(dict(kept))
    device.visitor.http.set_cookie(device.cookie_name, str(forged))


ENDINGS: dict[str, Callable[[Device], None]] = {
    "signed out on this device": _sign_out,
    "ended from another device": _end_elsewhere,
    "every role taken back": _take_roles,
    "a role given": _give_role,
    "the account disabled": _disable,
    "the password changed": _change_password,
    "the second factor reset": _change_factor,
    "a token that was never given": _guess_token,
    "the hash of the table as token": _use_hash,
    "a cookie signed by another secret": _forge_signature,
}
"""How a sign-in ends, or never was one; resting too long and lasting too long come beside these."""

LASTING = {"rested for more than an hour": IDLE, "older than its longest time": SIGN_IN_LASTS + timedelta(seconds=1)}


def replays(world: World) -> dict[str, bool]:
    """Replay the cookie of every sign-in that has ended, and tell which ones were refused."""
    found = {}
    for words, end in ENDINGS.items():
        device = new_device(world)
        end(device)
        found[words] = not device.is_signed_in()
    for words, after in LASTING.items():
        device = new_device(world)
        with time_machine.travel(clock.now() + after, tick=False):
            found[words] = not device.is_signed_in()
    return found
