"""Generated papers with every field that a filter looks at, an index of them, and what a filter finds by brute force.

The index is made through `retriever.index` alone; the oracle walks over the records in plain Python, knows nothing of
SQL, masks or tantivy, and ranks by the cosine of every window.
"""

import random
from dataclasses import dataclass, replace

import numpy as np
from small_index import embedded, encode, entry

from retriever import words
from retriever.index import Source, TopicRow, drafting
from retriever.query.rank import SECTION_PENALTY
from retriever.records import Paper, Passage, Window

DIM = 16
FINGERPRINT = "f" * 64
VENUES = ["ICLR", "NeurIPS", "NeurIPS Datasets and Benchmarks", "ACL", "EACL", "Transactions on Machine Learning", None]
AUTHORS = [
    "Ada Lovelace",
    "Alan Turing",
    "Alfréd Rényi",
    "Emmy Noether",
    "Grace Hopper",
    "Kurt Gödel",
    "李大钊",
    "Turing Ada",
]
TAGS = ["ml", "ml/diffusion", "ml/diffusion/fast", "mlops", "Read", "übung"]
MARKERS = ["🧠", "⭐", "⭐⭐⭐", "🔥"]
STATUSES = ["todo", "done", "to read", None, None]
NOTES = ["reading/2025/oral.md", "reading/2024.md", "Übersicht.md", "lists/reading-list.md", "oral.txt"]
TOPICS = {
    "t1": ("Vision",),
    "t2": ("Vision", "Diffusion models"),
    "t3": ("Vision", "Diffusion models", "Few steps"),
    "t4": ("Language",),
    "t5": ("Language", "Diffusion models"),
    "t6": ("Theory",),
}  # fmt: skip
PARENTS = {"t2": "t1", "t3": "t2", "t5": "t4"}
VOCABULARY = (
    "attention cancels noise sparse long context residual network vision patches image diffusion samples steps protein "
    "folding language model scaling law C++ context-free grammar O'Neil router expert 注意力机制 memory retrieval"
).split()


@dataclass(frozen=True)
class Entry:
    """A passage with all that is known of it; `paper` is None for a section. `texts` are its windows."""

    passage: Passage
    paper: Paper | None
    topic: str | None
    texts: tuple[str, ...]


def generate(papers, seed=0):
    """Return the entries of some papers and of a tenth as many sections, in the order of the index's rows."""
    draw = drawing(seed)
    entries = []
    for number in range(papers):
        year = draw.choice([None, *range(2019, 2027)])
        arxiv = f"{draw.randint(19, 26)}{draw.randint(1, 12):02}.{number:05}" if draw.random() < 0.4 else None
        paper = Paper(
            id=f"paper{number:05}", label=f"Paper {number}", title=f"On {sentence(draw, 3)}", year=year, arxiv=arxiv,
            authors=tuple(draw.sample(AUTHORS, draw.randint(0, 3))), venue=draw.choice(VENUES),
            date=f"{year}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}" if year and draw.random() < 0.2 else None,
            doi=f"10.1234/{number}" if draw.random() < 0.3 else None,
            abstract=sentence(draw, 9) if draw.random() < 0.3 else None,
        )  # fmt: skip
        mentions = range(draw.choice([1, 1, 1, 2, 3]))
        entries += [_entry(draw, f"{number:05}-{mention}", paper) for mention in mentions]
    entries += [_entry(draw, f"s{number:05}", None) for number in range(papers // 10 + 1)]
    return sorted(entries, key=lambda one: (one.passage.file, one.passage.first_line, one.passage.id))


def drawing(seed):
    return random.Random(seed)  # noqa: S311  the same draws each time


def _entry(draw, name, paper):
    topic = draw.choice([None, *TOPICS])
    texts = tuple(sentence(draw, 8) for _ in range(draw.choice([1, 1, 2])))
    said = {"title": paper.title, "authors": paper.authors, "venue": paper.venue} if paper else {}
    passage = Passage(
        id=f"m{name}", kind="paper" if paper else "section", file=draw.choice(NOTES), first_line=1,
        last_line=len(texts), heading_path=TOPICS.get(topic, ("Elsewhere",)), text="\n".join(texts),
        tags=tuple(draw.sample(TAGS, draw.choice([0, 0, 1, 2]))),
        markers=tuple(draw.sample(MARKERS, draw.choice([0, 0, 1]))),
        status=draw.choice(STATUSES), rating=draw.choice([None, None, 1.0, 2.5, 4.0, 5.0]), **said,
    )  # fmt: skip
    return Entry(passage, paper, topic, texts)


def sentence(draw, length):
    return " ".join(draw.choices(VOCABULARY, k=length))


def write(entries, index):
    """Publish an index of entries; the rows of its windows are in their order."""
    by_file = {}
    for one in entries:
        by_file.setdefault(one.passage.file, []).append(one)
    with drafting(index) as draft:
        for file, there in by_file.items():
            pieces = [
                (
                    one.passage,
                    [(Window(at, 1, 1, text), embedded(_titled(one), text)) for at, text in enumerate(one.texts)],
                )
                for one in there
            ]
            draft.add_note(entry(file, [text for one in there for text in one.texts]), pieces)
        papers = {one.paper.id: one.paper for one in entries if one.paper}
        of_passage = {one.passage.id: one.paper.id for one in entries if one.paper}
        draft.set_papers([papers[name] for name in sorted(papers)], of_passage, [], [])
        filed = {}
        for one in entries:
            if one.paper and one.topic:
                filed.setdefault(one.paper.id, dict.fromkeys([one.topic]))[one.topic] = None
        draft.set_topics(
            [TopicRow(name, path, PARENTS.get(name)) for name, path in TOPICS.items()],
            {one.passage.id: one.topic for one in entries if one.topic},
            {name: tuple(topics) for name, topics in filed.items()},
        )
        windows = draft.finish_records()
        draft.embed(encode, FINGERPRINT, DIM)
        draft.index_words()
        draft.publish(
            chunker=1, model="hash", folders=[Source("notes", "/home/ada/notes")], counts={"windows": windows}
        )


def _titled(one):
    return replace(one.passage, title=one.passage.title or "Section")


def draw_filter(draw):
    """Return (name, value, test of an entry and all the entries of its paper)."""
    name = draw.choice(sorted(FILTERS))
    value = draw.choice(FILTERS[name][0])
    return name, value, lambda one, mentions: FILTERS[name][1](value, one, mentions)


def draw_query(draw):
    """Return (text, accepts): a query of words, phrases and filters, and what of the entries may answer it."""
    clauses, tests = [], {}
    for _ in range(draw.randint(1, 3)):
        name, value, test = draw_filter(draw)
        excluded = draw.random() < 0.25
        clauses.append(f"{'-' * excluded}{name}:{_quoted(value)}")
        any_of = name in {"venue", "year", "since", "status", "note", "kind"} and not excluded
        tests.setdefault(name if any_of else len(tests), []).append((test, excluded))
    ranked = [sentence(draw, draw.randint(1, 3))]
    phrases, absent = [], []
    if draw.random() < 0.3:
        phrases.append(sentence(draw, draw.choice([1, 1, 2])))
        clauses.append(f'"{phrases[0]}"')
    if draw.random() < 0.2:
        absent.append(draw.choice(VOCABULARY))
        clauses.append(f'-"{absent[0]}"')
    clauses.insert(draw.randint(0, len(clauses)), ranked[0])

    def accepts(one, mentions):
        return (
            all(any(test(one, mentions) != excluded for test, excluded in group) for group in tests.values())
            and all(_says(one, phrase) for phrase in phrases)
            and not any(_says(other, phrase) for phrase in absent for other in mentions)
        )

    return " ".join(clauses), [*ranked, *phrases], accepts


def brute_force(entries, accepts):
    """Return the units (paper ids, or passage ids of sections) that may answer, with the rows of their windows."""
    mentions = {}
    for one in entries:
        mentions.setdefault(unit_of(one), []).append(one)
    found, row = {}, 0
    for one in entries:
        rows = range(row, row := row + len(one.texts))
        if accepts(one, mentions[unit_of(one)]):
            found.setdefault(unit_of(one), []).extend(rows)
    return found


def cosines(entries, vectors, found, query):
    """Return the best cosine of each unit that was found, less the penalty of sections."""
    scores = vectors.astype(np.float64) @ query.astype(np.float64)
    sections = {one.passage.id for one in entries if one.paper is None}
    return {unit: float(scores[rows].max()) - SECTION_PENALTY * (unit in sections) for unit, rows in found.items()}


def unit_of(one):
    return one.paper.id if one.paper else one.passage.id


def holds_any(one, texts):
    wanted = {term for text in texts for term in words.terms(text)}
    return bool(wanted & {term for field in _fields(one) for term in field})


def _fields(one):
    said = one.passage
    texts = [*one.texts, said.title or "", *said.heading_path, *said.authors]
    return [words.terms(text) for text in texts]


def _says(one, phrase):
    wanted = words.terms(phrase)
    return any(
        field[at : at + len(wanted)] == wanted for field in _fields(one) for at in range(len(field) - len(wanted) + 1)
    )


def _quoted(value):
    return f'"{value}"' if " " in value else value


def _when(paper):
    if paper is None:
        return None
    if paper.date:
        return paper.date
    if paper.arxiv and paper.year in {None, 2000 + int(paper.arxiv[:2])}:
        return f"20{paper.arxiv[:2]}-{paper.arxiv[2:4]}"
    return str(paper.year) if paper.year else None


def _since(value, one, _):
    when = _when(one.paper)
    if when is None:
        return False
    shorter = min(len(when), len(value))
    return when[:shorter] >= value[:shorter]


def _topic(value, one, mentions):
    path = TOPICS.get(one.topic, ())
    above = [path[: depth + 1] for depth in range(len(path))]  # the topic itself, and all that it is below
    return one.topic == value or any(value in {" > ".join(step), step[-1], step[-1].casefold()} for step in above)


FILTERS = {
    "venue": (
        ["ICLR", "iclr", "NeurIPS", "ACL", "Machine Learning", "datasets", "NAACL"],
        lambda value, one, _: (
            bool(one.paper and one.paper.venue) and f" {value} ".casefold() in f" {one.paper.venue} ".casefold()
        ),
    ),
    "year": (
        ["2025", "2019", "2021..2023", "2024..", "..2020"],
        lambda value, one, _: (
            bool(one.paper and one.paper.year)
            and one.paper.year
            in (
                range(int(value.split("..")[0] or 0), int(value.split("..")[1] or 9999) + 1)
                if ".." in value
                else [int(value)]
            )
        ),
    ),
    "since": (["2024", "2023-06", "2025-02-14"], _since),
    "author": (
        ["Turing", "renyi", "Rényi", "Ada Lovelace", "lovelace ada", "大钊", "Gödel", "Nobody"],
        lambda value, one, _: (
            bool(one.paper)
            and any(
                value in name if value == "大钊" else set(words.fold(value).split()) <= set(words.fold(name).split())
                for name in one.paper.authors
            )
        ),
    ),
    "tag": (
        ["ml", "#ml", "ml/diffusion", "read", "Übung"],
        lambda value, one, mentions: any(
            tag.casefold() == value.strip("#").casefold()
            or tag.casefold().startswith(f"{value.strip('#').casefold()}/")
            for other in mentions
            for tag in other.passage.tags
        ),
    ),
    "marker": (MARKERS, lambda value, one, mentions: any(value in other.passage.markers for other in mentions)),
    "rating": (
        ["4", ">=4", ">2.5", "<2.5", "<=2.5", "2..4"],
        lambda value, one, mentions: any(
            other.passage.rating is not None and _rated(other.passage.rating, value) for other in mentions
        ),
    ),
    "status": (
        ["todo", "TODO", "to read", "done"],
        lambda value, one, mentions: any(other.passage.status == value.casefold() for other in mentions),
    ),
    "note": (
        ["reading", "oral.md", "übersicht", "2024", ".txt", "nowhere"],
        lambda value, one, _: value.casefold() in one.passage.file.casefold(),
    ),
    "kind": (["paper", "section"], lambda value, one, _: one.passage.kind == value),
    "has": (
        ["abstract", "arxiv", "doi", "year", "venue", "author", "tag", "rating"],
        lambda value, one, mentions: (
            any(other.passage.tags for other in mentions)
            if value == "tag"
            else any(other.passage.rating is not None for other in mentions)
            if value == "rating"
            else bool(one.paper and getattr(one.paper, {"author": "authors"}.get(value, value)))
        ),
    ),
    "topic": (["Vision", "diffusion models", "t3", "Vision > Diffusion models", "Theory"], _topic),
}


def _rated(rating, value):
    if ".." in value:
        low, high = value.split("..")
        return float(low) <= rating <= float(high)
    stars = float(value.lstrip("<>="))
    return {
        ">=": rating >= stars, ">": rating > stars, "<=": rating <= stars, "<": rating < stars, "": rating == stars
    }[value.rstrip("0123456789.")]  # fmt: skip
