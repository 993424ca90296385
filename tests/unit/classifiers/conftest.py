"""A small taxonomy, a handful of labelled texts, and models trained on them once for all tests here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from classifiers.datasets import LabelledText
from classifiers.reader import Reader, load_reader
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.training import train_all

TOPICS = ("den-duong-hong", "thu-gom-rac", "mat-nap-cong", "trom-cuop")
DAY = date(2026, 11, 23)
OPENINGS = ("Dạ", "Bà con báo", "Ở xóm tôi", "Tối qua", "Nhờ xem giùm")
MATTERS = {
    "den-duong-hong": ("đèn hẻm tắt", "bóng đèn chớp hoài", "đường tối thui không có đèn"),
    "thu-gom-rac": ("xe rác không tới", "rác ba ngày chưa ai gom", "phí rác tăng mà không lấy"),
    "mat-nap-cong": ("nắp cống bể", "hố ga hở không ai đậy", "tấm đan sụp xuống"),
    "trom-cuop": ("mất xe máy", "bị giật điện thoại", "trộm bẻ khóa vô nhà"),
}
ENDINGS = {
    "phan_anh": ("mong sửa sớm", "negative", "authority_service"),
    "hoi_dap": ("cho hỏi gọi ai vậy ạ?", "neutral", None),
    "khen": ("nay đã xong, cảm ơn phường", "positive", "authority_service"),
}


def labelled(number: int, text: str, **labels: object) -> LabelledText:
    """A labelled text whose id carries its number."""
    id_ = f"r-b01-{number:04d}"
    given = {"topics": ("thu-gom-rac",), "sentiment": "neutral", "urgency": "thuong", "kind": "hoi_dap", **labels}
    return LabelledText(id=id_, text=text, split_group=id_, writer_batch="b01", **given)  # type: ignore[arg-type]


def _texts() -> list[LabelledText]:
    found = []
    for topic, matters in MATTERS.items():
        for opening in OPENINGS:
            for matter in matters:
                for kind, (ending, sentiment, target) in ENDINGS.items():
                    urgent = kind == "phan_anh" and topic in {"mat-nap-cong", "trom-cuop"}
                    found.append(
                        labelled(
                            len(found) + 1,
                            f"{opening}, {matter}, {ending}",
                            topics=(topic,),
                            sentiment=sentiment,
                            sentiment_target="third_party" if target and topic == "trom-cuop" else target,
                            urgency="khan" if urgent else "thuong",
                            kind=kind,
                            flags=("tin_bao_toi_pham",) if topic == "trom-cuop" and kind == "phan_anh" else (),
                        )
                    )
    return found


@pytest.fixture(scope="session")
def small_taxonomy() -> Taxonomy:
    """The shipped taxonomy with four of its topics."""
    whole = load_taxonomy()
    return replace(whole, leaves={slug: whole.topic(slug) for slug in TOPICS})


@pytest.fixture(scope="session")
def small_texts() -> list[LabelledText]:
    """180 plain texts over four topics and three kinds."""
    return _texts()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, small_taxonomy: Taxonomy, small_texts: list[LabelledText]) -> Path:
    """A shelf with one trained model a task."""
    folder = tmp_path_factory.mktemp("models")
    made = train_all(small_texts, models=folder, on=DAY, taxonomy=small_taxonomy)
    versions = {task: artifact.manifest.version for task, artifact in made.items()}
    lines = ["[served]", *(f'{task} = "{version}"' for task, version in versions.items())]
    (folder / "served.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small_reader(shelf: Path, small_taxonomy: Taxonomy) -> Reader:
    """A reader over that shelf."""
    return load_reader(shelf, taxonomy=small_taxonomy)


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a random two-layer encoder with a word tokenizer, or skips the test where torch is not installed."""

    def make() -> Path:
        pytest.importorskip("torch", reason="the extra 'encoder' (torch) is not installed")
        return _tiny_encoder(tmp_path_factory.mktemp("encoder"))

    return make


def _tiny_encoder(folder: Path) -> Path:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = "đèn đường hẻm tắt cháy bóng rác xe không tới gom chưa".split()
    known = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    tokenizer = Tokenizer(models.WordLevel(known, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", known["[CLS]"]), ("[SEP]", known["[SEP]"])]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(known),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        hidden_dropout_prob=0.0,
    )
    BertModel(config).save_pretrained(folder)
    return folder
