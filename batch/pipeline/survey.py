"""What the account has already: asked when the ledger knows nothing of it, or when a person wants to be sure."""

from __future__ import annotations

from batch.errors import ApiStop
from batch.ledger.values import Listed
from batch.pipeline.session import Session
from batch.reconcile import DELETED, candidates, is_complete

_HIDDEN = (
    "{hidden} of {all} groups of this account have no name, business name or city in the API's list, so that a row that"
    " is one of them is not known again. Before you send a file that may have been sent from elsewhere, look at Flireo."
)


async def survey(session: Session) -> str | None:
    """Notes every group of the account that no row of the ledger made; what a person should know of them, if anything.

    Raises ApiStop where the list cannot be read whole: an empty ledger beside a full account would send everything
    a second time.
    """
    sweep = await session.listing.sweep()
    if sweep.problem is not None:
        raise ApiStop(
            "list_unreliable",
            "The ledger does not know yet what this account has, and the API's list of groups cannot be read:"
            f" {sweep.problem}. Nothing was sent, because groups that exist already could be created a second time."
            " Check FLIREO_BASE_URL, and that the key may list verification groups; then run the same file again.",
        )
    present = [group for group in sweep.groups.values() if group.status != DELETED]
    session.ledger.note_listed(
        session.scope,
        [
            Listed(id=found.id, group_key=found.group_key, created_at=found.created_at)
            for found in candidates(session.ledger, session.scope, present)
        ],
    )
    hidden = sum(not is_complete(group) for group in present)
    return _HIDDEN.format(hidden=hidden, all=len(present)) if hidden else None
