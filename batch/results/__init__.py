"""The answer of a run: the results workbook, the failed file, and where they are written."""

from batch.results.names import OutputPaths, family_of, is_results_name, is_results_table
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
    "family_of",
    "is_results_name",
    "is_results_table",
    "output_paths",
    "write_failed",
    "write_results",
]
