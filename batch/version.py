"""Which version of the program this is."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _installed


def version() -> str:
    """The installed distribution's version."""
    try:
        return _installed("flireo-batch")
    except PackageNotFoundError:  # pragma: no cover -- run from a checkout that was never installed
        return "0"
