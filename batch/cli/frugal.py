"""What libraries would do while they are imported, and nobody here needs: set before the first of them is."""

from __future__ import annotations

import os

from batch.absent import do_without

_NOT_NEEDED = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # pyarrow: a pool that keeps what it was given, and is no quicker here
    "OPENBLAS_NUM_THREADS": "1",  # numpy: threads for linear algebra, which wait by computing
    "PYDANTIC_DISABLE_PLUGINS": "__all__",  # looked for in everything that is installed
    "TYPEGUARD_DISABLE_PLUGIN_AUTOLOAD": "1",  # pandera: the same
}
# Where they are installed: pandera's means to make up test data, openpyxl's to read pictures (nobody here does), and
# the command line of httpx.
_NOT_FOUND = ("hypothesis", "PIL", "httpx._main")


def be_frugal() -> None:
    """For the whole process; what the person has set stays."""
    for name, value in _NOT_NEEDED.items():
        os.environ.setdefault(name, value)
    do_without(*_NOT_FOUND)
