"""An optimiser is told what is wrong step by step; a constant is not told to be computed."""

from bplearn.exercises import find
from bplearn.proofs import right_answer, verdict
from tests.judging import check


def off_from_step_2(w, dw, v, lr, mu):
    old, v = v, mu * v + dw
    return w - lr * v * (1.3 if old.any() else 1.0), v


def test_what_is_wrong_in_an_optimiser_is_told_step_by_step():
    (w, v) = check("momentum_step", off_from_step_2).findings
    assert "After step 2, `w[" in w.message
    assert v.status == "ok"


def test_moving_the_weights_in_place_is_no_wrong_value():
    def in_place(w, dw, v, lr, mu):
        v = mu * v + dw
        w -= lr * v
        return w, v

    messages = {finding.message for finding in check("momentum_step", in_place).findings}
    assert messages == {"The values are right, but the argument `w` was changed. It must stay as it was."}


def test_a_constant_where_another_constant_is_due_is_not_told_to_be_computed():
    right = right_answer(find("init_mlp"))

    def answer(sizes, rng):
        return {name: array + 0.1 * (name[0] == "b") for name, array in right(sizes, rng).items()}

    findings = verdict(find("init_mlp"), answer).findings
    assert {f.mistake for f in findings if f.output.startswith("b")} == {"biases_start_at_zero"}
