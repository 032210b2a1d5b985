// The page that verifies a receipt: takes a file or pasted text and says what register.js finds, in words that the page brings.
// Nothing leaves the device. Without this file the page says how to verify in other ways.

import { able, believed, given, included, opens, parse, policy } from "./register.js";

const form = document.querySelector("[data-fm-verify]");
const result = document.querySelector("[data-fm-verified]");
const words = Object.fromEntries([...document.querySelector("[data-fm-words]").content.children].map((one) => [one.dataset.say, one.textContent]));
const { lang } = document.documentElement;
// Days as in the country of the review, not as the language alone has them.
const region = lang === "en" ? "en-GB" : lang;

/** A message of the page, with `…` in it replaced. */
const say = (name, value = "") => words[name].replace("…", () => value);
/** The words for a name in what was given; a question is named by its place in the address of its page. */
const label = (name) => words[`its-${name}`] ?? name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll("-", " ");
const date = (seconds) => new Date(seconds * 1000).toLocaleDateString(region, { dateStyle: "long", timeZone: "UTC" });

function element(name, content, className = "") {
  const made = document.createElement(name);
  made.className = className;
  made.append(...[content].flat());
  return made;
}

/** Shows a verdict, what it rests on, and what was given. */
function show(good, verdict, points = [], content) {
  const heading = element("h2", verdict, "govuk-heading-m");
  heading.tabIndex = -1;
  const list = element("ul", points.map((point) => element("li", point)), "govuk-list govuk-list--bullet");
  const state = element("div", [heading, ...(points.length ? [list] : [])], `fm-state${good ? " fm-state--good" : ""}`);
  result.replaceChildren(state);
  if (content) {
    const lines = ([name, value]) => value && [element("h3", name), ...value.split("\n").map((line) => element("p", line))];
    const said = given(content, label).flatMap(lines);
    result.append(element("h2", say("given"), "govuk-heading-m"), element("div", said, "fm-reading"));
  }
  heading.focus();
}

/** The file, or what was pasted. */
async function brought() {
  const [file] = form.elements.file.files;
  const pasted = form.elements.text.value;
  if (pasted.trim()) return pasted.endsWith("\n") ? pasted : `${pasted}\n`;
  if (!file) return "";
  if (file.size > 8 << 20) throw new Error("long");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
}

async function verify() {
  let receipt;
  let rules;
  try {
    const text = await brought();
    if (!text) return show(false, say("nothing"));
    receipt = parse(text);
  } catch {
    return show(false, say("unreadable"));
  }
  const { said } = receipt;
  try {
    if (form.elements.policy.value.trim()) rules = await policy(form.elements.policy.value);
  } catch {
    return show(false, say("no-policy"));
  }
  const points = [];
  const point = (holds, name, value) => {
    points.push(say(`${name}${holds ? "" : "-not"}`, value));
    return holds;
  };
  let holds = true;
  if (receipt.salt) {
    holds = point(await opens(receipt), "opens") && holds;
    points.push(say(`class-${receipt.terms}`));
  } else {
    points.push(say("bare"));
  }
  if (said.leaf) holds = point(await included(said), "included", `${said.index + 1} / ${said.size}`) && holds;
  if (!rules) return show(false, say(holds ? "no-keys" : "broken"), points, receipt.content);
  const by = await believed(said, rules);
  holds = point(by.log, "signed", said.origin) && holds;
  if (said.leaf) {
    const names = by.witnesses.map(({ name, time }) => `${name} (${date(time)})`).join(", ");
    if (by.enough) points.push(names ? say("witnessed", names) : say("unwitnessed"));
    else holds = point(false, "witnessed");
    points.push(say("day", date(said.day * 86_400)));
  } else {
    points.push(say(said.deadline * 1000 < Date.now() ? "overdue" : "deadline", date(said.deadline)));
  }
  points.push(say("review", said.review));
  show(holds, say(holds ? (said.leaf ? "holds" : "promised") : "broken"), points, receipt.content);
}

if (form) {
  if (await able()) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      verify();
    });
  } else {
    document.querySelector("[data-fm-unable]").hidden = false;
  }
}
