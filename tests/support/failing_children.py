"""Lets our child processes fail of themselves with messages that quote the text at hand.

Put as `sitecustomize.py` into a folder of `PYTHONPATH`; `FAILS` names what is to fail: `service`
or `trainer`.
"""

import os
import sys


def fail_service():
    """Fail on the first question, as an error in the engine would."""
    from lyricist.suggest.engine import SuggestionEngine

    def answer(self, request, is_superseded):
        prefix = request.prefix
        raise ValueError(f"no answer to: {prefix}", request)

    SuggestionEngine.answer = answer


def fail_trainer():
    """Fail once it learns, from within its second thread, caused by an error that quotes too."""
    from lyricist.text.vocabulary import Vocabulary
    from lyricist.training.trainer import Trainer
    from lyricist.training.worker import Worker

    encode = Vocabulary.encode
    texts = []

    def remember(self, text):
        texts.append(text)
        return encode(self, text)

    def step(self, inputs, targets):
        def work():
            try:
                raise KeyError(texts[0])
            except KeyError as error:
                error.add_note(f"in {texts[0]}")
                raise RuntimeError(f"cannot learn: {texts}") from error

        return Worker(lambda: False).do(work)

    Vocabulary.encode, Trainer._step = remember, step


if os.environ.get("FAILS") == "service" and "lyricist.suggest.service" in sys.orig_argv:
    fail_service()
if os.environ.get("FAILS") == "trainer" and "train" in sys.orig_argv:
    fail_trainer()
