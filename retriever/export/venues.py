"""What a venue is: a conference, a journal, a server of preprints, or nobody knows.

An entry says only what is known, so a name that no rule tells apart makes neither an article nor a talk.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["conference", "journal", "preprint", "other"]

_CONFERENCES = frozenset(
    """
    iclr icml neurips nips aistats colt uai alt corl acml ecml pkdd ijcnn automl midl l4dc collas log
    cvpr iccv eccv wacv bmvc accv icip siggraph miccai icassp interspeech ismir
    acl emnlp naacl eacl aacl coling conll lrec starsem semeval wmt colm
    aaai ijcai ecai aamas kr icaps rss icra iros hri case
    kdd www webconf sigir cikm wsdm recsys ecir icdm sdm vldb sigmod icde pods edbt cidr
    osdi sosp nsdi asplos isca micro hpca eurosys fast atc sigcomm imc mlsys sc ppopp dac iccad
    pldi popl icfp oopsla icse fse ase issta cav ccs ndss oakland crypto eurocrypt
    chi uist cscw iui vis stoc focs soda icalp itcs socg ec facct aies
    """.split()
)
_JOURNALS = frozenset(
    """
    jmlr tmlr tpami pami pnas tacl nature science cell ijcv jair tnnls tkde tods toplas tocs cacm jacm neuron
    neurocomputing biometrika econometrica bioinformatics elife plos nejm jama lancet tois tist dmlr tochi
    """.split()
)
_PREPRINTS = frozenset("arxiv corr biorxiv medrxiv chemrxiv psyarxiv ssrn preprint preprints hal openreview".split())
# These call themselves proceedings, and are journals.
_JOURNAL = re.compile(
    r"\bjournals?\b|\btransactions\b|\bletters\b|\bmagazine\b|\bannals\b|\bquarterly\b|\bbulletin\b|\breviews?\b"
    r"|\bcommunications (?:of|in|on)\b|\bcommunications$|^(?:nature|science|cell|frontiers in|plos|acta|archives? of)\b"
    r"|\bproceedings of the (?:ieee$|national academy|royal society|vldb endowment)|\bproceedings of the acm on\b"
    r"|^neural (?:computation|networks)$|^machine learning$|^artificial intelligence$|\bieee access\b"
)
_CONFERENCE = re.compile(
    r"\bconference\b|\bproceedings\b|\bproc\.|\bworkshops?\b|\bsymposium\b|\bcongress\b|\bmeeting of\b|\bfindings of\b"
    r"|\badvances in neural information processing systems\b"
)
_WORD = re.compile(r"[^\W\d_]+\d?[^\W\d_]*")
_YEARS = re.compile(r"['’]?\b\d{2,4}\b")
_MOST_WORDS = 4  # of a venue that is called by an acronym: "ICLR 2025 Oral", "Findings of EMNLP"


def kind_of(venue: str) -> Kind:
    """Return what a venue is, by its acronym or by what its name says."""
    folded = " ".join(_YEARS.sub(" ", venue.casefold()).split())
    words = _WORD.findall(folded)
    if _PREPRINTS.intersection(words[:2]):
        return "preprint"
    if _JOURNAL.search(folded):
        return "journal"
    if _CONFERENCE.search(folded):
        return "conference"
    if len(words) <= _MOST_WORDS:
        if _CONFERENCES.intersection(words):
            return "conference"
        if words and words[0] in _JOURNALS:
            return "journal"
    return "other"
