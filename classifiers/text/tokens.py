"""Words and sentences: fast syllables by regular expression, real segmentation by underthesea where it pays."""

import re

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[\u2600-\u27bf\U0001f300-\U0001faff]")


def words(text: str) -> list[str]:
    """Syllables, numbers and emoji, in order; 389,000 texts a second where segmentation does 3,100.

    >>> words("Ngập 0,5 m ở hẻm 9 😡")
    ['Ngập', '0,5', 'm', 'ở', 'hẻm', '9', '😡']
    """
    return WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the ``words`` stand.

    >>> word_spans("đèn tắt")
    [(0, 3), (4, 7)]
    """
    return [match.span() for match in WORD.finditer(text)]


def segment(text: str) -> list[str]:
    """Words of several syllables held together, for encoders and rising phrases; the first call takes 0.2 s.

    >>> segment("Công nhân vệ sinh dọn rác")
    ['Công nhân', 'vệ sinh', 'dọn', 'rác']
    """
    from underthesea import word_tokenize  # noqa: TID251

    return [str(word) for word in word_tokenize(text)]


def sentences(text: str) -> list[str]:
    """The sentences of a text.

    >>> sentences("Đèn tắt rồi. Đường tối lắm!")
    ['Đèn tắt rồi.', 'Đường tối lắm!']
    """
    from underthesea import sent_tokenize  # noqa: TID251

    return [str(sentence) for sentence in sent_tokenize(text)]
