"""Text as LaTeX reads it: every character shows as itself, letters of all scripts stay UTF-8, capitals are kept."""

from __future__ import annotations

import re
from collections.abc import Callable

_SIGNS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: rf"\ensuremath{{{sign}}}" for sign in "<>|"},  # in text, TeX's own encoding has other signs there
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_SPECIAL = re.compile(r"[\\~^<>|&%$#_{}]")
# Pairs that TeX would make one sign of: dashes, quotes, Spanish marks.
_PAIR = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')|(?<=[?!])(?=`)|(?<=,)(?=,)")
# Math as pandoc tells it from prices: no space inside the signs, and no digit behind them.
MATH = re.compile(r"(?<![\\$])\$(?=[^\s$])((?:[^$\\%#&{}]|\\[A-Za-z]+|\\[,;!{}]|[{}])*?)(?<=[^\s\\$])\$(?![\d$])")
_CORE = re.compile(r"[^\W_](?:.*[^\W_+#*])?[+#*]*")  # of a word, without the punctuation around it
_PARTS = re.compile(r"[-‐‑–/’']")
_RESTART = (":", ".", "?", "!", "—", "–")  # a word behind these begins a sentence, as the first one does


def escaped(text: str) -> str:
    """Return a line of text as LaTeX; formulas between dollars stay what they are."""
    return _by_part(text, _plain)


def title(text: str) -> str:
    """Return a title as LaTeX, its names and acronyms in braces, so that a style in small letters keeps them."""
    protects = _protects(text)

    def word(match: re.Match[str]) -> str:
        core = _CORE.search(match.group())
        if core is None or not protects(core.group(), match.string[: match.start()]):
            return _plain(match.group())
        start, end = core.span()
        return f"{_plain(match.group()[:start])}{{{_plain(core.group())}}}{_plain(match.group()[end:])}"

    return _by_part(text, lambda part: re.sub(r"\S+", word, part), math="{%s}")


def address(text: str) -> str:
    """Return a link or id for a field that is read as it stands; what would break the entry is percent-encoded."""
    return re.sub(r"[{}\\\s]", lambda match: f"%{ord(match.group()):02X}", text)


def _by_part(text: str, plain: Callable[[str], str], math: str = "%s") -> str:
    parts, at = [], 0
    for formula in MATH.finditer(text):
        if _is_balanced(formula.group(1)):
            parts += [plain(text[at : formula.start()]), math % formula.group()]
            at = formula.end()
    return "".join([*parts, plain(text[at:])])


def _is_balanced(formula: str) -> bool:
    depth = 0
    for sign in re.sub(r"\\[A-Za-z]+", "", formula):  # BibTeX counts a brace behind a backslash too
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def _plain(text: str) -> str:
    """Return text with every sign that LaTeX gives a meaning written as what shows it.

    BibTeX counts braces even behind a backslash, so only those that pair are written so.
    """
    paired = _paired(text) if "{" in text else set()

    def sign(match: re.Match[str]) -> str:
        found = match.group()
        if found not in "{}":
            return _SIGNS[found]
        if match.start() in paired:
            return f"\\{found}"
        return r"\ensuremath{\lbrace}" if found == "{" else r"\ensuremath{\rbrace}"

    return _PAIR.sub("{}", _SPECIAL.sub(sign, text))


def _paired(text: str) -> set[int]:
    """Return the places of the braces that have a partner."""
    found: set[int] = set()
    opened: list[int] = []
    for at, char in enumerate(text):
        if char == "{":
            opened.append(at)
        elif char == "}" and opened:
            found |= {opened.pop(), at}
    return found


def _protects(text: str) -> Callable[[str, str], bool]:
    """Return what tells whether a word of a title needs its capitals, given the word and what stands before it.

    Where most words are small, a capital marks a name; where most are not, it says nothing.
    """
    words = [word for word in text.split()[1:] if len(word) > 3 and word[0].isalpha()]
    is_sentence = sum(word[0].isupper() for word in words) * 2 < len(words)

    def needed(word: str, before: str) -> bool:
        if any(_is_acronym(part) for part in _PARTS.split(word)):
            return True
        begins = not before.strip() or before.rstrip().endswith(_RESTART)
        return is_sentence and not begins and word[0].isupper()

    return needed


def _is_acronym(part: str) -> bool:
    has_capital = any(char.isupper() for char in part)
    return any(char.isupper() for char in part[1:]) or (has_capital and any(char.isdigit() for char in part))
