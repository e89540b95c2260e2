"""Which sheet, which header row, which column feeds which field: `find_layout`, pure, from the heads of the sheets."""

from batch.columns.layout import LINEAGE, Layout, column_label
from batch.columns.sheets import HEAD_ROWS, SheetHead, find_layout

__all__ = ["HEAD_ROWS", "LINEAGE", "Layout", "SheetHead", "column_label", "find_layout"]
