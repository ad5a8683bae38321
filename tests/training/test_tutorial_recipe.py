"""The tutorial recipe is the tutorial: its settings, its arithmetic, its result."""

import equations
import pytest
import torch

from lyricist.network.model import CharRNN
from lyricist.training.recipes import TUTORIAL
from lyricist.training.trainer import Trainer


def test_settings_are_exactly_the_tutorials():
    assert (TUTORIAL.cell, TUTORIAL.activation) == ("rnn", "tanh")
    assert (TUTORIAL.embedding_size, TUTORIAL.hidden_size, TUTORIAL.num_layers) == (0, 256, 1)
    assert (TUTORIAL.num_steps, TUTORIAL.batch_size, TUTORIAL.epochs) == (35, 32, 250)
    assert (TUTORIAL.optimizer, TUTORIAL.lr, TUTORIAL.clip) == ("sgd", 100.0, 0.01)
    assert (TUTORIAL.max_characters, TUTORIAL.newline_as_space) == (10_000, True)
    assert (TUTORIAL.held_out, TUTORIAL.patience, TUTORIAL.schedule) == (0.0, 0, "constant")
    assert not TUTORIAL.song_boundaries and not TUTORIAL.random_offset


def reference_epoch(weights, stream, num_steps, batch_size, lr, theta):
    """One pass with consecutive sampling by the literal equations and plain SGD."""
    length = len(stream) // batch_size
    rows = stream[: batch_size * length].view(batch_size, length)
    h = torch.zeros(batch_size, weights["w_hh"].shape[0])
    for start in range(0, length - num_steps, num_steps):
        h = h.detach()
        nats, count = 0.0, 0
        for t in range(start, start + num_steps):
            x = equations.one_hot(rows[:, t], weights["w_xh"].shape[0])
            h = equations.rnn_step(x, h, weights["w_xh"], weights["w_hh"], weights["b_h"])
            y = (h @ weights["w_hq"] + weights["b_q"]).log_softmax(-1)
            nats = nats - sum(y[b, rows[b, t + 1]] for b in range(batch_size))
            count += batch_size
        gradients = torch.autograd.grad(nats / count, list(weights.values()))
        with torch.no_grad():
            for weight, gradient in zip(
                weights.values(), equations.clip(gradients, theta), strict=True
            ):
                weight -= lr * gradient


def test_an_epoch_equals_the_literal_transcription():
    stream = torch.randint(2, 12, (4 * 71 + 1,), generator=torch.Generator().manual_seed(0))
    torch.manual_seed(1)
    recipe = TUTORIAL.__class__(
        **{
            **TUTORIAL.__dict__,
            "hidden_size": 16,
            "num_steps": 7,
            "batch_size": 4,
            "sampling": "consecutive",
            "epochs": 1,
        }
    )
    model = CharRNN(recipe.model_config(12))
    start = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    weights = {
        "w_xh": start["layers.0.weight_xh"],
        "w_hh": start["layers.0.weight_hh"].T.clone(),
        "b_h": start["layers.0.bias_hh"],
        "w_hq": start["weight_hq"].T.clone(),
        "b_q": start["bias_q"],
    }
    weights = {name: tensor.requires_grad_() for name, tensor in weights.items()}
    Trainer(model, [stream.tolist()], None, recipe).run()
    reference_epoch(weights, stream, 7, 4, recipe.lr, recipe.clip)
    found = model.state_dict()
    close = {"atol": 2e-4, "rtol": 2e-3}
    torch.testing.assert_close(found["layers.0.weight_xh"], weights["w_xh"].detach(), **close)
    torch.testing.assert_close(found["layers.0.weight_hh"], weights["w_hh"].detach().T, **close)
    torch.testing.assert_close(found["layers.0.bias_hh"], weights["b_h"].detach(), **close)
    torch.testing.assert_close(found["weight_hq"], weights["w_hq"].detach().T, **close)
    torch.testing.assert_close(found["bias_q"], weights["b_q"].detach(), **close)
    moved = (found["weight_hq"] - start["weight_hq"]).abs().max()
    assert moved > 0.05, "the run must have learnt something for the comparison to mean anything"


@pytest.mark.parametrize("sampling", ["random", "consecutive"])
def test_newlines_are_spaces_and_only_ten_thousand_characters_count(tmp_path, sampling):
    from lyricist.training.events import Started
    from lyricist.training.run import train
    from lyricist.training.run_options import RunOptions

    text = "\n".join(f"line {n % 97} of a very long song" for n in range(900))
    (tmp_path / "long.txt").write_text(text)
    events = []
    overrides = {"sampling": sampling, "epochs": 1, "hidden_size": 8}
    train(
        RunOptions([str(tmp_path / "long.txt")], recipe="tutorial", overrides=overrides),
        events.append,
    )
    started = next(event for event in events if isinstance(event, Started))
    assert started.tokens_per_epoch <= 10_000
    from lyricist.library.models import find_model
    from lyricist.network.card import read_card

    characters = read_card(find_model("long")).characters
    assert " " in characters
    assert characters.startswith("\n"), "a line feed is in every vocabulary, trained or not"


def sung_lyrics():
    """Ten thousand characters of songbook, the songs first that repeat most of their lines.

    What a recipe can learn by heart in 250 passes depends on how much there is to learn: lyrics as
    they are sung repeat about four lines in ten.
    """
    from lyricist.library.paths import songbook

    def repeated(text):
        lines = [line for line in text.split("\n") if line and line[0] not in "#["]
        return 1 - len(set(lines)) / len(lines)

    songs = [path.read_text(encoding="utf-8") for path in sorted((songbook() / "en").glob("*.txt"))]
    return "\n\n\n".join(sorted(songs, key=repeated, reverse=True))[:11_000]


@pytest.mark.parametrize("sampling", ["random", "consecutive"])
def test_ten_thousand_characters_of_lyrics_reach_the_tutorials_perplexity(tmp_path, sampling):
    from lyricist.training.events import Epoch
    from lyricist.training.run import train
    from lyricist.training.run_options import RunOptions

    path = tmp_path / "lyrics.txt"
    path.write_text(sung_lyrics(), encoding="utf-8")
    perplexities = []

    def watch(event):
        if isinstance(event, Epoch):
            perplexities.append(event.train_perplexity)

    train(
        RunOptions([str(path)], recipe="tutorial", overrides={"sampling": sampling}),
        watch,
        # The epochs that are left would only take time.
        should_stop=lambda: bool(perplexities) and perplexities[-1] <= 1.35,
    )
    assert perplexities[-1] <= 1.35
    assert 50 < len(perplexities) <= TUTORIAL.epochs
    assert perplexities[0] > 10, "it must have started ignorant"
