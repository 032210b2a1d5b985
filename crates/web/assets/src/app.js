// Everything works without this file. It adds: no double sending, a running count of
// characters, focus on the error summary, a skip link for old browsers, printing, and a way
// out of sensitive pages that leaves nothing of them to go back to.
// The markup and the behaviour are those of govuk-frontend, in a quarter of the bytes.

// Set here and not by an inline script, so that the content policy can forbid those.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

const all = (selector) => document.querySelectorAll(selector);
const modules = (name) => all(`[data-module="govuk-${name}"]`);

// For what cannot be focused by hand: the tabindex goes when the focus does, so that a
// later click inside does not bring back the outline.
function focus(element, className) {
  element.tabIndex = -1;
  if (className) element.classList.add(className);
  element.addEventListener(
    "blur",
    () => {
      element.removeAttribute("tabindex");
      element.classList.remove(className);
    },
    { once: true },
  );
  element.focus();
}

// Sending twice within a second is a slip of the finger: a button once, and a form once,
// whether by its button, by the return key or by both.
const last = new WeakMap();
function once(event, element) {
  if (event.timeStamp - last.get(element) < 1000) event.preventDefault();
  else last.set(element, event.timeStamp);
}
addEventListener("submit", (event) => once(event, event.target));
for (const button of modules("button")) {
  button.addEventListener("click", (event) => once(event, button));
  // A link that looks like a button must obey the space bar as one.
  button.addEventListener("keydown", (event) => {
    if (event.key === " " && button.getAttribute("role") === "button") {
      event.preventDefault();
      button.click();
    }
  });
}

for (const link of modules("skip-link")) {
  const target = document.getElementById(link.hash.slice(1));
  if (target) link.addEventListener("click", () => focus(target, "govuk-skip-link-focused-element"));
}

// <button data-fm-print hidden>: shown only where it can do something.
for (const button of all("[data-fm-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// What to bring to the top of the window for a field: its label, or the legend of its
// group where that is its question and leaves the field in the upper half.
function heading(field) {
  const group = field.closest("fieldset");
  const legend = group && group.querySelector("legend");
  const bottom = () => field.getBoundingClientRect().bottom - legend.getBoundingClientRect().top;
  if (legend && (/^(radio|checkbox)$/.test(field.type) || bottom() < innerHeight / 2)) return legend;
  return document.querySelector(`label[for="${field.id}"]`);
}

for (const summary of modules("error-summary")) {
  focus(summary);
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    const top = field && heading(field);
    if (!top) return;
    event.preventDefault();
    top.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

for (const root of modules("character-count")) {
  const field = root.querySelector(".govuk-js-character-count");
  const hint = document.getElementById(`${field.id}-info`);
  const mistake = root.querySelector(".govuk-error-message");
  const words = root.dataset;
  const { lang } = root.closest("[lang]");
  const plural = new Intl.PluralRules(lang);
  const number = new Intl.NumberFormat(lang);

  // One count to see, at every key; one to hear, when the typing rests. The hint, which
  // says the limit, still describes the field.
  const seen = document.createElement("div");
  seen.className = `${hint.className} govuk-character-count__status`;
  seen.setAttribute("aria-hidden", "true");
  const heard = document.createElement("div");
  heard.className = "govuk-character-count__sr-status govuk-visually-hidden";
  heard.setAttribute("aria-live", "polite");

  // Code points, as the server counts them; a line end is one here as there.
  const left = () => words.maxlength - [...field.value].length;

  function message(count) {
    if (!count) return words["i18n.charactersAtLimit"];
    const forms = `i18n.characters${count < 0 ? "Over" : "Under"}Limit.`;
    const size = Math.abs(count);
    return (words[forms + plural.select(size)] || words[forms + "other"]).replace("%{count}", number.format(size));
  }

  let counted, timer, watch;
  function hear() {
    const text = message(left());
    // Writing the same words again would have them read out again.
    if (heard.textContent !== text) heard.textContent = text;
  }
  function update() {
    counted = field.value;
    const count = left();
    const over = count < 0;
    seen.textContent = message(count);
    seen.classList.toggle("govuk-error-message", over);
    seen.classList.toggle("govuk-hint", !over);
    // A mistake that the server found stays marked until it is sent again.
    if (!mistake) field.classList.toggle("govuk-textarea--error", over);
    clearTimeout(timer);
    timer = setTimeout(hear, 1000);
  }

  update();
  hear();
  hint.after(seen, heard);
  hint.classList.add("govuk-visually-hidden");

  field.addEventListener("input", update);
  // Some dictation software changes the text and sends no event.
  field.addEventListener("focus", () => {
    watch = setInterval(() => field.value === counted || update(), 1000);
  });
  field.addEventListener("blur", () => clearInterval(watch));
  // On the way back the browser may put typed text in after this script has run.
  addEventListener("pageshow", update);
}

// Out, by the button or by three presses of Shift with nothing between them: the page is
// blank at once, however slow the line is, and another takes its place in the history.
const exit = document.querySelector("[data-fm-exit]");
if (exit) {
  let presses = 0, forget;
  const leave = (event) => {
    event.preventDefault();
    document.title = "";
    document.body.remove();
    location.replace(exit.href);
  };
  exit.addEventListener("click", leave);
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Shift" ? presses + 1 : 0;
    clearTimeout(forget);
    forget = setTimeout(() => (presses = 0), 5000);
    if (presses > 2) leave(event);
  });
}
