"""Combined columns, split only where the user asks and only where one reading of the cell is possible."""

from batch.columns.splitting.splitter import Splitter, Splitters

__all__ = ["Splitter", "Splitters"]
