"""Words for documents that volunteers accept."""

from foundation.language import _, name_acts, name_members, name_records
from mentors.rules import Asks, BlockKind, Fate

name_members(
    {
        Asks.NOBODY: _("Nobody: it is only there to be read"),
        Asks.NEWCOMERS: _("Whoever has not accepted an earlier version"),
        Asks.EVERYBODY: _("Everybody, also those who accepted an earlier version"),
    }
)
name_members({BlockKind.HEADING: _("Heading"), BlockKind.PARAGRAPH: _("Paragraph"), BlockKind.LIST: _("List")})
name_members({Fate.KEPT: _("Kept"), Fate.ADDED: _("Added"), Fate.REMOVED: _("Removed")})

name_acts(
    {
        "accept_document": _("Accepted a document"),
        "enter_acceptance": _("Entered an acceptance from paper"),
        "tell_of_documents": _("Told volunteers of a new version"),
        "write_document": _("Wrote a version of a document"),
    }
)

name_records(
    {
        "document": _("Document"),
        "document_version": _("Version of a document"),
        "document_acceptance": _("Acceptance of a document"),
    }
)
