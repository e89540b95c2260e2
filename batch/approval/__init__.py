"""What became of created groups at Flireo: asked for in few requests, and waited for."""

from batch.approval.states import Approval, Approvals

__all__ = ["Approval", "Approvals"]
