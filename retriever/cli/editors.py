"""How editors are told to open a file at a line. No shell takes part, and every path is absolute: none is an option."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from retriever.errors import UsageError

if TYPE_CHECKING:
    from retriever.records import Place

_PLUS = (
    "vi vim nvim gvim mvim view nano pico emacs emacsclient joe jed kak micro ne mg gedit xed pluma mousepad".split()
)
_GOTO = "code code-insiders codium vscodium cursor windsurf positron".split()
_COLON = "subl sublime_text zed zeditor hx helix atom lapce".split()
_OPTION = {"mate": "-l", "kate": "-l", "kwrite": "-l", "idea": "--line", "pycharm": "--line", "gnome-text-editor": "-l"}


def editor_command(place: Place) -> list[str]:
    """Return the command that opens a place in $VISUAL, else $EDITOR, else vi. UsageError where there is none."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        words = shlex.split(chosen)
    except ValueError as error:
        raise UsageError(f"$VISUAL or $EDITOR cannot be read: {error}: {chosen!r}.") from error
    if not words or shutil.which(words[0]) is None:
        raise UsageError(f"The editor {chosen!r} is not to be found.", "Set VISUAL to the one that you use.")
    name = Path(words[0]).name.removesuffix(".exe")
    line = str(place.line)
    if name in _PLUS:
        return [*words, f"+{line}", place.file]
    if name in _GOTO:
        return [*words, "-g", f"{place.file}:{line}"]
    if name in _COLON:
        return [*words, f"{place.file}:{line}"]
    if name in _OPTION:
        return [*words, _OPTION[name], line, place.file]
    return [*words, place.file]


def url_command(url: str) -> list[str]:
    """Return the command that opens an address on this desktop. UsageError where there is none."""
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    if shutil.which(opener) is None:
        raise UsageError(f"There is no {opener} here to open {url}.", "Print it with --print.")
    return [opener, url]
