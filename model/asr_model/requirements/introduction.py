"""R01 to R04: the section "Introduction" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import INFORMATIVE, Grade, Requirement

_r = partial(Requirement, section="Introduction", evidence=Grade.DOCUMENTED)

INTRODUCTION = (
    _r("R01", INFORMATIVE,
        "The article is about failing an on-premises VMware VM over to Azure with the Modernized architecture.",
        note="States the scope; it asks nothing of an implementation."),
    _r("R02", INFORMATIVE, "The Classic architecture fails over in its own way, which another article covers.",
        note="Refers to another article; it asks nothing of an implementation."),
    _r("R03", INFORMATIVE,
        "The article shows the simplest path with default options and leaves other settings and paths out.",
        note="Tells how to read the article: what it is silent about is not thereby forbidden."),
    _r("R04", INFORMATIVE, "Several VMs are failed over together by means of a recovery plan.",
        note="Refers to another article; recovery plans lie outside the lifecycle of one replicated item."),
)  # fmt: skip
