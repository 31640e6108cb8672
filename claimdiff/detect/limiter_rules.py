"""The rules on small limiting words."""

from __future__ import annotations

from claimdiff.model import Kind, Rule, Severity, Type

WORD = "qualifier-word"
NARROW = "qualifier-denied"
RECORD = "qualifier-record"
RANKED = "quantifier-ranked"

RULES: tuple[Rule, ...] = (
    Rule(
        WORD, Kind.DISTORTION, Type.QUALIFIER, Severity.MINOR,
        "A small word that limited the claim is gone: usually, in some cases, almost.",
        "What is usually so is told as always so.",
        ("The fever does not usually spread from person to person.",
         "The fever does not spread from person to person."),
        ("The fever does not usually spread from person to person.",
         "The fever rarely spreads from person to person."),
    ),
    Rule(
        NARROW, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "The source denies one sort of a thing, the rewrite denies all of it.",
        "“No direct link” leaves room for a link; “no link” does not.",
        ("Inspectors found no direct link between the spill and the deaths.",
         "Inspectors found no link between the spill and the deaths."),
        ("Inspectors found no direct link between the spill and the deaths.",
         "No direct link between the spill and the deaths was found by inspectors."),
    ),
    Rule(
        RECORD, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "A record is told without the place or group in which it is one.",
        "The youngest in a county is seldom the youngest.",
        ("She is the youngest mayor in the county since 1990.", "She is the youngest mayor since 1990."),
        ("She is the youngest mayor in the county since 1990.",
         "Not since 1990 has the county had a younger mayor."),
    ),
)  # fmt: skip

RANKED_RULE = Rule(
    RANKED, Kind.DISTORTION, Type.QUANTIFIER, Severity.MAJOR,
    "One of the best, largest or main became the best, largest or main.",
    "A rank that several share is given to one.",
    ("The tenor says he is singing some of his best recitals.",
     "The tenor says he is singing the best recitals of his life."),
    ("The port is one of the largest employers in the county.",
     "The port is among the county's largest employers."),
)  # fmt: skip
