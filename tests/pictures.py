"""`make pictures`: the pictures of README and docs/ are what the program itself wrote and showed, photographed.

A sample file is run in a real terminal (tmux) against the sandbox; its screen becomes an SVG, and the workbooks that it
wrote are printed by LibreOffice and cropped. Needs tmux, LibreOffice Calc and pdftoppm. Look at what comes out before
it is committed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from PIL import Image, ImageChops
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
COLUMNS, LINES = 100, 30
_COMMAND = "flireo-batch run customers.xlsx --sandbox"
_ENDED = re.compile(r"^Run |\. Run \d{8}T", re.MULTILINE)
_COLOURS = 160
_MARGIN = 12
_NOTE_SHAPE = re.compile(r"<v:shape .*?</v:shape>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A part of a sheet. `note` is a cell whose note is shown, as when one points at it: (row, column), from 0."""

    book: str
    sheet: str
    area: str
    name: str
    width: int = 1400
    note: tuple[int, int] | None = None


PHOTOS = (
    Photo(book="customers.results.xlsx", sheet="Summary", area="$A$1:$J$36", name="summary"),
    Photo(book="customers.results.xlsx", sheet="Results", area="$A$1:$H$20", name="results"),
    Photo(book="customers.failed.xlsx", sheet="To correct", area="$A$1:$G$10", name="failed", note=(2, 1)),
)


def main() -> int:
    for tool in ("tmux", "soffice", "pdftoppm"):
        if shutil.which(tool) is None:
            print(f"{tool} is needed for the pictures.", file=sys.stderr)  # noqa: T201
            return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder)
        shutil.copy(ROOT / "samples" / "messy.xlsx", desk / "customers.xlsx")
        draw_screen(screen_of_a_run(desk), PICTURES / "terminal.svg")
        for photo in PHOTOS:
            take(photo, desk)
    for path in sorted(PICTURES.iterdir()):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")  # noqa: T201
    return 0


def screen_of_a_run(desk: Path) -> str:
    """What a terminal shows when the run has ended, colours included."""
    socket = desk / "tmux"
    outside = {name: value for name, value in os.environ.items() if not name.startswith("FLIREO_")}
    home = {"HOME": str(desk), "XDG_DATA_HOME": str(desk / "data"), "XDG_CONFIG_HOME": str(desk / "config")}
    environment = {**outside, **home, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LANG": "C.UTF-8"}

    def tmux(*words: str) -> str:
        called = ["tmux", "-u", "-S", str(socket), "-f", os.devnull, *words]
        return subprocess.run(called, cwd=desk, env=environment, check=True, capture_output=True, text=True).stdout

    size = ("-x", str(COLUMNS), "-y", str(LINES))
    tmux("new-session", "-d", *size, "env PS1='$ ' bash --norc --noprofile")
    try:
        _wait(lambda: "$" in tmux("capture-pane", "-p"))
        tmux("send-keys", _COMMAND, "Enter")
        _wait(lambda: _ENDED.search(tmux("capture-pane", "-p")) is not None)
        return tmux("capture-pane", "-e", "-p").rstrip().removesuffix("$").rstrip()
    finally:
        tmux("kill-server")


def _wait(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


def draw_screen(screen: str, path: Path) -> None:
    """As an SVG that fetches nothing: with whatever monospaced font is there."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(screen), soft_wrap=True)
    drawn = console.export_svg(title="flireo-batch", unique_id="terminal")
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    path.write_text(drawn.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace"), encoding="utf-8")


def take(photo: Photo, desk: Path) -> None:
    """Prints a copy that shows only what is to be seen, and crops it."""
    copy = desk / f"{photo.name}.xlsx"
    _arrange(desk / photo.book, copy, photo)
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", copy.name], cwd=desk, check=True, capture_output=True
    )
    called = ["pdftoppm", "-r", "220", "-f", "1", "-l", "1", "-singlefile", "-png", f"{photo.name}.pdf", photo.name]
    subprocess.run(called, cwd=desk, check=True)
    with Image.open(desk / f"{photo.name}.png") as page:
        seen = _cropped(page.convert("RGB"))
    height = round(seen.height * photo.width / seen.width)
    small = seen.resize((photo.width, height), Image.Resampling.LANCZOS).quantize(
        _COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )
    small.save(PICTURES / f"{photo.name}.png", optimize=True)


def _cropped(page: Image.Image) -> Image.Image:
    """What is on the page, with a little white around it."""
    box = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    assert box is not None, "an empty page"
    left, top, right, bottom = box
    return page.crop((left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN))


def _arrange(source: Path, copy: Path, photo: Photo) -> None:
    """The same workbook, of which only the area is printed."""
    with zipfile.ZipFile(source) as parts, zipfile.ZipFile(copy, "w") as arranged:
        for name in parts.namelist():
            data = parts.read(name)
            if name == "xl/workbook.xml":
                data = _only(data.decode(), photo).encode()
            elif name == "xl/drawings/commentsDrawing1.vml" and photo.note is not None:
                data = _shown(data.decode(), *photo.note).encode()
            arranged.writestr(name, data)


def _only(xml: str, photo: Photo) -> str:
    """One sheet's area to be printed, and no other sheet."""
    names = re.findall(r'<sheet name="([^"]*)"', xml)
    at = names.index(photo.sheet)
    for name in names:
        if name != photo.sheet:
            xml = re.sub(rf'(<sheet name="{name}"[^>]*?)state="visible"', r'\1state="hidden"', xml)
    xml = re.sub(r'activeTab="\d+"', f'activeTab="{at}"', xml)
    area = f'<definedName name="_xlnm.Print_Area" localSheetId="{at}">\'{photo.sheet}\'!{photo.area}</definedName>'
    return re.sub("<definedNames>.*</definedNames>", lambda _: f"<definedNames>{area}</definedNames>", xml)


def _shown(vml: str, row: int, column: int) -> str:
    """The note of a cell beside it, where a spreadsheet program shows it to one who points at the cell."""
    anchor = f"<x:Anchor>{column + 1}, 15, {row + 1}, 4, {column + 3}, 110, {row + 3}, 4</x:Anchor>"

    def show(shape: re.Match[str]) -> str:
        if f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column>" not in shape[0]:
            return shape[0]
        visible = shape[0].replace("visibility:hidden", "visibility:visible")
        return visible.replace("<x:Row>", f"{anchor}<x:Visible/><x:Row>")

    return _NOTE_SHAPE.sub(show, vml)


if __name__ == "__main__":
    sys.exit(main())
