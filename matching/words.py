"""The words that people read for rounds, proposals, components and vetoes, and the sentence why."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, gettext, ngettext

from foundation.language import _, language_name, name_members, words_for
from matching.rules import Component, Phase, ProposalState, RoundState, Veto, WaitingWhy
from mentees.rules import Pathway, RiskLevel
from mentors.rules import Interest, LivedExperience, Rosh

# Members of different enums may be equal as text, so each enum is named in a dictionary of its own.
name_members(
    {
        Component.RISK: _("Clearance and experience"),
        Component.LOCATION: _("Distance"),
        Component.BACKGROUND: _("Background"),
        Component.AVAILABILITY: _("Common time"),
        Component.CONTINUITY: _("Met before"),
    }
)
COMPONENT_MEANING: Mapping[Component, object] = {
    Component.RISK: _("A mentor cleared above the person's risk, and with more months of mentoring, fits better."),
    Component.LOCATION: _("The nearer the two live, the better; an unknown place counts as middling."),
    Component.BACKGROUND: _("Help, experience, language and interests that the person asked for."),
    Component.AVAILABILITY: _("The more free parts of the week they share, up to three, the better."),
    Component.CONTINUITY: _("Two people who met in an earlier match fit better."),
}
"""What each part of the fit looks at."""

name_members(
    {
        Veto.RISK_LEVEL: _("risk is above the mentor's clearance"),
        Veto.LANGUAGE: _("no common language"),
        Veto.SLOT: _("never free at the same time"),
        Veto.PRISON: _("mentor not vetted for the prison"),
        Veto.STATED_NEED: _("the person's stated need"),
        Veto.TRAVEL: _("too far for both"),
        Veto.EXCLUSION_AREA: _("mentor lives in an exclusion area, or their place is unknown"),
        Veto.CONTACT_BAN: _("contact ban"),
        Veto.SAME_PERSON: _("the same person"),
        Veto.DECLINED_BEFORE: _("declined in the last six months"),
    }
)
name_members(
    {
        RoundState.QUEUED: _("waiting to start"),
        RoundState.RUNNING: _("running"),
        RoundState.DONE: _("done"),
        RoundState.FAILED: _("failed"),
    }
)
name_members(
    {
        ProposalState.PROPOSED: _("to decide"),
        ProposalState.SECONDED: _("needs a second person"),
        ProposalState.APPROVED: _("approved"),
        ProposalState.DECLINED: _("declined"),
        ProposalState.STALE: _("out of date"),
    }
)
name_members(
    {
        WaitingWhy.NO_MENTORS: _("No mentor is ready."),
        WaitingWhy.FORBIDDEN: _("Every mentor is ruled out."),
        WaitingWhy.NO_PLACE: _("Suitable mentors have no free place."),
        WaitingWhy.OTHERS_FIRST: _("Suitable mentors are proposed to others, so that more people are served."),
    }
)
name_members(
    {
        Phase.QUEUED: _("Waiting for the worker"),
        Phase.READING: _("Reading who waits and who is ready"),
        Phase.SCORING: _("Comparing every pair"),
        Phase.SOLVING: _("Finding the best safe pairs"),
        Phase.EXPLAINING: _("Writing down the reasons"),
        Phase.STORING: _("Saving"),
        Phase.FINISHED: _("Done"),
    }
)


def sentences_why(reasons: dict[str, Any]) -> list[str]:
    """Say in plain sentences why a pair is proposed.

    Args:
        reasons: The facts that were stored with the proposal; see ``matching.models.Proposal``.
    """
    sentences = [_distance(reasons["distance_km"]), _time(reasons["common_slots"]), _languages(reasons["languages"])]
    if reasons["helps"]:
        things = _listed([_help_words(code) for code in reasons["helps"]])
        sentences.append(gettext("The mentor can help with %(things)s.", things=things))
    if reasons["interests"]:
        things = _listed([words_for(Interest(code)) for code in reasons["interests"]])
        sentences.append(gettext("They share interests: %(things)s.", things=things))
    sentences.append(_risk(reasons["risk"], reasons["cleared"]))
    return sentences


def _distance(kilometres: float | None) -> str:
    """Say how far apart they are."""
    if kilometres is None:
        return gettext("How far apart they are is not known: ask before you decide.")
    return gettext("They are %(number)s km apart.", number=format_decimal(kilometres, format="#,##0.0"))


def _time(slots: int) -> str:
    """Say how many parts of the week they share."""
    count = slots.bit_count()
    return ngettext("They share %(num)s free part of the week.", "They share %(num)s free parts of the week.", count)


def _languages(codes: list[str]) -> str:
    """Say which languages they share."""
    if not codes:
        return gettext("They share no language; an interpreter is agreed.")
    return gettext("Both speak %(languages)s.", languages=_listed([language_name(code) for code in codes]))


def _risk(risk: int, cleared: int | None) -> str:
    """Say how the mentor's clearance stands to the person's risk."""
    return gettext(
        "The person's highest risk of serious harm is %(risk)s; the mentor is cleared up to %(cleared)s.",
        risk=words_for(RiskLevel(risk)).lower(),
        cleared=words_for(Rosh(cleared)).lower() if cleared is not None else gettext("nobody"),
    )


def _help_words(code: str) -> str:
    """Name a pathway, or an experience of the mentor's own."""
    if code.startswith("lived:"):
        experience = words_for(LivedExperience(code.removeprefix("lived:")))
        return gettext("own experience of %(thing)s", thing=experience.lower())
    return words_for(Pathway(code)).lower()


def _listed(things: list[str]) -> str:
    """Put things in a row as people say it: a, b and c."""
    if len(things) == 1:
        return things[0]
    return gettext("%(first)s and %(last)s", first=", ".join(things[:-1]), last=things[-1])
