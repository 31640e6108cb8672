"""The rules of the attribution detector, with what they mean."""

from __future__ import annotations

from claimdiff.model import Kind, Rule, Severity, Type


def _rule(
    id: str, severity: Severity, summary: str, why: str, example: tuple[str, str], twin: tuple[str, str]
) -> Rule:
    return Rule(id, Kind.DISTORTION, Type.ATTRIBUTION, severity, summary, why, example, twin)


RULES: tuple[Rule, ...] = (
    _rule(
        "attribution-changed",
        Severity.MAJOR,
        "What one speaker said is given to another.",
        "Readers weigh a statement by who makes it; the wrong name puts words into somebody's mouth.",
        (
            "The union said the roof had leaked for years.",
            "The school board said the roof had leaked for years.",
        ),
        ("The union's leader, Ida Moss, said the roof leaked.", "According to Moss, the roof leaked."),
    ),
    _rule(
        "attribution-dropped",
        Severity.MAJOR,
        "A claim that the source gives as somebody's word stands as fact.",
        "A claim, an accusation or a belief without its speaker becomes the outlet's own finding.",
        ("Residents claim the plant poisoned the well.", "The plant poisoned the well."),
        ("The survey office said rainfall was 40 mm.", "Rainfall was 40 mm, the survey office reported."),
    ),
    _rule(
        "attribution-widened",
        Severity.MAJOR,
        "More people, or a whole body, say what one speaker or a few said.",
        "One voice is an opinion; many voices are a consensus that the source does not report.",
        ("A professor in Turin said the bridge was unsafe.", "Experts said the bridge was unsafe."),
        ("Two analysts said demand was weak.", "Demand was weak, said two analysts."),
    ),
    _rule(
        "attribution-narrowed",
        Severity.MINOR,
        "A named speaker says what the source leaves to unnamed ones.",
        "The name makes one person answer for words that the source does not give to him.",
        (
            "The ferry is believed to have hit a reef at dawn. Harbour chief Ilmo Ranta was on board.",
            "Harbour chief Ilmo Ranta said the ferry hit a reef at dawn.",
        ),
        ("The harbour office said the ferry was late.", "The office said that the ferry was late."),
    ),
    _rule(
        "attribution-invented",
        Severity.MINOR,
        "A speaker is given for what the source says in its own voice.",
        "The reporter's own account or gloss becomes something that a person is said to have claimed.",
        (
            "Mayor Ana Lind spoke for an hour. Old rivalries on the council delayed the vote on housing.",
            "Mayor Ana Lind admitted that old rivalries on the council delayed the vote on housing.",
        ),
        ("The firm will open a shop in Cork.", "The firm is to open a shop in Cork."),
    ),
    _rule(
        "attribution-gloss",
        Severity.MAJOR,
        "The reporter's reading of what somebody said is given as his own words.",
        "What remarks echo or reflect is the reporter's view; the speaker may never have said it.",
        (
            "Abbot Ivo Kern met the press. His remarks echo the anger of farmers who lost their fields.",
            "Kern complained that farmers had lost their fields.",
        ),
        ("Abbot Ivo Kern said farmers lost fields.", "Kern said that farmers had lost fields."),
    ),
    _rule(
        "attribution-anonymised",
        Severity.MINOR,
        "A named speaker became an unnamed one.",
        "The reader loses the means to weigh the statement, though nothing false is said.",
        ("Rosa Lind said the vote was fixed.", "A source said the vote was fixed."),
        ("Rosa Lind said the vote was fixed.", "The vote was fixed, Lind said."),
    ),
    _rule(
        "attribution-stance",
        Severity.MAJOR,
        "The reporting verb commits its speaker to something else.",
        "To admit, deny, refuse or confirm is more than to say; silence is no denial.",
        ("The mayor declined to say who paid.", "The mayor denied knowing who paid."),
        ("The mayor stated that the city paid.", "The mayor said the city paid."),
    ),
)
