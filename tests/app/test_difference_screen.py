"""The screen that shows what differs between two texts."""

from textual.app import App
from textual.widgets import Button, Static

from lyricist.app.screens.difference import DifferenceScreen

ANSWERS = (("keep", "Keep mine"), ("take", "Take theirs"))


class Host(App):
    """Shows one difference and notes the answer."""

    def __init__(self, old, new):
        super().__init__()
        self.shown = DifferenceScreen("on disk \x1b[31m", old, "in the editor", new, ANSWERS)
        self.answer = "none yet"

    def on_mount(self):
        self.push_screen(self.shown, lambda answer: setattr(self, "answer", answer))

    async def lines(self, pilot):
        """The difference as it is drawn, once it has been made."""
        while "comparing" in (text := str(self.shown.query_one("#difference-text").visual)):
            await pilot.pause(0.01)
        return text.split("\n")


async def test_lines_are_signed_and_hostile_ones_are_symbols():
    app = Host("[Chorus]\nnight\n\x1b]0;x\x07", "[Chorus]\nday\n\x1b]0;x\x07\n[/Hook]")
    async with app.run_test(size=(80, 24)) as pilot:
        assert await app.lines(pilot) == [
            "  [Chorus]",
            "- night",
            "+ day",
            "  ␛]0;x␇",
            "+ [/Hook]",
        ]
        titles = str(app.shown.query(Static).first().visual)
        assert titles == "- on disk ␛[31m\n+ in the editor"


async def test_the_answer_is_the_button_pressed_and_escape_is_none():
    app = Host("a", "b")
    async with app.run_test(size=(80, 24)) as pilot:
        await app.lines(pilot)
        assert [str(button.label) for button in app.shown.query(Button)] == [
            "Keep mine",
            "Take theirs",
        ]
        await pilot.press("right", "enter")
        assert app.answer == "take"
    app = Host("a", "b")
    async with app.run_test(size=(40, 12)) as pilot:
        await app.lines(pilot)
        await pilot.press("escape")
        assert app.answer is None


async def test_a_long_difference_scrolls_while_an_answer_has_the_focus():
    app = Host("\n".join("old" for _ in range(100)), "\n".join("new" for _ in range(100)))
    async with app.run_test(size=(60, 20)) as pilot:
        await app.lines(pilot)
        lines = app.shown.query_one("#difference-lines")
        await pilot.press("down", "down")
        assert lines.scroll_y == 2
        await pilot.press("end")
        assert lines.scroll_y == lines.max_scroll_y > 100
        await pilot.press("home", "pagedown")
        assert 0 < lines.scroll_y < lines.max_scroll_y
