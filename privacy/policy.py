"""Who does privacy work: coordinators in their scheme; an administrator may be the second person."""

from accounts.policy import Actor
from privacy.models import Erasure, RetentionRun
from privacy.rules import ErasureState


def may_confirm(by: Actor, erasure: Erasure) -> bool:
    """Tell whether somebody may be the second person of an erasure: not who asked, and not who is erased."""
    return (
        erasure.state is ErasureState.ASKED
        and erasure.scheme_id == by.scheme_id
        and by.person_id is not None
        and by.person_id not in {erasure.asked_by_id, erasure.subject_id}
    )


def may_run(by: Actor, run: RetentionRun) -> bool:
    """Tell whether somebody may carry a preview out; where people go for good, it takes a second person."""
    if run.scheme_id != by.scheme_id or run.run_at is not None:
        return False
    return not run.person_ids or (by.person_id is not None and by.person_id != run.made_by_id)
