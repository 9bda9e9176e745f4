"""Compare what an answer gave with the reference, and say what is wrong and why.

`verdict` leads; `outputs` looks at one output at a time; `compare` knows when two values are equal; `known`,
`diagnoses`, `misshapen`, `factors`, `places` and `forwards` recognise causes; `notes` says what is worth
saying beside right and wrong.
"""

from bplearn.judge.verdict import judge
from bplearn.judge.wrong import Run

__all__ = ["Run", "judge"]
