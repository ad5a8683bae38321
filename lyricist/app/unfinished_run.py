"""The form of the last training run that did not finish, kept so that a later start can resume."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, fields, replace
from pathlib import Path

from lyricist.app.train_form import TrainForm
from lyricist.errors import LyricistError
from lyricist.library.atomic import write_bytes
from lyricist.library.paths import paths, private_folder
from lyricist.library.set_aside import read_own_file, set_aside

_MAX_BYTES = 1_000_000


def remember_run(form: TrainForm) -> None:
    """Write `form` down; where the disk refuses, a later start just cannot resume."""
    with contextlib.suppress(OSError, LyricistError):
        private_folder(paths().training)
        write_bytes(_file(), json.dumps(asdict(form)).encode())


def unfinished_run() -> TrainForm | None:
    """Return the form with which to resume, None if there is nothing to go on with."""
    file = _file()
    try:
        found = json.loads(read_own_file(file, _MAX_BYTES))
        known = {field.name for field in fields(TrainForm)}
        form = TrainForm(**{key: value for key, value in found.items() if key in known})
        form = replace(form, corpus=tuple(form.corpus), prefixes=tuple(form.prefixes), resume=True)
        texts = (*form.corpus, *form.prefixes, form.name, form.recipe, form.device, form.script)
        if not all(isinstance(text, str) for text in (*texts, form.time_budget, form.base or "")):
            raise ValueError("no names")
        # The trainer keeps the run's state in a folder of the model's name until it has finished.
        has_state = any((paths().training / form.name).glob("*.safetensors"))
    except (ValueError, TypeError, AttributeError, RecursionError):
        set_aside(file, "the form of the last training")
        return None
    except OSError:
        return None
    return form if has_state else None


def _file() -> Path:
    return paths().training / "last-run.json"
