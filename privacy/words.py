"""The words that people read for requests, complaints, erasures and the retention schedule."""

from collections.abc import Mapping

from foundation.dictionary import Retention
from foundation.language import _, name_acts, name_members, name_records
from privacy.rules import (
    CHECK_MONTHS,
    PERSON_YEARS,
    SHORT_DAYS,
    Blocker,
    ComplaintAbout,
    ComplaintOutcome,
    ErasureState,
    ErasureWhy,
    IdentityCheck,
    WithheldWhy,
)

name_members(
    {
        IdentityCheck.KNOWN: _("Known to us in person"),
        IdentityCheck.SIGNED_IN: _("Asked while signed in"),
        IdentityCheck.DOCUMENT: _("Showed a document"),
        IdentityCheck.CALLED_BACK: _("Called back on the number we had"),
        IdentityCheck.AUTHORISED: _("Somebody else asked, with a signed authority"),
    }
)
name_members(
    {
        WithheldWhy.IN_CONFIDENCE: _("It was given to us in confidence, or is about somebody else as well."),
        WithheldWhy.SOMEBODY_ELSE: _("It is about the person mentored, not about the mentor."),
        WithheldWhy.TRAIL: _("The audit trail shows who worked on which record, and so is about other people too."),
    }
)
name_members(
    {
        ComplaintAbout.DATA: _("How data is handled"),
        ComplaintAbout.MENTORING: _("The mentoring"),
        ComplaintAbout.STAFF: _("A member of staff or a volunteer"),
        ComplaintAbout.OTHER: _("Something else"),
    }
)
name_members(
    {
        ComplaintOutcome.UPHELD: _("Upheld"),
        ComplaintOutcome.PARTLY_UPHELD: _("Partly upheld"),
        ComplaintOutcome.NOT_UPHELD: _("Not upheld"),
        ComplaintOutcome.WITHDRAWN: _("Withdrawn"),
    }
)
name_members(
    {
        ErasureState.ASKED: _("Waits for a second person"),
        ErasureState.DONE: _("Carried out"),
        ErasureState.WITHDRAWN: _("Withdrawn"),
    }
)
name_members(
    {
        ErasureWhy.ASKED: _("The person asked for it"),
        ErasureWhy.CONSENT: _("Consent was withdrawn"),
        ErasureWhy.TIME: _("Its time is over"),
        ErasureWhy.MISTAKE: _("It was recorded by mistake"),
    }
)

BLOCKER_WORDS: Mapping[Blocker, object] = {
    Blocker.OPEN_MATCH: _("A match is open: end it first."),
    Blocker.LEGAL_HOLD: _("A legal hold is set: lift it first."),
    Blocker.STAFF_ROLE: _("They work here: take their roles back first."),
    Blocker.OPEN_REQUEST: _("They asked for a copy of their data: deliver it first."),
    Blocker.OPEN_COMPLAINT: _("They complained: answer the complaint first."),
    Blocker.OTHER_SCHEME: _("Another scheme knows them too: it has to close their record first."),
}
"""What to do about everything that stands in the way of an erasure."""

name_members(dict(BLOCKER_WORDS))

name_members(
    {
        Retention.SCHEME: _("As long as the scheme runs"),
        Retention.RECORD: _("As long as the record it belongs to"),
        Retention.PERSON: _("%(years)s years after the person's last activity", years=PERSON_YEARS),
        Retention.CHECK: _("%(months)s months after the volunteer left or was not taken on", months=CHECK_MONTHS),
        Retention.SHORT: _("%(days)s days", days=SHORT_DAYS),
        Retention.AUDIT: _("7 years"),
    }
)

KEPT_WORDS: Mapping[Retention, object] = {
    Retention.PERSON: _("Names, addresses, applications, referrals, needs, notes of meetings, and what was decided"),
    Retention.CHECK: _("Level, outcome and dates of criminal record checks and references; never a certificate"),
    Retention.SHORT: _(
        "Sent letters, applications begun and not sent, devices that were signed in, and failed tries to sign in"
    ),
    Retention.AUDIT: _("Who changed which record and when, without what was written in it"),
    Retention.SCHEME: _("Courses, targets and figures, in which nobody can be recognised"),
}
"""What falls under each class of the data dictionary, in the words of the privacy notice."""

TABLE_WORDS: Mapping[str, object] = {
    "person": _("Person"),
    "account": _("Account"),
    "role_grant": _("Roles"),
    "sign_in": _("Devices signed in"),
    "sign_in_guess": _("Failed tries to sign in"),
    "password_reset": _("Wishes for a new password"),
    "app_factor": _("Authenticator apps"),
    "recovery_code": _("Recovery codes"),
    "passkey": _("Passkeys"),
    "factor_guess": _("Wrong codes"),
    "break_glass": _("Emergency access to the record"),
    "invitation": _("Invitations to choose a password"),
    "volunteer": _("As a volunteer"),
    "stage_move": _("Way as a volunteer"),
    "departure": _("Leaving"),
    "volunteer_check": _("Checks"),
    "readiness_loss": _("Readiness that was lost"),
    "application_draft": _("Applications begun"),
    "document_acceptance": _("Documents accepted"),
    "commitment": _("Hours and months offered"),
    "commitment_alert": _("What was told of the weeks as a mentor"),
    "volunteer_break": _("Breaks as a volunteer"),
    "ask_again": _("Wishes to be asked again"),
    "mentee": _("As a person mentored"),
    "risk_of_harm": _("Assessments of risk"),
    "exclusion_area": _("Exclusion areas"),
    "contact_ban": _("Contact bans"),
    "case_move": _("Way of the case"),
    "match": _("Matches"),
    "match_move": _("Way of the matches"),
    "meeting": _("Meetings"),
    "proposal": _("Proposals for a match"),
    "unmatched": _("Rounds in which no mentor was found"),
    "round_choice": _("Choices of staff in a round"),
    "veto_lift": _("Rules of the matching lifted for a pair"),
    "training_attendance": _("Training evenings"),
    "development_plan": _("Development plans"),
    "goal": _("Goals"),
    "goal_step": _("Steps towards goals"),
    "plan_review": _("Reviews of plans"),
    "letter": _("Letters sent by the portal"),
    "subject_request": _("Requests for a copy"),
    "complaint": _("Complaints"),
    "legal_hold": _("Legal holds"),
    "audit_entry": _("The audit trail"),
    "submission": _("Forms sent twice"),
    "training_event": _("Training evenings logged"),
    "matching_round": _("Matching rounds"),
    "erasure": _("Erasures"),
    "retention_run": _("Runs of the retention schedule"),
}
"""What people read for each table in a copy or a preview."""


def table_words(table: str) -> str:
    """Tell the words for a table; one that nobody has named is told by its name in the database."""
    return str(TABLE_WORDS.get(table, table.replace("_", " ")))


name_acts(
    {
        "acknowledge_complaint": _("Told somebody that we have their complaint"),
        "answer_complaint": _("Answered a complaint"),
        "ask_erasure": _("Asked for an erasure"),
        "deliver_request": _("Handed over a copy"),
        "erase_person": _("Erased a person"),
        "extend_request": _("Took more time for a copy"),
        "lift_hold": _("Lifted a legal hold"),
        "log_complaint": _("Logged a complaint"),
        "log_request": _("Logged a request for a copy"),
        "note_scrubbed": _("Cleared the last traces from the disk"),
        "preview_retention": _("Looked at what would go"),
        "produce_bundle": _("Made a copy"),
        "run_retention": _("Ran the retention schedule"),
        "set_hold": _("Set a legal hold"),
        "sweep_short": _("Removed old traces"),
        "withdraw_erasure": _("Withdrew an erasure"),
    }
)

name_records(
    {
        "subject_request": _("Request for a copy"),
        "complaint": _("Complaint"),
        "legal_hold": _("Legal hold"),
        "erasure": _("Erasure"),
        "retention_run": _("Run of the retention schedule"),
    }
)
