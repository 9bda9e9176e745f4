"""Figures and live pictures. Each function shows its picture and its text alternative, and returns None.

Modules are loaded when a function is first asked for, so ``from bplearn import viz`` costs nothing.
"""

from importlib import import_module as _import
from typing import TYPE_CHECKING

_HOMES = {
    "ablation_bars": "reading",
    "activation_explorer": "live_bends",
    "activations": "bends",
    "affine_picture": "arrays",
    "axes_picture": "arrays",
    "backprop_diagram": "diagram",
    "batch_descents": "batches",
    "batch_noise": "live_batches",
    "batch_norm_explorer": "live_norms",
    "blame_left": "norms",
    "boundaries": "network",
    "cache_picture": "network",
    "chain_graph": "chain",
    "chords": "slopes",
    "class_pictures": "rulers",
    "clip_directions": "clips",
    "clip_explorer": "live_clips",
    "confusion_picture": "reading",
    "depth_explorer": "live_depths",
    "dial_curve": "neuron",
    "digit_images": "reading",
    "digit_pad": "live_digits",
    "error_valley": "slopes",
    "expression_graph": "graphs",
    "fan_out": "chain",
    "fitted_lines": "rulers",
    "fitting_curves": "fits",
    "flat_against_steep": "rulers",
    "gradient_clouds": "batches",
    "gradient_ladder": "depths",
    "gradient_norms": "clips",
    "hinges": "bends",
    "interleaved_updates": "descent",
    "layer_inputs": "norms",
    "layer_reach": "layer",
    "layer_shapes": "layer",
    "learned_bends": "bends",
    "learning_rates": "descent",
    "live_graph": "live_graphs",
    "loop_and_matrix": "layer",
    "loss_explorer": "explorer",
    "loss_pulls": "rulers",
    "loss_tangent": "neuron",
    "losses": "descent",
    "network_diagram": "live_layers",
    "optimiser_race": "live_race",
    "outlier_explorer": "live_losses",
    "overfitting_explorer": "live_fits",
    "playground": "live_playground",
    "rates_that_learn": "norms",
    "ravine_race": "race",
    "schedules": "race",
    "seed_dots": "fits",
    "sigmoid_slopes": "neuron",
    "signal_spreads": "depths",
    "softmax_shares": "bends",
    "step_valley": "live_valley",
    "surprise_curve": "rulers",
    "two_losses_slopes": "neuron",
    "weight_histograms": "fits",
    "weight_images": "layer",
    "xor_folded": "network",
}
__all__ = sorted(_HOMES)

if TYPE_CHECKING:  # for editors and type checkers, which would else accept any misspelt name
    from bplearn.viz.arrays import affine_picture as affine_picture
    from bplearn.viz.arrays import axes_picture as axes_picture
    from bplearn.viz.batches import batch_descents as batch_descents
    from bplearn.viz.batches import gradient_clouds as gradient_clouds
    from bplearn.viz.bends import activations as activations
    from bplearn.viz.bends import hinges as hinges
    from bplearn.viz.bends import learned_bends as learned_bends
    from bplearn.viz.bends import softmax_shares as softmax_shares
    from bplearn.viz.chain import chain_graph as chain_graph
    from bplearn.viz.chain import fan_out as fan_out
    from bplearn.viz.clips import clip_directions as clip_directions
    from bplearn.viz.clips import gradient_norms as gradient_norms
    from bplearn.viz.depths import gradient_ladder as gradient_ladder
    from bplearn.viz.depths import signal_spreads as signal_spreads
    from bplearn.viz.descent import interleaved_updates as interleaved_updates
    from bplearn.viz.descent import learning_rates as learning_rates
    from bplearn.viz.descent import losses as losses
    from bplearn.viz.diagram import backprop_diagram as backprop_diagram
    from bplearn.viz.explorer import loss_explorer as loss_explorer
    from bplearn.viz.fits import fitting_curves as fitting_curves
    from bplearn.viz.fits import seed_dots as seed_dots
    from bplearn.viz.fits import weight_histograms as weight_histograms
    from bplearn.viz.graphs import expression_graph as expression_graph
    from bplearn.viz.layer import layer_reach as layer_reach
    from bplearn.viz.layer import layer_shapes as layer_shapes
    from bplearn.viz.layer import loop_and_matrix as loop_and_matrix
    from bplearn.viz.layer import weight_images as weight_images
    from bplearn.viz.live_batches import batch_noise as batch_noise
    from bplearn.viz.live_bends import activation_explorer as activation_explorer
    from bplearn.viz.live_clips import clip_explorer as clip_explorer
    from bplearn.viz.live_depths import depth_explorer as depth_explorer
    from bplearn.viz.live_digits import digit_pad as digit_pad
    from bplearn.viz.live_fits import overfitting_explorer as overfitting_explorer
    from bplearn.viz.live_graphs import live_graph as live_graph
    from bplearn.viz.live_layers import network_diagram as network_diagram
    from bplearn.viz.live_losses import outlier_explorer as outlier_explorer
    from bplearn.viz.live_norms import batch_norm_explorer as batch_norm_explorer
    from bplearn.viz.live_playground import playground as playground
    from bplearn.viz.live_race import optimiser_race as optimiser_race
    from bplearn.viz.live_valley import step_valley as step_valley
    from bplearn.viz.network import boundaries as boundaries
    from bplearn.viz.network import cache_picture as cache_picture
    from bplearn.viz.network import xor_folded as xor_folded
    from bplearn.viz.neuron import dial_curve as dial_curve
    from bplearn.viz.neuron import loss_tangent as loss_tangent
    from bplearn.viz.neuron import sigmoid_slopes as sigmoid_slopes
    from bplearn.viz.neuron import two_losses_slopes as two_losses_slopes
    from bplearn.viz.norms import blame_left as blame_left
    from bplearn.viz.norms import layer_inputs as layer_inputs
    from bplearn.viz.norms import rates_that_learn as rates_that_learn
    from bplearn.viz.race import ravine_race as ravine_race
    from bplearn.viz.race import schedules as schedules
    from bplearn.viz.reading import ablation_bars as ablation_bars
    from bplearn.viz.reading import confusion_picture as confusion_picture
    from bplearn.viz.reading import digit_images as digit_images
    from bplearn.viz.rulers import class_pictures as class_pictures
    from bplearn.viz.rulers import fitted_lines as fitted_lines
    from bplearn.viz.rulers import flat_against_steep as flat_against_steep
    from bplearn.viz.rulers import loss_pulls as loss_pulls
    from bplearn.viz.rulers import surprise_curve as surprise_curve
    from bplearn.viz.slopes import chords as chords
    from bplearn.viz.slopes import error_valley as error_valley
else:

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = getattr(_import(f"{__name__}.{_HOMES[name]}"), name)
        return globals()[name]


def __dir__() -> list[str]:
    return __all__
