"""The command line: flags in, exit codes out; the only room that knows either."""

from batch.cli.main import main

__all__ = ["main"]
