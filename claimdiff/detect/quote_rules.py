"""The rules of the quote detector, with what they mean."""

from __future__ import annotations

from claimdiff.model import Kind, Rule, Severity, Type


def _rule(
    id: str, severity: Severity, summary: str, why: str, example: tuple[str, str], twin: tuple[str, str]
) -> Rule:
    return Rule(id, Kind.DISTORTION, Type.QUOTE, severity, summary, why, example, twin)


RULES: tuple[Rule, ...] = (
    _rule(
        "quote-altered",
        Severity.MAJOR,
        "Words inside quotation marks differ from what the source quotes.",
        "Marks promise the speaker's own words; a changed word makes him say something else.",
        ("“The dam will hold,” Reyes said.", "“The dam may hold,” Reyes said."),
        ("“The dam will hold,” Reyes said.", "'The dam will hold', said Reyes."),
    ),
    _rule(
        "quote-invented",
        Severity.MAJOR,
        "A quotation that no source holds.",
        "A paraphrase between quotation marks is an invention, however close its sense.",
        ("“We are short of hands,” the baker said.", "The baker said he was “at the end of his rope”."),
        ("“We are short of hands,” the baker said.", "The baker said he lacked staff."),
    ),
    _rule(
        "quote-promoted",
        Severity.MAJOR,
        "The source's own prose or indirect speech stands between quotation marks.",
        "The words are the reporter's, not the speaker's.",
        ("Ortiz said the tower would be ready by June.", "Ortiz said “the tower would be ready by June”."),
        ("Ortiz said the tower was “nearly done”.", "The tower is “nearly done”, Ortiz said."),
    ),
    _rule(
        "quote-spliced",
        Severity.MAJOR,
        "A quotation joins words from two places without a mark.",
        "Words that were said apart, perhaps of different things, seem to be one sentence.",
        (
            "“We lost the match,” he said. Later he added: “I cannot blame the young goalkeeper at all.”",
            "“We lost the match, blame the young goalkeeper,” he said.",
        ),
        ("“We lost the match. I blame nobody.”", "“We lost the match … I blame nobody.”"),
    ),
    _rule(
        "quote-cut",
        Severity.MAJOR,
        "Words were cut from a quotation so that its sense turns.",
        "A condition or a negation that goes missing makes a promise of a doubt.",
        ("“We will sign if the terms are fair,” she said.", "“We will sign,” she said."),
        ("“We will sign on Friday in Riga,” she said.", "“We will sign on Friday,” she said."),
    ),
    _rule(
        "quote-speaker",
        Severity.MAJOR,
        "A quotation is given to another speaker.",
        "Readers weigh words by who says them; here somebody gets words that he did not say.",
        (
            "“It is a scandal,” said tenant Mo Ali. Landlord Jo Brandt kept silent.",
            "“It is a scandal,” said landlord Jo Brandt.",
        ),
        ("“It is a scandal,” said tenant Mo Ali.", "“It is a scandal,” Ali said."),
    ),
    _rule(
        "quote-reaimed",
        Severity.MAJOR,
        "A quoted fragment is said of another subject than in the source.",
        "The words are right and the marks are right, but the speaker spoke of something else.",
        (
            "“Their debts are a family matter,” Finch said of the brothers.",
            "The harbour sale is “a family matter”, Finch says.",
        ),
        ("“Their debts are a family matter,” Finch said.", "Their debts are “a family matter”, Finch says."),
    ),
    _rule(
        "quote-scare",
        Severity.MINOR,
        "Marks around a word or two that the source does not quote.",
        "Marks around a single word distance the writer from it, or hint that somebody said it.",
        ("The council approved changes to parking.", "The council approved “stealth” changes to parking."),
        ("The mayor spoke of “reforms” to parking.", "The mayor announced “reforms” to parking."),
    ),
)
