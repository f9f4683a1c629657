"""Where the index is, and which model was asked for: flag, environment, user configuration, then folders.

A configuration or an index that lies in a folder of notes, and that this user did not make, is never picked up:
a cloned folder must not choose what is read.
"""

from __future__ import annotations

import os
import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path

from retriever.errors import UsageError

POINTER = "CURRENT"  # the one file that makes a folder an index


@dataclass(frozen=True, slots=True)
class Place:
    """Where the index is or will be. `corpus` holds the notes to build it from where there is none yet.

    `option` repeats what the user typed to name the index ("" where it is found without), for hints.
    """

    index: Path
    corpus: Path | None = None
    option: str = ""

    @property
    def built(self) -> bool:
        return (self.index / POINTER).is_file()


def locate(flag: Path | None) -> Place:
    """Return the place of the index: --index, RETRIEVER_INDEX, configuration, ./index, the user's data folder."""
    if flag is not None:
        return Place(flag, option=f" --index {shlex.quote(str(flag))}")
    if named := os.environ.get("RETRIEVER_INDEX"):
        return Place(Path(named).expanduser())
    if named := settings().get("index"):
        return Place(Path(named).expanduser())
    here, corpus = Path("index"), Path("corpus")
    if _is_mine(here / POINTER):
        return Place(here, corpus if corpus.is_dir() else None)
    if corpus.is_dir() and not (here / POINTER).exists():
        return Place(here, corpus)
    return Place(user_folder("XDG_DATA_HOME", ".local/share") / "index")


def chosen_model(flag: str | None) -> str | None:
    """Return the model that was asked for, or None for the index's own."""
    return flag or os.environ.get("RETRIEVER_MODEL") or settings().get("model")


def settings() -> dict[str, str]:
    """Return the user's configuration: `index` and `model`, both optional. UsageError where it is malformed."""
    path = user_folder("XDG_CONFIG_HOME", ".config") / "config.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The configuration {path} is not valid TOML: {error}.") from error
    for name, value in found.items():
        if name not in {"index", "model"} or not isinstance(value, str):
            raise UsageError(f"The configuration {path} may set index and model, each a text; it sets {name}.")
    return found


def user_folder(variable: str, default: str) -> Path:
    """Return this program's folder under an XDG base folder; relative ones are ignored, as the standard asks."""
    base = Path(os.environ.get(variable, ""))
    return (base if base.is_absolute() else Path.home() / default) / "retriever"


def _is_mine(path: Path) -> bool:
    try:
        return path.stat().st_uid == os.getuid()
    except OSError:
        return False
