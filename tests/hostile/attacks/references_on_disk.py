# %% import
# tries: imports the exercise and takes its reference
# ends: error not_attempted
# fools: none
from bplearn import exercises
stolen = exercises.find('sigmoid').reference
def sigmoid(z):
    return globals()['stolen'](z)

# %% source
# tries: looks for the course's file and executes it
# ends: error not_attempted
# fools: none
import glob, sys, os
places = [*sys.path, '/', '/usr', '/opt', os.getcwd()]
texts = [t for p in places for t in glob.glob(p + '/**/nn/neuron.py', recursive=p not in ('/', '/usr'))]
import importlib.util as u
spec = u.spec_from_file_location('n', texts[0])
module = u.module_from_spec(spec)
spec.loader.exec_module(module)
stolen = module.sigmoid
def sigmoid(z):
    return globals()['stolen'](z)

# %% solutions
# tries: reads the solution notebook
# ends: error not_attempted
# fools: none
import bplearn, json, os
root = os.path.dirname(os.path.dirname(bplearn.__file__))
book = json.load(open(root + '/solutions/01_one_weight.ipynb'))
scope = {'np': np}
for cell in book['cells']:
    text = ''.join(cell['source'])
    if 'def sigmoid(' in text:
        exec(text, scope)
stolen = scope['sigmoid']
def sigmoid(z):
    return globals()['stolen'](z)

# %% later lessons
# tries: takes it from the mathematics of its own lesson
# ends: error not_attempted
# fools: none
import importlib
stolen = importlib.import_module('bplearn.nn.neuron').sigmoid
def sigmoid(z):
    return (lambda f: f(z))(vars(__import__('sys').modules['bplearn.nn.neuron'])['sigmoid'])

# %% open files
# tries: reads through whatever files this process or its neighbours have open
# ends: error not_attempted
import glob, os
found = ''
for link in glob.glob('/proc/*/fd/*') + glob.glob('/proc/*/root') + glob.glob('/proc/*/cwd'):
    try:
        here = os.path.join(os.path.realpath(link), 'bplearn/nn/neuron.py')
        found = found or (open(here).read() if os.path.exists(here) else '')
    except OSError:
        pass
scope = {}
exec(found, scope)
stolen = scope['sigmoid']
def sigmoid(z):
    return globals()['stolen'](z)
