"""`status`: the approval of created groups, asked for, waited for, and written beside them."""

from batch.status.command import status, wait_for_approval
from batch.status.values import StatusFile, StatusOptions, StatusResult

__all__ = ["StatusFile", "StatusOptions", "StatusResult", "status", "wait_for_approval"]
