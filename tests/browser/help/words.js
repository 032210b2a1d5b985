// The words of the interface, from the files that the product itself speaks from.

import { readFileSync, readdirSync } from "node:fs";

const locales = new URL("../../../crates/web/locales/", import.meta.url);

/** Messages of one line, by key: all that people press, and most of what they read. */
export const messages = { en: load("en"), cy: load("cy") };

function load(language) {
  const folder = new URL(`${language}/`, locales);
  const found = new Map();
  for (const file of readdirSync(folder).sort()) {
    for (const line of readFileSync(new URL(file, folder), "utf8").split("\n")) {
      const [, key, text] = /^([a-z][a-z0-9-]*) = (.+)$/.exec(line) ?? [];
      if (key) found.set(key, text);
    }
  }
  return found;
}

/** A message in a language, with what stands in place of its variables. */
export function say(language, key, variables = {}) {
  const text = messages[language].get(key);
  if (text === undefined) throw new Error(`There is no message ${key} in ${language}.`);
  return text.replace(/\{ \$([a-z]+) \}/g, (_, name) => variables[name]);
}

/** What nobody should read on a Welsh page: every English message that Welsh says otherwise. */
export function englishOnly() {
  const both = [...messages.en].filter(([key, text]) => !text.includes("{") && messages.cy.get(key) !== text);
  const welsh = new Set(messages.cy.values());
  return both.map(([, text]) => text).filter((text) => !welsh.has(text));
}
