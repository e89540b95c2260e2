"""Floor: openpyxl's write-only workbook with the cells of a failed file. Arguments: CSV of its cells, workbook to make.

The cells are those of a failed file that the program wrote, as CSV: the same rows, columns and texts, without colours.
"""

import csv
import sys

import openpyxl

source, target = sys.argv[1:3]
book = openpyxl.Workbook(write_only=True)
sheet = book.create_sheet("Failed")
with open(source, newline="", encoding="utf-8-sig") as stream:
    for row in csv.reader(stream, delimiter=sys.argv[3]):
        sheet.append(row)
book.save(target)
