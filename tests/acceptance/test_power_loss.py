"""The power goes at any commit: from what is on the disk then, a later run ends with every row exactly once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from batch.ledger.engines import sqlite_engine
from batch.model import Delivery, Reply
from tests.support.line import FIELDS
from tests.support.stage import Made, Stage

ROWS = [{**FIELDS, "name": name} for name in ("a", "b", "c")]
LOST = Reply(delivery=Delivery.PERHAPS_SENT, problem="no answer")
NAMES = ("ledger.sqlite3", "ledger.sqlite3-wal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the disk holds, what the server has, and which bodies are on the wire."""

    disk: dict[str, bytes]
    groups: tuple[Made, ...]
    under_way: tuple[bytes, ...]
    now: float


@dataclass(slots=True)
class Camera:
    """Takes a picture on either side of every commit."""

    folder: Path
    stage: Stage | None = None
    before: list[Moment] = field(default_factory=list)
    after: list[Moment] = field(default_factory=list)

    def shoot(self) -> Moment:
        stage = self.stage
        return Moment(
            disk={name: (self.folder / name).read_bytes() for name in NAMES if (self.folder / name).exists()},
            groups=() if stage is None else tuple(replace(made) for made in stage.groups),
            under_way=() if stage is None else tuple(one.body for one in stage.requests if one.body is not None),
            now=0.0 if stage is None else stage.now,
        )


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    """A run whose first answer is lost after, and whose second is lost before the group was made."""
    camera = Camera(tmp_path_factory.mktemp("power"))
    commit = DefaultDialect.do_commit

    def do_commit(self: DefaultDialect, connection: object) -> None:
        camera.before.append(camera.shoot())
        commit(self, connection)  # type: ignore[no-untyped-call]
        camera.after.append(camera.shoot())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DefaultDialect, "do_commit", do_commit)
        stage = Stage(newest_first=True, engine=sqlite_engine(camera.folder / NAMES[0]))
        camera.stage = stage
        stage.start("run-1", ROWS)
        lose_two_answers(stage)
        stage.play_to_the_end()
        stage.close()
        stage.engine.dispose()
    return camera


def lose_two_answers(stage: Stage) -> None:
    for acts in (True, False):
        while not (posted := [one for one in stage.requests if one.body is not None]):
            asked = [one for one in stage.requests if one.body is None]
            if stage.writes:
                stage.commit(stage.writes[0])
            elif asked:
                stage.answer(asked[0], stage.page(asked[0]))
        if acts:
            stage.act(posted[0])
        stage.answer(posted[0], LOST)


def recovered(folder: Path, disk: dict[str, bytes], moment: Moment, *, arrives: bool) -> list[int]:
    """How many groups each row has in the end, when what was on the wire did or did not arrive."""
    folder.mkdir()
    for name, content in disk.items():
        (folder / name).write_bytes(content)
    stage = Stage(newest_first=True, engine=sqlite_engine(folder / NAMES[0]))
    stage.now, stage.groups = moment.now + 1.0, [replace(made) for made in moment.groups]
    stage.made_before(len(moment.groups))
    for body in moment.under_way if arrives else ():
        stage.arrive(body)
    try:
        stage.start("run-2", ROWS)
        stage.play_to_the_end()
    finally:
        stage.close()
        stage.engine.dispose()
    return [sum(made.fields["name"] == row["name"] for made in stage.groups) for row in ROWS]


@pytest.mark.parametrize("arrives", [True, False], ids=["what was on the wire arrives", "it does not"])
def test_from_every_commit_boundary_a_later_run_finishes_the_job(
    camera: Camera, tmp_path: Path, *, arrives: bool
) -> None:
    assert len(camera.after) > 10
    for at, moment in enumerate(camera.after):
        assert recovered(tmp_path / f"{at}", moment.disk, moment, arrives=arrives) == [1, 1, 1], f"commit {at}"


def test_from_every_commit_that_was_cut_off_a_later_run_finishes_the_job(camera: Camera, tmp_path: Path) -> None:
    """Of the write-ahead log only a part of what the commit appended reached the disk, the rest is as the disk was."""
    cut = 0
    for at, (before, after) in enumerate(zip(camera.before, camera.after, strict=True)):
        old, new = before.disk.get(NAMES[1], b""), after.disk.get(NAMES[1], b"")
        if len(new) <= len(old) or not new.startswith(old):
            continue
        for share in (0.3, 0.9):
            length = len(old) + int((len(new) - len(old)) * share)
            disk = {**before.disk, NAMES[1]: new[:length] + bytes(len(new) - length)}
            cut += 1
            assert recovered(tmp_path / f"{at}-{share}", disk, before, arrives=True) == [1, 1, 1], f"commit {at}"
    assert cut > 10


def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    """FULL: the log is synced before a commit returns; less loses intents whose request is already on the wire."""
    engine = sqlite_engine(tmp_path / NAMES[0])
    with engine.connect() as connection:
        assert connection.execute(sa.text("PRAGMA synchronous")).scalar_one() == 2
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar_one() == "wal"
    engine.dispose()
