"""What the public may see of a matter, and how near its place. Until people decide on each, a strict rule holds."""

from classifiers.taxonomy import Taxonomy

# Their law asks for another road and another silence than an ordinary report: nothing of them is offered or shown.
SILENT_FLAGS = frozenset({"to_cao", "tre_em", "tin_bao_toi_pham"})
HARMLESS_FLAGS = frozenset({"pakn_quy_dinh"})  # criticism of a rule harms nobody; every other flag keeps a matter back
UNCLEAR = "khong-du-thong-tin"  # the leaf of spam and of what says too little
PUBLIC_KINDS = frozenset({"phan_anh", "gop_y", "khen"})
OPEN_STATES = frozenset({"assigned", "accepted"})
DONE_STATES = frozenset({"answered", "closed"})
# A fault in these fields stands on public ground; elsewhere the spot may be somebody's home.
ON_PUBLIC_GROUND = frozenset({"ha-tang-giao-thong", "trat-tu-giao-thong", "ha-tang-ky-thuat"})
EXACT, COARSE = 5, 2  # decimals of a degree: a metre, a kilometre


def public_topics(taxonomy: Taxonomy) -> frozenset[str]:
    """The topics that the public may choose and see: all but spam and those that invite a silent flag."""
    return frozenset(
        leaf.slug
        for leaf in taxonomy.leaves.values()
        if leaf.slug != UNCLEAR and SILENT_FLAGS.isdisjoint({*leaf.flags, *leaf.flags_by_rule})
    )


def tells_the_spot(field: str | None) -> bool:
    """Whether the spot of a matter of this field may be shown as it is."""
    return field in ON_PUBLIC_GROUND


def shown_point(lat: float, lng: float, field: str | None) -> tuple[float, float]:
    """The point that is shown: to a metre on public ground, else to a kilometre."""
    digits = EXACT if tells_the_spot(field) else COARSE
    return round(lat, digits), round(lng, digits)
