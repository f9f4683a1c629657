from dataclasses import replace

import pytest
from cli_fakes import (
    DIFFERENTIAL,
    DIFFERENTIAL_HIT,
    DOSSIERS,
    EMPTY,
    KEYED,
    KEYED_HIT,
    KEYED_TEXT,
    PASSAGE,
    RESULTS,
    SECTION_HIT,
    STATUS,
    TOPICS,
    passage_hit,
)

from retriever.cli import pages, render, topic_pages
from retriever.cli.screen import Screen, width
from retriever.records import (
    BuildReport,
    Dossier,
    Gaps,
    Group,
    Paper,
    Results,
    Sharing,
    Shelf,
    Signal,
    ThinTopic,
    Topic,
    TopicPage,
    TopicRef,
    Undescribed,
)
from retriever.records.wording import changes

PLAIN = Screen(80, styled=False)
CLAUSES = {KEYED.id: render.first_clause(KEYED_TEXT, KEYED)}


def lines_of(found, screen=PLAIN, clauses=CLAUSES, explain=False, why=False):
    return [screen.finish(line) for line in render.results(found, clauses, screen, explain=explain, why=why)]


def one(hit):
    return Results("q", "hybrid", None, (replace(hit, rank=1),), (Group(None, (1,)),))


def test_the_first_screen_is_as_documented():
    assert lines_of(RESULTS) == [
        "",
        "Architecture > Transformer > Attention",
        " 1  Differential Transformer                 TianzhuYe2025ICLR  iclr-2025.md:212",
        "    takes one softmax map away from another, so that the *noise* which",
        "    *attention* spends on irrelevant context *cancels*",
        "    also later.md:3",
        " 3  Week                                                          iclr-2025.md:1",
        "    what the week was like",
        "",
        "(no topic)",
        " 2  ZiyueLi2025ICLR+: finds that expert *routing* makes good",
        "    embeddings                                                    iclr-2025.md:9",
        "    by mixing it with *hidden* states",
    ]


def test_scores_and_reasons_stand_there_when_asked_for():
    told = "\n".join(lines_of(RESULTS, explain=True))
    assert (
        "    score 0.842\n"
        "    +0.720  meaning  cosine 0.720\n"
        "    +0.122  words    text: noise, attention, cancels\n" in told
    )
    assert "    score 0.200\n    +0.300  words    text: week\n    -0.100  section  a section about no paper" in told
    assert "    filed together under Attention" in lines_of(RESULTS, why=True)
    assert not any("filed" in line for line in lines_of(RESULTS, explain=True, why=True))  # its signal says it
    assert not any("score" in line or "filed" in line for line in lines_of(RESULTS))


@pytest.mark.parametrize("columns", [40, 60, 80, 100])
def test_no_line_is_wider_than_the_screen(columns):
    screen = Screen(columns, styled=False)
    long = replace(DIFFERENTIAL, title=None, label="A title that goes on and on about 注意力机制 " * 3)
    hit = replace(DIFFERENTIAL_HIT, paper=long, passages=(passage_hit("word " * 200, file="a/b" * 40 + ".md"),))
    told = (*hit.signals, Signal("reranker", 1.5, "word " * 30 + "x" * 90))
    found = Results("q", "hybrid", None, (replace(hit, signals=told), KEYED_HIT, SECTION_HIT), RESULTS.groups)
    assert max(width(line) for line in lines_of(found, screen, explain=True, why=True)) <= columns


def test_on_a_terminal_words_are_bold_and_titles_link_to_the_paper():
    text = "\n".join(lines_of(RESULTS, Screen(80, styled=True)))
    assert "\x1b[1mnoise\x1b[22m" in text
    assert "\x1b]8;;https://openreview.net/forum?id=OvoCm1gGhN\x1b\\Differential Transformer\x1b]8;;\x1b\\" in text
    assert "*" not in text


def test_a_long_text_is_shown_where_its_highlights_are():
    text = "filler " * 100 + "the needle in it " + "filler " * 100
    hit = replace(DIFFERENTIAL_HIT, passages=(passage_hit(text, "needle"),))
    snippet = lines_of(one(hit))[3:]
    assert len(snippet) == render.SNIPPET_LINES
    assert "*needle*" in " ".join(snippet)
    assert snippet[0].strip().startswith("…")
    assert snippet[-1].endswith("…")


def test_a_long_text_without_highlights_is_shown_from_its_beginning():
    hit = replace(DIFFERENTIAL_HIT, passages=(passage_hit("begin " + "filler " * 100),))
    assert lines_of(one(hit))[3].startswith("    begin filler")


def test_a_text_of_nothing_printable_takes_no_line():
    hit = replace(DIFFERENTIAL_HIT, passages=(passage_hit("\x1b\u202e"),))
    assert len(lines_of(one(hit))) == 3


def test_a_snippet_begins_at_the_sentence_where_its_highlights_allow_it():
    text = "filler " * 60 + "end. Here is the needle in it " + "filler " * 60
    hit = replace(DIFFERENTIAL_HIT, passages=(passage_hit(text, "needle"),))
    assert lines_of(one(hit))[3].startswith("    …Here is the *needle*")


def test_a_highlight_of_several_words_is_marked_word_by_word():
    hit = replace(DIFFERENTIAL_HIT, passages=(passage_hit("on expert routing here", "expert routing"),))
    assert "    on *expert* *routing* here" in lines_of(one(hit))


def test_highlights_follow_the_text_through_what_is_stripped():
    hit = replace(DIFFERENTIAL_HIT, passages=(passage_hit("a\x1b\n\n  b\u202e key c", "key"),))
    assert "    a b *key* c" in lines_of(one(hit))


def test_a_window_from_the_middle_leaves_the_first_clause_whole_in_the_heading():
    hit = replace(KEYED_HIT, passages=(passage_hit("another part of it", "part"),))
    assert lines_of(one(hit))[2:] == [
        " 1  ZiyueLi2025ICLR+: finds that expert routing makes good",
        "    embeddings                                                  iclr-2025.md:212",
        "    another *part* of it",
    ]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        (
            "- [Key2025](https://x.org/a) shows that [[Other2024|others]] were wrong, and how",
            "shows that others were wrong",
        ),
        ("* Key2025 — **bold** claims are made. More", "bold claims are made"),
        ("## Key2025: https://x.org/a", ""),
        ("Key2025 提出一种新的注意力机制用于长文本处理。然后", "提出一种新的注意力机制用于长文本处理"),
    ],
)
def test_the_first_clause_is_free_of_markup_links_and_the_key(text, clause):
    assert render.first_clause(text, Paper(id="x", label="Key2025", key="Key2025")) == clause


def test_a_very_long_clause_is_cut():
    clause = render.first_clause("word " * 100, Paper(id="x", label="k", key="k"))
    assert width(clause) == render.CLAUSE_COLUMNS
    assert clause.endswith("…")


def test_the_footer_names_what_can_be_done_next():
    assert list(render.footer(RESULTS, 3, PLAIN, max_limit=1000)) == [
        "",
        "retriever show 1 | similar 1                    -n 6 for more, --explain for why",
    ]
    assert list(render.footer(RESULTS, 3, Screen(40, styled=False), max_limit=1000)) == [
        "",
        "retriever show 1 | similar 1",
        "-n 6 for more, --explain for why",
    ]
    assert "for more" not in list(render.footer(RESULTS, 10, PLAIN, max_limit=1000))[1]
    assert "for more" not in list(render.footer(RESULTS, 3, PLAIN, max_limit=3))[1]
    assert list(render.footer(EMPTY, 3, PLAIN, max_limit=1000)) == []


@pytest.mark.parametrize(
    ("ids", "address"),
    [
        ({"url": "https://x.org", "arxiv": "2410.05258"}, "https://x.org"),
        ({"arxiv": "2410.05258"}, "https://arxiv.org/abs/2410.05258"),
        ({"acl": "2024.acl-long.1"}, "https://aclanthology.org/2024.acl-long.1"),
        ({"doi": "10.1/x"}, "https://doi.org/10.1/x"),
        ({}, None),
    ],
)
def test_a_paper_is_read_at_its_own_link_or_at_its_strongest_id(ids, address):
    assert Paper(id="x", label="x", **ids).address == address


def test_a_dossier_shows_every_passage_whole_and_why_they_are_one_paper():
    lines = [PLAIN.finish(line) for line in pages.dossiers(list(DOSSIERS.values()), PLAIN)]
    assert lines[:8] == [
        "Differential Transformer",
        "TianzhuYe2025ICLR; ICLR 2025",
        "Tianzhu Ye",
        "id aaaaaaaaaa; OpenReview OvoCm1gGhN",
        "https://openreview.net/forum?id=OvoCm1gGhN",
        "⭐ #attention",
        "topic: Architecture > Transformer > Attention",
        "",
    ]
    assert lines[8:11] == [
        "iclr-2025.md:212-213 Architecture > Attention",
        "    - first line",
        "        second [31mline",
    ]
    assert "one paper, since iclr-2025.md:212 and iclr-2025.md:212 share openreview" in lines
    assert "iclr-2025.md:9" in lines


def test_a_paper_of_a_title_alone_has_few_lines():
    bare = Paper(id="x", label="T", title="T")
    assert list(pages.dossiers([Dossier(bare, (), ())], PLAIN)) == ["T", "id x"]


def test_papers_are_listed_one_a_line_and_a_cut_list_says_so():
    lines = list(pages.papers((DIFFERENTIAL, KEYED), 3, PLAIN))
    assert lines[0] == f"aaaaaaaaaa  {'Differential Transformer':<49}  TianzhuYe2025ICLR"
    assert lines[1].rstrip() == "bbbbbbbbbb  ZiyueLi2025ICLR+"
    assert lines[-1] == "2 of 3 papers; -n for more"
    assert len(list(pages.papers((DIFFERENTIAL, KEYED), 2, PLAIN))) == 2
    assert list(pages.papers((), 0, PLAIN)) == []


def test_topics_are_a_tree_with_counts():
    assert list(topic_pages.tree(TOPICS, PLAIN)) == [
        "Architecture        3",
        "  Transformer       2",
        "Datasets            1",
    ]


def test_a_status_tells_whether_notes_have_moved_on():
    assert "notes     6, all as they were built" in list(pages.status(STATUS, "retriever build", PLAIN))
    moved = replace(STATUS, notes_added=1, notes_removed=2)
    assert "notes     6; 1 note added, 2 removed: retriever build" in list(
        pages.status(moved, "retriever build", PLAIN)
    )


@pytest.mark.parametrize(
    ("added", "changed", "removed", "said"),
    [
        (0, 0, 0, ""),
        (0, 1, 0, "1 note changed"),
        (0, 2, 0, "2 notes changed"),
        (1, 2, 0, "1 note added, 2 changed"),
        (0, 0, 1200, "1,200 notes removed"),
    ],
)
def test_changes_are_said_in_the_singular_and_the_plural(added, changed, removed, said):
    assert changes(added, changed, removed) == said


def report(**kept):
    counts = {
        "notes": 5, "papers": 225, "papers_in_many_places": 5, "sections": 12, "papers_added": 3, "papers_changed": 1,
        "papers_removed": 0, "notes_read": 1, "notes_added": 0, "notes_removed": 0, "windows": 300,
        "windows_embedded": 4,
    }  # fmt: skip
    return BuildReport(
        index="index",
        model="paper-static",
        seconds=0.42,
        published=kept.pop("published", True),
        warnings=(),
        **counts | kept,
    )


def test_a_build_is_reported_in_a_researchers_terms():
    assert pages.build_line(report()) == (
        "5 notes, 225 papers (5 in two places), 12 sections; +3 papers, 1 changed, 0 removed; 0.4 s"
    )
    assert pages.build_line(report(notes=1, papers=1, papers_in_many_places=0, sections=1, papers_added=1)) == (
        "1 note, 1 paper, 1 section; +1 paper, 1 changed, 0 removed; 0.4 s"
    )
    assert pages.build_line(report(published=False)).endswith("12 sections; nothing changed; 0.4 s")


def test_passages_are_listed_with_their_lines_and_headings():
    assert list(pages.passages((PASSAGE, replace(PASSAGE, title=None, heading_path=())), PLAIN)) == [
        "iclr-2025.md:212-213            Differential Transformer",
        "                                Architecture > Attention",
        "iclr-2025.md:212-213            (paper)",
    ]


def test_clusters_stand_below_the_topics_that_notes_name():
    made = Topic("c" * 10, ("graphs, networks",), 7, (), clustered=True)
    assert list(topic_pages.tree((*TOPICS, made), PLAIN))[3:] == [
        "",
        "Filed nowhere in the notes, put together by meaning:",
        "graphs, networks       7",
    ]


def test_a_topic_lists_its_papers_and_says_which_were_placed_by_meaning():
    where = TopicRef("t" * 10, ("Vision", "Video"))
    placed = replace(KEYED, topics=(replace(where, confidence=0.756),))
    page = TopicPage((Topic(where.id, where.path, 2, ()),), (Shelf(where, (DIFFERENTIAL, placed)),))
    lines = list(topic_pages.page(page, PLAIN))
    assert lines[:3] == ["Video       2", "", "Vision > Video"]
    assert lines[3].startswith("aaaaaaaaaa  Differential Transformer")
    assert lines[-1] == "placed by meaning, with this confidence: ZiyueLi2025ICLR+ (0.76)"


def test_papers_by_what_they_share_are_counted():
    shared = (Sharing(2025, ("a", "b")), Sharing(None, ("c",)))
    assert list(topic_pages.sharing(shared, "year", PLAIN)) == ["2025            2", "(no year)       1"]


def test_gaps_stand_kind_by_kind_and_long_lists_are_cut():
    gaps = Gaps(
        thin=(ThinTopic(TopicRef("t" * 10, ("Vision", "Video")), 1, 12),),
        undescribed=(Undescribed("arxiv:2401.00001", 3),),
        stubs=(),
        untitled=(KEYED,) * 12,
    )
    lines = list(topic_pages.gaps(gaps, PLAIN))
    assert lines[:2] == ["Topics of which the notes say little: 1", "  Vision > Video: 1 paper, 12 words"]
    assert lines[3:5] == ["Linked often, described nowhere: 1", "  arxiv:2401.00001: linked in 3 places"]
    assert lines[6:9] == ["Hardly a word of your own: 0", "", "An id but no title: 12"]
    assert lines[-1] == "  … and 2 more; --json lists all"


def test_hits_that_are_near_and_probably_not_meant_stand_under_a_line_of_their_own():
    sure, unsure = replace(DIFFERENTIAL_HIT, rank=1, confidence=0.8), replace(KEYED_HIT, rank=2, confidence=0.2)
    found = Results("q", "hybrid", False, (sure, unsure), (Group(None, (1, 2)),))
    lines = lines_of(found)
    at = lines.index(render.NEAR)
    assert any(line.startswith(" 1  ") for line in lines[:at])
    assert any(line.startswith(" 2  ") for line in lines[at:])
    assert render.NOTHING not in lines


def test_an_answer_about_nothing_in_the_notes_begins_by_saying_so():
    far = replace(DIFFERENTIAL_HIT, rank=1, confidence=0.01)
    lines = lines_of(Results("q", "hybrid", True, (far,), (Group(None, (1,)),)))
    assert lines[0] == render.NOTHING
    assert render.NEAR not in lines
    assert any(line.startswith(" 1  ") for line in lines)


def test_explain_tells_the_confidence():
    lines = lines_of(one(replace(DIFFERENTIAL_HIT, confidence=0.756)), explain=True)
    assert any("confidence 0.76" in line for line in lines)
