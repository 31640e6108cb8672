"""The rules of the modality detector, with what they mean."""

from __future__ import annotations

from functools import partial

from claimdiff.model import Kind, Rule, Severity, Type

_rule = partial(Rule, kind=Kind.DISTORTION, type=Type.MODALITY)
RULES: tuple[Rule, ...] = (
    _rule(
        "modality-strengthened",
        severity=Severity.MAJOR,
        summary="A hedge of the source is gone or has become a certainty.",
        why="What may happen, or is believed to have, is told as a fact.",
        example=("The port may close in June.", "The port will close in June."),
        twin=("The port may close in June.", "The port could close in June."),
    ),
    _rule(
        "modality-weakened",
        severity=Severity.MINOR,
        summary="What the source states flatly is hedged.",
        why="A doubt that nobody voiced is planted in the reader's mind.",
        example=("The port will close in June.", "The port may close in June."),
        twin=("The port can close in June.", "The port may close in June."),
    ),
    _rule(
        "modality-done",
        severity=Severity.MAJOR,
        summary="A plan, offer or proposal is told as done.",
        why="Plans fail; an event that has not happened yet is reported as one that has.",
        example=("The city plans to sell the stadium.", "The city has sold the stadium."),
        twin=("The city plans to sell the stadium.", "The city wants to sell the stadium."),
    ),
    _rule(
        "modality-evidence",
        severity=Severity.MAJOR,
        summary="The evidence is told as stronger than the source has it.",
        why="What a study suggests, it does not prove; what is not known is not ruled out.",
        example=("The data suggest that the pill works.", "The data prove that the pill works."),
        twin=("The data suggest that the pill works.", "The data indicate that the pill works."),
    ),
)
