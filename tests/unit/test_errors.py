"""errors: code for programs, sentence for people."""

from batch.errors import BatchError, InputError


def test_an_error_has_a_code_and_reads_as_its_sentence() -> None:
    error = InputError("empty", "customers.csv is empty.")
    assert isinstance(error, BatchError)
    assert (error.code, str(error)) == ("empty", "customers.csv is empty.")
