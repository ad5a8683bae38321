"""The editor pane: a text area that keeps songs as they are, with ghost text never stale.

Ghost text is painted on the cursor's row only, cut to its free cells at a word's end. With an input
method the terminal paints what is being composed over the cells behind the cursor, so after a
Chinese character the ghost keeps a distance of `GAP` cells, with ⇥ to mark it; where there is no
room for that, it is shown in the model pane alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from textual import events
from textual.document._document import EditResult, Selection
from textual.document._edit import Edit
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from lyricist.app.ghost import Ghost
from lyricist.app.keys import DEFAULT_KEYMAP, Keymap, bind_keys
from lyricist.app.latency import Latencies
from lyricist.app.line_edits import LineEdit, begun_edit
from lyricist.app.showings import Showings
from lyricist.app.silence import Place, Silence, place_at
from lyricist.app.widgets.song_area import SongArea
from lyricist.suggest.protocol import Candidate
from lyricist.text.display import visible
from lyricist.text.lines import cell_width, cut_to_cells, graphemes, is_han, next_word

GAP = 12
_MARK = "⇥ "
_BURST_SECONDS = 0.001
_UNDO_STEPS = 1000


class Editor(SongArea):
    """The text of one song with a `Ghost` at its cursor.

    Args:
        keymap: The keys by name.

    Attributes:
        ghost: What is proposed.
        revision: Counts text changes and cursor moves.
        awaiting: Candidates for the current revision are wanted and have not come yet.
        input_method: `auto`, `on` or `off`.
        ghost_enabled: False hides ghost text in the editor; the pane still has the candidates.
        shown_beside: Whether a pane shows the candidates as well.
        latencies: Where it is reported when keys, candidates and rows come and go.
        showings: Decides which ghosts are worth showing, and is told what became of them.
        silence: Where ghosts were dismissed.
        locked: Ghosts obey a lock, and are wanted however sure the model is.
        line_follower: Told which lines each edit has changed, before anything else knows of it.
    """

    class SuggestionWanted(Message):
        """Candidates for the current revision are wanted; `asked` by a key of the writer."""

        def __init__(self, asked: bool) -> None:
            super().__init__()
            self.asked = asked

    class GhostChanged(Message):
        """Another candidate is shown, or none."""

    class Refused(Message):
        """The writer wanted to change a song that is only to be read."""

    def __init__(self, keymap: Keymap = DEFAULT_KEYMAP, **arguments: Any) -> None:
        self.ghost = Ghost()
        self.revision = 0
        self.awaiting = False
        self.input_method = "auto"
        self.ghost_enabled = True
        self.shown_beside = False
        self.latencies = Latencies()
        self.showings = Showings()
        self.silence = Silence()
        self.locked = False
        self.line_follower: Callable[[LineEdit], None] | None = None
        self._bound_keys = {key for keys in keymap.values() for key in keys.split(",")}
        self._key_time = 0.0
        self._changing = False
        self._burst: Timer | None = None
        super().__init__(max_checkpoints=_UNDO_STEPS, tab_behavior="focus", **arguments)
        bind_keys(self._bindings, keymap, editor=True)

    # --- the document

    def _set_document(self, text: str, language: str | None) -> None:
        self._changing = True
        try:
            super()._set_document(text, language)
        finally:
            self._changing = False
        self._moved_on()

    # --- what ends a ghost and what carries it on

    async def _on_key(self, event: events.Key) -> None:
        # Textual calls the text area's own handler next. Pasted text and an accepted ghost are
        # inserted without a key that has come here, or by one that types nothing.
        types = event.is_printable and event.key not in self._bound_keys
        self._key_time = event.time if types else 0.0
        if types:
            if self.read_only:
                self.post_message(self.Refused())
            return
        if await self._act_on(event.key):
            event.stop()
            event.prevent_default()
        elif event.is_printable:
            # Alt with a letter is a key of the screen; the text area would type the letter.
            event.prevent_default()

    async def _act_on(self, key: str) -> bool:
        """Do what a key is bound to here, in its turn; False if it is not bound.

        Textual looks for bindings once a key has gone all the way up, and what was typed after a
        Backspace would come before it where several keys arrive at once.
        """
        for binding in self._bindings.key_to_bindings.get(key, ()):
            if not binding.priority and await self.app.run_action(binding.action, self):
                return True
        return False

    def edit(self, edit: Edit) -> EditResult:
        """Perform an edit; typing at the cursor asks for candidates, all else ends the ghost."""
        cursor = self.cursor_location
        if self.read_only:
            self.post_message(self.Refused())
            return EditResult(cursor, "")
        at_cursor = (
            bool(edit.text)
            and edit.from_location == edit.to_location == cursor
            and self.selection.is_empty
        )
        follow = begun_edit(self.song.lines, edit) if self.line_follower is not None else None
        self._changing = True
        try:
            result = super().edit(edit)
        finally:
            self._changing = False
        if follow is not None and self.line_follower is not None:
            self.line_follower(follow(self.song.lines, result.end_location))
        key_time, self._key_time = self._key_time, 0.0
        self.revision += 1
        if at_cursor and self.cursor_location == result.end_location:
            self._typed(edit.text, by_key=bool(key_time))
            if key_time:
                self.latencies.typed(self.revision, key_time)
        else:
            self.showings.passed()
            self.ghost.clear(self.revision)
        if edit.text:
            self._want_suggestion()
        else:
            self._want_nothing()
        self._show_ghost()
        return result

    def _typed(self, text: str, by_key: bool) -> None:
        """Carry the ghost on, or end it; typing along leads into no place of silence."""
        self.showings.typed(text, self.ghost.text)
        self.ghost.typed(text, self.revision)
        if by_key and self.ghost.text and self.silence.holds(self._place):
            self.ghost.judge(worth=False)

    def _replay(self, edits: Sequence[Edit], apply: Callable[[Edit], object]) -> None:
        if self.read_only:
            return
        self._changing = True
        try:
            super()._replay(edits, apply)
        finally:
            self._changing = False
        if edits:
            self._moved_on()

    def _watch_selection(self, previous_selection: Selection, selection: Selection) -> None:
        super()._watch_selection(previous_selection, selection)
        if not self._changing and previous_selection != selection:
            self._moved_on()

    def _moved_on(self) -> None:
        self.revision += 1
        self.showings.passed()
        self.ghost.clear(self.revision)
        self._want_nothing()
        self._show_ghost()

    def _want_suggestion(self) -> None:
        """Ask once the burst is over: a commit of an input method or a paste is one edit."""
        self._want_nothing()
        if self.is_mounted:
            self._burst = self.set_timer(_BURST_SECONDS, self._burst_over)
            self.awaiting = True

    def _want_nothing(self) -> None:
        self.awaiting = False
        if self._burst is not None:
            self._burst.stop()
            self._burst = None

    def _burst_over(self) -> None:
        self._burst = None
        self.post_message(self.SuggestionWanted(asked=False))

    # --- showing it

    def show_candidates(self, revision: int, candidates: Sequence[Candidate]) -> bool:
        """Take in candidates; False if they came too late for the text and cursor as they are."""
        if revision == self.revision:
            self.awaiting = False
        ghost, before, painted = self.ghost, self.ghost.text, self.suggestion
        confidence = candidates[0].confidence if candidates else 0.0
        if not ghost.arrived(revision, candidates, self._is_worth(confidence)):
            return False
        self._show_ghost()
        if ghost.offers and not (before and ghost.text == before):
            self.showings.begin(confidence, bool(self.offered), ghost.asked)
        if ghost.text:
            self.latencies.answered(revision, self.suggestion == painted)
        return True

    def judge_ghost(self) -> None:
        """Show or hide what is there after a change of the eagerness."""
        if self.ghost.offers:
            self.ghost.judge(self._is_worth(self.ghost.offers[0].confidence))
        self._show_ghost()

    def _is_worth(self, confidence: float) -> bool:
        worth = self.locked or self.showings.is_worth(confidence)
        return worth and not self.silence.holds(self._place)

    @property
    def _place(self) -> Place:
        return place_at(self.song, self.cursor_location)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw rows, and report it."""
        self.latencies.drawn()
        return super().render_lines(crop)

    @property
    def suggestion_copied(self) -> bool:
        """Whether the ghost runs as in what the model was trained on."""
        shown = self.ghost.shown
        return shown is not None and shown.copied is not None

    @property
    def offered(self) -> str:
        """The candidate that the keys for accepting take: only one that the writer can see."""
        if not self._takes_ghost or not (self.suggestion or self.shown_beside):
            return ""
        return self.ghost.text

    @property
    def _takes_ghost(self) -> bool:
        """Whether the cursor is where a continuation may stand: at the end of what is written."""
        row, column = self.cursor_location
        return self.selection.is_empty and _ends_here(self.document.get_line(row)[column:])

    def update_suggestion(self) -> None:
        """Textual's hook after its own edits; what it left in `suggestion` may be stale."""
        self.suggestion = self._painted_ghost() if not self._changing else ""

    def refresh_ghost(self) -> None:
        """Paint anew after a change of settings."""
        self._show_ghost()

    def _show_ghost(self) -> None:
        self.suggestion = self._painted_ghost()
        if self.is_mounted:
            self.post_message(self.GhostChanged())

    def size_changed(self) -> None:
        """Fit the ghost into the new rows."""
        super().size_changed()
        self.suggestion = self._painted_ghost()

    def _painted_ghost(self) -> str:
        """Return what is drawn behind the cursor: the ghost, fitted into the free cells."""
        ghost = self.ghost.text
        if not ghost or not self.ghost_enabled or not self._takes_ghost:
            return ""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        x, _ = self.wrapped_document.location_to_offset((row, column))
        free = self.wrap_width - x - cell_width(line[column:])
        lead = ""
        if self._keeps_distance(line[:column]):
            lead = " " * min(GAP, self.wrap_width * 3 // 10) + _MARK
        fitted = _fitted(visible(ghost), free - cell_width(lead))
        return lead + fitted if fitted else ""

    def _keeps_distance(self, before: str) -> bool:
        if self.input_method == "auto":
            return bool(before) and (is_han(before[-1]) or before[-1] in "，。、！？；：）》」”")
        return self.input_method == "on"

    # --- accepting

    def action_accept_all(self) -> None:
        """Take the whole ghost; without one, nothing happens to the text."""
        self._accept(self.offered)

    def action_accept_word(self) -> None:
        """Take the next word; without a ghost, move the cursor by a word."""
        if offered := self.offered:
            self._accept(next_word(offered))
        else:
            self.action_cursor_word_right()

    def action_accept_character(self) -> None:
        """Take one character at the end of a line; elsewhere, move the cursor."""
        offered = self.offered
        if offered and self.cursor_at_end_of_line:
            self._accept(graphemes(offered)[0])
        else:
            self.action_cursor_right()

    def action_take(self, index: int) -> None:
        """Take a candidate by its number in the pane."""
        if self.ghost.choose(index):
            self._accept(self.ghost.text)

    def action_cycle(self, by: int) -> None:
        """Show the next or the previous candidate."""
        self.ghost.cycle(by)
        self._show_ghost()

    def action_dismiss(self) -> None:
        """Hide the ghost until something is typed, and at this place until it is asked for."""
        if self.offered:
            self.silence.keep(self._place)
        self.showings.passed(surely=True)
        self.ghost.dismiss()
        self._want_nothing()
        self._show_ghost()

    def action_ask(self) -> None:
        """Ask for candidates now."""
        self.silence.lift(self._place)
        self.ghost.ask_again()
        self._want_nothing()
        self.awaiting = True
        self.post_message(self.SuggestionWanted(asked=True))

    def _accept(self, text: str) -> None:
        """Insert `text` as an undo step of its own."""
        if not text or self.read_only:
            return
        self.showings.taken()
        self.history.checkpoint()
        self.insert(text, self.cursor_location, maintain_selection_offset=False)
        self.history.checkpoint()

    # --- moving

    def action_song_start(self) -> None:
        """Go to the first character."""
        self.move_cursor((0, 0))

    def action_song_end(self) -> None:
        """Go behind the last character."""
        self.move_cursor(self.document.end)

    def action_cursor_right(self, select: bool = False) -> None:
        """Move right; Textual's own would accept the painted ghost, distance and all."""
        target = (
            self.get_cursor_right_location()
            if select or self.selection.is_empty
            else max(*self.selection)
        )
        self.move_cursor(target, select=select)


def _ends_here(rest: str) -> bool:
    """Whether what follows the cursor leaves room for a ghost: nothing, spaces, closing marks."""
    return all(c.isspace() or unicodedata.category(c) in ("Pe", "Pf", "Po") for c in rest)


def _fitted(text: str, cells: int) -> str:
    """Cut `text` to `cells`, not within a word of letters."""
    cut = cut_to_cells(text, cells)
    if cut == text or not cut:
        return cut
    following = text[len(cut)]
    if cut[-1].isalnum() and following.isalnum() and not is_han(cut[-1]) and not is_han(following):
        head, space, _ = cut.rpartition(" ")
        return head if space else ""
    return cut
