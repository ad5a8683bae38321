"""The last look at a model before it takes its place: what lies on the disk reads songs as what
was trained does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from lyricist.errors import ModelError
from lyricist.network.checkpoint import load_model
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.candidates import first_songs
from lyricist.training.evaluation import MeasuredSongs, evaluate_songs

# Both are measured, so that a few songs are enough; a writer who has cancelled waits for fewer.
_MEASURED_CHARACTERS, _IN_A_HURRY = 6_000, 300
# Half precision costs a thousandth at most.
_TOLERANCE = 0.02


def check_written(
    folder: Path,
    network: CharRNN,
    vocabulary: Vocabulary,
    novelty: float,
    songs: Sequence[str],
    in_a_hurry: bool = False,
) -> None:
    """Load the model in `folder` as anybody would, and compare it with the one it was made of.

    Args:
        network: What was trained.
        songs: Texts to measure on, held out if there are any; the first few are taken.
        in_a_hurry: Somebody waits: take fewer.

    Raises:
        ModelError: If it cannot be loaded, or reads `songs` otherwise.
    """
    loaded, its_vocabulary, _ = load_model(folder)
    if its_vocabulary != vocabulary:
        raise ModelError("the model was written with other characters than it learnt", _MEND)
    most = _IN_A_HURRY if in_a_hurry else _MEASURED_CHARACTERS
    texts = [text[:most] for text in first_songs(songs, most)]
    measured = MeasuredSongs.of(texts, vocabulary, novelty)
    trained = evaluate_songs(network, measured).perplexity
    written = evaluate_songs(loaded.to(network.device), measured).perplexity
    if not math.isfinite(written) or abs(written / trained - 1) > _TOLERANCE:
        raise ModelError(
            f"the model as written reads your songs at a perplexity of {written:,.2f}, as trained "
            f"at {trained:,.2f}",
            _MEND,
        )


_MEND = "the old one stays; train again or resume"
