// What every live picture begins with. Python joins the files as text: a module that is loaded from a string
// has nothing that a relative import could be relative to.

// Plain keys are the picture's own, else the notebook takes them (`d d` deletes the cell); Ctrl+S and
// Shift+Enter stay the notebook's.
function ownKeys(root) {
  root.addEventListener("keydown", (event) => {
    const notebooks = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    if (!notebooks) event.stopPropagation();
  });
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

// Backticks become code, double stars bold; everything else stays text, so nothing can be injected.
function rich(node, text) {
  node.replaceChildren();
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*)/)) {
    if (part.startsWith("`") && part.length > 1) add(node, "code", {}, part.slice(1, -1));
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

function pretty(text) {
  return text.replaceAll("-", "\u2212");
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
