"""A claim of every rule, in modules named as those of the rules."""

from tests.core.claims import baghdad, common, engagement, ladder, militia, tehran, washington

ALL = [
    claim
    for module in (common, militia, engagement, washington, baghdad, tehran, ladder)
    for claim in module.CLAIMS
]
