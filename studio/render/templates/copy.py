"""The texts of an ad as templates set them: what stands in for what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from studio.render.spec import StaticAd
from studio.render.words import clean, emphasise, language_of

_OPENING = "\"'“”„«»‹›‘「『"


@dataclass(frozen=True, slots=True)
class Copy:
    """headline: with one emphasised word, never empty unless the ad has no text at all; quoted: it is a quote. call: on the button.

    quote: in its marks, empty where it serves as the headline (or subline) already.
    """

    headline: str
    subline: str
    call: str
    badge: str
    quote: str
    quoted: bool


def copy_of(ad: StaticAd, *, quote_leads: bool = False) -> Copy:
    """The texts of the ad. A missing headline is replaced by the quote, the subline or the brand's name, a missing subline by the quote.

    quote_leads: the quote is the headline where there is one, and the headline becomes the subline of an ad without one.
    """
    headline, subline = clean(ad.headline), clean(ad.subline)
    quote = in_marks(clean(ad.quote))
    quoted = False
    if quote and (quote_leads or not headline):
        headline, subline, quote, quoted = quote, subline or headline, "", True
    elif not headline:
        headline, subline = (subline, "") if subline else (clean(ad.brand.name), "")
    elif quote and not subline:
        subline, quote = quote, ""
    marked = headline if quoted else emphasise(headline)
    return Copy(marked, subline, clean(ad.call_to_action), clean(ad.badge), quote, quoted)


def in_marks(quote: str) -> str:
    """The quote in quotation marks, if it brings none."""
    if not quote or quote[0] in _OPENING:
        return quote
    return f"「{quote}」" if language_of(quote) == "ja" else f"“{quote}”"
