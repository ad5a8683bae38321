"""One song in two terminals, of which one is killed."""

import signal


def test_the_second_window_reads_until_the_first_one_is_killed(terminal, tmp_path):
    path = tmp_path / "song.txt"
    path.write_bytes(b"one\r\ntwo\n")
    first = terminal(path, columns=90, rows=24)
    first.wait_for("two")
    link = tmp_path / "link.txt"
    link.symlink_to("song.txt")
    second = terminal(link, columns=90, rows=24)
    second.wait_for("another window")
    assert f"process {first.child.pid}" in second.text
    second.press("enter")
    second.wait_for("READ ONLY")
    second.type("xyz")
    second.wait_for("F12 saves a copy")
    first.type("new ")
    first.press("ctrl+s")
    first.wait_for("saved")
    second.wait_for("new one")
    assert path.read_bytes() == b"new one\r\ntwo\n"
    first.type("and lost ")
    first.child.kill(signal.SIGKILL)
    second.wait_for("you can write now")
    second.type("mine ")
    second.press("ctrl+s")
    second.wait_for("saved")
    assert path.read_bytes() == b"mine new one\r\ntwo\n"
    assert link.is_symlink()
    second.press("ctrl+q")
    assert second.finish() == 0
