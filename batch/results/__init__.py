"""The answer of a run: the results workbook, the failed file, and where they are written."""

from batch.results.names import OutputPaths, family_of, is_results_name, is_results_table
from batch.results.outputs import Outputs, claim_again, claim_merged, claim_outputs, claim_results, output_paths
from batch.results.report import WOULD_SEND, Form, Heading, Mode, Report, ResultRow, RunFacts
from batch.results.width import refuse_too_wide
from batch.results.writing import FailedWriter, ResultsWriter, failed_writer, load_writers, results_writer

__all__ = [
    "WOULD_SEND",
    "FailedWriter",
    "Form",
    "Heading",
    "Mode",
    "OutputPaths",
    "Outputs",
    "Report",
    "ResultRow",
    "ResultsWriter",
    "RunFacts",
    "claim_again",
    "claim_merged",
    "claim_outputs",
    "claim_results",
    "failed_writer",
    "family_of",
    "is_results_name",
    "is_results_table",
    "load_writers",
    "output_paths",
    "refuse_too_wide",
    "results_writer",
]
