"""Counts of what followed a context, in a text that changes and in one that does not."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from lyricist.suggest.ngram_counts import ORDERS, NgramCounts
from lyricist.suggest.suffix_index import SuffixIndex

TEXTS = st.text(alphabet="ab\n你", max_size=80)


def naive(text: str, history: str, orders) -> dict[int, Counter]:
    """What followed the last `order` characters of `history` in `text`, by looking everywhere."""
    found = {}
    for order in orders:
        if order > len(history):
            break
        context = history[len(history) - order :]
        counts = Counter(
            text[at] for at in range(order, len(text)) if text[at - order : at] == context
        )
        if not counts:
            break
        found[order] = counts
    return found


def counted(text: str) -> NgramCounts:
    counts = NgramCounts()
    for position, character in enumerate(text):
        counts.add(text[:position], character)
    return counts


@given(TEXTS, TEXTS)
def test_counts_agree_with_looking_everywhere(text, history):
    found = {order: Counter(c) for order, c in counted(text).following(history)}
    assert found == naive(text, history, ORDERS)


@given(TEXTS, TEXTS)
def test_what_is_taken_out_was_never_there(kept, gone):
    counts = counted(kept)
    both = kept + gone
    for position in range(len(kept), len(both)):
        counts.add(both[:position], both[position])
    for position in reversed(range(len(kept), len(both))):
        counts.remove(both[:position], both[position])
    assert counts._following == counted(kept)._following


@given(TEXTS, TEXTS)
def test_a_suffix_index_agrees_with_looking_everywhere(text, history):
    found = {order: Counter(c) for order, c in SuffixIndex(text).following(history)}
    expected = naive(text, history, [order for order in ORDERS if order >= 3])
    assert found == expected


def test_a_context_with_many_places_is_sampled():
    [(order, counts)] = list(SuffixIndex("abcx" * 2000).following("abc"))
    assert order == 3 and set(counts) == {"x"} and 200 < counts["x"] <= 512


def test_an_empty_text_knows_nothing():
    assert list(SuffixIndex("").following("abc")) == []
    assert list(NgramCounts().following("abc")) == []
