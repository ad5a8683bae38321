"""`lyricist doctor`: is everything in place? A line a finding, exit status 1 for a problem."""

from __future__ import annotations

import json
import locale
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from lyricist import __version__
from lyricist.cli.root import say
from lyricist.errors import LyricistError
from lyricist.text.display import visible


@dataclass(frozen=True)
class Finding:
    """One thing looked at. detail: what was found, or cause and mend."""

    ok: bool
    subject: str
    detail: str


@click.command(short_help="Check the installation.")
@click.option("--json", "as_json", is_flag=True, help="One object a finding.")
def doctor(as_json: bool) -> None:
    """Check Python, torch, folders, settings, models and the terminal.

    \b
    lyricist doctor
    """
    sound = True
    for check in (_versions, _torch, _folders, _settings, _models, _terminal):
        for finding in _guarded(check):
            sound = sound and finding.ok
            if as_json:
                click.echo(json.dumps(asdict(finding)))
            else:
                mark = "ok     " if finding.ok else "PROBLEM"
                say(f"{mark}  {finding.subject:12} {visible(finding.detail)}")
    if not sound:
        sys.exit(1)


def _guarded(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except (LyricistError, OSError, ImportError) as error:
        yield Finding(False, check.__name__.strip("_"), str(error))


def _versions() -> Iterator[Finding]:
    yield Finding(True, "lyricist", f"{__version__}, Python {platform.python_version()}")


def _torch() -> Iterator[Finding]:
    import torch

    from lyricist.network.device import choose_device

    device = choose_device("auto").type
    yield Finding(
        True, "torch", f"{torch.__version__}, {device}, {torch.get_num_threads()} threads"
    )


def _folders() -> Iterator[Finding]:
    from lyricist.library.paths import paths, private_folder

    for name, folder in asdict(paths()).items():
        writable = os.access(private_folder(Path(folder)), os.W_OK)
        yield Finding(writable, name, f"{folder}{'' if writable else ' cannot be written to'}")


def _settings() -> Iterator[Finding]:
    from lyricist.library.settings import load_settings

    notice = load_settings()[1]
    yield Finding(notice is None, "settings", notice or "fine")


def _models() -> Iterator[Finding]:
    from lyricist.library.models import list_models
    from lyricist.network.checkpoint import load_model

    for entry in list_models():
        try:
            load_model(entry.path)
        except LyricistError as error:
            yield Finding(False, "model", str(error))
        else:
            yield Finding(True, "model", f"{entry.name} loads")


def _terminal() -> Iterator[Finding]:
    encoding = locale.getpreferredencoding(False)
    utf8 = encoding.lower().replace("-", "") == "utf8"
    mend = "" if utf8 else "; set LANG to a UTF-8 locale to see Chinese"
    yield Finding(utf8, "locale", f"{encoding}{mend}")
    yield Finding(True, "terminal", os.environ.get("TERM", "none"))
