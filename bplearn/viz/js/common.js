// What every live picture begins with. Python joins the files as text: a module that is loaded from a string
// has nothing that a relative import could be relative to.

// Plain keys are the picture's own, else the notebook takes them (`d d` deletes the cell); Ctrl+S and
// Shift+Enter stay the notebook's. JupyterLab listens as keys bubble up; Notebook 7 listens before they arrive, and
// asks for an attribute on what has the focus.
function ownKeys(root) {
  const theirs = (event) => event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
  root.addEventListener("keydown", (event) => theirs(event) || event.stopPropagation());
  const held = new WeakRef(root); // the window outlives the picture
  const first = (event) => {
    const { target } = event;
    if (!held.deref()) return window.removeEventListener("keydown", first, true);
    if (!held.deref().contains(target)) return;
    target.toggleAttribute("data-lm-suppress-shortcuts", !theirs(event));
    setTimeout(() => target.removeAttribute("data-lm-suppress-shortcuts"));
  };
  window.addEventListener("keydown", first, true);
}

function add(parent, tag, attributes = {}, text = "") {
  const drawn = parent.namespaceURI === "http://www.w3.org/2000/svg" || tag === "svg";
  const node = drawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  set(node, attributes);
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

// Backticks become code, two stars bold, one stressed; everything else stays text, so nothing can be injected.
function rich(node, text) {
  node.replaceChildren();
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*|(?<![\w*])\*\w(?:[^*]*\w)?\*(?![\w*]))/)) {
    if (part.startsWith("`") && part.length > 1) add(node, "code", {}, part.slice(1, -1));
    else if (/^\*\w.*\*$/.test(part)) add(node, "em", {}, part.slice(1, -1));
    else if (part.startsWith("**") && part.length > 4) add(node, "strong", {}, part.slice(2, -2));
    else node.append(part);
  }
}

// Same text as Python's style.number, with a plain minus sign.
function number(value, digits = 4) {
  const tiny = value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits;
  return tiny ? value.toExponential(1).replace(/e([+-])(\d)$/, "e$10$2") : value.toFixed(digits);
}

function signed(value, digits = 4) {
  return (value > 0 ? "+" : "") + number(value, digits);
}

// A true minus sign before numbers and between terms; the hyphen of "held-out" stays one.
function pretty(text) {
  return text.replace(/-(?=[\d.])|(?<=\s)-(?=\s)/g, "\u2212");
}

// A native range input: arrow keys, Home, End, PageUp, PageDown, mouse and touch come with it.
function slider(parent, { name, css = "", min, max, step, show }, onInput) {
  const label = add(parent, "label", { class: `bpl-slider ${css}` });
  add(label, "span", {}, name);
  const input = add(label, "input", { type: "range", min, max, step });
  const output = add(label, "span", { class: "bpl-value", "aria-hidden": "true" });
  const put = (v, spoken) => {
    input.value = v;
    output.textContent = pretty(show(v));
    input.setAttribute("aria-valuetext", spoken || show(v));
  };
  input.addEventListener("input", () => onInput(Number(input.value)));
  return { put, input };
}

function button(parent, text, onClick) {
  const node = add(parent, "button", { type: "button" }, text);
  node.addEventListener("click", () => node.getAttribute("aria-disabled") !== "true" && onClick());
  return node;
}

// Never `disabled`: a button that is disabled under the finger loses the focus to the notebook.
function enable(node, yes) {
  node.setAttribute("aria-disabled", yes ? "false" : "true");
}

// One of a few: native radios. Each group needs a name of its own in the page.
function choices(parent, { name, options }, onInput) {
  const set_ = add(parent, "fieldset", { class: "bpl-choices" });
  add(set_, "legend", {}, name);
  const group = `bpl-${Math.random().toString(36).slice(2)}`;
  const radios = options.map(([value, text]) => {
    const label = add(set_, "label");
    const radio = add(label, "input", { type: "radio", name: group, value });
    label.append(` ${text}`);
    radio.addEventListener("change", () => radio.checked && onInput(value));
    return radio;
  });
  return { put: (value) => radios.forEach((radio) => (radio.checked = radio.value === String(value))) };
}

// `sign` stands before the name in a colour of the style sheet, such as "s1".
function checkbox(parent, name, onInput, sign = "", colour = "") {
  const label = add(parent, "label", { class: "bpl-check" });
  const box = add(label, "input", { type: "checkbox" });
  if (sign) add(label, "b", { style: `color: var(--${colour})`, "aria-hidden": "true" }, sign);
  label.append(` ${name}`);
  box.addEventListener("change", () => onInput(box.checked));
  return { put: (on) => (box.checked = on) };
}

// The outer element of a picture: its name for screen readers, what it shows, what to do.
function pictureIn(el, { name, title, hint }) {
  const root = add(el, "div", { class: "bpl", role: "group", "aria-label": `Live picture: ${name}` });
  ownKeys(root);
  add(root, "p", { class: "bpl-title" }, title);
  if (hint) add(root, "p", { class: "bpl-hint" }, hint);
  return root;
}

// What the signs of a picture mean: [sign, a colour of the style sheet, text].
function legendIn(root, entries) {
  const list = add(root, "ul", { class: "bpl-legend" });
  for (const [sign, colour, text] of entries) {
    const entry = add(list, "li");
    add(entry, "b", { style: `color: var(--${colour})`, "aria-hidden": "true" }, sign);
    entry.append(` ${text}`);
  }
}

// Where a picture says its values. Said aloud as they change, but not sixty times a second: `quiet` while it plays.
function sayingIn(root) {
  const node = add(root, "p", { class: "bpl-says", "aria-live": "polite" });
  return (text, quiet = false) => {
    node.setAttribute("aria-live", quiet ? "off" : "polite");
    node.textContent = pretty(text);
  };
}

// Calls back with [x, y] in CSS pixels of the surface, as the pointer goes down (`begins`) and while it is dragged.
function onDrag(surface, callback, { both = false } = {}) {
  surface.classList.add("bpl-drag");
  if (both) surface.classList.add("bpl-drag-both"); // else a finger that moves up or down scrolls the page
  const tell = (event, begins) => {
    const box = surface.getBoundingClientRect();
    callback([event.clientX - box.left, event.clientY - box.top], begins);
  };
  surface.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    surface.setPointerCapture(event.pointerId);
    tell(event, true);
  });
  surface.addEventListener("pointermove", (event) => surface.hasPointerCapture(event.pointerId) && tell(event, false));
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Plays `step` once a frame until it returns false; where motion is not wanted, `atOnce` steps and one drawing.
function player({ root, step, draw, atOnce = 200 }) {
  let frame = 0;
  const one = {
    get playing() {
      return frame !== 0;
    },
    stop() {
      cancelAnimationFrame(frame);
      frame = 0;
    },
    toggle() {
      if (one.playing) one.stop();
      else if (calm()) for (let k = 0; k < atOnce && step() !== false; k++);
      else frame = requestAnimationFrame(tick);
      draw();
    },
  };
  function tick() {
    if (!root.isConnected) return one.stop();
    frame = step() === false ? 0 : requestAnimationFrame(tick);
    draw();
  }
  return one;
}

// Buttons to step from 0 to `last`, forward, back or all in turn; calls `update` whenever the step has changed, and
// wants `put` in return, for the state of the buttons.
function stepperIn(parent, { last, pause, update }) {
  let timer = 0;
  const one = { k: 0, stop, go, put };
  const next = button(parent, "Next step ▸", () => go(one.k + 1));
  next.className = "bpl-main";
  const back = button(parent, "◂ Previous step", () => go(one.k - 1));
  const play = button(parent, "Play all", toggle);
  function stop() {
    clearInterval(timer);
    timer = 0;
  }
  function go(k) {
    stop();
    one.k = k;
    update();
  }
  function toggle() {
    if (timer) return go(one.k);
    if (calm()) return go(last); // no motion: all at once
    one.k = one.k === last ? 1 : one.k + 1;
    timer = setInterval(() => {
      one.k += 1;
      if (one.k >= last) stop();
      update();
    }, pause);
    update();
  }
  function put() {
    enable(next, one.k < last);
    enable(back, one.k > 0);
    play.textContent = timer ? "Pause" : "Play all";
  }
  return one;
}

// Calls back when the notebook's theme changes: a canvas has to be painted anew. Returns what stops it.
function onTheme(callback) {
  const observer = new MutationObserver(callback);
  for (const node of [document.documentElement, document.body]) {
    observer.observe(node, { attributes: true, attributeFilter: ["data-jp-theme-light", "theme", "class"] });
  }
  return () => observer.disconnect();
}

function colour(root, name) {
  return getComputedStyle(root).getPropertyValue(`--${name}`).trim();
}

// A canvas as sharp as the screen; `fit` gives it a size in CSS pixels and returns its context.
function canvasIn(parent, label) {
  const node = add(parent, "canvas", { role: "img", "aria-label": label });
  const fit = (width, height) => {
    const sharp = window.devicePixelRatio || 1;
    Object.assign(node, { width: Math.round(width * sharp), height: Math.round(height * sharp) });
    Object.assign(node.style, { width: `${width}px`, height: `${height}px` });
    const context = node.getContext("2d");
    context.setTransform(sharp, 0, 0, sharp, 0, 0);
    return context;
  };
  return { node, fit };
}

// Calls back with the width in CSS pixels now and whenever it changes; returns what stops it.
function onWidth(node, callback) {
  let last = 0;
  const observer = new ResizeObserver(() => {
    const width = Math.round(node.clientWidth);
    if (width > 0 && width !== last) callback((last = width));
  });
  observer.observe(node);
  return () => observer.disconnect();
}
