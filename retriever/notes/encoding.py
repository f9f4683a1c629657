"""Bytes to text: decoding, and the repair of what other programs broke."""

from __future__ import annotations

import codecs
import re

import ftfy

from retriever.notes.note import Repair

# Mojibake is made of bytes above 0x7F, so each damaged stretch is a run of characters outside ASCII. Repairing
# run by run leaves good text alone that stands in the same line as bad.
_RUN = re.compile(r"[^\x00-\x7f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(content: bytes) -> tuple[str, str | None]:
    """Return the text of a file, and a warning if its encoding had to be guessed.

    UTF-8 with or without a mark, UTF-16 with one, else Windows-1252, in which every byte means something.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace"), None
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _decode_1252(content), f"line {line} is not UTF-8; read as Windows-1252"


def repair(text: str) -> tuple[tuple[str, ...], tuple[Repair, ...]]:
    """Return the lines of a text, mojibake repaired and control characters blanked, with what was repaired."""
    lines: list[str] = []
    repairs: list[Repair] = []
    text = text.replace("\r\n", "\n").replace("\r", " ")
    for number, line in enumerate(text.split("\n"), 1):
        if line.isascii():
            lines.append(_CONTROL.sub(" ", line))
            continue
        pieces, at = [], 0
        for run in _RUN.finditer(line):
            fixed = ftfy.fix_encoding(run.group())
            if fixed != run.group():
                repairs.append(Repair(number, run.group(), fixed))
            pieces += [line[at : run.start()], fixed]
            at = run.end()
        lines.append(_CONTROL.sub(" ", "".join([*pieces, line[at:]]).replace("\n", " ")))
    return tuple(lines), tuple(repairs)


def blank_controls(text: str) -> str:
    """Return a text with control characters, carriage returns and lone surrogates made spaces, of the same length."""
    return _CONTROL.sub(" ", text)


def _decode_1252(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        # Five bytes are undefined in Windows-1252; Latin-1 reads them as control characters.
        return content.decode("latin-1")
