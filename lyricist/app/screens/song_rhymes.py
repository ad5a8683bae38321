"""Where the rhyme panel gets its words, lines and scores from, for a place of the song."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from lyricist.app.background import in_background
from lyricist.app.rhyme_choice import kinds_for, words_of_kind
from lyricist.app.rhyme_place import RhymeSource, put_in
from lyricist.app.rhyming_lines import own_lines_that_rhyme
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme_search import FoundWord, Kind
from lyricist.suggest.protocol import Answer, Fit, FitRequest, Question

AskAbout = Callable[[str, Callable[[int], Question]], Awaitable[Answer | Fit | None]]
"""Asks the model in whose language a text is; None where no answer came."""


class SongRhymes:
    """Finds rhymes for a place of the song.

    Args:
        rules: How rhymes are judged.
        prefix: The song before the place.
        behind: The character behind it: it tells whether a word may end there.
        path: Of the song, which is not one of the writer's others; empty where it has none.
        ask: Asks the model.
    """

    def __init__(
        self, rules: RhymeRules, prefix: str, behind: str, path: str, ask: AskAbout
    ) -> None:
        self._rules, self._path, self._ask = rules, path, ask
        self._prefix, self._behind = prefix, behind

    def kinds(self, source: RhymeSource) -> Sequence[Kind]:
        """Return which rhymes there are."""
        return kinds_for(source, self._rules)

    async def words(self, source: RhymeSource, kind: Kind) -> Sequence[FoundWord]:
        """Return words of a kind, the commonest first."""
        return await in_background(lambda: words_of_kind(source, kind, self._rules, self._prefix))

    async def lines(self, source: RhymeSource) -> Sequence[str]:
        """Return lines of the writer's own songs."""
        return await in_background(
            lambda: own_lines_that_rhyme(source.ending, self._rules, self._path)
        )

    async def scores(self, words: Sequence[str]) -> Sequence[float] | None:
        """Return how well words fit; None where the model does not say."""
        texts = tuple(put_in(word, self._prefix, "", "") + self._behind for word in words)
        fit = await self._ask(
            self._prefix + words[0], lambda revision: FitRequest(revision, self._prefix, texts)
        )
        return fit.scores if isinstance(fit, Fit) else None
