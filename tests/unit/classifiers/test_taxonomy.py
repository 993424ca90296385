"""The taxonomy file holds together, and says so when it does not."""

from pathlib import Path

import pytest

from classifiers.datasets import CORPUS, read_phrases
from classifiers.taxonomy import (
    TAXONOMY_FILE,
    BrokenTaxonomy,
    UnknownLabel,
    UnknownTopic,
    load_taxonomy,
)


def test_there_are_sixteen_fields_and_eighty_topics() -> None:
    taxonomy = load_taxonomy()
    assert len(taxonomy.fields) == 16
    assert len(taxonomy.leaves) == 80
    assert {topic.field for topic in taxonomy.leaves.values()} == set(taxonomy.fields)


def test_every_topic_has_names_a_description_and_cues() -> None:
    for topic in load_taxonomy().leaves.values():
        assert topic.name
        assert topic.english
        assert topic.description.endswith(".")
        assert len(topic.cues) >= 10
        assert len(set(topic.cues)) == len(topic.cues), topic.slug


def test_labels_have_vietnamese_names() -> None:
    taxonomy = load_taxonomy()
    assert [taxonomy.name(slug) for slug in taxonomy.urgencies] == ["Khẩn", "Cao", "Thường", "Phức tạp"]
    assert taxonomy.name("rac-thai") == "Rác thải, vệ sinh"


def test_unknown_topic_and_field_are_named_in_the_error() -> None:
    with pytest.raises(UnknownTopic, match="den-duong"):
        load_taxonomy().topic("den-duong")
    with pytest.raises(UnknownLabel, match="nowhere"):
        load_taxonomy().leaves_of("nowhere")
    with pytest.raises(ValueError, match="nothing"):
        load_taxonomy().name("nothing")


def test_leaves_of_a_field_come_in_order() -> None:
    slugs = [topic.slug for topic in load_taxonomy().leaves_of("rac-thai")]
    assert slugs == ["thu-gom-rac", "bai-rac-tu-phat", "xa-ban", "co-so-xu-ly-rac"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('slug = "thu-gom-rac"', 'slug = "xa-ban"', "named twice: xa-ban"),
        ('field = "rac-thai"', 'field = "rac"', "no field 'rac'"),
        ('urgency = "phuc_tap"', 'urgency = "soon"', "no urgency 'soon'"),
        ('flags = ["to_cao"]', 'flags = ["secret"]', r"no flags \['secret'\]"),
        ('description = "', 'discription = "', "discription"),
    ],
)
def test_a_broken_file_is_refused_with_the_block_to_mend(tmp_path: Path, old: str, new: str, fault: str) -> None:
    broken = tmp_path / "taxonomy.toml"
    broken.write_text(TAXONOMY_FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrokenTaxonomy, match=fault):
        load_taxonomy(broken)


def test_training_phrases_belong_to_topics_of_the_taxonomy() -> None:
    import tomllib

    named = tomllib.loads((CORPUS / "phrases.toml").read_text(encoding="utf-8"))["phrases"].keys()
    assert set(read_phrases(load_taxonomy())) == set(named) == set(load_taxonomy().leaves)
