"""Words that the expressions of several modules share, each said once."""

from __future__ import annotations

_IN_A_WORD = "成|织|合(?!并|计)"
#: behind 组 that isn't the beginning of another word: 组成, 组织, 组合 (but 对照组合并…)
NOT_IN_WORD = rf"(?!{_IN_A_WORD})"
#: the same behind a group's name, where 组间 and 组分 are none either (but 对照组分别…)
ENDS_GROUP = rf"(?!{_IN_A_WORD}|间|分(?!别))"
