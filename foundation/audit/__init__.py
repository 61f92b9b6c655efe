"""The audit trail: who did what to which record, when and why, written by every operation in its own transaction.

Of what is personal it holds the values only under a key of the person concerned, so that destroying the key makes them
unreadable for ever while the chain of hashes stays whole.
"""

from foundation.audit.anchors import Anchor, AnchorFile, compare_anchors, current_anchor
from foundation.audit.chain import MOST_ON_PAGE, Tampering, hash_of, verify
from foundation.audit.concerning import Concern, concern_of_row, person_concerned
from foundation.audit.models import HIDDEN, READ, AuditEntry, AuditHead, PersonKey
from foundation.audit.person_keys import Opened, open_entry
from foundation.audit.recording import Author, destroy_person_key, record, record_reading

__all__ = [
    "HIDDEN",
    "MOST_ON_PAGE",
    "READ",
    "Anchor",
    "AnchorFile",
    "AuditEntry",
    "AuditHead",
    "Author",
    "Concern",
    "Opened",
    "PersonKey",
    "Tampering",
    "compare_anchors",
    "concern_of_row",
    "current_anchor",
    "destroy_person_key",
    "hash_of",
    "open_entry",
    "person_concerned",
    "record",
    "record_reading",
    "verify",
]
