"""What is said of sheets and mappings: `--all-sheets`, and a customer's mapping read from a file or saved to one."""

from __future__ import annotations

from pathlib import Path

from batch.columns import SavedMap, map_text, wrong_orders
from batch.errors import InputError, SettingsError
from batch.model import Sentence
from batch.pipeline.map_file import load_map, write_map
from batch.pipeline.mapped import FileOptions, MappedFile
from batch.pipeline.rules import Rules
from batch.pipeline.values import RunOptions


def given_map(path: Path | None, *, without: bool) -> SavedMap | None:
    """The mapping that the flags name. Raises SettingsError where they contradict one another or the file is no map."""
    if path is None:
        return None
    if without:
        raise SettingsError("map_file_contradiction", "--map-file names a map file and --no-map-file forbids one.")
    return load_map(path)


def wants_all_sheets(sheet: str | None, *, all_sheets: bool) -> bool:
    """Raises SettingsError where one sheet is named and all are asked for."""
    if all_sheets and sheet is not None:
        raise SettingsError("sheet_contradiction", "--sheet names one sheet and --all-sheets asks for all; keep one.")
    return all_sheets


def refuse_wrong_orders(options: FileOptions, rules: Rules) -> None:
    """Raises SettingsError for what nobody can carry out whatever the file is; no sender of a file can mend it."""
    wrong = wrong_orders(rules.schema, rules.hints, mapping=options.mapping, saved=options.saved)
    if wrong:
        each = {f"problem_{number}": problem.sentence for number, problem in enumerate(wrong)}
        raise SettingsError(wrong[0].code, Sentence(template="\n".join(f"{{{name}}}" for name in each), values=each))


def save_map_of(options: RunOptions, target: Path | None, rules: Rules) -> None:
    """Saves the mapping of the one file that is read. Raises SettingsError where there are several.

    A file that cannot be read has no mapping; whoever reads it next says why.
    """
    if target is None:
        return
    if len(options.files) != 1:
        raise SettingsError("save_map_of_several", "--save-map saves the mapping of one file; name only one.")
    try:
        file = MappedFile(options.files[0], rules, options.file)
    except InputError:
        return
    with file:
        save_map(file, target, overwrite=options.output.overwrite)


def save_map(file: MappedFile, target: Path, *, overwrite: bool) -> None:
    """Writes how the file is read. Raises SettingsError where nothing can be saved, or not there."""
    if file.layout.header_row is None:
        raise SettingsError(
            "nothing_to_save",
            f"--save-map: {target.name} was not written, because no header row was found in {file.path.name}.",
        )
    options, saved = file.options, file.options.saved or SavedMap(name="")
    every = options.reads_all_sheets
    text = map_text(
        file.tables.found,
        target.name,
        sheet=None if every else (saved.sheet if options.sheet is None else options.sheet),
        all_sheets=every,
        delimiter=options.delimiter or saved.delimiter,
        encoding=options.encoding or saved.encoding,
    )
    write_map(target, text, overwrite=overwrite)
