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
        "modality-plan",
        severity=Severity.MAJOR,
        summary="What is planned, due or expected, or would be so under a draft, is told as what will be.",
        why="Plans slip and drafts fail; a reader is told of a certainty that nobody has.",
        example=(
            "The city plans to plant 9,000 trees along the canal by 2031.",
            "The city will plant 9,000 trees along the canal by 2031.",
        ),
        twin=(
            "The city is to plant 9,000 trees along the canal by 2031.",
            "The city will plant 9,000 trees along the canal by 2031.",
        ),
    ),
    _rule(
        "modality-firmer",
        severity=Severity.MAJOR,
        summary="A thought or wish is told as a plan, or a plan as a promise.",
        why="How far somebody has bound himself is the news; one step up the ladder is another story.",
        example=(
            "The ministry is considering closing the border crossing at Halm.",
            "The ministry is preparing to close the border crossing at Halm.",
        ),
        twin=(
            "The ministry is considering closing the border crossing at Halm.",
            "The ministry is weighing whether to close the border crossing at Halm.",
        ),
    ),
    _rule(
        "modality-evidence",
        severity=Severity.MAJOR,
        summary="The evidence is told as stronger than the source has it.",
        why="What a study suggests, it does not prove; what is not known is not ruled out.",
        example=("The data suggest that the pill works.", "The data prove that the pill works."),
        twin=("The data suggest that the pill works.", "The data indicate that the pill works."),
    ),
    _rule(
        "modality-settled",
        severity=Severity.MAJOR,
        summary="An open question of the source is told as answered.",
        why="What is not known, not said or not confirmed is reported as a fact.",
        example=("It is not known whether the pilot survived.", "The pilot survived."),
        twin=("It is not known whether the pilot survived.", "It is unclear if the pilot survived."),
    ),
    _rule(
        "modality-refused",
        severity=Severity.MAJOR,
        summary="What nobody plans or expects is told as ruled out.",
        why="To have no plans is not to refuse; plans change.",
        example=("The airline has no plans to cut jobs.", "The airline will not cut jobs."),
        twin=("The airline has no plans to cut jobs.", "The airline does not intend to cut jobs."),
    ),
    _rule(
        "modality-flat",
        severity=Severity.MAJOR,
        summary="A predicate that the source hedges, some words away, is told flatly.",
        why="What is suggested, believed or hoped is told as a fact.",
        example=("It appears that the ship hit a container.", "The ship hit a container."),
        twin=("It appears that the ship hit a container.", "The ship seems to have hit a container."),
    ),
    _rule(
        "modality-loose",
        severity=Severity.MAJOR,
        summary="The words around a hedge or plan of the source are told flatly.",
        why="In other words, the derivative may state what the source leaves open.",
        example=(
            "The council may close the library in Ash Road.",
            "The council is getting rid of the library in Ash Road.",
        ),
        twin=(
            "The council may close the library in Ash Road.",
            "Closure of the library in Ash Road is possible, says the council.",
        ),
    ),
    _rule(
        "modality-bare",
        severity=Severity.MAJOR,
        summary="A possible, alleged or planned thing is told as the thing itself.",
        why="One adjective lost turns a suspicion into a fact.",
        example=("The clinic reported a suspected outbreak.", "The clinic reported an outbreak."),
        twin=("The clinic reported a suspected outbreak.", "The clinic reported a possible outbreak."),
    ),
)
