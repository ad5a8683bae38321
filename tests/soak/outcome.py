"""What a long run found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outcome:
    """runs: how often something was broken. losses: one line for each promise that did not hold.

    facts: further figures by name, with their units in the name or the value.
    """

    runs: int
    losses: tuple[str, ...] = ()
    facts: dict[str, str | int | float] = field(default_factory=dict)

    def line(self, name: str, seconds: float) -> str:
        """Return one line for people."""
        facts = "".join(f", {key} {value}" for key, value in self.facts.items())
        return f"{name}: {self.runs:,} runs, {len(self.losses)} losses in {seconds:.0f} s{facts}"
