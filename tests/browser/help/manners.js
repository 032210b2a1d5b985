// Ways in which people use the same pages.

import { fits, fitsWithWideText, isWelsh } from "./look.js";
import { KeyboardPerson } from "./person.js";

/** What each way is called, and how it differs from a wide window, a mouse and English. */
export const MANNERS = {
  "with JavaScript": {},
  "without JavaScript, 320 pixels wide": {
    options: { javaScriptEnabled: false, viewport: { width: 320, height: 640 } },
    look: fits,
  },
  "with a keyboard alone": { Kind: KeyboardPerson },
  "in Welsh, with wide text": {
    language: "cy",
    options: { locale: "cy-GB", viewport: { width: 320, height: 640 } },
    look: async (page) => {
      await isWelsh(page);
      await fitsWithWideText(page);
    },
  },
};
