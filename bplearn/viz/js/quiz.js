// Multiple choice: native radios and one button; an explanation for each choice, said as it appears.

let quizzes = 0; // radios of one name are one group: each picture needs a name of its own

function render({ model, el }) {
  const { question, choices } = model.get("state");
  const root = add(el, "div", { class: "bpl" });
  ownKeys(root);
  const set_ = add(root, "fieldset", { class: "bpl-quiz" });
  rich(add(set_, "legend"), `**Question:** ${question}`);
  const group = `bpl-quiz-${(quizzes += 1)}-${Math.random().toString(36).slice(2)}`;
  const rows = choices.map(({ text }, k) => {
    const label = add(set_, "label", { class: "bpl-choice" });
    const radio = add(label, "input", { type: "radio", name: group, value: k });
    add(label, "span", { "aria-hidden": "true" }, `${letter(k)}.`);
    rich(add(label, "span"), text);
    const mark = add(label, "span", { class: "bpl-verdict" });
    return { radio, mark };
  });
  const buttons = add(set_, "div", { class: "bpl-buttons" });
  button(buttons, "Check answer", check).className = "bpl-main";
  const told = add(set_, "p", { class: "bpl-told", "aria-live": "polite" });

  function check() {
    const k = rows.findIndex(({ radio }) => radio.checked);
    if (k < 0) {
      told.className = "bpl-told";
      told.textContent = "Choose one of the answers first.";
      return;
    }
    tell(k);
    model.set("answer", [k, model.get("answer")[1] + 1]);
    model.save_changes();
  }
  function tell(k) {
    const { explanation, right } = choices[k];
    rows[k].mark.textContent = right ? "✓ right" : "✗ no";
    told.className = `bpl-told ${right ? "bpl-right" : "bpl-wrong"}`;
    rich(told, `**${right ? "✓ Right" : "✗ Not this one"} (${letter(k)}).** ${explanation}${right ? "" : " Try another."}`);
  }
  const [before] = model.get("answer");
  if (before >= 0) {
    rows[before].radio.checked = true;
    tell(before);
  }
}

const letter = (k) => String.fromCharCode(65 + k);

export default { render };
