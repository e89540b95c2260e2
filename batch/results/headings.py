"""The names of the columns that the program adds; they are for programs too and are never translated."""

from typing import Final

OWN_COLUMNS: Final = ("row", "status", "requirement_group_id", "errors")
ERROR_COLUMNS: Final = ("row", "column", "value", "code", "message")
WARNING_COLUMNS: Final = ERROR_COLUMNS
CHANGE_COLUMNS: Final = ("row", "column", "field", "from", "to", "code", "reason")
SUMMARY_COLUMNS: Final = ("section", "name", "value")
ORIGIN_COLUMNS: Final = ("flireo_row", "flireo_source")
LINEAGE_COLUMNS: Final = (*ORIGIN_COLUMNS, "flireo_status", "flireo_errors")
