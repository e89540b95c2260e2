"""Rows held against the request schema, and valid rows as JSON bodies."""

from batch.validate.bodies import bodies
from batch.validate.run import Verdict, validate

__all__ = ["Verdict", "bodies", "validate"]
