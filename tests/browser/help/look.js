// What can be seen on a page: where the focus is, whether anything spills over, which language it speaks.

import assert from "node:assert/strict";
import { englishOnly } from "./words.js";

/** Notes how everything looks that can take the focus, before it does. */
export async function rememberUnfocused(page) {
  await page.evaluate(() => {
    // How an element shows the focus: by itself, or, if it cannot be seen, by the label that is drawn in its place.
    globalThis.appearanceOf = (element) => {
      const drawn = getComputedStyle(element);
      const label = element.labels?.[0];
      const unseen = drawn.opacity === "0" && label;
      const styles = unseen ? [getComputedStyle(label, "::before"), getComputedStyle(label)] : [drawn];
      const there = element.getBoundingClientRect().width > 1;
      return styles.map(({ outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor }) => {
        const outlined = outlineStyle !== "none" && outlineWidth !== "0px" && !/^rgba.*, 0\)$/.test(outlineColor);
        return { outline: outlined ? `${outlineWidth} ${outlineColor}` : "none", boxShadow, backgroundColor, there };
      });
    };
    const all = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary");
    globalThis.unfocused = new Map([...all].map((element) => [element, globalThis.appearanceOf(element)]));
    // What has the focus on arrival looks focused already.
    globalThis.unfocused.delete(document.activeElement);
  });
}

/** Fails unless what has the focus looks different for it, and stands where it can be seen. */
export async function seesFocus(page) {
  const seen = await page.evaluate(() => {
    const element = document.activeElement;
    if (element === document.body) return { left: true };
    const name = `${element.localName} "${(element.labels?.[0] ?? element).textContent.trim().slice(0, 60)}"`;
    const box = element.getBoundingClientRect();
    const inView =
      box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    const before = globalThis.unfocused.get(element);
    const now = globalThis.appearanceOf(element);
    const marked = now.some((style, at) => {
      const plain = before?.[at];
      const outlined = style.outline !== "none" && style.outline !== plain?.outline;
      const shaded = style.boxShadow !== "none" && style.boxShadow !== plain?.boxShadow;
      const painted = !/^rgba.*, 0\)$/.test(style.backgroundColor) && style.backgroundColor !== plain?.backgroundColor;
      const appears = style.there && plain?.there === false;
      return outlined || shaded || painted || appears;
    });
    return { name, inView, marked };
  });
  // After the last stop the focus leaves the page for the browser's own buttons, and comes back to the first.
  if (seen.left) return;
  assert.ok(seen.marked, `the focus can be seen on ${seen.name} of ${page.url()}`);
  assert.ok(seen.inView, `${seen.name} of ${page.url()} is in view when it has the focus`);
}

/** Fails if the page is wider than the window, and names what spills over. */
export async function fits(page) {
  const { width, spilling } = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const over = [...document.body.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return element.getBoundingClientRect().right > room + 0.5 && style.position !== "absolute";
    });
    const names = over.slice(0, 5).map((element) => `${element.localName}.${element.className}`);
    return { width: document.documentElement.scrollWidth - room, spilling: names };
  });
  assert.ok(width <= 0, `${page.url()} is ${width} pixels too wide: ${spilling.join(", ")}`);
}

/** The same with the spacing of text that readers may set for themselves (WCAG 1.4.12): nothing spills or is cut off. */
export async function fitsWithWideText(page) {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
    globalThis.spacing = sheet;
    document.adoptedStyleSheets = [sheet];
  });
  await fits(page);
  const cut = await page.evaluate(() => {
    const clipped = [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
      // A field scrolls what is typed into it.
      if (element.matches("input, textarea, select")) return false;
      const style = getComputedStyle(element);
      const hides = style.overflowX === "hidden" || style.overflowX === "clip";
      const shown = element.clientWidth > 1 && element.clientHeight > 1;
      return hides && shown && element.scrollWidth > element.clientWidth + 1;
    });
    document.adoptedStyleSheets = [];
    return clipped.map((element) => `${element.localName}.${element.className}`);
  });
  assert.deepEqual(cut, [], `text is cut off on ${page.url()} when it is spaced out`);
}

/** English words of the interface on a page that is Welsh, outside what is marked as English. */
export async function englishWords(page) {
  return page.evaluate((words) => {
    const known = new Set(words);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const speaks = node.parentElement.closest("[lang]").lang;
      const text = node.data.trim().replace(/\s+/g, " ");
      if (speaks === "cy" && known.has(text)) found.push(text);
    }
    for (const element of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
      for (const name of ["aria-label", "placeholder", "title", "alt"]) {
        if (known.has(element.getAttribute(name))) found.push(element.getAttribute(name));
      }
    }
    return found;
  }, englishOnly());
}

/** Fails unless the page is Welsh from its root to its last word. */
export async function isWelsh(page) {
  assert.equal(await page.locator("html").getAttribute("lang"), "cy", page.url());
  assert.deepEqual(await englishWords(page), [], `English on ${page.url()}`);
}

/** Fails if something would move by itself for somebody who asked for stillness. */
export async function isStill(page) {
  const moving = await page.evaluate(() => {
    const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
    const restless = [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return long(style.transitionDuration) || (style.animationName !== "none" && long(style.animationDuration));
    });
    const smooth = getComputedStyle(document.documentElement).scrollBehavior === "smooth" ? ["html scrolls"] : [];
    return [...smooth, ...restless.map((element) => `${element.localName}.${element.className}`)];
  });
  assert.deepEqual(moving, [], `it moves on ${page.url()}`);
}

/** Fails if a verdict has no shape that can be told without its colour. Gives back how many there are. */
export async function verdictsHaveShapes(page) {
  const verdicts = await page.evaluate(() =>
    [...document.querySelectorAll(".fm-verdict")].map((element) => {
      const mark = getComputedStyle(element, "::before");
      const [, kind] = /fm-verdict--([a-z]+)/.exec(element.className) ?? [];
      const drawn = parseFloat(mark.width) > 0 && parseFloat(mark.height) > 0 && mark.content !== "none";
      const canvas = getComputedStyle(document.body).backgroundColor;
      const bordered = parseFloat(mark.borderTopWidth) > 0 && mark.borderTopColor !== canvas;
      const filled = mark.backgroundColor !== canvas && !/^rgba.*, 0\)$/.test(mark.backgroundColor);
      const { borderTopLeftRadius: round, borderWidth, transform, clipPath, backgroundImage } = mark;
      const shape = [round, borderWidth, transform, clipPath, backgroundImage].join(" | ");
      return { kind, shape, visible: drawn && (bordered || filled || mark.backgroundImage !== "none") };
    }),
  );
  const shapes = new Map();
  for (const { kind, shape, visible } of verdicts) {
    assert.ok(visible, `the shape of ${kind} can be seen on ${page.url()}`);
    shapes.set(kind, shape);
  }
  assert.equal(new Set(shapes.values()).size, shapes.size, `each verdict has its own shape: ${[...shapes]}`);
  return verdicts.length;
}
