"""What the commands and environments of LaTeX do to text: those that shape it, and those that hold none."""

from __future__ import annotations

import re

SECTIONS = {
    "part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6,
    "frametitle": 3,
}  # fmt: skip
LISTS = frozenset({"itemize", "enumerate", "description", "compactitem", "thebibliography", "inparaenum"})
TABLES = frozenset({"tabular", "tabularx", "longtable", "tabulary", "array"})
VERBATIM = frozenset({"verbatim", "lstlisting", "minted", "Verbatim", "alltt"})
MATH = frozenset("equation align gather multline displaymath math eqnarray alignat flalign".split())
UNREAD = frozenset({"tikzpicture", "comment", "filecontents", "pgfplots", "CCSXML"})
STRONG = frozenset({"textbf", "textsc", "mathbf", "alert"})
CITE = re.compile(r"(?:no|auto|paren|text|foot|full|super|smart)?[cC]ite[a-zA-Z]{0,12}\*?")
# Commands whose arguments are for LaTeX, not for a reader, and how many there are.
UNREAD_ARGUMENTS = {
    "label": 1, "ref": 1, "eqref": 1, "pageref": 1, "autoref": 1, "cref": 1, "Cref": 1, "includegraphics": 1,
    "input": 1, "include": 1, "bibliography": 1, "bibliographystyle": 1, "addbibresource": 1, "usepackage": 1,
    "documentclass": 1, "vspace": 1, "hspace": 1, "setlength": 2, "setcounter": 2, "addtocounter": 2, "newcommand": 2,
    "renewcommand": 2, "providecommand": 2, "def": 1, "newenvironment": 3, "newtheorem": 2, "DeclareMathOperator": 2,
    "pagestyle": 1, "thispagestyle": 1, "color": 1, "textcolor": 1, "definecolor": 3, "hypersetup": 1, "geometry": 1,
    "graphicspath": 1, "tikzset": 1, "lstset": 1, "date": 1, "thanks": 1, "index": 1, "cline": 1, "cmidrule": 1,
    "multicolumn": 2, "multirow": 2, "columnwidth": 0, "hyphenation": 1, "rule": 2, "todo": 0,
    "captionsetup": 1,
}  # fmt: skip
SIGNS = {"&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", ",": " ", ";": " ", " ": " ", "\n": " "}
QUOTES = (("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"))
MATH_ENDS = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
