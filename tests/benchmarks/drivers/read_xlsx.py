"""Floor: python-calamine alone, all rows of the first sheet as Python values. Argument: file."""

import sys

from python_calamine import CalamineWorkbook

book = CalamineWorkbook.from_path(sys.argv[1])
rows = book.get_sheet_by_index(0).to_python()
print(len(rows) - 1)
