"""Parsing in a process of its own, with limits: no file can crash, hang or exhaust the program.

The parent (`reader`) starts the child with nothing but pipes (`starting`, `worker`), asks (`requests`) and gets frames
(`frames`) of plain values (`values`, `sayings`) back; it never unpickles what comes from the child. The child (`child`,
`desk`) gives up what it does not need (`jail`). Whatever becomes of it, the parent says in one sentence (`mishaps`).
"""

from batch.reading.confined.spare import SPARES

__all__ = ["SPARES"]
