"""Notes of any size, made of real titles and abstracts, in the formats that people keep.

    python tests/benchmarks/speed/corpus.py PAPERS.parquet NOTES --windows 10000

PAPERS.parquet has the columns title, abstract, venue, year, url, arxiv_id. The same file and number make the same
notes. Half of the papers stand in outlines, a fifth in libraries (BibTeX, JSON Lines), the others in notes of their
own; every twentieth is spoken of once more, in another note. How many windows that makes is reckoned from the words:
what a build counts differs by some hundredths.
"""

import argparse
import json
import random
from itertools import islice
from pathlib import Path

SEED = 20_261_124
COLUMNS = ("title", "abstract", "venue", "year", "url", "arxiv_id")
WORDS_A_WINDOW = 100
OUTLINE, LIBRARY = 50, 200  # papers a note
AGAIN = 20  # every so manieth paper has a second place
FOLDER = 500  # notes of one paper in a folder


def papers(file):
    """Yield the papers of a parquet file as dictionaries, in an order that is random and always the same."""
    from pyarrow import parquet  # noqa: PLC0415  only the generator needs it

    table = parquet.read_table(file, columns=list(COLUMNS))
    order = list(range(table.num_rows))
    random.Random(SEED).shuffle(order)  # noqa: S311  an order, not a secret
    for start in range(0, len(order), 4_096):
        for paper in table.take(order[start : start + 4_096]).to_pylist():
            yield {**paper, "title": " ".join(paper["title"].split()), "abstract": " ".join(paper["abstract"].split())}


def windows_of(paper):
    """Return about how many windows the abstract of a paper makes."""
    return -(-len(paper["abstract"].split()) // WORDS_A_WINDOW)


def chosen(file, windows):
    """Return the papers whose abstracts make so many windows, and for some of them a second text."""
    found, seconds, count = [], [], 0
    for paper in papers(file):
        if count >= windows:
            return found, seconds
        found.append(paper)
        count += windows_of(paper)
        if len(found) % AGAIN == 0:
            other = found[len(found) // 2]
            seconds.append((other, " ".join(paper["abstract"].split(". ")[:2])))
            count += 1
    # A corpus larger than the file: papers are spoken of again, each time with the words of another.
    rng = random.Random(SEED)  # noqa: S311  a choice, not a secret
    while count < windows:
        about, said = rng.sample(found, 2)
        seconds.append((about, said["abstract"]))
        count += windows_of(said)
    return found, seconds


def link(paper):
    return f"https://arxiv.org/abs/{paper['arxiv_id']}" if paper["arxiv_id"] else paper["url"] or ""


def item(paper, said):
    return f"- [{paper['title'].replace('[', '(').replace(']', ')')}]({link(paper)}) ({paper['year']})\n  - {said}\n"


def outline(number, entries):
    parts = [f"# Reading {number}\n"]
    for at, (paper, said) in enumerate(entries):
        if at % 10 == 0:
            parts.append(f"\n## Topic {(number * 5 + at // 10) % 97}\n")
        parts.append(item(paper, said))
    return "\n".join(parts)


def own_note(paper):
    head = {"title": paper["title"], "url": link(paper), "year": paper["year"], "tags": [paper["venue"]]}
    lines = [f"{key}: {json.dumps(value)}" for key, value in head.items()]
    return "\n".join(["---", *lines, "---", "", paper["abstract"], ""])


def bibtex(number, entries):
    escaped = str.maketrans({"{": "(", "}": ")", "\\": " ", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_"})
    return "\n".join(
        f"@article{{lib{number}x{at},\n  title = {{{paper['title'].translate(escaped)}}},\n"
        f"  year = {{{paper['year']}}},\n  url = {{{link(paper)}}},\n"
        f"  abstract = {{{paper['abstract'].translate(escaped)}}}\n}}\n"
        for at, paper in enumerate(entries)
    )


def json_lines(entries):
    lines = ({key: paper[key] for key in ("title", "year", "abstract")} | {"url": link(paper)} for paper in entries)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def batches(entries, size):
    left = iter(entries)
    while batch := list(islice(left, size)):
        yield batch


def write(file, windows, folder):
    """Write notes of about so many windows into a folder that is new; return the papers."""
    found, seconds = chosen(file, windows)
    folder.mkdir(parents=True)
    kinds = ("outlines", "outlines", "outlines", "outlines", "outlines", "own", "own", "own", "bibtex", "jsonl")
    places = {kind: [paper for at, paper in enumerate(found) if kinds[at % 10] == kind] for kind in kinds}
    entries = [*((paper, paper["abstract"]) for paper in places["outlines"]), *seconds]
    for kind in places:
        (folder / kind).mkdir()
    for number, batch in enumerate(batches(entries, OUTLINE)):
        (folder / "outlines" / f"reading-{number:05}.md").write_text(outline(number, batch), "utf-8")
    for number, batch in enumerate(batches(places["bibtex"], LIBRARY)):
        (folder / "bibtex" / f"library-{number:04}.bib").write_text(bibtex(number, batch), "utf-8")
    for number, batch in enumerate(batches(places["jsonl"], LIBRARY)):
        (folder / "jsonl" / f"library-{number:04}.jsonl").write_text(json_lines(batch), "utf-8")
    for at, paper in enumerate(places["own"]):
        place = folder / "own" / f"{at // FOLDER:03}" / f"paper-{at:06}.md"
        place.parent.mkdir(exist_ok=True)
        place.write_text(own_note(paper), "utf-8")
    return found


def questions(file, number):
    """Return questions that people may ask of such notes: parts of titles, whole titles, sentences of abstracts."""
    rng = random.Random(SEED + 1)  # noqa: S311  a choice, not a secret
    asked = []
    for at, paper in enumerate(islice(papers(file), number)):
        title = paper["title"].split()
        if at % 10 == 9:
            asked.append(" ".join(title))
        elif at % 10 >= 6:
            asked.append(" ".join(rng.choice(paper["abstract"].split(". ")).split()[:20]))
        else:
            length = rng.randint(3, 6)
            start = rng.randrange(max(len(title) - length, 0) + 1)
            asked.append(" ".join(title[start : start + length]))
    return [text for text in asked if text.strip()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path)
    parser.add_argument("notes", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--windows", type=int, required=True)
    options = parser.parse_args()
    found = write(options.papers, options.windows, options.notes)
    print(f"{len(found):,} papers in {sum(path.is_file() for path in options.notes.rglob('*')):,} notes")


if __name__ == "__main__":
    main()
