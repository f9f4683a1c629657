"""What notes write that CommonMark does not know: headings without a space, and math that is no emphasis."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, backtick

_LONGEST_MATH = 2_000  # characters
_MOST_LINES = 200
_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})")
_HEADING = re.compile(r"(?P<signs> {0,3}#{2,6})(?P<text>[^\s#].*)")
# One number sign is a tag, unless a link follows, or a title that stands alone.
_TITLE = re.compile(r"(?P<signs> {0,3}#)(?P<text>\[[^\[\]]{1,300}\]\(.*|[A-Z][^#]*)")
_TITLE_WORDS = 3


def spaced_headings(lines: Sequence[str]) -> list[str]:
    """Return the lines with a space after the number signs of headings that have none."""
    found: list[str] = []
    fence = ""
    for number, line in enumerate(lines):
        if opened := _FENCE.match(line):
            if not fence:
                fence = opened["fence"]
            elif line.strip() == fence:
                fence = ""
        heading = None if fence or "#" not in line[:4] else _HEADING.fullmatch(line)
        if heading is None and not fence and line.startswith("#") and _stands_alone(lines, number):
            title = _TITLE.fullmatch(line)
            is_title = title and (title["text"][0] == "[" or len(title["text"].split()) >= _TITLE_WORDS)
            heading = title if is_title else None
        found.append(f"{heading['signs']} {heading['text']}" if heading else line)
    return found


def _stands_alone(lines: Sequence[str], number: int) -> bool:
    around = (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])
    return not any(line.strip() for line in around)


def _math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  the parser calls it so
    """Take $…$ and $$…$$ as they are, so that no sign in them means emphasis."""
    start = state.pos
    if state.src[start] != "$":
        return False
    sign = "$$" if state.src.startswith("$$", start) else "$"
    inside = start + len(sign)
    end = state.src.find(sign, inside, min(state.posMax, inside + _LONGEST_MATH))
    if end <= inside:
        return False
    # Two sums of money are no formula: in one, no space stands within the signs, and no digit behind.
    follows = state.src[end + len(sign) : end + len(sign) + 1]
    if sign == "$" and (state.src[inside].isspace() or state.src[end - 1].isspace() or follows.isdigit()):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = state.src[start : end + len(sign)]
    state.pos = end + len(sign)
    return True


def _code(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  see above
    """Take a code span with its line feeds, which the parser's own rule makes spaces."""
    start = state.pos
    found = backtick(state, silent)
    if found and not silent and state.tokens and state.tokens[-1].type == "code_inline":
        state.tokens[-1].content = state.src[start : state.pos].strip("`").strip(" ")
    return found


def _display(state: StateBlock, line: int, last: int, silent: bool) -> bool:  # noqa: FBT001  see above
    """Take the lines between two of "$$" alone as one block."""
    if _stripped(state, line) != "$$":
        return False
    end = next((n for n in range(line + 1, min(last, line + _MOST_LINES)) if _stripped(state, n) == "$$"), None)
    if end is None or any(not _stripped(state, n) for n in range(line, end)):
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.content = state.getLines(line, end + 1, state.blkIndent, False)  # noqa: FBT003  markdown-it's own signature
        token.map = [line, end + 1]
        state.line = end + 1
    return True


def _stripped(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _parser() -> MarkdownIt:
    # Indented code is off: in notes, deep indentation is an outline, never a program.
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable(["code"])
    parser.inline.ruler.before("escape", "math", _math)
    parser.inline.ruler.at("backticks", _code)
    parser.block.ruler.before("fence", "display", _display, {"alt": ["paragraph", "blockquote", "list"]})
    return parser


PARSER = _parser()
