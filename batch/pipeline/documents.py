"""What became of one input, as a document for programs; the same in `--json` and in the nightly job's summary."""

from __future__ import annotations

from batch.model import Status
from batch.pipeline.values import FileResult


def file_document(file: FileResult) -> dict[str, object]:
    """The contract's file object, with how many warnings there were by code. No customer's text is in it."""
    return {
        "input": str(file.path),
        "rows": file.rows,
        "counts": {status.value: file.counts.get(status, 0) for status in Status},
        "warning_counts": dict(file.warnings.counts),
        "error": None if file.error is None else {"code": file.error.code, "message": file.error.message},
        "results_file": None if file.results_file is None else str(file.results_file),
        "failed_file": None if file.failed_file is None else str(file.failed_file),
    }


def full_document(file: FileResult) -> dict[str, object]:
    """The same for whoever called the program, with the first warnings of each kind; these hold the customer's text."""
    warnings = [
        {"row": warning.row, "column": warning.column, "code": warning.code, "message": warning.message}
        for warning in file.warnings.first
    ]
    return {**file_document(file), "warnings": warnings}
