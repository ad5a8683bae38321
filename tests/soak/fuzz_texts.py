"""Targets of the fuzz run that are words or what is kept beside them."""

from __future__ import annotations

import io
import json
import random
import unicodedata
import warnings
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lyricist.app.keys import checked_keymap
from lyricist.craft.analysis import analysis
from lyricist.craft.line import sung_line
from lyricist.craft.mandarin.pinyin import parsed
from lyricist.craft.modes import RhymeRules
from lyricist.errors import DocumentError, LyricistError
from lyricist.library.documents import open_document, save_document
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.feedback import load_feedback, save_feedback
from lyricist.library.paths import paths, private_folder
from lyricist.library.settings import load_settings, save_settings
from lyricist.library.song_notes import Follow, SongNotes, load_notes, save_notes
from lyricist.suggest import protocol
from lyricist.text.cleaning import Cleaning
from lyricist.text.corpus import read_corpus
from lyricist.text.display import visible
from lyricist.training import events

from .mutation import json_bytes, mutate, mutate_json, mutate_toml

SONGS = (
    "【夜雨】\n窗外的雨下了一整夜\n你说的话我还记得\n\n[Chorus]\n分开以后 谁来陪我走\n",
    "Night train\n\n[Verse 1]\nThe platform's cold, the lamps are low\nI count the cars\n",
    "[ti:雨]\r\n[00:12.30]窗外的雨\r\n[00:15.00]<00:15.20>下了 一整夜\r\n",
    '{"text": "la la la\\n分开", "title": "x"}\n{"lyrics": ["one", "two"]}\n',
    '[{"text": "yeah\\nyeah"}, {"lyrics": "二"}]',
    "# Title\n作词：某人\nC  G  Am  F\nhttps://example.org\n重庆的银行 2024 年 3,000 times\n",
)
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "cp1252")
SUFFIXES = (".txt", ".md", ".lrc", ".json", ".jsonl", ".lyrics", ".zip", ".bin")


def _encoded(drawn: random.Random) -> bytes:
    return drawn.choice(SONGS).encode(drawn.choice(ENCODINGS), "replace")


class _Text:
    share = 0
    expected: tuple[type[Exception], ...] = (LyricistError,)

    def __init__(self, given: Path) -> None:
        self.folder = given / type(self).__name__
        self.folder.mkdir()

    def made(self, drawn: random.Random) -> bytes:
        others = [song.encode() for song in SONGS]
        return mutate(drawn, _encoded(drawn), others)


class Document(_Text):
    """A song that is opened and saved."""

    share = 8

    def run(self, data: bytes) -> None:
        path = self.folder / "song.txt"
        path.write_bytes(data)
        try:
            opened = open_document(path)
        except DocumentError:
            assert path.read_bytes() == data
            raise
        save_document(path, opened.text, opened.format, opened)
        assert path.read_bytes() == data, "an unchanged song was saved with other bytes"
        save_document(path, opened.text + "x", opened.format)


class Corpus(_Text):
    """Files that a network is to learn from: of all kinds, alone and in archives."""

    share = 9

    def made(self, drawn: random.Random) -> bytes:
        suffix = drawn.randrange(len(SUFFIXES))
        if SUFFIXES[suffix] == ".zip":
            data = self._archive(drawn)
        elif SUFFIXES[suffix].startswith(".json") and drawn.random() < 0.6:
            data = json_bytes(drawn, [{"text": "la\nla", "n": 1}, {"lyrics": ["a", "b"]}])
        else:
            data = super().made(drawn)
        return bytes((suffix, drawn.randrange(4))) + data

    def _archive(self, drawn: random.Random) -> bytes:
        written = io.BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(written, "w") as archive:
            warnings.simplefilter("ignore")
            for _ in range(drawn.choice((1, 2, 3))):
                name = drawn.choice(("a.txt", "../a.txt", "/b.lrc", "c.json", "d/e.txt", "f.zip"))
                member = zipfile.ZipInfo(name)
                member.compress_type = drawn.choice((0, 8, 8, 12, 14))
                archive.writestr(member, super().made(drawn))
        data = written.getvalue()
        return mutate(drawn, data) if drawn.random() < 0.8 else data

    def run(self, data: bytes) -> None:
        path = self.folder / f"songs{SUFFIXES[data[0]]}"
        path.write_bytes(data[2:])
        cleaning = Cleaning(bool(data[1] & 1), "simplified" if data[1] & 2 else "keep")
        try:
            corpus = read_corpus([path], cleaning=cleaning)
            for song in corpus.songs:
                assert song.text and not set(song.text) & set("\0\x1b\x9b\r\u202e\ud800")
                assert unicodedata.is_normalized("NFC", song.text)
        finally:
            path.unlink()


class Analyze(_Text):
    """A song that is looked at as a whole, as `lyricist analyze` does."""

    share = 2

    def run(self, data: bytes) -> None:
        text = data[:1500].decode("utf-8", "replace")
        found = analysis(text.split("\n"), RhymeRules())
        json.dumps([asdict(section) for section in found.sections])


class Pinyin(_Text):
    """Readings that notes and requests may hold, and lines that they are meant for."""

    share = 3

    def made(self, drawn: random.Random) -> bytes:
        words = ("chóng", "zhong4", "lü3", "nu:e4", "hng", "er", "r5", "xiong2", "m̀", "zhi")
        one = drawn.choice(words).encode()
        return mutate(drawn, one, [word.encode() for word in words])[:60]

    def run(self, data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        try:
            parsed(text)
        except ValueError:
            return
        sung_line("重" + text[:20], {0: text})


class Settings(_Text):
    """The settings file, its keys, and saving over it."""

    share = 5

    def __init__(self, given: Path) -> None:
        super().__init__(given)
        self.file = paths().settings_file
        private_folder(self.file.parent)
        settings, _ = load_settings()
        settings.recent, settings.corpus = ["/a/b.txt"], ["/c"]
        settings.keys = {"accept_all": "ctrl+g", "models": "f8,f9"}
        save_settings(settings)
        self.text = self.file.read_text(encoding="utf-8") + "# a remark\n[unknown]\nx = 1\n"

    def made(self, drawn: random.Random) -> bytes:
        if drawn.random() < 0.7:
            return mutate_toml(drawn, self.text)
        return mutate(drawn, self.text.encode())

    def run(self, data: bytes) -> None:
        self.file.write_bytes(data)
        try:
            settings, notice = load_settings()
            assert notice is None or visible(notice) == notice
            checked_keymap(settings.keys)
            if len(data) % 8 == 0:
                save_settings(settings)
                assert load_settings() == (settings, None)
        finally:
            for path in self.file.parent.iterdir():
                path.unlink()


class Notes(_Text):
    """What is kept beside a song."""

    share = 4

    def __init__(self, given: Path) -> None:
        super().__init__(given)
        self.song = self.folder / "song.txt"
        notes = SongNotes(
            {"重": {0: "chóng"}}, {"a": ["b", "c"]}, [Follow("[A]", 0, "[B]", 1, "r")]
        )
        save_notes(self.song, notes)
        (self.file,) = paths().notes.iterdir()
        self.seed = json.loads(self.file.read_bytes())

    def made(self, drawn: random.Random) -> bytes:
        return json_bytes(drawn, self.seed)

    def run(self, data: bytes) -> None:
        self.file.write_bytes(data)
        notes = load_notes(self.song)
        for line, own in notes.readings.items():
            sung_line(line, own)
        notes.remember_version("a", "z")
        notes.show_version("z")
        notes.follow(Follow("[A]", 0))
        save_notes(self.song, notes)
        assert load_notes(self.song) == notes


class Feedback(_Text):
    """How often ghost text was taken."""

    share = 3

    def made(self, drawn: random.Random) -> bytes:
        return json_bytes(drawn, {"format": 1, "bins": [[4.0, 1.5], [10, 3], [0, 0]]})

    def run(self, data: bytes) -> None:
        file = paths().feedback_file
        private_folder(file.parent)
        file.write_bytes(data)
        found = load_feedback()
        assert all(0 <= taken <= shown for shown, taken in found)
        save_feedback(found)


class Drafts(_Text):
    """Unsaved text of an earlier day."""

    share = 5

    def __init__(self, given: Path) -> None:
        super().__init__(given)
        self.store = DraftStore()
        self.store.keep(Draft("分开\nla", "/a/b.txt", (1, 2), 5.0))
        (self.file,) = self.store.folder.iterdir()
        self.seed = self.file.read_bytes()

    def made(self, drawn: random.Random) -> bytes:
        header, _, text = self.seed.partition(b"\n")
        chance = drawn.random()
        if chance < 0.5:
            return json_bytes(drawn, json.loads(header)) + b"\n" + text
        if chance < 0.6:
            old = {"format": 1, "text": "la", "path": None, "cursor": [0, 0], "saved_at": 1}
            return json_bytes(drawn, old)
        return mutate(drawn, self.seed)

    def run(self, data: bytes) -> None:
        self.file.write_bytes(data)
        try:
            draft = self.store.newest()
            if draft is not None:
                json.dumps(asdict(draft))
                self.store.keep(draft)
                assert self.store.for_document(draft.path) == draft
            kept = [path.read_bytes() for path in self.store.folder.iterdir()]
            assert draft is not None or data in kept, "a damaged draft was lost"
        finally:
            for path in self.store.folder.iterdir():
                path.unlink()


class _Lines(_Text):
    """One JSON line of those in `seeds`."""

    expected = (LyricistError, ValueError)
    seeds: tuple[Any, ...] = ()

    def made(self, drawn: random.Random) -> bytes:
        seed = json.loads(drawn.choice(self.seeds))
        if drawn.random() < 0.6:
            return json.dumps(mutate_json(drawn, seed)).encode()
        return json_bytes(drawn, seed)


class Protocol(_Lines):
    """What the editor and the suggestion service say to each other."""

    share = 8
    seeds = tuple(
        protocol.to_line(message)
        for message in (
            protocol.Request(3, "分开", lock=protocol.Lock(7, "雨", reading="yǔ"), path="/a"),
            protocol.FitRequest(4, "a", ("b", "c")),
            protocol.UseModel("zh"),
            protocol.Ready("zh", "/m", 7, 3.5, "cpu"),
            protocol.Answer(
                3,
                (protocol.Candidate("la", -1.5, 0.2),),
                (protocol.NextCharacter("a", 0.5),),
                7.5,
                3,
                1.5,
            ),
            protocol.Fit(4, (-1.0, -2.0)),
            protocol.Measured(3, None),
            protocol.Failure("no"),
        )
    )

    def run(self, data: bytes) -> None:
        message = protocol.from_line(data)
        assert protocol.from_line(protocol.to_line(message)) == message or "NaN" in repr(data)


class Events(_Lines):
    """What a training run reports."""

    share = 6
    seeds = tuple(
        events.to_line(event)
        for event in (
            events.Started("m", "scratch", "cpu", 9, 7, 3, 40, {"songs": 3}, None, ("small",)),
            events.Epoch(1.5, 100, 2.5, 9.5, None, 400.0, 0.1, 3.5, True),
            events.Progress(0.5, 10, 1.5, 9.5, 100.0, 0.25),
            events.Sample(1.0, "分", "开"),
            events.Checkpoint(1.0, "/r", 9.5),
            events.Finished("m", "/m", {"kept": "tuned"}, 9.5, "epochs"),
            events.Cancelled(None, None, {}, 3.5),
            events.Failed("no"),
        )
    )

    def run(self, data: bytes) -> None:
        event = events.from_line(data)
        events.to_line(event)


TEXT_TARGETS = {
    "documents": Document,
    "corpora": Corpus,
    "analyze": Analyze,
    "pinyin": Pinyin,
    "settings": Settings,
    "notes": Notes,
    "feedback": Feedback,
    "drafts": Drafts,
    "protocol": Protocol,
    "events": Events,
}
