"""The line above the footer: which song, whether it is saved, the last remark, the training."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from lyricist.text.display import visible
from lyricist.text.lines import cell_width, cut_to_cells


class StatusBar(Widget):
    """Song and remark on the left, training on the right."""

    DEFAULT_CSS = """
    StatusBar { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.song = ""
        self.modified = False
        self.state = ""
        self.position = ""
        self.remark = ""
        self.training = ""

    def show(self, **fields: str | bool) -> None:
        """Change some of `song`, `modified`, `state`, `position`, `remark` and `training`."""
        changed = False
        for name, value in fields.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
                changed = True
        if changed:
            self.refresh()

    def render(self) -> Content:
        """Return the line; the training gives way to the rest where there is little room."""
        width = self.content_size.width
        mark = " ●" if self.modified else ""
        left = f"{visible(self.song)}{mark}"
        for part in (self.state, self.position, visible(self.remark)):
            if part:
                left += f"  {part}"
        left = cut_to_cells(left, width)
        right = cut_to_cells(visible(self.training), max(0, width - cell_width(left) - 2))
        gap = " " * max(0, width - cell_width(left) - cell_width(right))
        return Content.assemble(left, gap, Content.styled(right, "$text-accent"))
