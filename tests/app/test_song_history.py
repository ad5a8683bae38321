"""A run of keys is kept as one edit, and is undone and redone as it was done."""

from textual.app import App

from lyricist.app.widgets.editor import Editor


class Host(App):
    def compose(self):
        yield Editor(id="editor")

    def on_mount(self):
        self.query_one(Editor).load_text("夜里 x")
        self.query_one(Editor).focus()


async def test_a_run_of_letters_and_one_of_backspaces_are_an_edit_each():
    app = Host()
    async with app.run_test() as pilot:
        editor = app.query_one(Editor)
        await pilot.press("right", "right", *"abcd", *["backspace"] * 3)
        assert editor.text == "夜里a x"
        batches = editor.history.undo_stack
        assert [[edit.text for edit in batch] for batch in batches] == [["abcd"], [""]]
        await pilot.press("ctrl+z")
        assert (editor.text, editor.cursor_location) == ("夜里abcd x", (0, 6))
        await pilot.press("ctrl+z")
        assert (editor.text, editor.cursor_location) == ("夜里 x", (0, 2))
        await pilot.press("ctrl+y", "ctrl+y")
        assert (editor.text, editor.cursor_location) == ("夜里a x", (0, 3))


async def test_edits_at_other_places_stay_apart():
    app = Host()
    async with app.run_test() as pilot:
        editor = app.query_one(Editor)
        await pilot.press("a", "b", "delete", "delete")
        assert editor.text == "ab x"
        typed, deleted = editor.history.undo_stack
        assert [edit.text for edit in typed] == ["ab"]
        assert len(deleted) == 2
        await pilot.press("ctrl+z")
        assert editor.text == "ab夜里 x"


async def test_much_typing_keeps_few_edits():
    app = Host()
    async with app.run_test():
        editor = app.query_one(Editor)
        for _ in range(100):
            for _ in range(20):
                editor.insert("w", editor.cursor_location)
            for _ in range(20):
                editor.action_delete_left()
        kept = sum(len(batch) for batch in editor.history.undo_stack)
        assert kept <= 210
        assert editor.text == "夜里 x"
