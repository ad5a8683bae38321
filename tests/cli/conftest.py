"""The command line in this process, as a shell would see it; and a small trained model."""

import json
import signal
import sys
from dataclasses import dataclass

import pytest

from lyricist.cli import main


@dataclass
class Result:
    status: int
    out: str
    err: str

    @property
    def objects(self):
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def lyricist(capsys, monkeypatch):
    """Call the command; returns exit status and what was printed."""

    def call(*arguments):
        handlers = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
        monkeypatch.setattr(sys, "argv", ["lyricist", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        for number, handler in handlers.items():
            signal.signal(number, handler)
        captured = capsys.readouterr()
        return Result(stopped.value.code, captured.out, captured.err)

    return call


SONG = """# 雨夜 {n}

【主歌】
雨落在第{n}条街 灯还亮着
我数过每一扇窗 数到夜色
the rain came down on number {n}
and washed the colour from the street

【副歌】
分开以后 我们还在同一场雨里
one more night, one more night with me
"""


@pytest.fixture
def songs(tmp_path):
    folder = tmp_path / "songs"
    folder.mkdir()
    for n in range(30):
        (folder / f"{n}.txt").write_text(SONG.format(n=n), encoding="utf-8")
    return folder


QUICK = ("--hidden-size", "24", "--embedding-size", "12", "--epochs", "2", "--seed", "1")


@pytest.fixture
def model(lyricist, songs):
    result = lyricist("train", songs, "--name", "small", *QUICK)
    assert result.status == 0, result.err
    return "small"
