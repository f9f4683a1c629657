"""CPU seconds to read and chunk a note of one and of two megabytes: python tests/benchmarks/speed/readers.py.

Prints a line a format and keeps the figures in readers.json beside this file. With --hostile, times what people do
not write: 200 kB and 400 kB of each opening sign.
"""

import json
import sys
import time
from operator import itemgetter
from pathlib import Path

from retriever.chunker import chunks
from retriever.notes import read_note

MEGABYTE = 1_000_000
WORDS = (
    "Low-rank adaptation of large models trains few weights; it holds up well against full fine-tuning on most tasks. "
)
LINK = "https://arxiv.org/abs/2106.{:05d}"


def markdown(number):
    return (
        f"## Topic {number}\n\n- [ ] **[Paper {number}: A Title]({LINK.format(number)})** [@key2020; @other2021] "
        f"{WORDS}\n"
        f"  rating:: {number}\n    - {WORDS} $x_{number} = 1$\n\n"
        f"| Paper | Year |\n| --- | --- |\n| [Title {number}]({LINK.format(number)}) | 2020 |\n\n{WORDS * 3}\n\n"
    )


def html(number):
    return (
        f"<h2>Topic {number}</h2>\n<ul>\n<li><a href='{LINK.format(number)}'>Paper {number}</a>, <b>good</b> &amp; "
        f"{WORDS}</li></ul>\n<table><tr><th>Paper</th></tr><tr><td>Title</td></tr></table>\n<p>{WORDS * 3}</p>\n"
    )


def org(number):
    return (
        f"* TODO Topic {number} :tag:\n:PROPERTIES:\n:YEAR: 2020\n:END:\n- [[{LINK.format(number)}][Paper {number}]] "
        f"cite:key2020 *good* {WORDS}\n  - {WORDS}\n\n{WORDS * 3}\n"
    )


def rst(number):
    return (
        f"Topic {number}\n==========\n\n* `Paper {number} <{LINK.format(number)}>`_, **good** {WORDS}\n\n"
        f"  - {WORDS}\n\n{WORDS * 3}\n\n"
    )


def latex(number):
    return (
        f"\\section{{Topic {number}}}\n{WORDS}\\cite{{key2020}} \\textbf{{good}} $x_1$\n\\begin{{itemize}}\n"
        f"\\item \\href{{{LINK.format(number)}}}{{Paper {number}}} {WORDS}\n\\end{{itemize}}\n{WORDS * 3} % done\n\n"
    )


def plain(number):
    return f"A Topic of Words {number}\n\n- Paper {number} {LINK.format(number)}\n\n{WORDS * 3}\n\n"


def bibtex(number):
    return (
        f"@article{{key{number},\n  title = {{Paper {number}: {{A}} Title}},\n"
        "  author = {G{\\'o}del, Kurt and Li, B},\n  year = 2020,\n"
        f"  abstract = {{{WORDS * 5}}},\n  url = {{{LINK.format(number)}}}\n}}\n\n"
    )


def ris(number):
    return f"TY  - JOUR\nTI  - Paper {number}\nAU  - Li, B\nPY  - 2020\nAB  - {WORDS * 5}\nER  - \n\n"


def json_lines(number):
    return json.dumps({"title": f"Paper {number}", "authors": ["B Li"], "year": 2020, "abstract": WORDS * 5}) + "\n"


def csv(number):
    return f'Paper {number},"Li, B",2020,{LINK.format(number)},"{WORDS}\n{WORDS}"\n'


def csl(size):
    entry = {"title": "Paper", "author": [{"family": "Li", "given": "B"}], "abstract": WORDS * 5, "type": "article"}
    number = size // len(json.dumps(entry, indent=1)) + 1
    return json.dumps([entry | {"id": f"key{n}"} for n in range(number)], indent=1)


def notebook(size):
    cell = lambda n: {"cell_type": "markdown", "source": markdown(n).splitlines(keepends=True)}  # noqa: E731
    number = size // len(json.dumps({"cells": [cell(1)]}, indent=1)) + 1
    return json.dumps({"cells": [cell(n) for n in range(number)]}, indent=1)


def pdf(size):
    """A PDF of text pages, written by hand: 3,000 characters a page."""
    page = "BT /F1 10 Tf 12 TL 40 780 Td " + f"({WORDS[:80]}) Tj T* " * 36 + "ET"
    number = size // 3_000 + 1
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for n in range(number):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(page)} >>\nstream\n{page}\nendstream")
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(number))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {number} >>"
    body, places = "%PDF-1.4\n", []
    for n, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{n} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    )


def filled(entry, head=""):
    """Return a function from a size to a note of that size."""

    def note(size):
        parts, length = [head], 0
        while length < size:
            parts.append(entry(len(parts)))
            length += len(parts[-1])
        return "".join(parts)

    return note


FORMATS = {
    ".md": filled(markdown),
    ".txt": filled(plain),
    ".org": filled(org),
    ".rst": filled(rst),
    ".tex": filled(latex, "\\begin{document}\n"),
    ".html": filled(html),
    ".ipynb": notebook,
    ".csv": filled(csv, "Title,Authors,Year,URL,Notes\n"),
    ".bib": filled(bibtex),
    ".ris": filled(ris),
    ".json": csl,
    ".jsonl": filled(json_lines),
    ".pdf": pdf,
}
SIGNS = """
[ ![ [[ [@ ( < <a <!-- </ <![CDATA[ <a·" <script> { } \\ \\begin{verbatim} \\[ \\textbf{ $ $$ ` `` ``` * ** _ ~~ # ## >
- | |- : :: x::·y¶ :END: #+begin_src¶ =¶ == .. .._ ..[ [cite: cite: %% % & &# @ @a{ @a{b, " ', , \\u TY··-·¶ +- === ·=¶
{"a": [{ http:// · -·[ 1. <td> <tr><td> <li> <p> ![[a| ^ ~ [^
""".replace("·", "\0").split()


def seconds(text, suffix):
    """Return CPU seconds to read a note, and to read and chunk it."""
    content = text.encode()
    start = time.process_time()
    note = read_note(content, folder="notes", file=f"note{suffix}")
    read = time.process_time()
    chunks(note)
    return read - start, time.process_time() - start


def main():
    if "--hostile" in sys.argv:
        for suffix in FORMATS:
            for sign in (sign.replace("\0", " ").replace("¶", "\n") for sign in SIGNS):
                once, twice = (seconds(sign * (size // len(sign)), suffix)[1] for size in (200_000, 400_000))
                if twice > 1:
                    print(f"{suffix:7} {sign!r:20} {once:6.2f} s {twice:6.2f} s")
        return
    found = {}
    for suffix, note in FORMATS.items():
        seconds(note(10_000), suffix)
        sizes = (MEGABYTE, 2 * MEGABYTE)
        (read, once), (_, twice) = (
            min((seconds(note(size), suffix) for _ in range(3)), key=itemgetter(1)) for size in sizes
        )
        found[suffix] = {"read_1_mb": round(read, 3), "all_1_mb": round(once, 3), "all_2_mb": round(twice, 3)}
        print(
            f"{suffix:7} {once:6.2f} s for 1 MB ({read:.2f} s to read), {twice:6.2f} s for 2 MB {twice / once:4.1f} x"
        )
    Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
