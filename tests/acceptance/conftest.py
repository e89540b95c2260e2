"""The ledger's two databases, as the contract suite has them."""

from tests.contract.conftest import ledger_location, postgres_server, postgres_url

__all__ = ["ledger_location", "postgres_server", "postgres_url"]
