"""Every static picture, with the arguments with which it is tried."""

import numpy as np

from bplearn.nn import Value

TABLE = np.round(9 * np.sin(np.arange(12.0))).reshape(3, 4)
ROW = np.linspace(-2.0, 2.0, 9)
LAYER = {"x": TABLE[:2, :3], "W": TABLE, "b": TABLE[0], "dz": TABLE[:2] / 2}
RACE = {name: share ** np.arange(80.0).reshape(40, 2) for name, share in {"quick": 0.8, "slow": 0.95}.items()}
FALLING = {"a": [1.0, 1e-6], "b": [0.5, 0.4]}
GRAPH = {"a": Value(2.0), "b": Value(-0.5)}
GRAPH["out"] = (GRAPH["a"] * GRAPH["b"] + 1.5) * GRAPH["a"]
GRAPH["out"].backward()
STATIC = {
    "ablation_bars": [{"table": {"plain": (0.95, 0.01), "no hidden layer": (0.93, 0.002)}}],
    "activations": [{}, {"names": ("tanh", "ReLU")}],
    "affine_picture": [{}, {"N": 2, "D": 6, "M": 3}],
    "axes_picture": [{}],
    "batch_descents": [{}, {"runs": ((32, 0.5), (200, 0.5)), "epochs": 2}],
    "blame_left": [{"dy": ROW**2, "x_hat": (ROW - ROW.mean()) / ROW.std()}],
    "boundaries": [{}, {"steps": (0, 50), "sizes": (2, 2)}],
    "cache_picture": [{}],
    "chain_graph": [{}, {"show": "both"}, {"show": "both", "x": -2.0, "w1": -3.0, "w2": 2.5, "y": 0.0}],
    "chords": [{}, {"w": 1.5, "h": 0.5}],
    "class_pictures": [{"weights": np.arange(128.0).reshape(64, 2) - 60}],
    "clip_directions": [{}, {"gradient": (4.0, 2.5)}],
    "confusion_picture": [{"table": np.eye(4) * 9 + TABLE[:1, :4] ** 2}],
    "dial_curve": [{}, {"w": -2.0}, {"y": 1.0, "x": -1.0, "w": 0.0}],
    "digit_images": [
        {"images": np.arange(192.0).reshape(3, 8, 8) % 17, "labels": [3, 5, 8]},
        {"images": np.arange(768.0).reshape(12, 8, 8) % 17, "labels": [8] * 12, "read": [1] * 12},
    ],
    "error_valley": [{}, {"w": 0.5}],
    "expression_graph": [GRAPH, {"out": (GRAPH["a"] * GRAPH["b"] + GRAPH["a"]) ** 2 / 3.0}],
    "fan_out": [{}, {"w": -2.5, "x": 2.0, "y": 0.0}],
    "fitted_lines": [
        {"x": np.arange(8.0), "y": 2.0 * np.arange(8), "lines": {"a": (2.0, 0.0), "b": (0.5, 3.0)}}
    ],
    "fitting_curves": [{"train": [2.0, 1.0, 0.5], "validation": [2.0, 1.2, 1.6], "best": 1}],
    "flat_against_steep": [{}, {"z": 3.0, "lr": 1.0}],
    "gradient_clouds": [{}],
    "gradient_ladder": [{"norms": {"a": [1e-6, 1e-3, 1.0], "b": [0.5, 0.7, 0.4]}}],
    "gradient_norms": [{"runs": {"a": [1.0, 50.0, float("nan")], "b": [1.0, 2.0, 0.5]}, "limit": 1.0}],
    "hinges": [{}, {"counts": (1, 5)}],
    "interleaved_updates": [{}],
    "layer_inputs": [{"inputs": {"as they come": [TABLE, TABLE * 9], "put in order": [TABLE, TABLE]}}],
    "layer_reach": [{**LAYER, "moves": moves} for moves in ("W", "b", "x")],
    "layer_shapes": [{}, {"N": 4, "D": 6, "M": 3}],
    "learned_bends": [{"x": ROW, "wanted": ROW**2, "answer": np.abs(ROW), "places": np.array([0.0, 7.0])}],
    "learning_rates": [{}, {"rates": (2.0, 8.0)}],
    "loop_and_matrix": [{"products": [2000, 90_000], "loop": [7e-4, 3e-2], "matrix": [4e-6, 9e-6]}],
    "loss_pulls": [{}, {"delta": 0.5}],
    "loss_tangent": [{}, {"w": -2.0}, {"w": 0.5}, {"y": 0.0}],
    "losses": [{"losses": [0.5, 0.3, 0.2]}, {"losses": {"a": [0.5, 0.1], "b": [0.5, 0.6]}, "log": True}],
    "rates_that_learn": [
        {"found": {"without": {0.1: [0.9, 0.95], 1.0: [0.1, 0.2]}, "with": {0.1: [0.95], 1.0: [0.97]}}},
        {"found": {"a network that does not learn": {0.1: [0.2, 0.1], 0.2: [0.1, 0.1]}}},
    ],
    "ravine_race": [
        {"paths": {name: share ** np.arange(80.0).reshape(40, 2) for name, share in RACE.items()}}
    ],
    "schedules": [{"rates": {"a": [0.1, 0.2, 0.05], "b": [0.2, 0.2, 0.1]}}],
    "seed_dots": [{"results": {"plain": [0.9, 0.8, 0.85], "dropout, 0.5": [0.92, 0.9, 0.95]}}],
    "sigmoid_slopes": [{}],
    "signal_spreads": [{"spreads": FALLING, "slopes": {"a": [1.0, 1.0], "b": [0.5, 0.2]}}],
    "softmax_shares": [{}, {"raised": 2, "by": 2.0}],
    "surprise_curve": [{}],
    "two_losses_slopes": [{}],
    "weight_histograms": [{"weights": {"a": np.sin(np.arange(90.0)), "b": np.sin(np.arange(90.0)) ** 9}}],
    "weight_images": [{"W": np.sin(np.arange(640.0)).reshape(64, 10)}],
    "xor_folded": [{}],
}
