"""The rules of the ghost, without a screen."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lyricist.app.ghost import Ghost


def shown(*candidates, revision=1):
    ghost = Ghost()
    ghost.clear(revision)
    assert ghost.arrived(revision, candidates)
    return ghost


def test_typing_what_it_says_shrinks_it():
    ghost = shown("there my friend", "then")
    ghost.typed("the", 2)
    assert ghost.text == "re my friend"
    assert ghost.candidates == ("re my friend", "n")


def test_typing_something_else_ends_it():
    ghost = shown("there")
    ghost.typed("x", 2)
    assert ghost.text == ""


def test_typing_all_of_it_ends_it():
    ghost = shown("雨", "雨夜")
    ghost.typed("雨", 2)
    assert ghost.text == ""


def test_an_answer_for_another_revision_is_dropped():
    ghost = shown("there")
    ghost.typed("t", 2)
    assert not ghost.arrived(1, ["stale"])
    assert ghost.text == "here"


def test_an_answer_keeps_the_candidate_that_is_being_typed_along():
    ghost = shown("there", "then")
    ghost.cycle(1)
    ghost.typed("t", 2)
    assert ghost.arrived(2, ["oday", "hen", "here"])
    assert ghost.text == "hen"


def test_what_is_being_typed_along_does_not_change_under_the_fingers():
    ghost = shown("there my friend")
    ghost.typed("the", 2)
    assert ghost.arrived(2, ["m again", "n"])
    assert ghost.candidates == ("re my friend", "m again")
    assert ghost.arrived(2, [])
    assert ghost.text == "re my friend"


def test_asking_brings_other_candidates():
    ghost = shown("there")
    ghost.typed("the", 2)
    ghost.ask_again()
    assert ghost.arrived(2, ["m", "n"])
    assert ghost.candidates == ("m", "n")


def test_dismissed_stays_dismissed_until_typing_or_asking():
    ghost = shown("there")
    ghost.dismiss()
    assert not ghost.arrived(1, ["there"])
    ghost.ask_again()
    assert ghost.arrived(1, ["there"])
    ghost.dismiss()
    ghost.typed("x", 2)
    assert ghost.arrived(2, ["again"])


def test_cycling_goes_round_and_choosing_has_bounds():
    ghost = shown("a", "b", "c")
    ghost.cycle(-1)
    assert ghost.text == "c"
    ghost.cycle(1)
    assert ghost.text == "a"
    assert not ghost.choose(3)
    assert not ghost.choose(-1)
    assert ghost.choose(1) and ghost.text == "b"


def test_nothing_with_a_newline_or_empty_is_ever_shown():
    assert shown("", "a\nb", "fine").candidates == ("fine",)


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens in whatever order, the ghost belongs to the text before the cursor.

    `offered` holds the texts that some candidate would lead to, since the ghost was last ended.
    """

    def __init__(self):
        super().__init__()
        self.ghost = Ghost()
        self.text = ""
        self.revision = 0
        self.offered = set()
        self.answers = []

    def changed(self, typed=""):
        self.revision += 1
        if not typed or not self.ghost.text.startswith(typed):
            self.offered = set()

    @rule(text=st.text("ab雨", min_size=1, max_size=3))
    def type(self, text):
        self.changed(typed=text)
        self.text += text
        self.ghost.typed(text, self.revision)

    @rule()
    def delete(self):
        self.changed()
        self.text = self.text[:-1]
        self.ghost.clear(self.revision)
        assert self.ghost.text == ""

    @rule(candidates=st.lists(st.text("ab雨", max_size=4), max_size=4))
    def request(self, candidates):
        self.answers.append((self.revision, self.text, candidates))

    @rule(pick=st.integers(0, 50))
    def answer(self, pick):
        if self.answers:
            revision, prefix, candidates = self.answers[pick % len(self.answers)]
            if self.ghost.arrived(revision, candidates):
                assert revision == self.revision
                self.offered |= {prefix + candidate for candidate in candidates}

    @rule(by=st.integers(-2, 2))
    def cycle(self, by):
        self.ghost.cycle(by)

    @rule()
    def ask(self):
        self.ghost.ask_again()

    @rule()
    def dismiss(self):
        self.ghost.dismiss()
        assert self.ghost.text == ""

    @invariant()
    def belongs_to_the_text(self):
        for candidate in self.ghost.candidates:
            assert self.ghost.revision == self.revision
            assert self.text + candidate in self.offered


AnyOrder.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase


@given(st.text(), st.text())
def test_shrinking_then_rest_is_the_whole(head, tail):
    ghost = shown(head + tail)
    if ghost.text and head and tail:
        ghost.typed(head, 2)
        assert ghost.text == tail
