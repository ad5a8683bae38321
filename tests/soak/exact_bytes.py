"""Opens random bytes, saves them, and saves them with one character more somewhere.

What opens must be saved as the very bytes that were read, and then with that character's bytes
more and nothing else.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lyricist.errors import DocumentError
from lyricist.library.documents import open_document, save_document

from .outcome import Outcome

# A disk in memory where there is one: thousands of files are made durable.
_DISK = "/dev/shm" if Path("/dev/shm").is_dir() else None
_MARKS = (b"",) * 6 + (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PIECES = (
    b"love",
    b" ",
    "爱在風中".encode(),
    "夜晚的灯火".encode("gb18030"),
    "déjà".encode("cp1252"),
    "été".encode(),
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\r",
    "\u2028".encode(),
    b"\x85",
    b"\x0b",
    b"\xff",
    b"\xe4\xb8",
    b"\xed\xa0\x80",
    b"\0",
    b"\x1b",
    b"[Chorus]",
)
# A guessed encoding may lack what is not in ASCII.
_PLAIN, _ANY = "a7 \n", "a7 \n夜🌙\u2028"


def soak(runs: int, seed: int) -> Outcome:
    """Do so with `runs` random byte strings."""
    draw = random.Random(seed)
    losses: list[str] = []
    opened = 0
    with tempfile.TemporaryDirectory(dir=_DISK) as folder:
        path = Path(folder) / "song.txt"
        for _ in range(runs):
            data = _random_bytes(draw)
            problem = _problem(path, data, draw)
            opened += problem is not None
            if problem:
                losses.append(f"{data!r}: {problem}")
    return Outcome(runs, tuple(losses), {"opened": opened})


def _random_bytes(draw: random.Random) -> bytes:
    kind = draw.random()
    if kind < 0.25:
        return draw.randbytes(draw.randrange(24))
    if kind < 0.4:
        text = "".join(draw.choices("a夜🌙\r\n\u2028", k=draw.randrange(12)))
        mark, encoding = draw.choice(((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")))
        return mark + text.encode(encoding)
    return draw.choice(_MARKS) + b"".join(draw.choices(_PIECES, k=draw.randrange(12)))


def _problem(path: Path, data: bytes, draw: random.Random) -> str | None:
    """Return what is wrong, empty if nothing is, None if the bytes are refused."""
    path.write_bytes(data)
    try:
        opened = open_document(path)
    except DocumentError:
        return None
    path.write_bytes(b"something else")
    save_document(path, opened.text, opened.format, opened)
    if path.read_bytes() != data:
        return f"saved as {path.read_bytes()!r}"
    place = draw.randint(0, len(opened.text))
    character = draw.choice(_PLAIN if opened.format.guessed else _ANY)
    text = opened.text[:place] + character + opened.text[place:]
    saved = save_document(path, text, opened.format, opened)
    written = path.read_bytes()
    if (saved.original, saved.text) != (written, text):
        return "what was saved is not what is said to be saved"
    ends = ("\n", "\r\n", "\r") if character == "\n" else (character,)
    more = [end.encode(opened.format.encoding) for end in ends]
    if any(written == with_more for piece in more for with_more in _with(data, piece)):
        return ""
    return f"with {character!r} at {place} saved as {written!r}"


def _with(data: bytes, piece: bytes) -> Iterator[bytes]:
    return (data[:at] + piece + data[at:] for at in range(len(data) + 1))
