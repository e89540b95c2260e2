"""What a command puts aside while it works: private, unreadable to anyone else, and gone with the process."""

from batch.scratch.behind import PutBehind
from batch.scratch.pieces import Pieces
from batch.scratch.seen import SeenKeys

__all__ = ["Pieces", "PutBehind", "SeenKeys"]
