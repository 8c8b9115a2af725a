"""From what somebody typed to text that can be set: cleaning, grapheme clusters, emphasised words, and where a line may end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

import budoux

from studio.render.spec import MAX_TEXT_CHARACTERS

Mark = tuple[int, int]
"""An emphasised stretch of a text, [start, end)."""

_KEPT_FORMAT = frozenset("\u200b\u200c\u200d\u200e\u200f\u00ad")
_MOST_MARKS_PER_BASE = 4
_SOFT_HYPHEN = "\u00ad"
_EMPHASIS = re.compile(r"(\*{1,3})(?=[^\s*])([^*\n]*[^\s*])\1")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_THAI = re.compile("[\u0e00-\u0e7f]")
_UNSPACED = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60\u0e00-\u0e7f]+")
_NOT_AT_LINE_START = frozenset("、。，．・：；？！）」』】〉》”’ーぁぃぅぇぉっゃゅょァィゥェォッャュョ…％")
_CHUNK = re.compile(
    r"[^ \t\u200b]+?(?:(?<=[^\W\d_]{3})-(?=[^\W\d_]{3})|[\u2013\u2014](?=\w)|$|(?=[ \t\u200b]))|[ \t\u200b]+"
)


def clean(text: str, limit: int = MAX_TEXT_CHARACTERS) -> str:
    """Text without anything that cannot be drawn or could mislead: control characters, lone surrogates, direction overrides,
    private-use and unassigned characters, piles of combining marks. New lines stay (at most one empty line in a row is dropped);
    runs of spaces become one. At most `limit` characters, cut between clusters."""
    text = text[: limit * 8].encode("utf-8", "ignore").decode("utf-8")
    text = re.sub(r"\r\n?|[\u0085\u2028\u2029\v\f]", "\n", unicodedata.normalize("NFC", text))
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        tag = "\U000e0020" <= character <= "\U000e007f"
        if character in "\n\t " or (category == "Cf" and (character in _KEPT_FORMAT or tag)):
            kept.append(" " if character == "\t" else character)
        elif category[0] != "C" and marks <= _MOST_MARKS_PER_BASE:
            kept.append(" " if category == "Zs" and character not in "\u00a0\u202f\u3000" else character)
    lines = (re.sub(r" +", " ", line).strip(" \u3000\u200b") for line in "".join(kept).split("\n"))
    out = "\n".join(line for line in lines if line)
    if len(out) > limit:
        room = ""
        for cluster in clusters(out):
            if len(room) + len(cluster) > limit:
                break
            room += cluster
        out = room.rstrip()
    return out


def clusters(text: str) -> list[str]:
    """Split into what a reader takes for one character: marks, joiners, variation selectors, skin tones and flags stay together."""
    out: list[str] = []
    for character in text:
        if out and _joins(out[-1], character):
            out[-1] += character
        else:
            out.append(character)
    return out


def _joins(before: str, character: str) -> bool:
    if before[-1] == "\u200d":
        return ord(character) > 0x2000
    flag = "\U0001f1e6" <= character <= "\U0001f1ff"
    if flag:
        return len(before) == 1 and "\U0001f1e6" <= before <= "\U0001f1ff"
    extends = "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"
    return before not in ("\n", " ") and (
        extends or character == "\u200d" or unicodedata.category(character) in ("Mn", "Me", "Mc")
    )


def emphasis(text: str) -> tuple[str, tuple[Mark, ...]]:
    """Take the asterisks off `Your *slow* morning` and say which characters they held. A lone asterisk is a character like any other."""
    plain, marks, last = "", [], 0
    for match in _EMPHASIS.finditer(text):
        plain += text[last : match.start()]
        marks.append((len(plain), len(plain) + len(match[2])))
        plain += match[2]
        last = match.end()
    return plain + text[last:], tuple(marks)


def emphasise(text: str) -> str:
    """The same text with one word between asterisks, for a headline without any: the longest telling word, the later of equals.

    Nothing is chosen in a text of fewer than three words, or in a script without spaces or capitals."""
    if emphasis(text)[1]:
        return text
    found = [
        match for match in re.finditer(r"[^\W\d_]+(?:['’\u2011-][^\W\d_]+)*", text) if match[0].lower() not in WEAK_ENDS
    ]
    if len(text.split()) < 3 or not found or _UNSPACED.search(text):
        return text
    best = max(found, key=lambda match: (min(len(match[0]), 9), match.start()))
    return f"{text[: best.start()]}*{best[0]}*{text[best.end() :]}"


# Words that lean on the next one: a line should not end with them.
_WEAK = """
a an the of at in on to for from by with and or but is are be as your our my their its this that no not so than we you i
der die das ein eine einen einem einer und oder mit für von zu im am in auf den dem des ist dein deine ihr ihre wir
le la les un une des du de et ou à au aux en avec pour sur ton ta tes votre vos nos
el los las una uno del y o con por para en su tu mi il lo gli i di e da per che
os as um uma do da dos das em no na het een van te op voor met
"""
WEAK_ENDS = frozenset(_WEAK.split())


@cache
def _parser(language: str) -> budoux.Parser:
    makers: dict[str, Callable[[], budoux.Parser]] = {
        "ja": budoux.load_default_japanese_parser,
        "zh": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
        "th": budoux.load_default_thai_parser,
    }
    return makers[language]()


def language_of(text: str) -> str:
    """ja, ko, zh, zh-hant, th or "" (no special care needed), by the characters alone."""
    if _KANA.search(text):
        return "ja"
    if re.search("[\uac00-\ud7a3]", text):
        return "ko"
    if _THAI.search(text):
        return "th"
    han = "".join(_HAN.findall(text))
    if not han:
        return ""
    return "zh" if han.encode("gb2312", "ignore").decode("gb2312") == han else "zh-hant"


@lru_cache(maxsize=512)
def breakable(line: str) -> tuple[str, ...]:
    """Pieces of one line of text between which it may be broken; a piece keeps the space that follows it. Joined they are the line."""
    pieces: list[str] = []
    for chunk in _CHUNK.findall(line):
        if chunk.strip(" \t\u200b") == "" and pieces:
            pieces[-1] += chunk
        else:
            pieces.extend(_phrases(chunk, language_of(line)))
    return tuple(pieces)


def _phrases(chunk: str, language: str) -> list[str]:
    if language not in ("ja", "zh", "zh-hant", "th") or not _UNSPACED.search(chunk):
        return [chunk]
    out: list[str] = []
    for phrase in _parser(language).parse(chunk):
        if out and phrase[0] in _NOT_AT_LINE_START:
            out[-1] += phrase
        else:
            out.append(phrase)
    return out


def split_points(word: str) -> list[tuple[int, str]]:
    """Where a word too long for any line may be cut as a last resort: (index, what to add at the cut), best kinds first.

    Soft hyphens first; then after the punctuation of addresses; then between syllables as far as vowels tell; then anywhere.
    """
    soft = [(i + 1, "-") for i, c in enumerate(word) if c == _SOFT_HYPHEN]
    address = [(i + 1, "") for i, c in enumerate(word[:-1]) if c in "/._-&?=@:+"]
    vowels = "aeiouyäöüáéíóúàèâêîôûåøæıаеиоуыэюя"
    low = word.lower()
    syllables = [
        (i, "-")
        for i in range(3, len(word) - 3)
        if word[i - 2 : i + 2].isalpha()
        and low[i] not in vowels
        and low[i + 1] in vowels
        and low[i - 1 : i + 1] not in ("ch", "sh", "th", "ph", "ck", "qu")
        and low[i] < "\u0590"
    ]
    if soft or address:
        return soft + address
    if syllables and word.strip('!?.,:;…“”„"()').isalpha():
        return syllables
    cuts, at = [], 0
    for cluster in clusters(word):
        if at and cluster[0] not in _NOT_AT_LINE_START:
            cuts.append((at, ""))
        at += len(cluster)
    return cuts
