"""What the estimators see of a text."""

from .clean import Cleaned, cleaned
from .fold import lower
from .pieces import NUMBER
from .spelling import expanded


def prepare(text: str) -> str:
    """Cleaned, written out, lower case with its marks, every number a ``0``; the folded view is ``fold`` of it.

    >>> prepare("Hẻm 51/3 đường   hoà bình ngập r, k ai dọn!!!")
    'hẻm 0 đường hòa bình ngập rồi, không ai dọn!!!'
    """
    return prepared(text).text


def prepared(text: str) -> Cleaned:
    """As ``prepare``, with the way back to the original offsets."""
    state = expanded(cleaned(text))
    state = Cleaned(lower(state.text), state.starts, state.ends)
    return state.rewritten(NUMBER, lambda _: "0")
