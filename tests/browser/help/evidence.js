// What many journeys begin with: somebody gives evidence on one question, without their name.

import { say } from "./words.js";
import { world } from "./world.js";

/** Goes on until nothing is left but to send, or to say something about themselves first. */
export async function nearlyGive(person, text) {
  const t = (key) => say(person.language, key);
  const call = `${person.language === "cy" ? "/cy" : ""}${world.base}/calls/front-line`;
  await person.goTo(call);
  await person.press(t("nav-give"));
  await person.goTo(`${call}/answer/workaround`);
  await person.page.getByRole("textbox").fill(text);
  await person.press(t("continue"));
  await person.goTo(`${call}/release`);
  await person.choose(t("release-unnamed"));
  await person.press(t("continue"));
  await person.goTo(`${call}/check`);
  await person.press(t("continue"));
}

/** Gives it, and says nothing about themselves; the receipt stands open then. */
export async function give(person, text) {
  await nearlyGive(person, text);
  await person.press(say(person.language, "about-you-silent"));
}
