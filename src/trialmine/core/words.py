"""Words that the expressions of several modules share, each said once."""

from __future__ import annotations

_IN_A_WORD = "成|织|合(?!并|计)"
#: behind 组 that isn't the beginning of another word: 组成, 组织, 组合 (but 对照组合并…)
NOT_IN_WORD = rf"(?!{_IN_A_WORD})"
#: the same behind a group's name, where 组间 and 组分 are none either (but 对照组分别…)
ENDS_GROUP = rf"(?!{_IN_A_WORD}|间|分(?!别))"
#: those who take part; what else is counted (those, cases, eyes) stands beside it where it is meant
PEOPLE = "patients|participants|subjects|people|individuals|women|men|adults|children|infants|volunteers"
#: English words that are no part of a name: articles, prepositions, conjunctions, forms of to be and to have
FUNCTION = (
    "an?|the|this|that|these|those|all|both|each|most|of|in|on|at|to|for|by|from|with|than|and|or|but|as|per|is|are|was|were|had|has|have|did|"
    "while|which|who|among|versus|vs|respectively|during|after|before|over|it|they|our|their|its|more|less|fewer"
)
#: the same with those that could begin the name of an outcome, but not of a group: other infections
NO_GROUP_WORD = f"{FUNCTION}|many|some|other|does|do|can|may|will|would|when|whereas|where|between|until|within|under|there|we"
