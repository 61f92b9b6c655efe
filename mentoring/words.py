"""The words that people read for matches, meetings and readiness."""

from dataclasses import dataclass

from flask_babel import format_date, format_decimal

from foundation.language import _, language_name, name_acts, name_members, name_records, words_for
from mentees.models import Mentee
from mentees.rules import Interest, Pathway
from mentoring.rules import (
    Answer,
    AttendanceOutcome,
    Change,
    Demand,
    EndReason,
    Holder,
    MatchFilter,
    MatchState,
    MeetingKind,
    MeetingPlace,
    Point,
)

# One call for each enum: members of two enums may have the same value, and a dictionary would take them for one.
name_members(
    {
        MatchState.OFFERED: _("Waiting for answer"),
        MatchState.ACTIVE: _("Active"),
        MatchState.PAUSED: _("Paused"),
        MatchState.COMPLETED: _("Completed"),
        MatchState.ENDED: _("Ended early"),
        MatchState.DECLINED: _("Declined by the mentor"),
    }
)
name_members(
    {
        Change.PAUSE: _("Pause this match"),
        Change.RESUME: _("Resume this match"),
        Change.END: _("End this match early"),
        Change.COMPLETE: _("Complete this match"),
    }
)
name_members(
    {
        Answer.AGREE: _("Yes, I agree"),
        Answer.DECLINE: _("No, not this match"),
    }
)
name_members(
    {
        MatchFilter.OPEN: _("All open matches"),
        MatchFilter.QUIET: _("Quiet: no meeting for 14 days"),
        MatchFilter.OFFERED: _("Waiting for answer"),
        MatchFilter.ACTIVE: _("Active"),
        MatchFilter.PAUSED: _("Paused"),
        MatchFilter.PAST_END: _("Past their end date"),
        MatchFilter.CLOSED: _("Closed"),
        MatchFilter.ALL: _("All"),
    }
)
name_members(
    {
        EndReason.GOALS_REACHED: _("Goals reached"),
        EndReason.MOVED_AWAY: _("Moved away"),
        EndReason.MENTOR_LEFT: _("The mentor left"),
        EndReason.PERSON_STOPPED: _("The person stopped"),
        EndReason.RETURNED_TO_CUSTODY: _("Returned to custody"),
        EndReason.RISK_CHANGED: _("The risk changed"),
        EndReason.DIED: _("Died"),
        EndReason.OTHER: _("Another reason"),
    }
)
name_members(
    {
        MeetingKind.SESSION: _("Session"),
        MeetingKind.CONTACT: _("Contact"),
    }
)
name_members(
    {
        MeetingPlace.IN_PERSON: _("In person"),
        MeetingPlace.CUSTODY: _("In custody"),
        MeetingPlace.PHONE: _("Phone"),
        MeetingPlace.VIDEO: _("Video"),
        MeetingPlace.MESSAGE: _("Message"),
    }
)
name_members(
    {
        AttendanceOutcome.ATTENDED: _("Yes"),
        AttendanceOutcome.LATE: _("Yes, late"),
        AttendanceOutcome.ABSENT_ACCEPTABLE: _("No, with a good reason"),
        AttendanceOutcome.ABSENT_UNACCEPTABLE: _("No, without a good reason"),
        AttendanceOutcome.ABSENT_LOGISTICS: _("No, it could not be arranged"),
    }
)
name_members(
    {
        Demand.FIRST_REFERENCE: _("First reference"),
        Demand.SECOND_REFERENCE: _("Second reference"),
        Demand.IDENTITY: _("Identity check"),
        Demand.RIGHT_TO_VOLUNTEER: _("Right to volunteer"),
        Demand.DBS: _("DBS check"),
        Demand.DRIVING_LICENCE: _("Driving licence"),
        Demand.CAR_INSURANCE: _("Car insurance"),
        Demand.CLEARANCE: _("Highest level of risk decided"),
        Demand.COURSE: _("Course"),
        Demand.DOCUMENT: _("Document accepted"),
        Demand.HOURS: _("3 hours a week promised"),
        Demand.MONTHS: _("12 months promised"),
        Demand.PLACE: _("Room for one more person"),
    }
)
name_members(
    {
        Holder.COORDINATOR: _("Coordinator"),
        Holder.TRAINING_LEAD: _("Training lead"),
        Holder.VOLUNTEER: _("The volunteer, with the coordinator"),
    }
)


def name_point(point: Point) -> str:
    """Tell what a line of the readiness checklist asks for."""
    if point.document:
        return str(_("Accepted: %(title)s", title=point.document))
    return str(_("Course: %(name)s", name=point.course)) if point.course else words_for(point.demand)


def say_missing(point: Point) -> str:
    """Tell in one phrase what is missing, for the sentence that refuses."""
    if point.minutes:
        hours = format_decimal(round(point.minutes / 60, 1))
        return str(_("%(what)s (%(hours)s hours to go)", what=name_point(point), hours=hours))
    if point.has_expired and point.expires_on is not None:
        day = format_date(point.expires_on, "d MMMM y", rebase=False)
        return str(_("%(what)s (ran out on %(day)s)", what=name_point(point), day=day))
    return name_point(point)


@dataclass(frozen=True)
class Known:
    """What a mentor may know of a person's wishes, in words."""

    needs: list[str]
    languages: list[str]
    interests: list[str]


def known_of(mentee: Mentee) -> Known:
    """Put what a person wishes for into words; nothing here tells of an offence."""
    return Known(
        [words_for(Pathway(need)) for need in mentee.needs],
        [language_name(code) for code in mentee.languages],
        [words_for(Interest(interest)) for interest in mentee.interests],
    )


name_acts(
    {
        "agree_match": _("Agreed to a match"),
        "complete_match": _("Completed a match"),
        "decline_match": _("Declined a match"),
        "end_match": _("Ended a match"),
        "end_match_of_closed_case": _("Ended the match of a closed case"),
        "end_matches_of_leaver": _("Ended the matches of a leaver"),
        "import_people": _("Imported people"),
        "log_meeting": _("Logged a meeting"),
        "lose_readiness": _("Found that a volunteer is no longer ready"),
        "note_night": _("Judged the readiness of everybody"),
        "open_match": _("Opened a match"),
        "pause_match": _("Paused a match"),
        "restore_readiness": _("Found that a volunteer is ready again"),
        "resume_match": _("Resumed a match"),
    }
)

name_records(
    {
        "match": _("Match"),
        "match_move": _("Step of a match"),
        "meeting": _("Meeting"),
        "readiness_loss": _("Readiness that was lost"),
        "readiness_night": _("Nightly look at readiness"),
    }
)
