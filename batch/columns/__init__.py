"""Which sheet, which header row, which column feeds which field: `find_layout`, pure, from the heads of the sheets."""

from batch.columns.layout import LINEAGE, Layout, column_label
from batch.columns.orders import MapEntry
from batch.columns.sheets import HEAD_ROWS, SheetHead, find_layout
from batch.columns.split_cells import split_cells

__all__ = ["HEAD_ROWS", "LINEAGE", "Layout", "MapEntry", "SheetHead", "column_label", "find_layout", "split_cells"]
