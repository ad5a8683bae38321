"""`lyricist completion`: tab completion for the shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command(short_help="Print a shell completion script.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that teaches SHELL to complete `lyricist` commands and options.

    \b
    lyricist completion bash >> ~/.bashrc
    lyricist completion zsh >> ~/.zshrc
    lyricist completion fish > ~/.config/fish/completions/lyricist.fish
    """
    from lyricist.cli.root import root

    complete = get_completion_class(shell)
    assert complete is not None
    click.echo(complete(root, {}, "lyricist", "_LYRICIST_COMPLETE").source())
