"""The rules of the causality detector, with what they mean."""

from __future__ import annotations

from functools import partial

from claimdiff.model import Kind, Rule, Severity, Type

_rule = partial(Rule, kind=Kind.DISTORTION, type=Type.CAUSALITY)
RULES: tuple[Rule, ...] = (
    _rule(
        "causality-strengthened",
        severity=Severity.MAJOR,
        summary="A sequence or a link of the source has become a cause.",
        why="One thing after another is not one thing because of another.",
        example=("Sales fell after the strike.", "Sales fell because of the strike."),
        twin=("Sales fell because of the strike.", "The strike caused sales to fall."),
    ),
    _rule(
        "causality-weakened",
        severity=Severity.MINOR,
        summary="A cause named by the source has become a mere sequence.",
        why="The reader no longer learns why.",
        example=("The strike caused delays.", "Delays followed the strike."),
        twin=("The strike caused delays.", "Delays were due to the strike."),
    ),
    _rule(
        "causality-reversed",
        severity=Severity.MAJOR,
        summary="Cause and effect have changed places.",
        why="The derivative blames the consequence.",
        example=("The drought caused the fires.", "The fires caused the drought."),
        twin=("The drought caused the fires.", "The fires were caused by the drought."),
    ),
    _rule(
        "causality-added",
        severity=Severity.MAJOR,
        summary="Two statements of the source have been joined by a cause.",
        why="The source puts two facts side by side; the derivative says that one explains the other.",
        example=("The mayor resigned. Traffic fell in May.", "Traffic fell because the mayor resigned."),
        twin=("The mayor resigned. Traffic fell in May.", "The mayor resigned, and traffic fell in May."),
    ),
    _rule(
        "causality-untold",
        severity=Severity.MAJOR,
        summary="A cause is named where the source says that it is not known.",
        why="What investigators have not found out, the derivative claims to know.",
        example=("It was too early to say why the mill exploded.", "A gas leak caused the mill to explode."),
        twin=(
            "It was too early to say why the mill exploded.",
            "The cause of the explosion is not yet known.",
        ),
    ),
    _rule(
        "causality-sole",
        severity=Severity.MAJOR,
        summary="One cause among several has become the cause.",
        why="What contributed to something did not bring it about alone.",
        example=("Heavy rain contributed to the collapse.", "Heavy rain caused the collapse."),
        twin=("Heavy rain contributed to the collapse.", "Heavy rain was a factor in the collapse."),
    ),
    _rule(
        "causality-beside",
        severity=Severity.MAJOR,
        summary='A cause is named where the source has only "as", "when" or "amid".',
        why="Such words may give a reason or only a time.",
        example=("Shares fell as the merger was announced.", "Shares fell because of the merger."),
        twin=("Shares fell as the merger was announced.", "Shares fell while the merger was announced."),
    ),
    _rule(
        "causality-acted",
        severity=Severity.MAJOR,
        summary="What came first in the source acts on what came later.",
        why="Sales may rise after a tax cut and not because of it.",
        example=("Sales of cars rose after the subsidy.", "The subsidy lifted sales of cars."),
        twin=("Sales of cars rose after the subsidy.", "Following the subsidy, sales of cars rose."),
    ),
    _rule(
        "causality-new",
        severity=Severity.MAJOR,
        summary="A cause is named for something of which the source tells no cause.",
        why="The reason may be the derivative's own.",
        example=(
            "The mill in Tarn closed on Friday.",
            "Rising debts led to the closure of the mill in Tarn.",
        ),
        twin=("The mill in Tarn closed on Friday.", "The closure of the mill in Tarn came on Friday."),
    ),
)
