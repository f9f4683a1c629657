"""LaTeX in titles and names to plain text: accents, special letters, quotes, braces."""

from __future__ import annotations

import re
import unicodedata

# The signs of LaTeX's accents, and the combining characters of Unicode.
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł", "i": "i", "j": "j", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "ng": "ŋ", "dj": "đ", "DJ": "Đ",
    "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "ldots": "…", "dots": "…",
    "textasciitilde": "~", "textbackslash": "\\", "textunderscore": "_", "textregistered": "®", "copyright": "©",
    "S": "§", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "quad": " ", "qquad": " ", "newline": " ",
}  # fmt: skip
_ACCENT = re.compile(
    r"""\\(?:(?P<sign>[`'^"~=.])[ \t]{0,9}|(?P<letter>[uvHcdbrk])(?:[ \t]{1,9}|(?=\{)))
    (?:\{[ \t]{0,9}(?:\\(?P<dotless>[ij])|(?P<braced>[^\W\d_]?))[ \t]{0,9}\}|\\(?P<bare_dotless>[ij])(?![a-zA-Z])
    |(?P<bare>[^\W\d_]))""",
    re.VERBOSE,
)
_SPECIAL = re.compile(r"\\(?P<name>[a-zA-Z]{1,20})(?![a-zA-Z])(?:[ \t]{1,9}|\{\})?")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_MATH = re.compile(r"(\$[^$\n]{1,400}\$)")
_QUOTES = (("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"), ("~", " "), ("\\\\", " "), ("\\-", ""), ("\\/", ""))


def plain_text(text: str) -> str:
    """Return a value without its LaTeX: accents made, commands and braces taken off, spaces joined; math is kept."""
    if not any(sign in text for sign in "\\{}$~`'-"):
        return " ".join(text.split())
    parts = _MATH.split(text)
    parts[::2] = [_plain(part) for part in parts[::2]]
    return " ".join("".join(parts).split())


def accented(text: str) -> str:
    """Return a text with LaTeX's accents and special letters made characters, and all else left as it is."""
    if "\\" not in text:
        return text
    text = _ACCENT.sub(_accent, text)
    return _SPECIAL.sub(lambda match: _LETTERS.get(match["name"], match.group()), text)


def plain_address(text: str) -> str:
    """Return an address or identifier without braces and escapes; signs that LaTeX gives a meaning stay."""
    text = _ESCAPED.sub(r"\1", text.replace(r"\textunderscore", "_").replace(r"\~{}", "~").replace(r"\~", "~"))
    return "".join(text.replace("{", "").replace("}", "").split())


def _plain(text: str) -> str:
    text = accented(text)
    # Escaped braces and the like step aside, so that those of LaTeX itself can go.
    text = _ESCAPED.sub(lambda match: chr(0xE000 + ord(match[1])), text)
    for old, new in _QUOTES:
        text = text.replace(old, new)
    text = _SPECIAL.sub("", text)
    text = text.replace("{", "").replace("}", "").replace("\\", "")
    return re.sub("[\ue020-\ue07e]", lambda match: chr(ord(match[0]) - 0xE000), text)


def _accent(match: re.Match[str]) -> str:
    letter = match["braced"] or match["dotless"] or match["bare_dotless"] or match["bare"] or ""
    if not letter:
        return match["sign"] or ""
    return unicodedata.normalize("NFC", letter + _ACCENTS[match["sign"] or match["letter"]])
