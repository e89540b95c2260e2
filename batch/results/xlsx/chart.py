"""Native bar charts: drawn by the spreadsheet program from cells that a person can see beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

_WIDTH_CM = 13.5
_CM_PER_BAR = 0.8
_ROOM_FOR_LABEL = 1.2  # the number stands beside its bar, inside the frame
_FRAME_CM = 2.2


def add_bars(sheet: Worksheet, anchor: str, title: str, rows: range, colors: Sequence[str], most: int) -> float:
    """Bars from top to bottom for `rows`: names in column A, numbers in column B; `colors` are hex, one for each.

    `most` is the largest of the numbers. Gives the chart's height in centimetres.
    """
    chart = BarChart()
    chart.type = "bar"
    chart.title = _small(title)
    chart.legend = None
    chart.gapWidth = 40
    chart.width = _WIDTH_CM  # type: ignore[assignment]  # the stubs say int
    height = _FRAME_CM + _CM_PER_BAR * len(rows)
    chart.height = height
    chart.add_data(Reference(sheet, min_col=2, min_row=rows.start, max_row=rows.stop - 1))
    chart.set_categories(Reference(sheet, min_col=1, min_row=rows.start, max_row=rows.stop - 1))
    _plain_axes(chart)
    chart.y_axis.scaling.max = most * _ROOM_FOR_LABEL
    series = chart.series[0]
    series.dLbls = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    series.dPt = [_point(index, color) for index, color in enumerate(colors)]
    sheet.add_chart(chart, anchor)
    return height


def _small(title: str) -> Title:
    """Without a size of its own a title is larger than the page's own headings."""
    properties = ParagraphProperties(defRPr=CharacterProperties(sz=1200, b=True))
    paragraph = Paragraph(pPr=properties, r=[RegularTextRun(rPr=CharacterProperties(sz=1200, b=True), t=title)])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _plain_axes(chart: BarChart) -> None:
    """Names from the top, whole numbers, no grid: the labels at the bars say it all."""
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = False
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0


def _point(index: int, color: str) -> DataPoint:
    return DataPoint(idx=index, spPr=GraphicalProperties(solidFill=color))
