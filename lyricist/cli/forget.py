"""`lyricist forget`: remove what lyricist knows of the writer."""

from __future__ import annotations

import click

from lyricist.cli.root import say
from lyricist.text.display import visible


@click.command(short_help="Remove drafts, versions and all that was learned.")
@click.option("--models", is_flag=True, help="Remove your own models as well.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(models: bool, yes: bool) -> None:
    """Remove everything that lyricist keeps of your writing: drafts, earlier versions, undo, notes,
    what was learned of what you take, unfinished trainings, logs, and the lists of recent songs.

    Your songs stay where they are, and so do the settings, the shipped models and, without
    --models, the models that you have trained. Files are deleted, not written over. Close other
    windows of lyricist first: they would go on with what they hold.

    \b
    lyricist forget
    lyricist forget --models --yes
    """
    from lyricist.library.forgetting import forget_everything, traces

    found = traces(models)
    for trace in found:
        files = "1 file" if trace.files == 1 else f"{trace.files:,} files"
        say(f"{files:>12}  {visible(str(trace.path))}")
    say("The lists of recent songs and of songs trained on go from the settings.")
    say(f"Songs, settings{'' if models else ', your models'} and shipped models stay.")
    if not yes:
        click.confirm("Remove this for good?", abort=True)
    forget_everything(models)
    say("forgotten")
