"""Which results files are the rounds of a batch, and in which order they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from batch.errors import InputError, SettingsError
from batch.merge.values import MergeOptions
from batch.model import Sentence, sentence
from batch.past_results import PastResults, open_past_results
from batch.results.extras import CHECKED_AT, ROUND
from batch.results.names import batch_stem, round_number, rounds_beside
from batch.results.summary import command
from batch.settings import is_loopback

_SENT_NOTHING = frozenset({"check", "dry run"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Open results in the order of their rounds, and those that are no rounds of their own."""

    results: tuple[PastResults, ...]
    others: tuple[PastResults, ...]

    @property
    def left_out(self) -> tuple[Path, ...]:
        return tuple(past.path for past in self.others)

    def parent(self, number: int) -> int | None:
        """The round whose failed file was the input of round `number`, by its name."""
        past = self.results[number - 1]
        name = Path(past.input_name)
        if ".failed" not in name.stem.casefold():
            return None
        wanted = (batch_stem(name), round_number(name))
        earlier = range(number - 1, 0, -1)
        names = {at: self.results[at - 1].path for at in earlier}
        return next((at for at in earlier if (batch_stem(names[at]), round_number(names[at])) == wanted), None)


def open_rounds(options: MergeOptions, held: ExitStack) -> Rounds:
    """Opens every round. Raises SettingsError where it is not clear which batch is meant, InputError where a file is
    no results file, or none is a round.
    """
    found = [held.enter_context(open_past_results(path, options.limits)) for path in _paths(options)]
    rounds = tuple(_in_order(list(_one_of_each([past for past in found if _is_round(past)]))))
    if not rounds:
        names = ", ".join(past.path.name for past in found)
        said = sentence(
            "There is nothing to merge in {files}: results of check, of --dry-run and of merge are no rounds. Name"
            " results that run wrote, such as customers.results.xlsx.",
            files=names,
        )
        raise InputError("no_rounds", said)
    _refuse_several_accounts(rounds)
    return Rounds(results=rounds, others=tuple(past for past in found if past not in rounds))


def _refuse_several_accounts(rounds: Sequence[PastResults]) -> None:
    """A group of the sandbox, or of another account, would stand for one that was never created."""
    made: dict[str, tuple[PastResults, Sentence]] = {}
    for past in rounds:
        if past.summary.setting("base_url"):
            where = _made_where(past)
            made.setdefault(str(where), (past, where))
    if len(made) > 1:
        (first, here), (second, there), *_ = made.values()
        said = sentence(
            "These results do not belong together: {first} was made {here}, and {second} {there}. Name the results of"
            " one account, one by one.",
            first=first.path.name,
            here=here,
            second=second.path.name,
            there=there,
        )
        raise InputError("several_accounts", said)


def _made_where(past: PastResults) -> Sentence:
    base_url = past.summary.setting("base_url")
    if is_loopback(urlsplit(base_url).hostname or ""):
        return sentence("in a sandbox")
    return sentence(
        "for the account '{account}' at {base_url}", account=past.summary.setting("account"), base_url=base_url
    )


def _paths(options: MergeOptions) -> tuple[Path, ...]:
    match options.files:
        case ():
            return _only_batch(options.folder)
        case (path,):
            return _batch_of(path)
        case files:
            return files


def _batch_of(path: Path) -> tuple[Path, ...]:
    beside = rounds_beside(path)
    if beside:
        return beside
    if path.is_file():
        return (path,)
    said = sentence(
        "There are no results of {file} in {folder}: expected {stem}.results.xlsx or .csv, as run writes them.",
        file=path.name,
        folder=path.resolve().parent,
        stem=batch_stem(path),
    )
    raise InputError("no_rounds", said)


def _only_batch(folder: Path) -> tuple[Path, ...]:
    stems = sorted({batch_stem(path) for path in folder.glob("*.results*.*") if rounds_beside(path)})
    match stems:
        case [stem]:
            return rounds_beside(folder / stem)
        case []:
            said = sentence(
                "There are no results in {folder}. Name the results files to merge.", folder=folder.resolve()
            )
            raise SettingsError("no_rounds", said)
        case _:
            said = sentence(
                "There are results of several batches here: {stems}. Name the one to merge, for example: {command}",
                stems=", ".join(stems),
                command=command("merge", f"{stems[0]}.xlsx"),
            )
            raise SettingsError("several_batches", said)


def _is_round(past: PastResults) -> bool:
    return past.summary.command not in _SENT_NOTHING and ROUND not in past.extras


def _one_of_each(found: Sequence[PastResults]) -> Iterator[PastResults]:
    """Results that `status` wrote anew are those of the same round: of several the one that asked last."""
    by_run: dict[tuple[str, str], list[PastResults]] = defaultdict(list)
    for past in found:
        if past.summary.run_id:
            by_run[past.summary.run_id, past.input_name].append(past)
        else:
            yield past
    for alike in by_run.values():
        yield alike[0] if len(alike) == 1 else max(alike, key=_asked_at)


def _asked_at(past: PastResults) -> str:
    """When the approval of a group in it was last heard, in a form that sorts by time; "" if never."""
    if CHECKED_AT not in past.extras:
        return ""
    place = past.extras.index(CHECKED_AT)
    return max((str(row.extras[place]) for row in past.rows()), default="")


def _in_order(found: list[PastResults]) -> list[PastResults]:
    """By when they began, if all say so; else by the numbers in their names."""
    if all(past.summary.started for past in found):
        return sorted(found, key=lambda past: past.summary.started)
    return sorted(found, key=lambda past: round_number(past.path) or len(found) + 1)
