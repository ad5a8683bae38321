"""Which part of a song tells the language to go on in."""

import pytest

from lyricist.library.models import model_for_text
from lyricist.text.language import language_sample

CHINESE = "站台的灯一盏一盏暗下去\n你的围巾还绕在我手里\n"


@pytest.mark.parametrize(
    ("text", "model"),
    [
        (CHINESE, "zh"),
        (CHINESE + "the", "zh"),
        (CHINESE + "the l", "en"),
        (CHINESE + "the last train hums", "en"),
        ("I left my coat on the stairs and walked away\n我们在夜里", "zh"),
        ("I left my coat on the stairs and walked away\n我们", "en"),
        (CHINESE + "baby 我爱你 我爱你", "zh"),
    ],
)
def test_a_line_with_enough_letters_decides(text, model):
    assert model_for_text(language_sample(text)) == model
