"""flireo-batch: verification groups from a spreadsheet, never twice, never lost."""
