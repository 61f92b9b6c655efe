"""What the worker does for privacy: it clears the disk after an erasure, and old traces of the machinery every day."""

from flask import current_app

from accounts import queries as account_queries
from accounts.policy import Actor, portal_in
from foundation import clock
from foundation.backup.sealing import BackupFault
from foundation.db import database, reading, transaction
from foundation.settings import Settings
from mentors import operations as mentor_operations
from mentors import queries as mentor_queries
from privacy import operations, queries
from privacy.operations.retaining import is_short_due
from privacy.operations.scrubbing import remove_letters

THE_PORTAL = Actor(None, None, origin="job")
"""The portal itself, in no scheme."""


def finish_erasures() -> None:
    """Write carried-out erasures into the ledger, take their letters out of the folder, and clear the disk.

    Done again from the beginning if the machine stops in between.
    """
    settings: Settings = current_app.config["SETTINGS"]
    ledger = operations.Ledger(settings.instance)
    ledger.begin()
    waiting = queries.list_unscrubbed(reading())
    if not waiting:
        return
    ledger.add(waiting)
    for erasure in waiting:
        remove_letters(settings.letters_folder, erasure.letter_ids)
    ids = [erasure.id for erasure in waiting]
    # What this sweep read must not hold the old log open.
    reading().rollback()
    if operations.scrub(database().engine):
        with transaction() as session:
            operations.note_scrubbed(session, erasure_ids=ids, by=THE_PORTAL, at=clock.now())


def sweep_short() -> None:
    """Clear traces of the machinery that are 30 days old, once there are any that are a day older."""
    at = clock.now()
    if not is_short_due(reading(), at):
        return
    settings: Settings = current_app.config["SETTINGS"]
    with transaction() as session:
        _run, letters = operations.sweep_short(session, by=THE_PORTAL, at=at)
    remove_letters(settings.letters_folder, letters)


def purge_check_details() -> None:
    """Let the details of checks go six months after the decision, but for people under a legal hold."""
    for scheme in account_queries.list_schemes(reading()):
        held = queries.list_held(reading(), scheme.id)
        if mentor_queries.has_details_over(reading(), scheme, clock.today(scheme.time_zone), held):
            with transaction() as session:
                mentor_operations.purge_details(
                    session, scheme=scheme, by=portal_in(scheme, origin="job"), at=clock.now(), held=held
                )


def follow_restore() -> None:
    """Erase again whom a restored backup brought back; a restore is not finished before this has been done.

    Raises:
        BackupFault: The ledger is not here, so nobody knows who was erased.
    """
    settings: Settings = current_app.config["SETTINGS"]
    file = operations.Ledger(settings.instance).file
    if not file.exists():
        raise BackupFault(
            f"There is no ledger of erasures, {file}, so people who were erased would be back. Put the portal's own"
            " there; only if nobody was ever erased, make an empty file."
        )
    replay_erasures()


def replay_erasures() -> int:
    """Erase again whom an older backup brought back, from the ledger in the instance folder, and clear the disk.

    The ledger also learns what only the database knows.

    Returns:
        How many people were erased again.
    """
    settings: Settings = current_app.config["SETTINGS"]
    ledger = operations.Ledger(settings.instance)
    count = 0
    for entry in ledger.read():
        with transaction() as session:
            count += operations.replay_erasure(session, entry=entry, at=clock.now())
    ledger.add(queries.list_done_erasures(reading()))
    finish_erasures()
    return count
