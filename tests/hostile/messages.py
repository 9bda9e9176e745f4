"""Text that wants to be more than text: HTML, formulas, terminal codes, names."""

_SCRIPT = "<script>document.title='OWNED'</script><img src=x onerror=alert(1)>"

ROWS = [
    (
        "hostile messages",
        "script",
        "raises an error whose text is a script",
        f"def sigmoid(z):\n    raise ValueError({_SCRIPT!r})\n",
        "error",
        "",
    ),
    (
        "hostile messages",
        "quotes",
        "breaks out of attributes and of code marks",
        "def sigmoid(z):\n    raise ValueError('\"\\' onmouseover=alert(1) `</code><b>` *<i>*')\n",
        "error",
        "",
    ),
    (
        "hostile messages",
        "formula",
        "names outputs so that a spreadsheet calculates",
        "def sigmoid(z):\n    return {'=cmd|/C calc!A0': 1.0, '@SUM(1)': 2.0}\n",
        "failed",
        "",
    ),
    (
        "hostile messages",
        "terminal",
        "writes codes that steer a terminal, and turns text round",
        "def sigmoid(z):\n    print('\\x1b[2J\\x1b]0;OWNED\\x07')\n    raise ValueError('\\x1b[31m\\u202egnp.txt\\u200b\\r\\n\\x00')\n",
        "error",
        "",
    ),
    (
        "hostile messages",
        "long",
        "raises an error of a hundred megabytes",
        "def sigmoid(z):\n    raise ValueError('x' * 10**8)\n",
        "error memory",
        "",
    ),
    (
        "hostile messages",
        "broken text",
        "uses halves of characters",
        "def sigmoid(z):\n    raise ValueError('\\ud800 \\udfff')\n",
        "error",
        "",
    ),
    (
        "hostile messages",
        "parameters",
        "names parameters and functions so that a page breaks",
        "def sigmoid(**k):\n    return 0.0\nglobals()['sigmoid'].__name__ = '<script>'\nsigmoid.__qualname__ = '</td>'\n",
        "error failed",
        "",
    ),
]
