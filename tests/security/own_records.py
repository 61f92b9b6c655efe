"""What the world holds beside the work with people: records of privacy, and what somebody's own account has."""

from datetime import timedelta

from sqlalchemy import select

from accounts import operations as accounts
from accounts.models import Account, PasswordReset
from accounts.rules import Role
from demo.builders import Builder
from foundation.db import Base
from foundation.outbox import Letter
from mentors import operations as mentors
from mentors.models import Campaign
from mentors.rules import CampaignKind, Leaving, LeavingReason, Stage
from privacy import operations as privacy
from privacy.rules import ComplaintAbout, ErasureWhy, IdentityCheck
from tests.accounts.factoring import begin_new_app, give_app, give_passkey


def privacy_records(build: Builder, slug: str) -> dict[str, Base]:
    """Build one record of each kind that privacy work makes, by the argument of its address."""
    coordinator = build.account(Role.COORDINATOR, slug=slug)
    by = build.actor(Role.COORDINATOR, slug=slug, person_id=coordinator.person_id)
    person, leaving, held = (build.volunteer(Stage.TRAINING, slug=slug).person for _number in range(3))
    return {
        "person_id": person,
        "request_id": privacy.log_request(
            build.session,
            person=person,
            received_on=(build.at - timedelta(days=3)).date(),
            identity=IdentityCheck.KNOWN,
            identity_note="",
            by=by,
            at=build.at,
        ),
        "complaint_id": privacy.log_complaint(
            build.session,
            complainant="Somebody Unhappy",
            about=ComplaintAbout.DATA,
            what="Too many letters.",
            received_on=(build.at - timedelta(days=3)).date(),
            by=by,
            at=build.at,
        ),
        "erasure_id": privacy.ask_erasure(build.session, person=leaving, why=ErasureWhy.ASKED, by=by, at=build.at),
        "hold_id": privacy.set_hold(build.session, person=held, why="A claim.", by=by, at=build.at),
        "run_id": privacy.preview_retention(build.session, by=by, at=build.at),
    }


def give_factors(build: Builder, account: Account) -> str:
    """Let somebody have an app and a passkey, and be about to set up another app; gives the id of the passkey."""
    give_app(build, account)
    begin_new_app(build, account)
    passkey = give_passkey(build, account)
    build.session.flush()
    return str(passkey.id)


def reset_token(build: Builder, account: Account) -> str:
    """Have somebody ask for a new password, and give the token of the letter."""
    accounts.ask_reset(build.session, email=account.email_key, at=build.at)
    build.session.flush()
    accounts.send_resets(build.session, base_url="", at=build.at)
    reset = build.session.scalars(select(PasswordReset).where(PasswordReset.account_id == account.id)).one()
    letters = build.session.scalars(select(Letter).where(Letter.to_address == account.email_key).order_by(Letter.id))
    letter = next(one for one in letters if "/new-password/" in one.body)
    assert reset.token_hash
    return letter.body.split("/new-password/")[1].split()[0]


def a_campaign(build: Builder, slug: str) -> Campaign:
    """Begin a campaign of a scheme."""
    return mentors.begin_campaign(
        build.session,
        name="Fair",
        kind=CampaignKind.EVENT,
        starts_on=build.at.date(),
        ends_on=None,
        cost_pence=0,
        by=build.portal(slug),
        at=build.at,
    )


def leaving_token(build: Builder) -> str:
    """Let a mentor leave, and give the token in the letter of thanks."""
    gone = build.ready_mentor(email="gone@mail.example")
    mentors.leave_volunteer(
        build.session,
        volunteer=gone,
        leaving=Leaving(LeavingReason.TIME, is_thanked=True),
        by=build.portal(),
        at=build.at,
        base_url="http://alongside.test",
    )
    build.session.flush()
    letters = build.session.scalars(select(Letter).where(Letter.to_address == "gone@mail.example").order_by(Letter.id))
    letter = next(one for one in letters if "/leaving/" in one.body)
    return letter.body.split("/leaving/")[1].split()[0]
