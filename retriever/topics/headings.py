"""What a heading names: which ones say nothing of a topic, and when two of them name the same thing.

Everything here looks at headings alone, never at the papers below them, so that the answer is the same in every
folder of notes. When in doubt two headings differ: a topic split in two is a nuisance, two topics made one hide papers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from retriever.words import fold

Words = tuple[str, ...]

# Words of headings and folders that say where in a text, a list or a week something stands, and not what it is about:
# a heading of such words alone ("Summary", "Most interesting papers") names no topic.
_EMPTY_WORDS = """
summary overview introduction intro background motivation abstract tldr conclusion discussion method methodology
approach result experiment limitation appendix acknowledgement content table toc index home readme untitled note paper
article preprint publication list read reading unread todo to do done later inbox queue backlog archive archived log
group literature reference ref bibliography citation related work further see also link resource pdf attachment file
library vault zotero bib export download domain topic area category field subject theme other misc miscellaneous
miscellany etc various general unsorted uncategorized uncategorised unclassified everything else rest new recent
latest today yesterday this last current important interesting notable favorite favourite best top great good cool
useful key highlight must selected relevant accepted more most all my our the some of and worth oral poster spotlight
talk conference journal workshop main track weekly daily monthly week day month year tl dr
"""
_EMPTY_IN_CJK = """
摘要 总结 總結 小结 小結 概述 概览 概覽 简介 簡介 介绍 介紹 引言 前言 背景 动机 動機 方法 结果 結果 实验 實驗 结论
結論 讨论 討論 论文 論文 论文列表 論文列表 论文笔记 論文筆記 论文阅读 論文閱讀 文献 文獻 参考文献 參考文獻 阅读列表
閱讀列表 阅读笔记 閱讀筆記 笔记 筆記 目录 目錄 其他 其它 杂项 雜項 未分类 未分類 领域 領域 主题 主題 分类 分類 类别
類別 方向 待读 待讀 已读 已讀 附录 附錄 相关工作 相關工作 链接 連結 资源 資源 致谢 致謝 收件箱 要約 概要 まとめ
はじめに 手法 提案手法 実験 考察 論文一覧 論文リスト 論文メモ メモ ノート 目次 その他 分野 トピック カテゴリ
カテゴリー テーマ 読了 未読 読みたい 付録 関連研究 リンク 資料 謝辞 요약 개요 소개 서론 배경 동기 방법 방법론 결과
실험 결론 논의 논문 목록 리스트 정리 참고문헌 참고 문헌 노트 메모 목차 기타 미분류 분야 영역 주제 분류 카테고리 읽을
읽은 부록 관련 연구 링크 자료
"""
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    "|".join(
        (
            r"[\d\W_]+",  # numbers and signs alone: years, dates, ranges
            rf"(?:{_DAY}(?: of)? )?(?:{_MONTH})\.?(?: {_DAY})?(?:[ ,]+{_YEAR})?",
            rf"{_YEAR}[ ,-]+(?:{_MONTH})(?: {_DAY})?",
            r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
            rf"(?:week|day|month|quarter|q|part|section|chapter|session|batch|vol(?:ume)?)[ #.-]*\d+(?:[ ,-]+{_YEAR})?",
            rf"{_YEAR}[ -]?(?:q|w|week )\d+",
            fold(r"\d{2,4} ?(?:年|년)(?: ?\d{1,2} ?(?:月|월)(?: ?\d{1,2} ?(?:日|号|號|일))?)?"),
            fold(r"\d{1,2} ?(?:月|월)(?: ?\d{1,2} ?(?:日|号|號|일))?"),
            fold(r"第 ?\d+ ?[周週章节節回部]"),
        )
    )
)
_NUMBERING = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*[.)]|\d{1,2}(?:\.\d{1,2})+)\s+")
_EDGES = re.compile(r"^[\W_]+|[^\w+#)）]+$")
_WORD = re.compile(r"[^\W\d_]+(?:\+\+|#)?|\d+")
_BRACKETS = re.compile(r"(?P<outer>.+?)\s*[(（](?P<inner>[^()（）]+)[)）]")
_ACRONYM = re.compile(r"([A-Z][A-Za-z]*[A-Z][a-z]?)(?<!s)s?")
_SMALL_WORDS = frozenset("a an and at by for from in of on or the to via with".split())
# Two letters begin too many things; these are what the field means by them.
_TWO_LETTERS = {
    "ai": ("artificial", "intelligence"), "ml": ("machine", "learning"), "dl": ("deep", "learning"),
    "rl": ("reinforcement", "learning"), "cv": ("computer", "vision"), "ir": ("information", "retrieval"),
    "qa": ("question", "answering"), "mt": ("machine", "translation"), "kd": ("knowledge", "distillation"),
    "kg": ("knowledge", "graph"), "fl": ("federated", "learning"), "lm": ("language", "model"),
}  # fmt: skip
_IRREGULAR = {"matrices": "matrix", "indices": "index", "vertices": "vertex"}
_VOWELS = frozenset("aeiou")
_LONG = 6  # letters from which a word may be a misspelled one; shorter ones are too near each other
_LONGER = 9  # letters from which any letter may be missing, or one vowel stand for another


@lru_cache(maxsize=65536)
def folded_heading(heading: str) -> str:
    """Return a heading without case, accents and doubled spaces: what its topic's id is made of."""
    return " ".join(fold(heading).split())


@lru_cache(maxsize=65536)
def says_nothing(heading: str) -> bool:
    """Tell whether a heading names no topic: a part of any text ("Summary"), a mere list ("Papers"), a date."""
    bare = _bare(folded_heading(heading))
    return _empty().issuperset(_words(bare)) or bool(_DATE.fullmatch(bare))


def same_heading(first: str, second: str) -> bool:
    """Tell whether two headings name the same thing.

    They do if they differ in case, accents, hyphens, a plural or one slip of the pen in a long word, or if one is the
    acronym of the other. What differs in a number or in a short word differs.
    """
    one, other = named(first), named(second)
    return (
        one.key == other.key
        or fits_acronym(one, other)
        or fits_acronym(other, one)
        or slip_apart(one.words, other.words)
    )


@dataclass(frozen=True, slots=True)
class Named:
    """What a heading names: its words in the singular, one key made of them, and the acronyms that it gives for it.

    `given` are acronyms that the heading itself spells out ("Parameter-efficient fine-tuning (PEFT)"); `acronym` is
    set where the heading is nothing but one.
    """

    words: Words
    key: str
    given: frozenset[str]
    acronym: str | None


@lru_cache(maxsize=65536)
def named(heading: str) -> Named:
    """Return what a heading names; see `Named`."""
    shown = _bare(" ".join(heading.split()))
    if found := _BRACKETS.fullmatch(shown):
        for long, short in ((found["outer"], found["inner"]), (found["inner"], found["outer"])):
            letters = _letters(short)
            words = _words(fold(long))
            if letters and _abbreviates(letters, words):
                return Named(words, _key(words), frozenset({letters}), None)
    words = _words(fold(shown))
    return Named(words, _key(words), frozenset(), _letters(shown))


def fits_acronym(short: Named, long: Named) -> bool:
    """Tell whether the one is an acronym that the other gives, or is the initials of."""
    if short.acronym is None:
        return False
    if short.acronym in long.given:
        return True
    if len(short.acronym) == 2:
        return _TWO_LETTERS.get(short.acronym) == long.words
    return len(long.words) > 1 and short.acronym in initials(long.words)


def initials(words: Words) -> set[str]:
    """Return the acronyms that words make, with their small words ("of") and without."""
    return {
        "".join(word[0] for word in words),
        "".join(word[0] for word in words if word not in _SMALL_WORDS),
    }


def slip_apart(first: Words, second: Words) -> bool:
    """Tell whether two headings are the same but for one slip of the pen in one long word."""
    if len(first) != len(second):
        return False
    differing = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _one_slip(*differing[0])


def _one_slip(first: str, second: str) -> bool:
    """Tell whether one word is the other misspelled.

    Ends stay as they are, since they carry meaning ("encoder", "encoded"). Two letters may have changed places; a
    vowel, or one letter of a pair, may be missing; s may stand for z. In longer words any letter may be missing, and
    one vowel may stand for another: words of the field are rarely so near ("context" and "content" are, and shorter).
    """
    short, long = sorted((first, second), key=len)
    if len(long) < _LONG or not (first.isascii() and second.isascii() and first.isalpha() and second.isalpha()):
        return False
    if short[:2] != long[:2] or short[-1] != long[-1] or len(long) - len(short) > 1:
        return False
    at = next(place for place, (one, other) in enumerate(zip(short, long, strict=False)) if one != other)
    if len(short) < len(long):
        extra = long[at]
        return short[at:] == long[at + 1 :] and (extra in _VOWELS or extra == long[at - 1] or len(long) >= _LONGER)
    if short[at] == long[at + 1] and short[at + 1] == long[at]:
        return short[at + 2 :] == long[at + 2 :]
    swapped = {short[at], long[at]}
    near = swapped == {"s", "z"} or (len(long) >= _LONGER and swapped <= _VOWELS)
    return near and short[at + 1 :] == long[at + 1 :]


def _bare(text: str) -> str:
    """Return a heading without the numbering, signs and emoji around it."""
    text = _NUMBERING.sub("", text)
    return _NUMBERING.sub("", _EDGES.sub("", text))


def _words(folded: str) -> Words:
    return tuple(map(_singular, _WORD.findall(folded.replace("&", " and "))))


def _key(words: Words) -> str:
    """Join words, so that "fine-tuning" is "finetuning"; numbers stay apart."""
    return "".join(f"|{word}|" if word.isdigit() else word for word in words)


def _singular(word: str) -> str:
    """Return an English word without the ending of a plural. The rest need not be a word: both sides pass here."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("is") and len(word) > 6:
        return word[:-2]  # analysis, analyses
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
        word = word[:-1]
    if word.endswith("ie"):
        return f"{word[:-2]}y"
    return word[:-1] if word.endswith(("se", "xe", "che", "she")) else word


def _letters(text: str) -> str | None:
    """Return the letters of a text that is an acronym ("LLMs" gives llm), in lower case."""
    found = _ACRONYM.fullmatch(text)
    if not found or len(text) > 9:
        return None
    return fold(found[1])


def _abbreviates(letters: str, words: Words) -> bool:
    """Tell whether an acronym in brackets stands for the words before them: its letters follow each other in them."""
    rest = iter("".join(words))
    return len(words) > 1 and letters[0] == words[0][:1] and all(letter in rest for letter in letters)


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    return frozenset(_words(fold(f"{_EMPTY_WORDS} {_EMPTY_IN_CJK}")))
