"""What stands inside the lines of reStructuredText: links and their targets, citations, roles, bold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retriever.notes.inline import Inline, folded, shorn

_TARGET = re.compile(
    r"[ \t]*\.\.[ \t]+_(?:`(?P<quoted>[^`\n]{1,200})`|(?P<name>[^:`\n]{1,200})):[ \t]+(?P<url>\S+)[ \t]*$"
)
# A target without a name, for the next link that ends in two underscores.
_ANONYMOUS = re.compile(r"[ \t]*(?:\.\.[ \t]+__:|__)[ \t]+(?P<url>\S+)[ \t]*$")
_REPLACEMENT = re.compile(r"[ \t]*\.\.[ \t]+\|(?P<name>[^|\n]{1,80})\|[ \t]+replace::[ \t]+(?P<text>.*)$")
_MARKUP = re.compile(
    r"""``(?P<code>[^`]{1,2000})``
    | (?::(?P<role>[\w:.+-]{1,40}):)?`(?P<quoted>[^`]{1,2000})`(?P<reference>__?(?![\w]))?
    | \[(?P<cited>[\w.:#*-]{1,60})\]_(?!\w)
    | \*\*(?P<strong>[^\s*](?:[^*]{0,1000}[^\s*])?)\*\*
    | (?<![\w*])\*(?P<slanted>[^\s*](?:[^*]{0,1000}[^\s*])?)\*(?![\w*])
    | \|(?P<replaced>[^|\s](?:[^|\n]{0,78}[^|\s])?)\|_{0,2}
    | (?P<url>https?://[^\s<>\[\]"{}|\\^`]+)
    | (?<![\w])(?P<name>[a-zA-Z0-9](?:[\w.-]{0,60}[a-zA-Z0-9])?)(?P<named>__?)(?!\w)
    | \\(?P<escaped>.)""",
    re.VERBOSE | re.DOTALL,
)
_SHOWN_AND_TARGET = re.compile(r"(?P<shown>[^<]{0,1900})<(?P<target>[^<>]{1,1900})>\s*$")
_CITE = re.compile(r"(?:cite|footcite)(?::\w{1,12})?|citep|citet|citeauthor")


class Targets:
    """Where the named links of a note lead, and what its substitutions stand for."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.urls: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        anonymous: list[str] = []
        for line in lines:
            if "__" in line and (target := _ANONYMOUS.match(line)):
                anonymous.append(target["url"])
            elif ".. _" in line and (target := _TARGET.match(line)):
                self.urls[_name(target["quoted"] or target["name"])] = target["url"]
            elif ".. |" in line and (replacement := _REPLACEMENT.match(line)):
                self.texts[replacement["name"]] = replacement["text"].strip()
        self._anonymous = iter(anonymous)

    def of(self, shown: str, reference: str) -> str | None:
        """Return where a link leads that is closed by "_", by its name, or by "__", in order of the targets."""
        return next(self._anonymous, None) if reference == "__" else self.urls.get(_name(shown))


def read_text(inline: Inline, text: str, targets: Targets) -> None:
    """Append a text without its markup; its line feeds stay."""
    at = 0
    for match in _MARKUP.finditer(text):
        inline.add(text[at : match.start()])
        at = match.end()
        if match["quoted"]:
            _quoted(inline, match, targets)
        elif match["strong"]:
            inline.open_strong()
            read_text(inline, match["strong"], targets)
            inline.close_strong()
        elif match["slanted"]:
            read_text(inline, match["slanted"], targets)
        elif match["url"]:
            url = shorn(match["url"])
            inline.link(url, url)
            inline.add(match["url"][len(url) :])
        elif match["cited"]:
            _cited(inline, match["cited"])
        elif match["name"]:
            target = targets.of(match["name"], match["named"])
            inline.link(match["name"], target) if target else inline.add(match.group())
        elif match["replaced"]:
            inline.add(targets.texts.get(match["replaced"], ""))
        elif match["escaped"]:
            inline.add(match["escaped"] if not match["escaped"].isspace() or match["escaped"] == "\n" else "")
        else:
            inline.add(match["code"])
    inline.add(text[at:])


def _quoted(inline: Inline, match: re.Match[str], targets: Targets) -> None:
    text, role = match["quoted"], match["role"]
    if role and _CITE.fullmatch(role):
        _keys(inline, text)
        return
    both = _SHOWN_AND_TARGET.match(text)
    if both is None:
        target = targets.of(text, match["reference"]) if match["reference"] else None
        inline.link(text, target) if target else inline.add(text)
        return
    target = "".join(both["target"].split())
    shown = both["shown"].rstrip(" ")
    if match["reference"]:
        if target.endswith("_") and (named := targets.urls.get(_name(both["target"].strip().removesuffix("_")))):
            target = named
        inline.link(shown.rstrip("\n") or target, target)
        targets.urls.setdefault(_name(shown), target)
    else:
        inline.add(shown.rstrip("\n") if role else text)
    # What is left out keeps its lines.
    inline.add("\n" * (text.count("\n") - shown.rstrip("\n").count("\n")) if role or match["reference"] else "")


def _cited(inline: Inline, label: str) -> None:
    key = label.strip("#*")
    if key and not key.isdigit():
        inline.add("[")
        inline.link("@" + key, "@" + key, wiki=True)
        inline.add("]")


def _keys(inline: Inline, text: str) -> None:
    for number, key in enumerate(text.split(",")):
        inline.add(", " if number else "")
        inline.link("@" + key.strip(), "@" + key.strip(), wiki=True)
    inline.add("\n" * text.count("\n"))


def _name(text: str) -> str:
    return folded(text.replace("\\", ""))
