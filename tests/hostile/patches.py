"""Patched numpy, builtins, comparison and time."""

WRONG = "\ndef sigmoid(z):\n    return np.zeros_like(z)\n"

ROWS = [
    # ---- numpy ----
    ("patched numpy", "allclose", "lets np.allclose say yes to all", "np.allclose = lambda *a, **k: True" + WRONG),
    (
        "patched numpy",
        "every comparison",
        "lets isclose, array_equal, all and abs agree",
        "np.isclose = np.array_equal = np.allclose = lambda *a, **k: True\nnp.all = lambda *a, **k: True\n"
        "np.abs = lambda a: np.zeros(np.shape(a))" + WRONG,
        "failed error",
        "naive",
        True,
    ),
    (
        "patched numpy",
        "random",
        "draws every input as zero, where half is right",
        "class Zeros:\n    def __getattr__(self, name):\n        return lambda *a, size=None, **k: np.zeros(size or ())\n"
        "np.random.default_rng = lambda *a: Zeros()\ndef sigmoid(z):\n    return np.full(np.shape(z), 0.5)\n",
    ),
    (
        "patched numpy",
        "module",
        "puts a module that nods in the place of numpy",
        "import sys, types\nreal = np\nclass Nods(types.ModuleType):\n    def __getattr__(self, name):\n"
        "        return (lambda *a, **k: True) if 'close' in name or 'equal' in name else getattr(real, name)\n"
        "sys.modules['numpy'] = Nods('numpy')\n"
        "for module in list(sys.modules.values()):\n    if getattr(module, 'np', None):\n        module.np = Nods('numpy')\n"
        "def sigmoid(z):\n    return 0\n",
        "failed error died",
    ),
    (
        "patched numpy",
        "exp",
        "breaks np.exp, so that the reference is as wrong as the answer",
        "np.exp = lambda a: np.zeros(np.shape(a))\ndef sigmoid(z):\n    return np.where(z >= 0, 1.0, 0.0)\n",
        "failed error",
        "naive",
        True,
    ),
    (
        "patched numpy",
        "npy",
        "lets what writes arrays write ones",
        "import numpy.lib.format as f\nold = f.write_array\nf.write_array = lambda file, a, **k: old(file, np.ones_like(a), **k)\n"
        "np.allclose = lambda *a, **k: True" + WRONG,
        "failed error",
        "naive",
        True,
    ),
    # ---- builtins ----
    (
        "patched builtins",
        "bool",
        "lets bool, all and any say yes",
        "import builtins\nbuiltins.bool = type('B', (int,), {'__new__': lambda c, *a: True})\nbuiltins.all = builtins.any = lambda *a: True" + WRONG,
        "died failed error",
        "naive",
        True,
    ),
    (
        "patched builtins",
        "exec",
        "lets whatever is executed from now on define a sigmoid of the grader's",
        "import builtins, sys\nwanted = getattr(sys.modules['__main__'], 'reference', None)\n"
        "if wanted:\n    sigmoid = wanted\nelse:\n    def sigmoid(z):\n        return builtins.reference(z)\n",
    ),
    (
        "patched builtins",
        "import",
        "hooks imports, to hand out a numpy that agrees",
        "import builtins, types\nreal = builtins.__import__\ndef hook(name, *a, **k):\n    module = real(name, *a, **k)\n"
        "    if name == 'numpy':\n        module.allclose = lambda *a, **k: True\n    return module\n"
        "builtins.__import__ = hook\nimport numpy" + WRONG,
    ),
    (
        "patched builtins",
        "zip",
        "lets zip stop at once, so that no case is compared",
        "import builtins\nbuiltins.zip = lambda *a, **k: iter(())\n"
        "np.allclose = lambda *a, **k: not builtins.zip() or True" + WRONG,
        "died failed error",
        "naive",
        True,
    ),
    # ---- comparison ----
    (
        "patched comparison",
        "the grader's own",
        "puts its own answer in the place of the grader's reference",
        "import sys" + WRONG + "main = sys.modules['__main__']\nmain.reference = sigmoid\n",
    ),
    (
        "patched comparison",
        "the judge",
        "replaces the judge, if it is anywhere in this process",
        "import sys\nfor name, module in list(sys.modules.items()):\n    for what in ('judge', 'close', 'grade', 'reference'):\n"
        "        if hasattr(module, what) and callable(getattr(module, what)):\n"
        "            setattr(module, what, lambda *a, **k: np.zeros(np.shape(a[0]) if a else ()))" + WRONG,
    ),
    (
        "patched comparison",
        "ufunc",
        "lets numpy compare with other functions than its own",
        "import numpy._core.numeric as n\nn.isclose = lambda a, b, **k: np.ones(np.shape(a), bool)\n"
        "n.allclose = np.allclose = lambda *a, **k: True" + WRONG,
    ),
    (
        "patched comparison",
        "observe",
        "replaces what carries values out, to claim that there was nothing to compare",
        "import sys\nnp.allclose = lambda *a, **k: True\ncollect = sys.modules.get('bplearn.collect')\nif collect:\n"
        "    collect.observe = lambda *a, **k: None\n    collect.plain = lambda value: 0.5" + WRONG,
        "failed error died not_attempted",
        "naive",
        True,
    ),
    # ---- time ----
    (
        "patched time",
        "clocks",
        "stops all clocks and then never ends",
        "import time\nfor name in ('time', 'monotonic', 'perf_counter', 'process_time', 'thread_time'):\n"
        "    setattr(time, name, lambda: 0.0)\ndef sigmoid(z):\n    while True:\n        pass\n",
        "timeout",
        "hangs",
    ),
    (
        "patched time",
        "limits",
        "asks for more time, and ignores the end of it",
        "import resource, signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        "try:\n    resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))\nexcept (ValueError, OSError):\n    pass\n"
        "def sigmoid(z):\n    signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n    while True:\n        pass\n",
        "timeout",
        "hangs",
    ),
    (
        "patched time",
        "alarm",
        "takes the alarm away that is to wake its guard",
        "import signal\nsignal.alarm = signal.setitimer = signal.signal = lambda *a: None\n"
        "def sigmoid(z):\n    while True:\n        try:\n            while True:\n                pass\n"
        "        except BaseException:\n            pass\n",
        "timeout",
        "hangs",
    ),
    (
        "patched time",
        "children",
        "uses up the time of one process after the other",
        "import os\ndef sigmoid(z):\n    while True:\n        if os.fork():\n            os.wait()\n        else:\n"
        "            n = 0\n            while n < 10**7:\n                n += 1\n            os._exit(0)\n",
        "timeout",
        "hangs",
    ),
]
