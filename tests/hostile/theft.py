"""References read from disk, from memory, off the stack, out of the garbage collector."""

_STOLEN = "\ndef sigmoid(z):\n    return globals()['stolen'](z)\n"
_LEAK = "\ndef sigmoid(z):\n    raise RuntimeError(found)\n"

ROWS = [
    # ---- disk ----
    (
        "references on disk",
        "import",
        "imports the exercise and takes its reference",
        "from bplearn import exercises\nstolen = exercises.find('sigmoid').reference" + _STOLEN,
        "error not_attempted",
        "none",
    ),
    (
        "references on disk",
        "source",
        "looks for the course's file and executes it",
        "import glob, sys, os\nplaces = [*sys.path, '/', '/usr', '/opt', os.getcwd()]\n"
        "texts = [t for p in places for t in glob.glob(p + '/**/nn/neuron.py', recursive=p not in ('/', '/usr'))]\n"
        "import importlib.util as u\nspec = u.spec_from_file_location('n', texts[0])\nmodule = u.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\nstolen = module.sigmoid" + _STOLEN,
        "error not_attempted",
        "none",
    ),
    (
        "references on disk",
        "solutions",
        "reads the solution notebook",
        "import bplearn, json, os\nroot = os.path.dirname(os.path.dirname(bplearn.__file__))\n"
        "book = json.load(open(root + '/solutions/01_one_weight.ipynb'))\nscope = {'np': np}\n"
        "for cell in book['cells']:\n    text = ''.join(cell['source'])\n    if 'def sigmoid(' in text:\n        exec(text, scope)\n"
        "stolen = scope['sigmoid']" + _STOLEN,
        "error not_attempted",
        "none",
    ),
    (
        "references on disk",
        "later lessons",
        "takes it from the mathematics of its own lesson",
        "import importlib\nstolen = importlib.import_module('bplearn.nn.neuron').sigmoid\n"
        "def sigmoid(z):\n    return (lambda f: f(z))(vars(__import__('sys').modules['bplearn.nn.neuron'])['sigmoid'])\n",
        "error not_attempted",
        "none",
    ),
    (
        "references on disk",
        "open files",
        "reads through whatever files this process or its neighbours have open",
        "import glob, os\nfound = ''\nfor link in glob.glob('/proc/*/fd/*') + glob.glob('/proc/*/root') + glob.glob('/proc/*/cwd'):\n"
        "    try:\n        here = os.path.join(os.path.realpath(link), 'bplearn/nn/neuron.py')\n"
        "        found = found or (open(here).read() if os.path.exists(here) else '')\n    except OSError:\n        pass\n"
        "scope = {}\nexec(found, scope)\nstolen = scope['sigmoid']" + _STOLEN,
        "error not_attempted",
        "",
    ),
    # ---- memory ----
    (
        "references in memory",
        "gc",
        "looks through all objects for a function called reference",
        "import gc, types\nstolen = next(o for o in gc.get_objects() if isinstance(o, types.FunctionType) and o.__name__ == 'reference')"
        + _STOLEN,
        "error not_attempted",
    ),
    (
        "references in memory",
        "modules",
        "looks through all modules for a sigmoid or a reference",
        "import sys\nfound = [getattr(m, n) for m in list(sys.modules.values()) for n in ('reference', 'sigmoid') if hasattr(m, n)]\n"
        "stolen = [f for f in found if callable(f) and f(0.0) == 0.5][0]" + _STOLEN,
        "error not_attempted",
    ),
    (
        "references in memory",
        "proc mem",
        "reads the memory of this process for what was expected",
        "import re\nhits = 0\nfor line in open('/proc/self/maps'):\n    if 'rw' in line and '[heap]' in line:\n"
        "        a, b = (int(x, 16) for x in line.split()[0].split('-'))\n        with open('/proc/self/mem', 'rb') as m:\n"
        "            m.seek(a)\n            hits += len(re.findall(b'bplearn.exercises|lesson01_one_weight', m.read(b - a)))\n"
        "found = f'SECRET-IN-MEMORY {hits}' if hits else 'nothing'" + _LEAK,
        "error",
        "",
    ),
    (
        "references in memory",
        "cases",
        "collects arrays that lie about and looks for one that fits its argument",
        "import gc\ndef sigmoid(z):\n    near = [o for o in gc.get_objects() if isinstance(o, np.ndarray) and o.shape == np.shape(z)\n"
        "            and o is not z and o.dtype.kind == 'f' and np.all((o > 0) & (o < 1))]\n    return near[-1]\n",
        "error failed",
        "",
    ),
    # ---- the stack ----
    (
        "references on the stack",
        "locals",
        "climbs the stack to a variable called expected",
        "import sys\ndef sigmoid(z):\n    frame = sys._getframe()\n    while frame:\n        if 'expected' in frame.f_locals:\n"
        "            return frame.f_locals['expected']\n        frame = frame.f_back\n    raise LookupError('nothing')\n",
        "error",
    ),
    (
        "references on the stack",
        "globals",
        "climbs the stack to a module that has a reference",
        "import inspect\ndef sigmoid(z):\n    for info in inspect.stack():\n        for name in ('reference', 'exercises', 'judge'):\n"
        "            if name in info.frame.f_globals:\n                return info.frame.f_globals[name](z)\n    raise LookupError('nothing')\n",
        "error",
    ),
    (
        "references on the stack",
        "trace",
        "has every call traced, and takes what a function called reference returns",
        "import sys\ntaken = {}\ndef trace(frame, event, arg):\n    if event == 'return' and frame.f_code.co_name == 'reference':\n"
        "        taken[len(arg)] = arg\n    return trace\nsys.settrace(trace)\n"
        "for frame in sys._current_frames().values():\n    while frame:\n        frame.f_trace = trace\n        frame = frame.f_back\n"
        "def sigmoid(z):\n    return taken[len(z)]\n",
        "error",
    ),
    (
        "references on the stack",
        "profile",
        "the same with a profile of C calls, and raises what it has seen",
        "import sys\nseen = []\ndef look(frame, event, arg):\n    if event == 'return' and frame.f_code.co_name in ('reference', 'sample', 'expected'):\n"
        "        seen.append(arg)\nsys.setprofile(look)\ndef sigmoid(z):\n    return seen[-1]\n",
        "error",
    ),
]
