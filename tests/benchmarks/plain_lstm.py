"""The script a competent programmer would write: nn.Embedding, nn.LSTM, nn.Linear, Adam.

It is the baseline of our training figures, so it does nothing wrong: the hidden state is carried
from batch to batch, gradients are clipped, held-out text is read in evaluation mode, and nothing
is copied or synchronized more often than needed. It imports nothing of lyricist.

    python tests/benchmarks/plain_lstm.py corpus.txt --held-out valid.txt --seconds 120 --json
    python tests/benchmarks/plain_lstm.py corpus.txt --target-perplexity 1.32
    python tests/benchmarks/plain_lstm.py corpus.txt --held-out valid.txt --each-epoch --device cuda
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

UNKNOWN = 0


@dataclass(frozen=True)
class Settings:
    """What the script can be asked for; the defaults were the best constants tried for it.

    each_epoch: read the held-out text after each epoch, outside the time that is counted.
    """

    hidden: int = 256
    embedding: int = 128
    dropout: float = 0.0
    batch_size: int = 64
    num_steps: int = 64
    lr: float = 2e-3
    clip: float = 1.0
    bf16: bool = False
    seconds: float = math.inf
    epochs: int = 1_000_000
    target_perplexity: float = 0.0
    device: str = "cpu"
    each_epoch: bool = False


@dataclass(frozen=True)
class Result:
    """Numbers of a finished run.

    train_perplexity: mean over the batches of the last epoch. epoch_nats: held-out nats a
    character after each epoch, where asked for; the least of them is the epoch to stop at.
    """

    seconds: float
    characters: int
    train_perplexity: float
    held_out_nats: float | None
    held_out_perplexity: float | None
    epoch_nats: tuple[float, ...] = ()


class PlainLSTM(nn.Module):
    """Embedding -> LSTM -> dropout -> dense."""

    def __init__(self, vocabulary_size: int, settings: Settings) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, settings.embedding)
        self.lstm = nn.LSTM(settings.embedding, settings.hidden, batch_first=True)
        self.dropout = nn.Dropout(settings.dropout)
        self.dense = nn.Linear(settings.hidden, vocabulary_size)

    def forward(
        self, indices: Tensor, state: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Return logits (batch, num_steps, vocabulary) and the new state."""
        outputs, state = self.lstm(self.dropout(self.embedding(indices)), state)
        return self.dense(self.dropout(outputs)), state


def train(text: str, held_out: str | None, settings: Settings, seed: int = 0) -> Result:
    """Train on `text` until the time, the epochs or the target perplexity is reached."""
    torch.manual_seed(seed)
    characters = sorted(set(text))
    indices = {character: number for number, character in enumerate(characters, UNKNOWN + 1)}
    rows = _rows(_encode(text, indices), settings.batch_size).to(settings.device)
    held_out_stream = None
    if held_out is not None:
        held_out_stream = _encode(held_out, indices).to(settings.device)
    model = PlainLSTM(len(characters) + 1, settings).to(settings.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.lr)
    started = time.perf_counter()
    seen, perplexity = 0, math.inf
    epoch_nats = []
    for _ in range(settings.epochs):
        total, count = torch.zeros((), device=settings.device), 0
        state = None
        for start in range(0, rows.shape[1] - 1, settings.num_steps):
            window = rows[:, start : start + settings.num_steps + 1]
            with _precision(settings):
                logits, state = model(window[:, :-1], state)
            loss = F.cross_entropy(logits.flatten(0, 1).float(), window[:, 1:].flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
            optimizer.step()
            state = (state[0].detach(), state[1].detach())
            size = window.shape[0] * (window.shape[1] - 1)
            total += loss.detach() * size
            count += size
            if time.perf_counter() - started >= settings.seconds:
                break
        seen += count
        perplexity = math.exp(total.item() / count)
        seconds = time.perf_counter() - started
        if seconds >= settings.seconds or perplexity <= settings.target_perplexity:
            break
        if settings.each_epoch and held_out_stream is not None:
            epoch_nats.append(_held_out_nats(model, held_out_stream))
            started = time.perf_counter() - seconds
    nats = None if held_out_stream is None else _held_out_nats(model, held_out_stream)
    held_out_perplexity = None if nats is None else math.exp(nats)
    return Result(seconds, seen, perplexity, nats, held_out_perplexity, tuple(epoch_nats))


@torch.inference_mode()
def _held_out_nats(model: PlainLSTM, stream: Tensor, num_steps: int = 512) -> float:
    """Mean cross-entropy of the known characters of `stream`, read in one pass."""
    model.eval()
    total, count, state = 0.0, 0, None
    for start in range(0, len(stream) - 1, num_steps):
        window = stream[None, start : start + num_steps + 1]
        logits, state = model(window[:, :-1], state)
        targets = window[0, 1:]
        total += F.cross_entropy(logits[0], targets, ignore_index=UNKNOWN, reduction="sum").item()
        count += int((targets != UNKNOWN).sum())
    model.train()
    return total / count


def _encode(text: str, indices: dict[str, int]) -> Tensor:
    return torch.tensor([indices.get(character, UNKNOWN) for character in text])


def _rows(stream: Tensor, batch_size: int) -> Tensor:
    """Cut the stream into `batch_size` parallel rows (batch, length)."""
    length = len(stream) // batch_size
    return stream[: batch_size * length].view(batch_size, length)


def _precision(settings: Settings) -> torch.autocast | nullcontext[None]:
    if not settings.bf16:
        return nullcontext()
    return torch.autocast(torch.device(settings.device).type, dtype=torch.bfloat16)


def main() -> None:
    """Parse the command line, train, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--characters", type=int, help="only the first so many")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    defaults = Settings()
    for name, default in vars(defaults).items():
        option = "--" + name.replace("_", "-")
        if isinstance(default, bool):
            parser.add_argument(option, action="store_true")
        else:
            parser.add_argument(option, type=type(default), default=default)
    arguments = parser.parse_args()
    settings = Settings(**{name: getattr(arguments, name) for name in vars(defaults)})
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    text = arguments.corpus.read_text(encoding="utf-8")[: arguments.characters]
    held_out = arguments.held_out and arguments.held_out.read_text(encoding="utf-8")
    result = train(text, held_out, settings, arguments.seed)
    if arguments.json:
        json.dump(vars(result), sys.stdout)
        print()
        return
    print(
        f"{result.seconds:.1f} s, {result.characters:,} characters, "
        f"training perplexity {result.train_perplexity:.3f}"
    )
    if result.held_out_nats is not None:
        print(
            f"held-out {result.held_out_nats:.4f} nats, perplexity {result.held_out_perplexity:.3f}"
        )
    for epoch, nats in enumerate(result.epoch_nats, 1):
        print(f"epoch {epoch}: held-out {nats:.4f} nats, perplexity {math.exp(nats):.3f}")


if __name__ == "__main__":
    main()
