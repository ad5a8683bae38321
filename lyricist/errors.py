"""The family of errors a user may see: each is one line that names the cause and the mend."""

from __future__ import annotations


class LyricistError(Exception):
    """An expected failure, shown to the user as one line.

    Args:
        cause: What went wrong, naming the thing it happened to.
        mend: What the user can do about it.

    `exit_code` is what the command line returns: 1 failed, 2 wrong usage.
    """

    exit_code = 1

    def __init__(self, cause: str, mend: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.mend = mend

    def __str__(self) -> str:
        text = f"{self.cause}; {self.mend}" if self.mend else self.cause
        return " ".join(text.split())


class UsageError(LyricistError):
    """Options or arguments that cannot be meant together."""

    exit_code = 2


class CorpusError(LyricistError):
    """A corpus that cannot be read or trained on."""


class ModelError(LyricistError):
    """A model folder that is missing, damaged, foreign or unsuitable."""


class DocumentError(LyricistError):
    """A document that cannot be opened or saved."""


class SettingsError(LyricistError):
    """A settings file that cannot be read or written."""


class DeviceError(LyricistError):
    """A device that was asked for and is not there, or ran out of memory."""


class TrainingError(LyricistError):
    """A training run that cannot start or go on.

    kept_model: name of the model that the best weights before that were put into, if any.
    """

    kept_model: str | None = None
