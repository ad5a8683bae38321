"""The rules of the ghost, without a screen."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lyricist.app.ghost import Ghost
from lyricist.suggest.protocol import Candidate, Sources


def offers(*texts):
    return [Candidate(text, -1.0, confidence=0.9) for text in texts]


def shown(*candidates, revision=1):
    ghost = Ghost()
    ghost.clear(revision)
    assert ghost.arrived(revision, offers(*candidates))
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
    assert not ghost.arrived(1, offers("stale"))
    assert ghost.text == "here"


def test_an_answer_keeps_the_candidate_that_is_being_typed_along():
    ghost = shown("there", "then")
    ghost.cycle(1)
    ghost.typed("t", 2)
    assert ghost.arrived(2, offers("oday", "hen", "here"))
    assert ghost.text == "hen"


def test_what_is_being_typed_along_does_not_change_under_the_fingers():
    ghost = shown("there my friend")
    ghost.typed("the", 2)
    assert ghost.arrived(2, offers("m again", "n"))
    assert ghost.candidates == ("re my friend", "m again")
    assert ghost.arrived(2, [])
    assert ghost.text == "re my friend"


def test_asking_brings_other_candidates():
    ghost = shown("there")
    ghost.typed("the", 2)
    ghost.ask_again()
    assert ghost.arrived(2, offers("m", "n"))
    assert ghost.candidates == ("m", "n")


def test_dismissed_stays_dismissed_until_typing_or_asking():
    ghost = shown("there")
    ghost.dismiss()
    assert not ghost.arrived(1, offers("there"))
    ghost.ask_again()
    assert ghost.arrived(1, offers("there"))
    ghost.dismiss()
    ghost.typed("x", 2)
    assert ghost.arrived(2, offers("again"))


def test_cycling_goes_round_and_choosing_has_bounds():
    ghost = shown("a", "b", "c")
    ghost.cycle(-1)
    assert ghost.text == "c"
    ghost.cycle(1)
    assert ghost.text == "a"
    assert not ghost.choose(3)
    assert not ghost.choose(-1)
    assert ghost.choose(1) and ghost.text == "b"


def hidden(*candidates, revision=1):
    ghost = Ghost()
    ghost.clear(revision)
    assert ghost.arrived(revision, offers(*candidates), worth=False)
    return ghost


def test_what_is_not_worth_it_is_held_but_not_shown():
    ghost = hidden("there", "then")
    assert ghost.text == "" and ghost.shown is None
    assert ghost.candidates == ("there", "then")
    assert ghost.choose(1) and ghost.text == "then"


def test_turning_to_hidden_candidates_shows_the_first():
    for by in (1, -1):
        ghost = hidden("there", "then")
        ghost.cycle(by)
        assert ghost.text == "there"
    ghost.cycle(1)
    assert ghost.text == "then"


def test_what_was_asked_for_is_shown_whatever_it_is_worth():
    ghost = hidden("there")
    ghost.ask_again()
    assert ghost.arrived(1, offers("then"), worth=False)
    assert ghost.text == "then"
    ghost.typed("x", 2)
    assert ghost.arrived(2, offers("yz"), worth=False)
    assert ghost.text == ""


def test_what_is_being_typed_along_is_not_hidden_by_an_answer():
    ghost = shown("there", "then")
    ghost.typed("t", 2)
    assert ghost.arrived(2, offers("oday"), worth=False)
    assert ghost.text == "here"


def test_hidden_candidates_are_shortened_unseen_and_the_next_answer_decides():
    ghost = hidden("today", "there", "then")
    ghost.typed("th", 2)
    assert ghost.candidates == ("ere", "en") and ghost.text == ""
    assert ghost.arrived(2, offers("en"))
    assert ghost.text == "en" and ghost.candidates == ("en",)


def test_a_change_of_mind_hides_and_shows_what_is_there():
    ghost = shown("there", "then")
    ghost.cycle(1)
    ghost.judge(worth=False)
    assert ghost.text == "" and ghost.candidates == ("there", "then")
    ghost.judge(worth=True)
    assert ghost.text == "there"


def test_each_candidate_keeps_where_it_comes_from():
    ghost = Ghost()
    own = Sources(0.2, 0.3, 0.5)
    assert ghost.arrived(0, [Candidate("oh", -1.0), Candidate("there", -1.0, 0.4, own)])
    ghost.cycle(1)
    ghost.typed("th", 1)
    assert ghost.arrived(1, offers("at"))
    assert ghost.shown == Candidate("ere", -1.0, 0.4, own)


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
        held = self.ghost.candidates if self.ghost.hidden else (self.ghost.text,)
        if not typed or not any(text.startswith(typed) for text in held):
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

    @rule(pick=st.integers(0, 50), worth=st.booleans())
    def answer(self, pick, worth):
        if self.answers:
            revision, prefix, candidates = self.answers[pick % len(self.answers)]
            before, asked = self.ghost.text, self.ghost.asked
            if self.ghost.arrived(revision, offers(*candidates), worth):
                assert revision == self.revision
                assert worth or asked or self.ghost.text in ("", before)
                self.offered |= {prefix + candidate for candidate in candidates}

    @rule(by=st.integers(-2, 2))
    def cycle(self, by):
        self.ghost.cycle(by)

    @rule(worth=st.booleans())
    def judge(self, worth):
        self.ghost.judge(worth)
        assert worth or self.ghost.asked or self.ghost.text == ""

    @rule()
    def ask(self):
        self.ghost.ask_again()

    @rule()
    def dismiss(self):
        self.ghost.dismiss()
        assert self.ghost.text == ""

    @invariant()
    def belongs_to_the_text(self):
        assert self.ghost.text in ("", *self.ghost.candidates)
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
