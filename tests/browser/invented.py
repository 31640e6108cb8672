"""Articles that nobody published: pairs for the browser, each hard on the page in its own way."""

# ruff: noqa: E501 (a line of Chinese is wide long before it is long)
from __future__ import annotations

from typing import NamedTuple


class Texts(NamedTuple):
    """A source and its derivative, with what to call their files."""

    source: str
    derivative: str
    names: tuple[str, str] = ("wire.txt", "rewrite.txt")


# Something of everything: bent figures and tenses, an addition, omissions, a statement that moved, and
# four neighbours that stay as they are and fold.
HARBOUR = Texts(
    """Tollen harbour to shut its north quay in June

TOLLEN — The north quay of Tollen harbour will close on 3 June for repairs, the port authority said on Monday.

The work may take 14 weeks and is expected to cost 6.2 million euros.

“We cannot mend a wall that ships are leaning on,” said Ragna Osei, the harbour master.

Fishing boats will land their catch at the south basin.

The ice house will stay open.

The fish auction will keep its hours.

Ferries to Little Ronsey will run as before.

Some 140 dockers are employed at the quay, and their union has asked for talks.

The union warned that it would strike if no talks were held by Friday.

Divers found cracks in the quay wall in February after a storm.

An inspection in 2019 had found no fault, according to the authority.

The authority has not said whether insurers will pay.
""",
    """Tollen harbour to shut its north quay in July

Divers found cracks in the quay wall in February because of a storm.

The north quay of Tollen harbour will close on 3 July for repairs, the port authority said on Monday.

The work will take 14 weeks and is expected to cost 8.2 million euros.

“We cannot mend a wall that ships are leaning on,” said Ragna Osei, the harbour master.

Fishing boats will land their catch at the south basin.

The ice house will stay open.

The fish auction will keep its hours.

Ferries to Little Ronsey will run as before.

Some 140 dockers are employed at the quay, and their union has asked for talks.

Three cruise lines have cancelled their visits for the season.

The authority has not said whether insurers will pay.
""",
)

# Names that are read from the right, names without spaces, brackets and digits beside both.
NAMES = Texts(
    """خالد الراشدي to sign cable pact with 林晓梅

Khalid al-Rashdi (خالد الراشدي), the energy minister, plans to sign a pact with 林晓梅 of 远洋电缆有限公司, his office said.

The pact covers 1,900 km of cable and could cost $2.4 billion, according to 林晓梅.

林晓梅 said: “We have not agreed on a price.”

Engineers from شركة الكابلات الشرقية (12 in all) will inspect the line at 青岛 before work begins.

“نحن مستعدون للعمل”, said Layla Haddad (ليلى حداد), who heads the council.

远洋电缆有限公司今年二月在青岛宣布将与沿海各国的电力公司合作铺设三条总长度超过五千公里的海底电缆并在每个登陆点修建一座变电站, the company’s notice reads.

The council must approve the plan by 30 September.
""",
    """خالد الراشدي signs cable pact with 林晓梅

Khalid al-Rashdi (خالد الراشدي), the energy minister, has signed a pact with 林晓梅 of 远洋电缆有限公司, his office said.

The pact covers 1,900 km of cable and will cost $4.2 billion, according to 林晓梅.

林晓梅 said: “We have agreed on a price.”

Engineers from شركة الكابلات الشرقية (21 in all) will inspect the line at 青岛 before work begins.

“نحن مستعدون للعمل”, said Layla Haddad (ليلى حداد), who heads the council.

远洋电缆有限公司今年二月在青岛宣布将与沿海各国的电力公司合作铺设三条总长度超过五千公里的海底电缆并在每个登陆点修建一座变电站, the company’s notice reads.

Protesters gathered outside the gates of 远洋电缆有限公司 on Tuesday night.
""",
    ("الأصل (1).txt", "改写稿.txt"),
)

_WORD = "Unter" + "wasser" * 20 + "kabel"
_ADDRESS = "https://harbour.example/" + "notices/" * 20 + "2031?quay=north&page=4#repairs"

# Words that no column is wide enough for.
WIDE = Texts(
    f"""The {_WORD} will open in May

The {_WORD} will open on 4 May, the operator said, and the notice is at {_ADDRESS} for all to read.

Some 300 people work there.
""",
    f"""The {_WORD} will open in August

The {_WORD} will open on 9 August, the operator said, and the notice is at {_ADDRESS} for all to read.

Some 700 people work there, and {_ADDRESS} lists {"x" * 300}.
""",
    (f"wire-{_WORD}.txt", "a/" * 60 + "rewrite.txt"),
)

HOSTILE = '</script><script>window.ran = 1</script><img src=x onerror="window.ran = 2">'
_HEAD = "<svg onload=window.ran=3>"
_QUOTED = '"><iframe srcdoc="<script>parent.ran=4</script>"></iframe>'

# What would run if the page let it, wherever words of an article come to stand.
RUNS = Texts(
    f"""Port {_HEAD} to shut {HOSTILE} in June

The port {HOSTILE} will shut on 3 June, the mayor said.

“We will not {_QUOTED} wait for long,” said Ragna Osei.

Some 140 people <a href="javascript:window.ran=5">work</a> there.
""",
    f"""Port {_HEAD} to shut {HOSTILE} in July

The port {HOSTILE} will shut on 9 July, the mayor said.

“We will {_QUOTED} wait for long,” said Ragna Osei.

Some 240 people <a href="javascript:window.ran=5">work</a> there.

The {HOSTILE} ferry sank.
""",
    (f"wire{HOSTILE}.txt", '"onfocus="window.ran=6" autofocus x=".txt'),
)

_TOWNS = ("Tollen", "Ronsey", "Varmouth", "Aldersund", "Keld", "Moorwick")
_PEOPLE = ("Ragna Osei", "Tobias Lindqvist", "Amara Dell", "Ivo Castellan", "Noor Haddad")
_THINGS = ("bridge", "school", "tram depot", "library", "sea wall", "clinic", "water tower")


def long(statements: int = 300) -> Texts:
    """A pair of about so many statements on each side; every few of them are bent, lost or new."""
    old, new = ["Council sets out its plans for the year"], ["Council sets out its plans for the year"]
    for plot in range(1, (statements + 1) // 3 + 1):
        town, person = _TOWNS[plot % len(_TOWNS)], _PEOPLE[plot % len(_PEOPLE)]
        thing, cost = _THINGS[plot % len(_THINGS)], 2 + plot * 7 % 40
        plan = f"The {thing} on plot {plot} in {town} may be rebuilt next year, {person} said on Monday."
        price = f"The work on plot {plot} will cost {cost} million euros and take {5 + plot % 9} months."
        protest = f"Some {20 + plot * 3} neighbours of plot {plot} have signed a petition against it."
        old.append(f"{plan} {price} {protest}")
        if plot % 11 == 0:
            plan = plan.replace("may be", "will be")
        if plot % 7 == 0:
            price = price.replace(f"{cost} million", f"{cost + 9} million")
        if plot % 13 == 0:
            protest = f"A court in {town} has fined the builder of plot {plot - 1} twice."
        new.append(f"{plan} {price}" if plot % 17 == 0 else f"{plan} {price} {protest}")
    return Texts("\n\n".join(old) + "\n", "\n\n".join(new) + "\n", ("plans.txt", "plans-rewrite.txt"))
