"""The songs of a run: what is learnt from, what is measured on, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lyricist.errors import CorpusError
from lyricist.text.corpus import Corpus, Song, read_corpus
from lyricist.text.split import split_by_song
from lyricist.training.recipes import Recipe
from lyricist.training.run_options import RunOptions


@dataclass(frozen=True)
class Material:
    """Songs as text, split, with what is reported about them."""

    training: list[Song]
    held_out: list[Song]
    report: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def training_texts(self) -> list[str]:
        """What is learnt from."""
        return [song.text for song in self.training]

    @property
    def held_out_texts(self) -> list[str]:
        """What is measured on."""
        return [song.text for song in self.held_out]


def material_of(corpus: Corpus, recipe: Recipe, options: RunOptions) -> Material:
    """Return the songs of a corpus as the recipe takes them, some of them held out.

    Raises:
        CorpusError: If there is nothing to learn, or the held-out file cannot be read.
    """
    songs = list(corpus.songs)
    warnings = list(corpus.report.warnings)
    if recipe.max_characters:
        text = "\n".join(song.text for song in songs)[: recipe.max_characters]
        if recipe.newline_as_space:
            text = text.replace("\n", " ")
        songs = [Song(text=text, source=songs[0].source)]
    if options.held_out_file is not None:
        training = songs
        held_out = list(read_corpus([options.held_out_file], None, options.cleaning).songs)
    else:
        training, held_out = split_by_song(songs, recipe.held_out)
        if recipe.held_out and not held_out:
            warnings.append(
                "only one song: nothing could be held out, so nothing stops overfitting"
            )
    repeated = corpus.report.duplicate_songs
    if repeated >= corpus.report.songs:
        warnings.append(f"{repeated:,} songs repeat others and count only once")
    if len({character for song in training for character in song.text}) < 2:
        raise CorpusError("the corpus has only one distinct character", "add real text")
    report = {
        **corpus.report.as_dict(),
        "training_songs": len(training),
        "held_out_songs": len(held_out),
    }
    return Material(training, held_out, report, tuple(warnings))
