"""What all workbook formats share: parts, cells, number formats, and rows on their way to chunks."""
