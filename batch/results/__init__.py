"""The answer of a run: the results workbook, the failed file, and where they are written."""

from batch.results.names import OutputPaths
from batch.results.outputs import Outputs, claim_outputs, output_paths
from batch.results.report import WOULD_SEND, Form, Mode, Report, ResultRow, RunFacts
from batch.results.writing import write_failed, write_results

__all__ = [
    "WOULD_SEND",
    "Form",
    "Mode",
    "OutputPaths",
    "Outputs",
    "Report",
    "ResultRow",
    "RunFacts",
    "claim_outputs",
    "output_paths",
    "write_failed",
    "write_results",
]
