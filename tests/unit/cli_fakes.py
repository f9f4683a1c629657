"""A small answer made by hand, for tests of what the command line prints."""

from retriever.records import (
    Dossier,
    Evidence,
    Gaps,
    Group,
    Hit,
    Paper,
    Parts,
    Passage,
    PassageHit,
    Reason,
    Results,
    Sharing,
    Shelf,
    Signal,
    Status,
    Topic,
    TopicPage,
    TopicRef,
    Undescribed,
)

ATTENTION = TopicRef("attentionx", ("Architecture", "Transformer", "Attention"))

DIFFERENTIAL = Paper(
    id="aaaaaaaaaa",
    label="Differential Transformer",
    title="Differential Transformer",
    key="TianzhuYe2025ICLR",
    authors=("Tianzhu Ye",),
    venue="ICLR",
    year=2025,
    openreview="OvoCm1gGhN",
    markers=("⭐",),
    tags=("attention",),
    topics=(ATTENTION,),
)
KEYED = Paper(id="bbbbbbbbbb", label="ZiyueLi2025ICLR+", key="ZiyueLi2025ICLR+", url="https://example.org/moe")

KEYED_TEXT = (
    "- [ZiyueLi2025ICLR+](https://example.org/moe) finds that expert routing makes good embeddings, "
    "by mixing it with _hidden states_"
)
KEYED_WINDOW = "finds that expert routing makes good embeddings, by mixing it with hidden states"


def passage_hit(text, *words, file="iclr-2025.md", line=212, heading=("Architecture",)):
    highlights = tuple(sorted((text.index(word), text.index(word) + len(word)) for word in words))
    return PassageHit("p" * 10, "paper", file, line, line, heading, text, highlights)


DIFFERENTIAL_HIT = Hit(
    rank=1,
    score=0.8421,
    confidence=None,
    parts=Parts(0.31, 0.72),
    reasons=(Reason("topic", "filed together under Attention"),),
    paper=DIFFERENTIAL,
    passages=(
        passage_hit(
            "takes one softmax map away from another, so that the noise which attention spends on irrelevant "
            "context cancels",
            "noise",
            "attention",
            "cancels",
        ),
        passage_hit("again", file="later.md", line=3),
    ),
    signals=(Signal("meaning", 0.72, "cosine 0.720"), Signal("words", 0.1221, "text: noise, attention, cancels")),
)
KEYED_HIT = Hit(
    2,
    0.5,
    None,
    Parts(None, 0.5),
    (),
    KEYED,
    (passage_hit(KEYED_WINDOW, "routing", "hidden", line=9),),
    (Signal("meaning", 0.5, "cosine 0.500"),),
)
SECTION_HIT = Hit(
    3,
    0.2,
    None,
    Parts(0.3, None),
    (),
    None,
    (passage_hit("what the week was like", heading=("Week",), line=1),),
    (Signal("words", 0.3, "text: week"), Signal("section", -0.1, "a section about no paper")),
)

RESULTS = Results(
    query="attention that cancels noise",
    mode="hybrid",
    abstained=None,
    hits=(DIFFERENTIAL_HIT, KEYED_HIT, SECTION_HIT),
    groups=(Group(ATTENTION, (1, 3)), Group(None, (2,))),
)
EMPTY = Results("zzz", "hybrid", None, (), ())

PASSAGE = Passage(
    id="qqqqqqqqqq",
    kind="paper",
    file="iclr-2025.md",
    first_line=212,
    last_line=213,
    heading_path=("Architecture", "Attention"),
    title="Differential Transformer",
    text="- first line\n  \t second \x1b[31mline",
)
DOSSIERS = {
    DIFFERENTIAL.id: Dossier(
        DIFFERENTIAL,
        (PASSAGE, PASSAGE),
        (Evidence("openreview", "OvoCm1gGhN", (PASSAGE.id, PASSAGE.id)),),
    ),
    KEYED.id: Dossier(
        KEYED,
        (Passage(id="r" * 10, kind="paper", file="iclr-2025.md", first_line=9, last_line=9, text=KEYED_TEXT),),
        (),
    ),
}
STATUS = Status(
    index="index",
    generation="gen-000001",
    built="2026-11-24T13:00:00Z",
    notes_folders=("/notes",),
    notes=6,
    papers=80,
    sections=12,
    windows=240,
    topics=20,
    bytes=1_234_567,
    model="paper-static",
    fingerprint="0123456789abcdef",
    notes_added=0,
    notes_changed=0,
    notes_removed=0,
    warnings=("odd.md: not UTF-8, read as cp1252",),
)
TOPIC_PAGE = TopicPage(
    (Topic("transforme", ("Architecture", "Transformer"), 2, ()),),
    (Shelf(TopicRef("transforme", ("Architecture", "Transformer")), (DIFFERENTIAL, KEYED)),),
)
SHARING = (Sharing(2025, (DIFFERENTIAL.id, KEYED.id)),)
GAPS = Gaps((), (Undescribed("arxiv:2401.00001", 2),), (KEYED,), ())
TOPICS = (
    Topic("architectu", ("Architecture",), 3, (Topic("transforme", ("Architecture", "Transformer"), 2, ()),)),
    Topic("datasetsss", ("Datasets",), 1, ()),
)
