import pytest

from retriever.chunker.identifiers import (
    Identifiers,
    find_identifiers,
    find_urls,
    is_paper_url,
    normal_key,
    normal_title,
    normal_url,
    read_identifier,
)


@pytest.mark.parametrize(
    ("text", "arxiv"),
    [
        ("https://arxiv.org/abs/1706.03762", "1706.03762"),
        ("https://arxiv.org/pdf/1706.03762v5.pdf", "1706.03762"),
        ("http://www.arxiv.org/abs/cs.CL/0601001", "cs.CL/0601001"),
        ("Full paper: arXiv:2507.17634.", "2507.17634"),
        ("arXiv: 2507.17634v2 (2025)", "2507.17634"),
        ("https://ar5iv.labs.arxiv.org/html/2001.08361", "2001.08361"),
        ("https://huggingface.co/papers/2402.17764", "2402.17764"),
        ("10.48550/arXiv.2005.14165", "2005.14165"),
        ("version 1706.03762 of nothing", None),
        ("arXiv:1706.037621234", None),
    ],
)
def test_an_arxiv_id_is_found_without_its_version(text, arxiv):
    assert find_identifiers(text).arxiv == arxiv


@pytest.mark.parametrize(
    ("text", "openreview"),
    [
        ("https://openreview.net/forum?id=SI2hI0frk6", "SI2hI0frk6"),
        ("https://openreview.net/pdf?id=SI2hI0frk-", "SI2hI0frk-"),
        ("https://openreview.net/forum?noteId=abc&id=SI2hI0frk6#x", "SI2hI0frk6"),
        ("https://openreview.net/references/pdf?id=SI2hI0frk6", None),
        ("https://openreview.net/group?id=ICLR.cc/2025", None),
    ],
)
def test_an_openreview_forum_keeps_its_case_and_a_version_of_a_file_is_none(text, openreview):
    assert find_identifiers(text).openreview == openreview


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1145/3397271.3401075", "10.1145/3397271.3401075"),
        ("doi:10.1038/s41586-021-03819-2.", "10.1038/s41586-021-03819-2"),
        ("(10.1000/ABC(1))", "10.1000/abc(1)"),
        ("https://doi.org/10.1002%2Fabc", "10.1002/abc"),
        ("10.1/x", None),
    ],
)
def test_a_doi_is_found_folded_and_without_punctuation(text, doi):
    assert find_identifiers(text).doi == doi


@pytest.mark.parametrize(
    ("text", "acl"),
    [
        ("https://aclanthology.org/2020.emnlp-main.550/", "2020.emnlp-main.550"),
        ("https://www.aclweb.org/anthology/P19-1001", "P19-1001"),
        ("https://www.aclweb.org/anthology/papers/P/P19/P19-1001/", "P19-1001"),
        ("https://aclanthology.org/D14-1162.pdf", "D14-1162"),
        ("https://aclanthology.org/venues/acl/", None),
    ],
)
def test_an_acl_id_is_found(text, acl):
    assert find_identifiers(text).acl == acl


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1706.03762v3", Identifiers(arxiv="1706.03762")),
        ("arXiv: 1706.03762", Identifiers(arxiv="1706.03762")),
        ("SI2hI0frk6", Identifiers(openreview="SI2hI0frk6")),
        ("P19-1001", Identifiers(acl="P19-1001")),
        ("10.1145/1", Identifiers(doi="10.1145/1")),
        ("https://openreview.net/forum?id=SI2hI0frk6", Identifiers(openreview="SI2hI0frk6")),
        ("transformer", Identifiers()),
        ("arxiv 1706.03762 and more", Identifiers()),
    ],
)
def test_a_text_that_is_an_id_is_read_without_its_url(text, found):
    assert read_identifier(text) == found


def test_ids_are_merged_and_conflicts_told_by_kind():
    one = Identifiers(arxiv="1706.03762")
    assert one.merged(Identifiers(arxiv="2001.00001", doi="10.1/a")) == Identifiers(arxiv="1706.03762", doi="10.1/a")
    assert one.conflicts(Identifiers(arxiv="2001.00001"))
    assert not one.conflicts(Identifiers(doi="10.1/a"))
    assert not Identifiers()


def test_bare_links_lose_the_punctuation_around_them():
    text = "See (https://a.org/x_(y)), https://b.org/z."
    assert find_urls(text) == [(5, 24, "https://a.org/x_(y)"), (27, 42, "https://b.org/z")]


@pytest.mark.parametrize(
    ("url", "is_paper"),
    [
        ("https://arxiv.org/abs/1706.03762", True),
        ("https://proceedings.mlr.press/v97/x.html", True),
        ("https://www.semanticscholar.org/paper/x", True),
        ("https://arxiv.org", False),
        ("https://notarxiv.org/abs/1", False),
        ("https://github.com/a/b", False),
        ("https://openreview.net/references/pdf?id=SI2hI0frk6", False),
    ],
)
def test_links_to_papers_are_told_by_their_host(url, is_paper):
    assert is_paper_url(url) is is_paper


def test_each_identifier_has_one_form_in_which_it_is_compared():
    assert normal_title("LoRA: Low-Rank Adaptation!") == "loralowrankadaptation"
    assert normal_url("HTTPS://www.Example.org/A.pdf/") == normal_url("http://example.org/A#top") == "example.org/A"
    assert normal_key("@He 2016CVPR+") == "he2016cvpr+"
