"""The command group: `lyricist [FILE]` opens the editor, anything else is a subcommand."""

from __future__ import annotations

import importlib
import io
import os
import sys

import click

from lyricist import __version__
from lyricist.errors import LyricistError
from lyricist.text.display import visible, visible_lines

# Subcommands are imported when they are called, so that `--help` and the editor start at once.
_COMMANDS = {
    "edit": ("lyricist.cli.edit", "edit"),
    "corpus": ("lyricist.cli.corpus", "corpus"),
    "train": ("lyricist.cli.train", "train"),
    "complete": ("lyricist.cli.complete", "complete"),
    "rhyme": ("lyricist.cli.rhyme", "rhyme"),
    "analyze": ("lyricist.cli.analyze", "analyze"),
    "evaluate": ("lyricist.cli.evaluate", "evaluate"),
    "models": ("lyricist.cli.models", "models"),
    "forget": ("lyricist.cli.forget", "forget"),
    "doctor": ("lyricist.cli.doctor", "doctor"),
    "bench": ("lyricist.cli.bench", "bench"),
    "completion": ("lyricist.cli.completion", "completion"),
}


class CommandsOrFile(click.Group):
    """A group whose first argument may also be a file to edit."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the subcommands in the order of a writer's day."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one subcommand."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read `lyricist FILE` as `lyricist edit FILE`, and no argument as `lyricist edit`."""
        asks = {"--help", "-h", "--version"}
        is_command = any(argument in _COMMANDS for argument in args[:1])
        if not is_command and not (args and args[0] in asks):
            args = ["edit", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=CommandsOrFile,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A file whose name is a command opens with `lyricist edit NAME`.",
)
@click.version_option(__version__, prog_name="lyricist")
def root() -> None:
    """Write lyrics with ghost text from a small recurrent network of your own.

    \b
    lyricist                      the editor, with the draft you left
    lyricist song.txt             the editor, with a file
    lyricist train songs/         a model of your own songs
    lyricist complete "分开"      a continuation on standard output
    lyricist rhyme 月光           words that rhyme with it
    lyricist analyze song.txt     its rhyme schemes, syllables and tones
    """


def main() -> None:
    """Run the command line: one line on standard error for every expected failure.

    Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    # A few rows at a time are multiplied here: threads of NumPy's own would cost more than they do.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        # Songs hold characters that an ASCII locale cannot print.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        status = root.main(standalone_mode=False)
        sys.stdout.flush()
    except LyricistError as error:
        _complain(str(error))
        status = error.exit_code
    except click.exceptions.Abort:
        status = 130
    except click.ClickException as error:
        _complain(f"{error.format_message()} (see `lyricist {_command_of(error)}--help`)")
        status = 2
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; nothing more is wanted.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = 0
    except Exception as error:
        status = _failed_of_itself(error)
    sys.exit(status or 0)


def say(text: str) -> None:
    """Print text that may come from anywhere: control characters become symbols."""
    click.echo(visible_lines(text))


def read_text_argument(text: str) -> str:
    """Return `text`, or standard input where it is `-`, without its last line end."""
    if text != "-":
        return text
    from lyricist.text.decoding import decode

    try:
        decoded = decode(sys.stdin.buffer.read())
    except ValueError as error:
        raise LyricistError(f"standard input is not text ({error})", "pipe text in") from error
    return decoded.text.removesuffix("\n").removesuffix("\r")


def default_model(text: str) -> str:
    """The model for a text where none is named: the settings' own, or by language."""
    from lyricist.library.models import model_for_text
    from lyricist.library.settings import load_settings

    return load_settings()[0].model or model_for_text(text)


def _complain(message: str) -> None:
    click.echo(f"lyricist: {visible(message)}", err=True)


def _failed_of_itself(error: Exception) -> int:
    """Say that it is our fault; a traceback would print what is in the songs."""
    from lyricist.library.crash_log import crash_cause, write_crash

    file = write_crash(error)
    where = f"; see {file}" if file is not None else ""
    _complain(f"it failed of itself ({crash_cause(error)}){where}")
    return 1


def _command_of(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    if context is None or context.info_name is None:
        return ""
    words = context.command_path.split()[1:]
    return "".join(f"{word} " for word in words)
