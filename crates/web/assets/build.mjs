// Builds dist/: the style sheet (whole, and in two halves), the script and the mark, each named by its content,
// each with a brotli and a gzip copy beside it, and manifest.json, which maps plain
// names to built ones; and fonts/, which PDF files are set in and no page loads. No network; any fault, or a file over its budget, fails the build.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import rtlcss from "rtlcss";
import * as sass from "sass";
import { favicon } from "./src/mark.mjs";

const root = import.meta.dirname;
const dist = join(root, "dist");
const budget = { "core.css": 8_800, "app.js": 1_500, "verify.js": 3_072 }; // bytes after brotli: with its page, a first visit stays under 14,000
const notice = "/*! Includes govuk-frontend, MIT licence, Copyright (c) 2017 Crown Copyright (Government Digital Service) */\n";

// Parts of the govuk-frontend components in core.scss that no page of ours uses.
const unused = new RegExp(
  String.raw`\.govuk-(${String.raw`
    \S*--inverse button--start button__start link-- link-image section-break body-lead breadcrumbs
    notification-banner \S*(label|legend)--xl table__caption--(m|xl) caption-m clearfix
    summary-card pagination--block input__ input--extra \S*__conditional main-wrapper-- table--small
    grid-column-\S*-(from|quarters?) (checkboxes|radios)--(small|inline) \S*__divider
    \S*(?<!not\():disabled \S*\[disabled\] \S*-moz-focus input--width-(30|20|5|3)\b
    summary-list(__row)?-- \S*__actions-list pagination__(item|list|ellipsis)
    character-count__message--disabled list--number
    body-(m|s)\b grid-column-full visually-hidden-focusable select--error
    table__caption \S*--numeric pagination__icon pagination__link-label \S*--decorated
  `.trim().replace(/\s+/g, "|")})`,
);

function css() {
  const { css } = sass.compile(join(root, "src/core.scss"), {
    loadPaths: [join(root, "node_modules")],
    quietDeps: true,
    style: "compressed",
    charset: false,
  });
  const slim = css
    // :root always defines the --govuk-... properties: their fallbacks are never read.
    .replace(/var\((--govuk-[a-z-]+),\s*[^()]+\)/g, "var($1)")
    .replace(/-(webkit-font|moz-osx-font)-smoothing:[a-z]+;?/g, "")
    // What browsers do by themselves, or did before they had any of the rest.
    .replace(/(-webkit-)?text-decoration-skip(-ink)?:none;?/g, "")
    .replace(/@supports not \(text-wrap: ?balance\)\{[^{}]*\{[^{}]*\}\}/g, "")
    .replace(/:root\{--govuk-(breakpoint|frontend-version)[^{}]*\}/g, "")
    // For Internet Explorer alone, and not CSS to anybody else.
    .replace(/@media screen(\\0|\ufffd)[^{]*\{([^{}]*\{[^{}]*\})*\}/g, "")
    .replace(/([^{}]+)(\{[^{}]*\})/g, (rule, selectors, body) => {
      if (!unused.test(selectors)) return rule;
      const kept = selectors.split(/,(?![^(]*\))/).filter((selector) => !unused.test(selector));
      return kept.length ? kept + body : "";
    });
  // The checker of the W3C reads "--" as a name only between quotation marks.
  return notice + esbuild.transformSync(slim, { loader: "css", minify: true }).code.replaceAll("=--]", '="--"]');
}

// What stands below what is seen first, or comes only after something was typed or sent. A first page has the rest of the
// style sheet within it and can be drawn at once; this follows at its end.
const later =
  /\.(govuk-(notification|pagination|error|table|summary-list|checkboxes|radios|details|warning|date-input|character|inset|file)|fm-(answers|receipt|timeline|questions|tasks|words|row|reading|bars))/;

// The rules of a style sheet, one by one; a rule for a medium is one, with all that it holds.
function rules(css) {
  const found = [];
  for (let at = 0, depth = 0, start = 0; at < css.length; at += 1) {
    if (css[at] === "{") depth += 1;
    if (css[at] === "}" && --depth === 0) {
      found.push(css.slice(start, at + 1));
      start = at + 1;
    }
  }
  return found;
}

// Two halves in the order of the whole. A component is in one of them with all its rules, so that order decides as before.
function halves(css) {
  const half = (wanted) =>
    rules(css)
      .map((rule) => {
        const open = rule.indexOf("{");
        const [head, body] = [rule.slice(0, open), rule.slice(open)];
        if (head.startsWith("@media print")) return wanted ? rule : "";
        if (/^@(media|supports)/.test(head)) {
          const inner = halves(body.slice(1, -1))[wanted ? 1 : 0];
          return inner && `${head}{${inner}}`;
        }
        const kept = head.split(/,(?![^(]*\))/).filter((selector) => later.test(selector) === wanted);
        return kept.length ? kept.join(",") + body : "";
      })
      .join("");
  return [half(false), half(true)];
}

function js(file, target) {
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [join(root, "src", file)],
    bundle: true,
    minify: true,
    format: "esm",
    target,
    legalComments: "none",
    write: false,
  });
  return outputFiles[0].text;
}

/**
 * The verifier of receipts as one file that needs nothing else and asks nobody: the markup, words and script of the page
 * `/register/verify`, with a policy of its own that lets no other script in and nothing out.
 */
function alone(language, style, script) {
  const read = (path) => readFileSync(join(root, "..", path), "utf8");
  const words = new Map(read(`locales/${language}/verify.ftl`).split("\n").map((line) => line.split(" = ", 2)));
  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const say = (key) => escaped(words.get(key) ?? `${key} is not in verify.ftl`);
  const markup = read("templates/components/verify.html")
    .replaceAll(/\{\{ frame\.t\("([a-z-]+)"\) \}\}/g, (_, key) => say(key))
    .replace("{{ policy }}", "");
  const digest = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; style-src ${digest(style)}; script-src ${digest(script)}; form-action 'none'; base-uri 'none'`;
  return `<!doctype html>
<html lang="${language}" class="govuk-template">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${say("verify")}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${style}</style>
</head>
<body class="govuk-template__body">
<div class="govuk-width-container"><main class="govuk-main-wrapper" id="main">
<h1 class="govuk-heading-xl">${say("verify")}</h1>
<p>${say("verify-intro")}</p>
${markup}</main></div>
<script type="module">${script}</script>
</body>
</html>
`;
}

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });

const core = css();
const [first, rest] = halves(core);
// Mirrored, for languages that are read from right to left.
const mirrored = rtlcss.process(core);
const verify = js("verify.js", "es2022").trim();
const built = { "core.css": core, "core.rtl.css": mirrored, "first.css": first, "rest.css": rest, "app.js": js("app.js", "es2017"), "proof.js": js("proof.js", "es2022"), "verify.js": verify, "verify.en.html": alone("en", core, verify), "verify.cy.html": alone("cy", core, verify), "favicon.svg": favicon() };

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

const manifest = {};
const tooBig = [];
for (const [name, text] of Object.entries(built)) {
  const bytes = Buffer.from(text);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const file = `${basename(name, extname(name))}.${hash}${extname(name)}`;
  const small = brotli(bytes);
  const zipped = gzipSync(bytes, { level: 9 });

  writeFileSync(join(dist, file), bytes);
  writeFileSync(join(dist, `${file}.br`), small);
  writeFileSync(join(dist, `${file}.gz`), zipped);
  manifest[name] = file;

  console.log(`${file.padEnd(24)} ${bytes.length} bytes, brotli ${small.length}, gzip ${zipped.length}`);
  if (small.length > (budget[name] ?? Infinity)) tooBig.push(`${name}: ${small.length} bytes of brotli, ${budget[name]} allowed`);
}
// Noto Sans has Latin, Greek, Cyrillic and Devanagari; the others are what people in the United Kingdom write besides.
mkdirSync(join(dist, "fonts"));
const fonts = [["", "700Bold"], ...["", "Arabic", "Bengali", "Gujarati", "Gurmukhi", "Hebrew", "Tamil"].map((script) => [script, "400Regular"])];
for (const [script, style] of fonts) {
  const name = `NotoSans${script}_${style}.ttf`;
  const family = script ? `noto-sans-${script.toLowerCase()}` : "noto-sans";
  copyFileSync(join(root, "node_modules/@expo-google-fonts", family, style, name), join(dist, "fonts", name));
}
if (tooBig.length) {
  rmSync(dist, { recursive: true, force: true });
  throw new Error(`over budget: ${tooBig.join("; ")}`);
}
// By this a content security policy knows the style sheet where it stands in a page.
manifest["first.css sha256"] = createHash("sha256").update(first).digest("base64");
writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
