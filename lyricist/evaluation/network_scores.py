"""Every character's log-probability under a network that reads the songs as one stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch

from lyricist.evaluation.score import SongScores
from lyricist.network.model import CharRNN
from lyricist.text.spelling import Spelling
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX, Vocabulary

_NUM_STEPS = 512


@torch.inference_mode()
def score_songs(
    model: CharRNN,
    vocabulary: Vocabulary,
    songs: Iterable[str],
    spelling: Spelling,
    has_boundaries: bool = True,
    num_steps: int = _NUM_STEPS,
) -> Iterator[SongScores]:
    """Yield each song's scores; the hidden state is carried from song to song, as in training.

    Args:
        model: In evaluation mode.
        vocabulary: Its characters.
        songs: Normalized texts.
        spelling: What unknown characters cost.
        has_boundaries: Whether the model expects the boundary before each song; if not, a line
            feed stands there.
        num_steps: Characters a forward pass; the scores do not depend on it.
    """
    state = model.begin_state(1)
    separator = BOUNDARY_INDEX if has_boundaries else vocabulary.newline_index
    for text in songs:
        indices = vocabulary.encode_normalized(text)
        inputs = [separator, *indices]
        log_probs: list[float] = []
        for start in range(0, len(indices), num_steps):
            wanted = indices[start : start + num_steps]
            logits, state = model(_row(inputs[start : start + len(wanted)], model), state)
            scores = torch.log_softmax(logits[0].float().cpu(), dim=-1)
            log_probs += scores[torch.arange(len(wanted)), torch.tensor(wanted)].tolist()
        # The next song follows the last character of this one.
        _, state = model.features(_row(inputs[-1:], model), state)
        unknown = [index == UNKNOWN_INDEX for index in indices]
        yield SongScores(text, _spelled(text, log_probs, unknown, spelling), unknown)


def _row(indices: list[int], model: CharRNN) -> torch.Tensor:
    return torch.tensor([indices], device=model.device)


def _spelled(
    text: str, log_probs: list[float], unknown: list[bool], spelling: Spelling
) -> list[float]:
    return [
        spelling.unknown(log_prob, character) if is_unknown else spelling.known(log_prob)
        for character, log_prob, is_unknown in zip(text, log_probs, unknown, strict=True)
    ]
