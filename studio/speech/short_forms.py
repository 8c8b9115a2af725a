"""Numbers, units, addresses and short forms in American English words. Pure string work: rules of (pattern, what is said), in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

Said = str | Callable[[re.Match[str]], str]

_DIGITS = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ENDINGS = "com|net|org|io|co|app|shop|store|ai|dev|me|us|uk|ca|de|fr|eu|tv|edu|gov|info|biz|agency|studio|design"
_LARGE = {"k": "thousand", "K": "thousand", "m": "million", "M": "million", "bn": "billion", "B": "billion"}
_MONEY = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
_UNITS = {
    "kg": ("kilogram", "kilograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"),
    "km": ("kilometer", "kilometers"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "ml": ("milliliter", "milliliters"),
    "mL": ("milliliter", "milliliters"),
    "m": ("meter", "meters"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "oz": ("ounce", "ounces"),
    "lbs": ("pound", "pounds"),
    "lb": ("pound", "pounds"),
    "ft": ("foot", "feet"),
    "GB": ("gigabyte", "gigabytes"),
    "MB": ("megabyte", "megabytes"),
    "TB": ("terabyte", "terabytes"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "kHz": ("kilohertz", "kilohertz"),
    "Hz": ("hertz", "hertz"),
    "kW": ("kilowatt", "kilowatts"),
    "W": ("watt", "watts"),
    "kcal": ("calorie", "calories"),
    "px": ("pixel", "pixels"),
    "fps": ("frame per second", "frames per second"),
    "hrs": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "h": ("hour", "hours"),
    "mins": ("minute", "minutes"),
    "min": ("minute", "minutes"),
    "secs": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "m²": ("square meter", "square meters"),
    "sq ft": ("square foot", "square feet"),
}
_FRACTIONS = {
    "1/2": "one half",
    "1/3": "one third",
    "2/3": "two thirds",
    "1/4": "one quarter",
    "3/4": "three quarters",
    "½": "one half",
    "⅓": "one third",
    "⅔": "two thirds",
    "¼": "one quarter",
    "¾": "three quarters",
}


def write_out(text: str) -> str:
    for pattern, said in _RULES:
        text = pattern.sub(said, text)
    return text


def _address(match: re.Match[str]) -> str:
    """An address or mail address, as one says it: without https and www, its dots and dashes aloud."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", match.group(), flags=re.IGNORECASE)
    end = "." if bare.endswith(".") else ""
    said = bare.rstrip("./")
    for sign, word in (("@", "at"), (".", "dot"), ("/", "slash"), ("-", "dash"), ("_", "underscore"), ("+", "plus")):
        said = said.replace(sign, f" {word} ")
    said = re.sub(r"(?<= dot )(ai|ca|de|eu|fr|io|tv|uk|us)\b", lambda letters: letters[1].upper(), said)
    return " ".join(said.split()) + end


def _day(match: re.Match[str]) -> str:
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    try:
        found = date(year, month, day)
    except ValueError:
        return match.group()
    return f"{found:%B} {found.day}{_ordinal(found.day)}, {found.year}"


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _time(match: re.Match[str]) -> str:
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if hour > 24 or minute > 59:
        return match.group()
    minutes = "" if not minute else f" oh {minute}" if minute < 10 else f" {minute}"
    # The reader takes AM for “am”.
    end = {"a": " A.M.", "p": " PM"}[half.lower()] if half else "" if minute else " o'clock"
    return f"{hour or 12}{minutes}{end}"


def _telephone(match: re.Match[str]) -> str:
    groups = re.findall(r"\d+", match.group())
    return ", ".join(" ".join(_DIGITS[int(digit)] for digit in group) for group in groups)


def _unit(match: re.Match[str]) -> str:
    one, many = _UNITS[match["unit"]]
    return f"{match['number']} {one if match['number'] == '1' else many}"


def _large_money(match: re.Match[str]) -> str:
    return f"{match['number']} {_LARGE[match['large']]} {_MONEY[match['sign']]}"


def _any(words: dict[str, object] | dict[str, str] | dict[str, tuple[str, str]]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_NUMBER = r"(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)"


def _rule(pattern: str, said: Said, flags: int = 0) -> tuple[re.Pattern[str], Said]:
    return re.compile(pattern, flags), said


_SHORT = {
    r"\bMr(?:\.|(?= [A-Z]))": "Mister",
    r"\bMrs(?:\.|(?= [A-Z]))": "Missus",
    r"\bMs(?:\.|(?= [A-Z]))": "Miz",
    r"\bDr(?:\.|(?= [A-Z]))": "Doctor",
    r"\bProf(?:\.|(?= [A-Z]))": "Professor",
    r"(?<=[a-z] )St\.(?= [A-Z])": "Saint",
    r"(?<=[a-z] )St\.": "Street",
    r"\bSt\.(?= [A-Z])": "Saint",
    r"\bAve\.": "Avenue",
    r"\bJr\.": "Junior",
    r"\bSr\.": "Senior",
    r"\b[Ee]\.\s?g\.,?": "for example,",
    r"\b[Ii]\.\s?e\.,?": "that is,",
    r"\betc\.(?=\s*$|\s+[A-Z\n])": "et cetera.",
    r"\betc\.?(?!\w)": "et cetera",
    r"\bvs\.?(?!\w)": "versus",
    r"\b[Aa]pprox\.": "approximately",
    r"\bw/o\b": "without",
    r"\bw/(?=\s)": "with",
    r"\b[Nn]o\.(?=\s?\d)": "number",
    r"\bincl\.": "including",
    r"\bexcl\.": "excluding",
    r"\bmax\.(?=\s)": "maximum",
    r"\bInc\.(?=\s+[a-z])": "Incorporated",
    r"\bLtd\.(?=\s+[a-z])": "Limited",
    r"\b(?:US|CA|AU)\$": "$",
    r"\bUS\b": "U.S.",
    r"\bASAP\b": "as soon as possible",
    r"\bBOGO\b": "bogo",
}
_MONTHS = {"Jan": "January", "Feb": "February", "Aug": "August", "Sept": "September", "Sep": "September"}
_MONTHS |= {"Oct": "October", "Nov": "November", "Dec": "December"}

_RULES: tuple[tuple[re.Pattern[str], Said], ...] = (
    _rule(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}", _address, re.IGNORECASE),
    _rule(rf"\b(?:https?://|www\.)\S*\w|\b(?:[a-z0-9-]+\.)+(?:{_ENDINGS})\b(?:/[\w./-]*\w)?", _address, re.IGNORECASE),
    *(_rule(pattern, said) for pattern, said in _SHORT.items()),
    _rule(rf"\b({'|'.join(_MONTHS)})\.?(?=\s\d)", lambda match: _MONTHS[match[1]]),
    _rule(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b", _day),
    _rule(r"\b(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})\b", _day),
    _rule(r"\b(?P<hour>\d{1,2}):(?P<minute>\d{2})(?:\s?(?P<half>[AaPp])\.?[Mm]\b(?:\.(?=\s[a-z]))?)?(?!\d|:\d)", _time),
    _rule(r"\b(?P<hour>\d{1,2})(?P<minute>)\s?(?P<half>[AaPp])\.?[Mm]\b(?:\.(?=\s[a-z]))?", _time),
    _rule(r"(?<![\d$€£])(?:\+?1[ .-])?(?:\(\d{3}\)\s?|\d{3}[.-])\d{3}[.-]\d{4}\b", _telephone),
    _rule(r"(?<![\d$€£-])\d{3}-\d{4}\b", _telephone),
    _rule(r"\b24/7\b", "24 7"),
    _rule(r"(?<=\d)\s?(?=[½⅓⅔¼¾])", " and "),
    _rule(rf"(?<![\d/])(?:{_any(_FRACTIONS)})(?![\d/])", lambda match: " " + _FRACTIONS[match.group()]),
    _rule(r"(?<=\d)\s?([€£¥])(?!\d)", r" \1"),
    _rule(rf"{_NUMBER} (?P<sign>[€£¥])", r"\g<sign>\g<number>"),
    _rule(rf"(?P<sign>[$€£¥])\s?{_NUMBER}\s?(?P<large>k|K|m|M|bn|B)\b", _large_money),
    _rule(rf"(?P<sign>¥){_NUMBER}", r"\g<number> yen"),
    _rule(r"(?<=\d)/(?=(?:day|week|mo|month|yr|year|person|night|hour|user|seat)\b)", " per "),
    _rule(r"\bper mo\b", "per month"),
    _rule(r"\bper yr\b", "per year"),
    _rule(r"(?<=\d)\s?[-–—]\s?(?=[$€£]?\d)", " to "),
    _rule(r"(?<=\d)\s?[x×]\s?(?=\d)", " by "),
    _rule(r"(?<=\d)[x×](?!\w)", " times"),
    _rule(rf"(?<![\w.]){_NUMBER}\s?(?P<unit>{_any(_UNITS)})(?!\w)", _unit),
    _rule(rf"(?<![\w.]){_NUMBER}(?P<large>k|M|bn)\b", lambda match: f"{match['number']} {_LARGE[match['large']]}"),
    _rule(r"(?<=\d)/(?=\d)", " out of "),
    _rule(r"#(?=\d)", "number "),
    _rule(r"#(?=\w)", "hashtag "),
    _rule(r"(?<=\w)/(?=\w)", " "),
    _rule(r"\s&\s|&", " and "),
    _rule(r"@", " at "),
    _rule(r"(?<=\w)\s?=\s?(?=\w)", " equals "),
    _rule(r"[~≈](?=\s?\d)", "about "),
    _rule(r"[•·|→➜]", ","),
    _rule(r"_", " "),
    _rule(r"(?<=\.[A-Z]\.)\.(?!\.)", ""),
)
