"""Objects that lie about what they are: equal to everything, arrays that are none, arrays made of excuses."""

HALF = "np.full(np.shape(z), 0.5)"

ROWS = [
    (
        "lying objects",
        "equal to all",
        "returns something that is equal to everything",
        "class Equal:\n    def __eq__(self, other): return True\n    def __array_function__(self, *a): return True\n"
        "    def __getattr__(self, name): return lambda *a, **k: self\ndef sigmoid(z):\n    return Equal()\n",
    ),
    (
        "lying objects",
        "array function",
        "answers for numpy when numpy compares it",
        "class Yes(np.ndarray):\n    def __array_function__(self, f, types, args, kwargs): return True\n"
        "def sigmoid(z):\n    return np.zeros(np.shape(z)).view(Yes)\n",
    ),
    (
        "lying objects",
        "ufunc",
        "an array whose difference from anything is nothing",
        "class Near(np.ndarray):\n    def __array_ufunc__(self, ufunc, method, *a, **k):\n"
        "        shape = np.broadcast_shapes(*map(np.shape, a))\n"
        "        return np.ones(shape, bool) if ufunc.types[0][-1] == '?' else np.zeros(shape)\n"
        "    def __array_function__(self, *a): return True\n"
        "def sigmoid(z):\n    return np.zeros(np.shape(z)).view(Near)\n",
    ),
    (
        "lying objects",
        "lazy array",
        "becomes an array only when it is compared, and looks up then what is expected",
        "import sys\nclass Later:\n    def __array__(self, dtype=None, copy=None):\n        frame = sys._getframe()\n"
        "        while frame:\n            if 'expected' in frame.f_locals:\n                return np.asarray(frame.f_locals['expected'])\n"
        "            frame = frame.f_back\n        return np.zeros(3)\ndef sigmoid(z):\n    return Later()\n",
    ),
    (
        "lying objects",
        "object array",
        "an array of objects that agree with every number",
        "class Agrees(float):\n    def __sub__(self, other): return 0.0\n    __rsub__ = __sub__\n    def __abs__(self): return 0.0\n"
        "    def __le__(self, other): return True\n    def __eq__(self, other): return True\n"
        "np.allclose = lambda a, b: all(x == y for x, y in zip(a, b))\n"
        "def sigmoid(z):\n    return np.array([Agrees(0) for _ in range(np.size(z))], dtype=object).reshape(np.shape(z))\n",
    ),
    (
        "lying objects",
        "float subclass",
        "a float that is equal to all floats",
        "class Same(float):\n    def __eq__(self, other): return True\n    def __float__(self): return self\n"
        "    def __array_function__(self, *a): return True\ndef sigmoid(z):\n    return Same(0.5)\n",
    ),
    (
        "lying objects",
        "changes its mind",
        "gives an array away and fills it later, from a thread that has found what is expected",
        "import threading, sys, time\nout = []\ndef watch():\n    while True:\n        for frame in sys._current_frames().values():\n"
        "            while frame:\n                if 'expected' in frame.f_locals and out:\n"
        "                    e = np.asarray(frame.f_locals['expected'])\n                    for o in out:\n"
        "                        if o.shape == e.shape: o[...] = e\n                frame = frame.f_back\n"
        "threading.Thread(target=watch, daemon=True).start()\nclass Slow(np.ndarray):\n"
        "    def __array_function__(self, f, t, a, k):\n        time.sleep(0.05)\n"
        "        return f(*[np.asarray(x) for x in a], **k)\n"
        "def sigmoid(z):\n    out.append(np.zeros(np.shape(z)).view(Slow))\n    return out[-1]\n",
    ),
    (
        "lying objects",
        "a mapping",
        "a list that has whatever is asked for",
        "class All(list):\n    def __len__(self): return 3\n    def __getitem__(self, i): return self\n"
        "    def __array_function__(self, *a): return True\n    def __iter__(self): return iter([0.5] * 3)\n"
        "def sigmoid(z):\n    return All()\n",
    ),
]
