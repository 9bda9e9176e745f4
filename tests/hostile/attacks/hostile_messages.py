# %% script
# tries: raises an error whose text is a script
# ends: error
def sigmoid(z):
    raise ValueError("<script>document.title='OWNED'</script><img src=x onerror=alert(1)>")

# %% quotes
# tries: breaks out of attributes and of code marks
# ends: error
def sigmoid(z):
    raise ValueError('"\' onmouseover=alert(1) `</code><b>` *<i>*')

# %% formula
# tries: names outputs so that a spreadsheet calculates
# ends: failed
def sigmoid(z):
    return {'=cmd|/C calc!A0': 1.0, '@SUM(1)': 2.0}

# %% terminal
# tries: writes codes that steer a terminal, and turns text round
# ends: error
def sigmoid(z):
    print('\x1b[2J\x1b]0;OWNED\x07')
    raise ValueError('\x1b[31m\u202egnp.txt\u200b\r\n\x00')

# %% long
# tries: raises an error of a hundred megabytes
# ends: error memory
def sigmoid(z):
    raise ValueError('x' * 10**8)

# %% broken text
# tries: uses halves of characters
# ends: error
def sigmoid(z):
    raise ValueError('\ud800 \udfff')

# %% parameters
# tries: names parameters and functions so that a page breaks
# ends: error failed
def sigmoid(**k):
    return 0.0
globals()['sigmoid'].__name__ = '<script>'
sigmoid.__qualname__ = '</td>'
