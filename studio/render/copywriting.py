"""Words for an ad from a brief alone, by rule. No model and no chance: the same brief always gives the same words.

The rule, in order (docs/local-renderer.md says the same to users):

1. Labels win: `headline: …`, `subline: …`, `cta: …`, `badge: …`, each on its own line or after a full stop.
2. The first phrase in quotation marks is the headline and the second the subline, unless the words just before say "button" or "badge",
   or the phrase is only the name of the brand or a product.
3. Otherwise instruction words ("make a static ad for …") are taken off, sentences that speak to the designer ("blue background, use our
   logo") are left out, and the first sentence left is the headline; at more than 60 characters it is parted at a comma or dash and the
   rest becomes the subline. The next sentence is the subline where none was found and it has at most 140 characters.
4. Offers ("20% off", "free shipping", "buy one get one") are the badge, and leave the headline when they stand at its start or end.
5. A short sentence after the first that says what to do ("Order today", "Jetzt bestellen") is the call to action. Else it follows from
   the verbs of the brief (book, try, download, sign up, learn, shop), in the brief's language; a language without a table gets none.
6. A brief with nothing but instructions gives "Meet <product>", else the brand's name, else nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.render.copywriting_words import (
    BARE_VERB,
    CALLS,
    COMMON,
    DIRECTION,
    FOREIGN_INSTRUCTION,
    FOREIGN_INSTRUCTION_END,
    INSTRUCTION,
    INTENTS,
    INVITATION,
    OFFER,
    ONLY_INSTRUCTION,
)
from studio.render.words import clean, language_of

SHORT_HEADLINE = 60
LONGEST_HEADLINE = 120
LONGEST_SUBLINE = 140
LONGEST_INVITATION = 24
LONGEST_BRIEF = 4000

_LABEL = re.compile(
    r"(?:^|(?<=[.;|!?\n]))[ \t]*[-*•]?[ \t]*\**(headline|title|heading|subline|subheadline|sub-headline|subtitle|body|copy|cta|call[ -]to[ -]action|"
    r"button|badge|offer)\**[ \t]*[:=][ \t]*",
    re.IGNORECASE,
)
_ROLES = {
    "headline": "headline",
    "title": "headline",
    "heading": "headline",
    "cta": "cta",
    "call to action": "cta",
    "button": "cta",
}
_ROLES |= {"badge": "badge", "offer": "badge"}
_QUOTED = re.compile(
    r"“([^“”\n]{2,120})”|„([^„“”\n]{2,120})[“”]|«\s?([^«»\n]{2,120}?)\s?»|「([^「」\n]{2,120})」|『([^『』\n]{2,120})』|\"([^\"\n]{2,120})\""
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_CLAUSE = re.compile(r"\s*[,;:–—]\s+|\s+[-–—]\s+|[、，；：]")
_CTA_WORDS = re.compile(r"(?:button|cta|call[ -]to[ -]action)\W+(?:\w+\W+){0,3}$", re.IGNORECASE)
_BADGE_WORDS = re.compile(r"(?:badge|sticker|seal|burst)\W+(?:\w+\W+){0,3}$", re.IGNORECASE)
_LEAN = r"(?:with|at|now|and|get|enjoy|for|plus|mit|avec|con|com|met|und|et|y|e|en)"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words proposed for an ad; each may be empty."""

    headline: str = ""
    subline: str = ""
    call_to_action: str = ""
    badge: str = ""


def propose(prompt: str, brand_name: str = "", product_names: Sequence[str] = ()) -> Proposal:
    """Headline, subline, call to action and badge for a brief, by the rule in this module's docstring."""
    brief = clean(prompt, LONGEST_BRIEF)
    labelled, rest = _labels(brief)
    names = {clean(name).casefold() for name in (brand_name, *product_names)}
    quoted, rest = _quotes(rest, names)
    sentences, invitation = _invitation(_for_the_buyer(rest))
    free = _headline_and_rest(sentences)

    headline = labelled.get("headline") or quoted.get("headline") or free[0]
    subline = labelled.get("subline") or quoted.get("subline") or ("" if "headline" in labelled | quoted else free[1])
    badge = labelled.get("badge") or quoted.get("badge") or _offer(rest)
    if badge and headline == free[0]:
        headline, badge = _without_offer(headline, badge)
    if badge and subline.strip(" .!").casefold() == badge.casefold():
        subline = ""
    language = language_code(" ".join([headline, subline, rest]))
    if not headline:
        headline = _meet(brand_name, product_names, language)
        language = language or language_code(headline)
    call = (
        labelled.get("cta")
        or quoted.get("cta")
        or invitation
        or _call(f"{brief} {headline}", language, bool(product_names or badge), bool(headline))
    )
    return Proposal(
        _tidy(headline, LONGEST_HEADLINE), _tidy(subline, LONGEST_SUBLINE), _tidy(call, 40), _tidy(badge, 40)
    )


def _labels(brief: str) -> tuple[dict[str, str], str]:
    """Labelled parts by role, and the brief without them."""
    found = list(_LABEL.finditer(brief))
    parts: dict[str, str] = {}
    rest = brief[: found[0].start()] if found else brief
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(brief)
        value, _, after = brief[match.end() : end].partition("\n")
        role = _ROLES.get(match[1].lower().replace("-", " "), "subline")
        value = value.strip().strip('"“”„«»').strip()
        # A full stop before the next label belongs to the brief's sentence, not to the words of the ad.
        value = value.rstrip(";|") if value.count(".") > 1 or role == "subline" else value.rstrip(".;|")
        if value:
            parts.setdefault(role, value)
        rest += "\n" + after
    return parts, rest


def _quotes(text: str, names: set[str]) -> tuple[dict[str, str], str]:
    """Quoted phrases by role, and the text without those that were taken."""
    parts: dict[str, str] = {}
    rest, last = "", 0
    for match in _QUOTED.finditer(text):
        phrase = next(group for group in match.groups() if group).strip(" ,")
        before = text[max(0, match.start() - 40) : match.start()]
        role = "cta" if _CTA_WORDS.search(before) else "badge" if _BADGE_WORDS.search(before) else ""
        if not role and phrase.casefold().strip(".!") in names:
            continue
        role = role or ("subline" if "headline" in parts else "headline")
        parts.setdefault(role, phrase)
        rest += text[last : match.start()]
        last = match.end()
    return parts, rest + text[last:]


def _for_the_buyer(text: str) -> list[str]:
    """Sentences of the brief that could stand in an ad, without instruction words."""
    out: list[str] = []
    for raw in _SENTENCE_END.split(text.replace("*", "")):
        sentence = raw.strip(" \t-•,;:。")
        if ONLY_INSTRUCTION.match(sentence.rstrip(".!")):
            continue
        stripped = FOREIGN_INSTRUCTION_END.sub("", FOREIGN_INSTRUCTION.sub("", sentence))
        if stripped == sentence:
            stripped = INSTRUCTION.sub("", sentence, count=1)
        stripped = BARE_VERB.sub("", stripped).strip(" ,;:-–—。")
        # Directions may follow the subject after a comma: "our new tea, on a green background".
        clauses = re.split(r"(,\s+|\s+[-–—]\s+)", stripped)
        kept = ""
        for index in range(0, len(clauses), 2):
            clause = re.split(
                r"\s+(?:with|on|in) (?:an? |the |our )?(?=[^.]*\b(?:background|colou?rs|style|logo|headline|button|photo)\b)",
                clauses[index],
            )[0]
            if DIRECTION.search(clause):
                break
            kept += (clauses[index - 1] if index else "") + clause
            if clause != clauses[index]:
                break
        kept = kept.strip(" ,;:-–—")
        if kept and any(c.isalnum() for c in kept):
            out.append(kept)
    return out


def _invitation(sentences: list[str]) -> tuple[list[str], str]:
    """The sentences without the one that already says what to do ("Order today."), and that one. The first is the headline's."""
    for place, sentence in enumerate(sentences[1:], start=1):
        words = sentence.rstrip(" .!")
        if len(words) <= LONGEST_INVITATION and len(words.split()) <= 4 and INVITATION.match(words):
            return sentences[:place] + sentences[place + 1 :], words
    return sentences, ""


def _headline_and_rest(sentences: list[str]) -> tuple[str, str]:
    if not sentences:
        return "", ""
    first, after = sentences[0].rstrip("."), sentences[1] if len(sentences) > 1 else ""
    if len(first) > SHORT_HEADLINE:
        for match in _CLAUSE.finditer(first):
            head, tail = first[: match.start()], first[match.end() :]
            words = 2 if language_of(head) == "" else 1
            if len(head.split()) >= words and 6 <= len(head) <= SHORT_HEADLINE:
                return head, _subline(tail) or _subline(after)
    return first, _subline(after)


def _subline(text: str) -> str:
    return _capital(text) if 8 <= len(text) <= LONGEST_SUBLINE else ""


def _offer(text: str) -> str:
    match = OFFER.search(text)
    if not match:
        return ""
    words = match[0].strip()
    if re.fullmatch(r"bogo|buy (?:one|1),? get (?:one|1)(?: free)?", words, re.IGNORECASE):
        return "Buy one, get one free"
    return _capital(words)


def _without_offer(headline: str, badge: str) -> tuple[str, str]:
    """The headline without the offer at its start or end; the badge goes where the offer is all there is."""
    match = OFFER.search(headline)
    if not match:
        return headline, badge
    before = re.sub(rf"(?:\s*[,:–—-]|\s+{_LEAN})*\s*$", "", headline[: match.start()], flags=re.IGNORECASE).strip()
    if re.fullmatch(rf"{_LEAN}?", before, re.IGNORECASE):
        before = ""
    after = re.sub(
        r"^\W*(?:on|auf|sur|en|su|for|our|all)?\b(?:\s+(?:our|all|every)\b)*",
        "",
        headline[match.end() :],
        flags=re.IGNORECASE,
    ).strip()
    if before and after:
        when = re.fullmatch(
            r"(?:this|until|till|through|only|today|now|bis|nur|jusqu|hasta|fino|até|tot)\b.{0,16}",
            after,
            re.IGNORECASE,
        )
        return (before, f"{badge} {after}") if when and badge in headline else (headline, badge)
    left = before or after
    if len(left) < 4 or left.casefold() in ("this weekend", "today", "this week", "now", "only"):
        return headline, ""
    return left, badge


def language_code(text: str) -> str:
    """Two letters of a language in `CALLS`, or "" where we do not know it."""
    by_script = language_of(text)
    if by_script:
        return {"zh-hant": "", "th": ""}.get(by_script, by_script)
    if re.search("[\u0590-\u05ff]", text):
        return "he"
    if re.search("[\u0600-\u06ff]", text):
        return "" if re.search("[پچژگٹڈےں]", text) else "ar"
    letters = [c for c in text if c.isalpha()]
    if (
        any(not ("A" <= c <= "\u024f") for c in letters)
        and sum("A" <= c <= "\u024f" for c in letters) < len(letters) / 2
    ):
        return ""
    words = re.findall(r"[^\W\d_]+", text.lower())
    scores = {language: sum(word in common for word in words) for language, common in COMMON.items()}
    best = max(scores, key=lambda language: (scores[language], language == "en"))
    if scores[best] == 0:
        return "en" if letters and text.isascii() else ""
    return "" if best == "other" else best


def _call(text: str, language: str, selling: bool, any_words: bool) -> str:
    if language not in CALLS or not any_words:
        return ""
    intent = next((name for name, pattern in INTENTS if pattern.search(text)), "shop" if selling else "learn")
    return CALLS[language][intent]


def _meet(brand_name: str, product_names: Iterable[str], language: str) -> str:
    product = next((clean(name) for name in product_names if name.strip()), "")
    if product:
        return f"Meet {product}" if language in ("en", "") and product.isascii() else product
    return clean(brand_name)


def _capital(text: str) -> str:
    # "iPhone" and "eBay" keep their small first letter.
    return text[:1].upper() + text[1:] if not (len(text) > 1 and text[1].isupper()) else text


def _tidy(text: str, longest: int) -> str:
    text = _capital(re.sub(r"\s+", " ", text).strip(" ,;:"))
    if len(text) <= longest:
        return text
    cut = text[:longest]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:-–—") + "…"
