"""Which sheet, header row and columns (`find_layout`), which rows are data (`segments`), which cells are split
(`split_cells`).
"""

from batch.columns.all_sheets import Table, Tables, one_table
from batch.columns.chunk_rows import only
from batch.columns.finding import find_layout, find_tables, wrong_orders
from batch.columns.header_row import likely_header_row
from batch.columns.layout import LINEAGE, Layout, column_label, column_letters
from batch.columns.orders import MapEntry
from batch.columns.saved_map import FOLDER_MAP, SavedMap, map_text
from batch.columns.segments import Segment, segments
from batch.columns.sheets import HEAD_ROWS, SheetHead
from batch.columns.split_cells import split_cells

__all__ = [
    "FOLDER_MAP",
    "HEAD_ROWS",
    "LINEAGE",
    "Layout",
    "MapEntry",
    "SavedMap",
    "Segment",
    "SheetHead",
    "Table",
    "Tables",
    "column_label",
    "column_letters",
    "find_layout",
    "find_tables",
    "likely_header_row",
    "map_text",
    "one_table",
    "only",
    "segments",
    "split_cells",
    "wrong_orders",
]
