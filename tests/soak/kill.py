"""The kill loop: typing and saving in a real terminal, ended at a random moment in any way.

After each end the draft and the file are read as the next start would read them. Nothing may be
lost beyond what was typed in the last second before `kill -9`, nothing at all after a signal that
can be heard, and the file must be one of the texts that were in the editor, whole.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from pseudo_terminal import PseudoTerminal

from lyricist.library.drafts import DraftStore
from lyricist.library.undo_journal import UndoStore, is_history_of

from .machine_delay import MachineDelay
from .outcome import Outcome

TYPIST = Path(__file__).with_name("typist.py")
KEYS_PER_SECOND = 25
# What `kill -9` may take: one second of typing. Where other programs keep the processors and the
# disk busy, what they made the program wait comes on top, and is told.
PROMISED_SECONDS = 1.0
# Each of these rounds has the suggestion service as well, and is started again to see the offer.
WHOLE_EVERY = 10
FIRST = "第一行 the first line\n第二行\n"
LETTERS = "abcdefghij klmnop qrstuv wxyz 夜里的雨落在窗前我们没有说话，。éß👩"
ENDINGS = (*[signal.SIGKILL] * 4, signal.SIGTERM, signal.SIGHUP, None)


@dataclass
class Round:
    """One start and its end. path: None for a song without a file. ending: a signal, None for a
    terminal that is closed. sent: (moment, character) of what was typed; kept plain by `plain`.
    delay: by which a busy machine kept it waiting, in seconds."""

    home: Path
    record: Path
    path: Path | None
    ending: signal.Signals | None
    plain: bool = True
    sent: list[tuple[float, str]] = field(default_factory=list)
    ended_at: float = 0.0
    delay: float = 0.0

    @property
    def may_lose(self) -> float:
        """Seconds of typing."""
        return PROMISED_SECONDS + self.delay

    @property
    def name(self) -> str:
        """For a loss."""
        how = self.ending.name if self.ending else "closed terminal"
        return f"{how}, {'untitled' if self.path is None else 'a file'}"


def soak(runs: int, seed: int) -> Outcome:
    """Kill `runs` times; losses name the round."""
    chance = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="lyricist-kill-"))
    losses: list[str] = []
    typed, most_lost, with_undo, slowest = 0, 0.0, 0, 0.0
    try:
        for number in range(runs):
            whole = number % WHOLE_EVERY == WHOLE_EVERY - 1
            played = play(folder, chance, whole)
            found, lost = losses_of(played)
            losses += [f"round {number} ({played.name}): {loss}" for loss in found]
            typed, most_lost = typed + len(played.sent), max(most_lost, lost)
            with_undo, slowest = with_undo + can_undo(played), max(slowest, played.delay)
            if whole and not is_offered(played):
                losses.append(f"round {number} ({played.name}): nothing was offered")
            forget(folder)
        left = [*folder.rglob("*.tmp")]
        corrupt = [*folder.rglob("*.corrupt-*")]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    losses += [f"set aside: {file}" for file in corrupt]
    if len(left) > max(2, runs // 20):
        losses.append(f"{len(left)} temporary files were left")
    facts = {
        "keys": typed,
        "most typing lost": f"{most_lost:.2f} s",
        "longest wait for the machine": f"{slowest:.2f} s",
        "undo kept": f"{with_undo} times",
        "temporary files left": len(left),
    }
    return Outcome(runs, tuple(losses), facts)


def play(folder: Path, chance: random.Random, whole: bool) -> Round:
    """Start, type, end."""
    path = folder / "song.txt" if chance.random() < 0.6 else None
    if path is not None:
        path.write_text(FIRST, encoding="utf-8")
    record = folder / "record"
    record.unlink(missing_ok=True)
    played = Round(folder / "home", record, path, chance.choice(ENDINGS))
    weight = "whole" if whole else "light"
    arguments = [TYPIST, record, weight, *([path] if path else [])]
    app = PseudoTerminal(arguments, played.home, command=sys.executable)
    try:
        app.wait_for("Accept")
        if path is not None:
            app.wait_for("第二行")
            app.child.send("\x1b[1;5F")
        delay = MachineDelay(app.child.pid, folder)
        try:
            typing(app, played, chance, chance.uniform(0.2, 4.0))
        finally:
            played.delay = delay.stop()
        end(app, played)
        assert b"Traceback" not in app.raw, app.text
    finally:
        app.close()
    return played


def typing(app: PseudoTerminal, played: Round, chance: random.Random, seconds: float) -> None:
    """Type at a person's speed, now and then saving, undoing, deleting or pasting."""
    end = time.monotonic() + seconds
    next_key = time.monotonic()
    while time.monotonic() < end:
        what = chance.random()
        if what < 0.93:
            character = "\n" if what < 0.03 else chance.choice(LETTERS)
            played.sent.append((time.time(), character))
            app.child.send("\r" if character == "\n" else character)
        elif what < 0.96 and played.path is not None:
            app.child.send("\x13")
        elif what > 0.98:
            played.plain = False
            pasted = "\x1b[200~pasted\n贴上的\x1b[201~"
            app.child.send(chance.choice(["\x1a", "\x7f", "\x19", pasted]))
        next_key += 1 / KEYS_PER_SECOND
        app.read(max(0.0, next_key - time.monotonic()))


def end(app: PseudoTerminal, played: Round) -> None:
    """End the command as the round says, and wait until it is gone."""
    played.ended_at = time.time()
    process = app.child.ptyproc
    if played.ending is None:
        process.fileobj.close()
        process.closed = app.child.closed = True
    else:
        os.kill(process.pid, played.ending)
    patience = time.monotonic() + 15
    while process.isalive():
        assert time.monotonic() < patience, f"still running after {played.name}"
        if played.ending is None:
            time.sleep(0.02)
        else:
            app.read(0.02)


def losses_of(played: Round) -> tuple[list[str], float]:
    """Return what was lost beyond the promise, and how many seconds of typing were lost at all."""
    first = FIRST if played.path is not None else ""
    states = [(0.0, first), *recorded(played.record)]
    texts = [text for _, text in states]
    draft = DraftStore(played.home / "state" / "drafts").for_document(played.path)
    saved = first
    found = []
    if played.path is not None:
        saved = played.path.read_bytes().decode("utf-8", "replace")
        if saved not in texts:
            found.append(f"the file is none of the texts: {saved[-60:]!r}")
    if draft is not None and draft.text not in texts:
        found.append(f"the draft is none of the texts: {draft.text[-60:]!r}")
    there = {saved} if draft is None else {saved, draft.text}
    # A text that was there twice counts as the later one.
    newest = max((at for at, text in enumerate(texts) if text in there), default=0)
    missed = states[newest + 1][0] if newest + 1 < len(states) else played.ended_at
    lost = max(0.0, played.ended_at - missed)
    may_lose = played.may_lose if played.ending is signal.SIGKILL else 0.0
    if newest + 1 < len(states) and lost > may_lose:
        found.append(f"{lost:.2f} s of typing lost")
    if played.plain:
        # What was sent long ago must have come as far as the record.
        old = played.ended_at - played.may_lose
        wanted = first + "".join(key for at, key in played.sent if at < old)
        if not texts[newest].startswith(wanted):
            found.append(f"{wanted[-40:]!r} was sent, {texts[newest][-40:]!r} is there")
    return found, lost


def recorded(record: Path) -> list[tuple[float, str]]:
    """Return every text that was in the editor, and since when."""
    if not record.exists():
        return []
    lines = record.read_bytes().split(b"\n")[:-1]
    return [(at, text) for at, text in map(json.loads, lines)]


def can_undo(played: Round) -> bool:
    """Whether the next start can undo in what it begins with."""
    draft = DraftStore(played.home / "state" / "drafts").for_document(played.path)
    if draft is None and played.path is None:
        return False
    text = draft.text if draft is not None else played.path.read_text("utf-8")
    history = UndoStore(played.home / "state" / "undo").load(played.path, text)
    return bool(history) and is_history_of(text, history)


def is_offered(played: Round) -> bool:
    """Start again as a person would, and look whether the draft is offered."""
    draft = DraftStore(played.home / "state" / "drafts").for_document(played.path)
    app = PseudoTerminal([played.path] if played.path else [], played.home)
    try:
        if draft is None or (played.path and draft.text == played.path.read_text("utf-8")):
            app.wait_for("Accept")
        elif played.path is not None:
            app.wait_for("has a draft that was not saved")
        else:
            app.wait_for("your draft is back")
    except AssertionError:
        return False
    finally:
        app.close()
    return True


def forget(folder: Path) -> None:
    """Let the next round begin without drafts; temporary files stay, to be counted."""
    for file in (folder / "home" / "state" / "drafts").glob("*.json"):
        file.unlink()
