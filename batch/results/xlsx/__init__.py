"""Writing workbooks: sole owner of openpyxl, and of how text gets into a cell without ever becoming anything else."""
