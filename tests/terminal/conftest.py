"""A pseudo-terminal for each test that wants one, closed at the end whatever happens."""

import pytest
from pseudo_terminal import PseudoTerminal


@pytest.fixture
def terminal(home):
    """Every ghost is shown: which of them are worth it depends on what the model draws."""
    config = home / "config"
    config.mkdir(exist_ok=True)
    (config / "settings.toml").write_text('eagerness = "eager"\n', encoding="utf-8")
    opened = []

    def open_terminal(*arguments, **options):
        opened.append(PseudoTerminal(arguments, home, **options))
        return opened[-1]

    yield open_terminal
    for one in opened:
        one.close()
