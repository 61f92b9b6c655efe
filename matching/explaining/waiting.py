"""What would free a mentor for somebody who waits: the smallest change, as a thing that staff can do."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask_babel import gettext, ngettext

from matching.models import Unmatched
from matching.rules import Veto

CHANGES: Mapping[Veto, Callable[[], str]] = MappingProxyType(
    {
        Veto.LANGUAGE: lambda: gettext("If an interpreter were agreed"),
        Veto.SLOT: lambda: gettext("If they found one common time of the week"),
        Veto.PRISON: lambda: gettext("If mentors were vetted for the prison"),
        Veto.STATED_NEED: lambda: gettext("If the person talked over the stated need and changed it"),
        Veto.TRAVEL: lambda: gettext("If they met half-way, or somebody could travel farther"),
        Veto.DECLINED_BEFORE: lambda: gettext("If the earlier decision were looked at again"),
    }
)
"""How each rule that may change at all comes to change; the others protect somebody and are never named."""


def tell_change(row: Unmatched) -> str:
    """Say what single change would free how many mentors for somebody who waits; empty where none would.

    Args:
        row: The person, as the round left them.
    """
    rule = Veto(row.smallest_change) if row.smallest_change else None
    if rule is None or rule not in CHANGES:
        return ""
    count = max(1, row.alone_blocked_by.get(rule.value, 0))
    freed = ngettext("%(num)s mentor would be free for them.", "%(num)s mentors would be free for them.", count)
    return gettext("%(change)s, %(freed)s", change=CHANGES[rule](), freed=freed)
