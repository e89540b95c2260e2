"""What was intended, sent and answered: the program's memory, by which nothing is ever sent twice."""

from batch.ledger.journal import Journal
from batch.ledger.store import Ledger, check_location, open_ledger
from batch.ledger.values import Claim, Known, LedgerState, RunFacts, Scope, Settlement

__all__ = [
    "Claim",
    "Journal",
    "Known",
    "Ledger",
    "LedgerState",
    "RunFacts",
    "Scope",
    "Settlement",
    "check_location",
    "open_ledger",
]
