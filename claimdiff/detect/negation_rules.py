"""The rules of the negation detector, with what they mean."""

from __future__ import annotations

from functools import partial

from claimdiff.model import Kind, Rule, Severity, Type

_rule = partial(Rule, kind=Kind.DISTORTION, type=Type.NEGATION, severity=Severity.MAJOR)
RULES: tuple[Rule, ...] = (
    _rule(
        "negation-dropped",
        summary="A negation of the source is gone, and its predicate stands.",
        why="The derivative says that something happened which the source says did not.",
        example=("The council did not approve the budget.", "The council approved the budget."),
        twin=("The council did not approve the budget.", "The council failed to approve the budget."),
    ),
    _rule(
        "negation-added",
        summary="The derivative denies what the source says.",
        why="A single word turns the claim into its opposite.",
        example=("The union signed the contract.", "The union has not signed the contract."),
        twin=("The union rejected the contract.", "The union did not accept the contract."),
    ),
    _rule(
        "negation-antonym",
        summary="A word has been replaced by its opposite.",
        why="Opposites stand in the same slot and read as smoothly as the right word.",
        example=("The jury found the mayor guilty.", "The jury found the mayor innocent."),
        twin=("The jury found the mayor guilty.", "The jury found the mayor not innocent."),
    ),
    _rule(
        "negation-evidence",
        summary="A lack of evidence is told as evidence of the contrary.",
        why="Not knowing that something is so is not knowing that it is not so.",
        example=("There is no evidence that the bridge was unsafe.", "The bridge was not unsafe."),
        twin=(
            "There is no evidence that the bridge was unsafe.",
            "Nothing shows that the bridge was unsafe.",
        ),
    ),
    _rule(
        "negation-stance",
        summary="A refusal is told as consent, or consent as a refusal.",
        why="Whoever agreed is said to have turned something down, or the other way round.",
        example=("The minister agreed to meet the farmers.", "The minister turned away the farmers."),
        twin=("The minister agreed to meet the farmers.", "The minister consented to meet the farmers."),
    ),
    _rule(
        "negation-lost",
        summary="A denial of the source is nowhere in the derivative, which speaks of the same things.",
        why="In other words, the derivative may state what the source denies.",
        example=(
            "The airline did not lower its fares to Tarn.",
            "Flights to Tarn with the airline became cheaper.",
        ),
        twin=(
            "The airline did not lower its fares to Tarn.",
            "The airline left its fares to Tarn as they were.",
        ),
    ),
    _rule(
        "negation-gained",
        summary="The derivative denies something of what the source speaks of without any denial.",
        why="In other words, the derivative may deny what the source states.",
        example=(
            "Flights to Tarn with the airline became cheaper.",
            "The airline did not touch its fares to Tarn.",
        ),
        twin=(
            "Flights to Tarn with the airline became cheaper.",
            "Flights with the airline to Tarn are cheaper.",
        ),
    ),
)
