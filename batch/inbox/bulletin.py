"""What people are told of a night; pure."""

from __future__ import annotations

from pathlib import Path

from batch.bulletin import Bulletin, Whole, about_file, about_run, bulletin
from batch.inbox.diary import stopped_by
from batch.inbox.values import Handled, NightResult, Place
from batch.model import Sentence, sentence


def of_night(night: NightResult, exit_code: int, host: str, root: Path) -> Bulletin:
    """What people are told of a night in the folder `root`, in which they find what is named."""
    whole = Whole(
        files=tuple(handled.result for handled in night.handled),
        stopped=stopped_by(night),
        waiting=sum(left.code == "waiting" for left in night.left),
        nightly=True,
    )
    lines = [_about(handled, root) for handled in night.handled]
    return bulletin(whole, lines, about_run(night.night_id, exit_code, host))


def _about(handled: Handled, root: Path) -> Sentence:
    failed = handled.result.failed_file
    said = about_file(handled.result, _short(failed, root) if failed is not None else "")
    if failed is not None or handled.place is Place.DONE:
        return said
    return sentence("{what} Now: {where}", what=said, where=_short(handled.stands_at, root))


def _short(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
