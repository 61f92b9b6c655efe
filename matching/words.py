"""The words that people read for rounds, proposals, components and vetoes, and the sentence why."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, gettext, ngettext

from foundation.language import _, language_name, name_acts, name_members, name_records, words_for
from matching.rules import (
    ChoiceKind,
    Component,
    Origin,
    Phase,
    ProposalState,
    RoundState,
    StaleWhy,
    Veto,
    WaitingWhy,
)
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
        Veto.DECLINED_BEFORE: _("declined before, and not to be proposed again yet"),
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
        WaitingWhy.LEFT_OUT: _("Left out of this round by a choice."),
    }
)
name_members(
    {
        Origin.ROUND: _("by the round"),
        Origin.CHOICE: _("by the round, after a choice"),
        Origin.HAND: _("by hand"),
    }
)
name_members(
    {
        StaleWhy.NEWER_ROUND: _("a newer round has replaced it"),
        StaleWhy.CHOICE: _("a choice in the round led elsewhere"),
        StaleWhy.RISK: _("the person's risk was assessed anew"),
        StaleWhy.RESTRICTIONS: _("an exclusion area or a contact ban of the person changed"),
        StaleWhy.WHEREABOUTS: _("where or when the person can be met changed"),
        StaleWhy.CASE: _("the person no longer waits"),
        StaleWhy.MENTOR: _("the mentor is no longer ready"),
    }
)
name_members(
    {
        ChoiceKind.PIN: _("This pair stands"),
        ChoiceKind.DECLINE: _("This pair is not to be"),
        ChoiceKind.LEAVE_PERSON: _("Person left out of this round"),
        ChoiceKind.LEAVE_MENTOR: _("Mentor left out of this round"),
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
    # Before a rule could be lifted for a pair, only an interpreter let two people be proposed who share no language.
    languages = _languages(reasons["languages"], has_interpreter=reasons.get("interpreter", True))
    sentences = [_distance(reasons["distance_km"]), _time(reasons["common_slots"]), languages]
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


def _languages(codes: list[str], *, has_interpreter: bool) -> str:
    """Say which languages they share."""
    if not codes and has_interpreter:
        return gettext("They share no language; an interpreter is agreed.")
    if not codes:
        return gettext("They share no language, and no interpreter is agreed.")
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
    pathway = words_for(Pathway(code))
    return pathway[:1].lower() + pathway[1:]


def _listed(things: list[str]) -> str:
    """Put things in a row as people say it: a, b and c."""
    if len(things) == 1:
        return things[0]
    return gettext("%(first)s and %(last)s", first=", ".join(things[:-1]), last=things[-1])


name_acts(
    {
        "approve_proposal_first": _("Approved a proposal as the first of two"),
        "approve_proposal": _("Approved a proposal"),
        "decline_proposal": _("Declined a proposal"),
        "ask_round": _("Asked for a matching round"),
        "fail_round": _("A matching round failed"),
        "run_round": _("Ran a matching round"),
        "withdraw_proposal": _("Withdrew a proposal"),
        "adopt_rules": _("Adopted rules of the matching"),
        "pin_pair": _("Let a pair stand"),
        "decline_pair": _("Declined a pair in a round"),
        "leave_person_out": _("Left a person out of a round"),
        "leave_mentor_out": _("Left a mentor out of a round"),
        "undo_choice": _("Undid a choice in a round"),
        "propose_pair": _("Proposed a pair"),
        "lift_vetoes": _("Lifted a rule for a pair"),
        "end_lift": _("Let the rules hold again for a pair"),
    }
)

name_records(
    {
        "round_record": _("Record of a round"),
        "matching_round": _("Matching round"),
        "proposal": _("Proposal"),
        "unmatched": _("Person without a proposal"),
        "rule_set": _("Rules of the matching"),
        "round_choice": _("Choice in a round"),
        "veto_lift": _("Rule lifted for a pair"),
    }
)

LEAST_SHARE = 0.1
"""Per cent below which a share is told as less than this."""


def price_words(high_need: int, served: int, fit: int, total: int) -> str:
    """Say what a choice costs; negative numbers are gains.

    Args:
        high_need: How many people about to be released lose their mentor.
        served: How many people in all do.
        fit: Points of fit that are lost.
        total: Points of fit of the round before.
    """
    parts = []
    if high_need > 0:
        sentence = ngettext(
            "leaves %(num)s person about to be released waiting",
            "leaves %(num)s people about to be released waiting",
            high_need,
        )
        parts.append(sentence)
    if high_need < 0:
        sentence = ngettext(
            "serves %(num)s person about to be released more",
            "serves %(num)s people about to be released more",
            -high_need,
        )
        parts.append(sentence)
    if served > max(high_need, 0):
        others = served - max(high_need, 0)
        parts.append(ngettext("leaves %(num)s person waiting", "leaves %(num)s people waiting", others))
    if served < 0:
        parts.append(ngettext("serves %(num)s person more", "serves %(num)s people more", -served))
    if not parts and fit > 0:
        parts.append(_share_words(fit, total))
    if not parts and fit < 0:
        parts.append(gettext("adds %(share)s of the total fit", share=_percent(-fit, total)))
    return _listed(parts) if parts else gettext("costs nothing")


def _share_words(fit: int, total: int) -> str:
    """Say how much of the total fit is lost."""
    return gettext("costs %(share)s of the total fit", share=_percent(fit, total))


def _percent(part: int, total: int) -> str:
    """Write a share; what is hardly anything is not rounded to nothing."""
    share = 100 * part / total if total else 100.0
    if share < LEAST_SHARE:
        return gettext("less than %(number)s %%", number=format_decimal(LEAST_SHARE))
    return gettext("%(number)s %%", number=format_decimal(round(share, 1)))
