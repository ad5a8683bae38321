"""A stranger's model, and a training that says whatever it likes, byte by byte on the terminal."""

import os
import shutil
from pathlib import Path

from hostile import CANARY, HOSTILE, acting
from small_model import make_small_model

from lyricist.library.paths import paths
from lyricist.training.events import Epoch, Failed, Remark, Sample, Started, to_line

TRAINER = Path(__file__).parents[1] / "support" / "hostile_trainer.py"
NAME = f"bad{HOSTILE['title']}\u202e[Hook]\n"
ALL = "\n".join(text[:40] for text in HOSTILE.values())


def said():
    """A training with a hostile text in every field that can hold one."""
    yield Started(
        NAME, HOSTILE["clipboard"], HOSTILE["modes"], 1000, 10, 100, 100,
        {"songs": 3, "held_out_songs": 1, HOSTILE["title"]: HOSTILE["title"]},
        HOSTILE["device control"], (HOSTILE["bidi"], HOSTILE["click"]),
    )  # fmt: skip
    for number, text in enumerate(HOSTILE.values(), 1):
        yield Epoch(number, number * 100, number, 90.0 / number, 95.0 / number, 50.0, best=True)
        yield Sample(number // 15, text[:30], text[:100])
    yield Remark(HOSTILE["notification"] + HOSTILE["zero width"])


def write(file, events):
    other = file.with_suffix(".new")
    other.write_text("".join(map(to_line, events)), encoding="ascii")
    other.rename(file)


def test_what_a_training_says_is_shown_as_symbols(terminal, tmp_path):
    folder = tmp_path / "hostile"
    folder.mkdir()
    shutil.copy(TRAINER, folder / "sitecustomize.py")
    write(folder / "says", said())
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    environment = {"PYTHONPATH": path, "SAYS": str(folder / "says")}
    song = tmp_path / "song.txt"
    song.write_text("the rain came down\nupon the town\n")
    app = terminal(song, columns=110, rows=80, **environment)
    app.wait_for("ready", 60)
    app.press("ctrl+t")
    app.wait_for("Start training")
    app.wait_for("about")
    app.press("ctrl+r")
    app.wait_for("␛]0;CANARY␇title", 30)
    # The chart is there, and the log below it down to the first sample.
    app.wait_for(lambda: "━ held-out" in app.text and "␛]52;c;CANARY␇" in app.text)
    app.wait_for("epoch 1")
    app.press("escape")
    app.wait_for("training bad␛]0;CANARY␇")
    app.press("ctrl+t")
    app.wait_for("epoch 1")
    write(folder / "says.more", [Failed(f"no: {HOSTILE['answers']}{HOSTILE['title']}", NAME)])
    app.wait_for("no: ␛[6n␛[c")
    app.press("escape")
    app.wait_for("failed")
    app.press("ctrl+q")
    assert app.finish(30) == 0
    assert acting(app.raw) == []
    assert app.raw.count(CANARY.encode()) > 5


def test_a_model_of_a_stranger_is_shown_as_symbols(terminal, tmp_path):
    text = ALL.encode("utf-8", "replace").decode()
    fields = ("notes", "licence", "command", "language", "created", "base")
    recipe = {text[:50]: text, "prefixes": [text]}
    training = {"held_out_perplexity": 9.0, "parameters": 100, text[:60]: text}
    hostile = dict.fromkeys(fields, text)
    make_small_model(paths().models / NAME, recipe=recipe, training=training, **hostile)
    app = terminal(tmp_path / "song.txt", "--model", NAME, columns=110, rows=60)
    app.wait_for("bad␛]0;CANARY␇title", 60)
    app.press("ctrl+l")
    app.wait_for("Card")
    app.wait_for("bad␛]0;CANARY␇title�[Hook]␊")
    app.press("enter")
    app.wait_for("Suggestions now come from")
    app.type("c")
    app.wait_for("licence")
    app.read(0.5)
    app.child.send("\x1b[6~")
    app.read(0.5)
    app.press("escape")
    app.wait_for(lambda: "licence" not in app.text)
    app.press("escape")
    app.read(0.3)
    app.press("ctrl+q")
    assert app.finish(30) == 0
    assert acting(app.raw) == []
