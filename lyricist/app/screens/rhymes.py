"""The rhyme panel: words that rhyme, by kind and length, those that fit here first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from textual import on, work
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lyricist.app.rhyme_choice import grouped
from lyricist.app.rhyme_place import RhymeSource
from lyricist.app.widgets.plain_input import PlainInput
from lyricist.craft.rhyme_search import FoundWord, Kind
from lyricist.errors import LyricistError
from lyricist.text.display import visible
from lyricist.text.lines import cell_width

_WORD_CELLS = 14
Score = Callable[[Sequence[str]], Awaitable[Sequence[float] | None]]


class Rhymes(Protocol):
    """Where the panel gets from what it shows; all of it may take long."""

    def kinds(self, source: RhymeSource) -> Sequence[Kind]:
        """Return which rhymes there are, in the order of the panel."""
        ...

    async def words(self, source: RhymeSource, kind: Kind) -> Sequence[FoundWord]:
        """Return words of a kind, the commonest first."""
        ...

    async def lines(self, source: RhymeSource) -> Sequence[str]:
        """Return lines of the writer's own songs."""
        ...

    async def scores(self, words: Sequence[str]) -> Sequence[float] | None:
        """Return how well words fit; None where the model does not say."""
        ...


class RhymePanel(ModalScreen[str | None]):
    """Lists rhymes; the result is what to put in, None for Escape.

    Args:
        sources: What may be rhymed with; not empty.
        rhymes: Finds them.
        key: Goes on to the next source, in Textual's spelling.
        shown: How it is shown.
    """

    # Tab would move the focus, which stays where filters are typed.
    BINDINGS = [  # noqa: RUF012
        ("escape", "dismiss(None)", "Back"),
        ("down", "move(1)", ""),
        ("up", "move(-1)", ""),
        ("pagedown", "move(8)", ""),
        ("pageup", "move(-8)", ""),
        ("tab", "group(1)", ""),
        ("shift+tab", "group(-1)", ""),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (26, "-tall")]  # noqa: RUF012

    def __init__(
        self, sources: Sequence[RhymeSource], rhymes: Rhymes, key: str, shown: str
    ) -> None:
        super().__init__()
        # An input would take the letter of Alt with a letter.
        self._bindings.bind(key, "source", priority=True)
        self._sources = list(sources)
        self._rhymes, self._key_shown = rhymes, shown
        self._found: list[FoundWord] = []
        self._lines: Sequence[str] = ()
        self._scores: dict[str, float] = {}
        self._texts: list[str | None] = []
        self._moved = False
        # Answers may come when these are no more in the tree.
        self._question = Static("", classes="dialog-question", markup=False)
        self._input = PlainInput(placeholder="letters, or a number of syllables", compact=True)
        self._list = OptionList(markup=False, compact=True)
        self._state = Static("", id="state", markup=False)
        self._keys = Static("", id="keys", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialog"):
            yield from (self._question, self._input, self._list, self._state, self._keys)

    def on_mount(self) -> None:
        """Look for rhymes with the likeliest source."""
        # Keys go to the input; the list only shows.
        self._list.can_focus = False
        self._input.focus()
        self._begin()

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Close, and look no further."""
        self.workers.cancel_node(self)
        return super().dismiss(result)

    # --- finding

    def _begin(self) -> None:
        source, *others = self._sources
        self._question.update(Content(f"Rhymes with {visible(source.name)}"))
        other = f" · {self._key_shown} with {visible(others[0].name)}" if others else ""
        self._keys.update(Content(f"Enter puts it in · Tab next group · Esc{other}"))
        self._found, self._lines, self._scores = [], (), {}
        self._moved = False
        self._show()
        self._look_up(source)

    @work(exclusive=True)
    async def _look_up(self, source: RhymeSource) -> None:
        """Show what there is as it comes, then in the order that the model knows."""
        self._say("looking … the first time takes a few seconds")
        try:
            for kind in self._rhymes.kinds(source):
                self._found += await self._rhymes.words(source, kind)
                self._show()
            self._say("by how common they are; asking what fits …")
            await self._judge()
            self._lines = await self._rhymes.lines(source)
        except (LyricistError, OSError) as error:
            self._say(f"no rhymes: {error}")
            return
        self._show()

    async def _judge(self) -> None:
        words = [word.text for group in grouped(self._found) for word in group.words]
        scores = await self._rhymes.scores(words) if words else None
        if scores is None:
            self._say("by how common they are" if words else "nothing found in the dictionary")
            return
        self._scores = dict(zip(words, scores, strict=True))
        self._say("what fits here comes first")
        # A list that moves under the writer's fingers is worse than one in another order.
        if not self._moved:
            self._show()

    def _say(self, text: str) -> None:
        self._state.update(Content(visible(text)))

    # --- showing

    def _show(self) -> None:
        """Show what there is; what the writer has moved to keeps the highlight."""
        kept = self._highlighted if self._moved else None
        wanted = self._input.value
        options: list[Option] = []
        self._texts = []
        for group in grouped(self._found, wanted, {} if self._moved else self._scores):
            self._add_title(options, group.title)
            for word in group.words:
                self._add(options, _word_row(word), word.text)
        lines = [line for line in self._lines if wanted.lower().strip() in line.lower()]
        if lines:
            self._add_title(options, "mine")
        for line in lines:
            self._add(options, Content(visible(line)), line)
        self._list.set_options(options)
        place = self._texts.index(kept) if kept in self._texts else 0
        self._highlight(place, 1)

    def _add_title(self, options: list[Option], title: str) -> None:
        options.append(Option(Content.styled(title, "$text-accent"), disabled=True))
        self._texts.append(None)

    def _add(self, options: list[Option], row: Content, text: str) -> None:
        options.append(Option(row))
        self._texts.append(text)

    # --- moving and taking

    @property
    def _highlighted(self) -> str | None:
        place = self._list.highlighted
        return self._texts[place] if place is not None and place < len(self._texts) else None

    def action_move(self, by: int) -> None:
        """Go to another word."""
        self._moved = True
        place = self._list.highlighted or 0
        self._highlight(place + by, 1 if by > 0 else -1)

    def action_group(self, by: int) -> None:
        """Go to the first word of the next group, or of the one before."""
        self._moved = True
        titles = [place for place, text in enumerate(self._texts) if text is None]
        if not titles:
            return
        place = self._list.highlighted or 0
        own = sum(title < place for title in titles) - 1
        self._highlight(titles[(own + by) % len(titles)] + 1, 1)

    def _highlight(self, place: int, step: int) -> None:
        """Highlight the word at a place, or the next one in the direction of `step`."""
        place = min(max(place, 0), len(self._texts) - 1)
        while 0 <= place < len(self._texts) and self._texts[place] is None:
            place += step
        if 0 <= place < len(self._texts):
            self._list.highlighted = place
        if place <= 1:
            # The title of the first group is seen as well.
            self._list.scroll_home(animate=False)

    def action_source(self) -> None:
        """Rhyme with something else."""
        self._sources.append(self._sources.pop(0))
        self._begin()

    @on(Input.Changed)
    def _filtered(self) -> None:
        self._moved = False
        self._show()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if self._highlighted is not None:
            self.dismiss(self._highlighted)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._texts[event.option_index])


def _word_row(word: FoundWord) -> Content:
    gap = " " * max(1, _WORD_CELLS - cell_width(word.text))
    reading = Content.styled(visible(word.reading), "$text 55%")
    return Content.assemble(visible(word.text), gap, reading)
