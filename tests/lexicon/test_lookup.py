"""What is looked up late is what a whole index would hold: cues by word and by stem, known names."""

from __future__ import annotations

from collections import defaultdict

from claimdiff.facts import cuelist, gazetteer
from claimdiff.facts.cuelist import Entry, starting
from claimdiff.facts.token import norms, stem


def _entries() -> list[Entry]:
    """All cues, in the order of their lists."""
    lists = cuelist._lists()
    return [cuelist._made(lists, place) for place in range(len(lists.texts))]


def test_every_cue_is_found_by_its_first_word_in_the_order_of_the_lists() -> None:
    expected: dict[str, list[Entry]] = defaultdict(list)
    for entry in _entries():
        expected[entry.words[0]].append(entry)
    for word, entries in expected.items():
        group = starting(word)
        assert group is not None and group.entries == tuple(dict.fromkeys(entries)), word


def test_every_cue_of_a_longer_first_word_is_found_by_its_stem() -> None:
    """That a stem keeps the beginning of its words is a property of Snowball; it is held here."""
    expected: dict[str, list[Entry]] = defaultdict(list)
    for entry in _entries():
        if not entry.literal and len(entry.words[0]) > 3:
            expected[stem(entry.words[0])].append(entry)
    for root, entries in expected.items():
        group = starting("~" + root)
        assert group is not None and group.entries == tuple(dict.fromkeys(entries)), root


def test_the_cues_that_a_second_word_allows_keep_their_order() -> None:
    for word in sorted({entry.words[0] for entry in _entries()}):
        group = starting(word)
        assert group is not None
        for second, allowed in group.seconds.items():
            fitting = [e for e in group.entries if len(e.words) < 2 or e.words[1] in (cuelist.WILD, second)]
            assert list(allowed) == fitting


def test_nothing_is_found_where_nothing_is_listed() -> None:
    assert [starting(key) for key in ("zzyzx", "~zzyzx", "~", "~a")] == [None] * 4


def test_every_known_name_is_found_by_its_first_word() -> None:
    meant: dict[tuple[str, ...], tuple[int, gazetteer.Entry]] = {}
    for name, place, entry in zip(*gazetteer._names(), strict=True):
        form = tuple(norms(name))
        if form not in meant or place < meant[form][0]:
            meant[form] = (place, entry)
    for form, (_, entry) in meant.items():
        assert (form, entry) in gazetteer._forms(form[0])
    for first in sorted({form[0] for form in meant}):
        found = [form for form, _ in gazetteer._forms(first)]
        assert found == sorted((f for f in meant if f[0] == first), key=lambda form: (-len(form), form))
