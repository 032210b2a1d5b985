// Everything works without this file. It adds: no double sending, a running count of
// characters, focus on the error summary, a skip link for old browsers, printing.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";

// Set here and not by an inline script, so that the content policy can forbid those.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const Component of [Button, CharacterCount, ErrorSummary, SkipLink]) {
  for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
    try {
      new Component(element, Component === Button ? { preventDoubleClick: true } : {});
    } catch (error) {
      console.error(error);
    }
  }
}

// <button data-fm-print hidden>: shown only where it can do something.
for (const button of document.querySelectorAll("[data-fm-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
