// Builds webapp/static from webapp/assets: styles with sass, scripts with esbuild, all under names that carry a digest of their content.
// A new style sheet is a file in styles/pages, a new script is a file in scripts; neither needs a line here.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import * as esbuild from "esbuild";
import rtlcss from "rtlcss";
import * as sass from "sass";

const here = fileURLToPath(new URL(".", import.meta.url));
const modules = join(here, "../../node_modules");
const target = join(here, "../static");
const building = `${target}.building-${process.pid}`;
const manifest = {};
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
// What printed sheets are set in, wherever the server stands; the pages themselves use the fonts of their reader's machine.
const FONTS = { "noto-sans": ["latin", "latin-ext", "cyrillic", "cyrillic-ext"], "noto-sans-arabic": ["arabic"], "noto-sans-sc": ["chinese-simplified"] };
const WEIGHTS = [400, 700];

function digest(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
}

function keep(name, content) {
  const extension = extname(name);
  const hashed = `${basename(name, extension)}-${digest(content)}${extension}`;
  writeFileSync(join(building, hashed), content);
  manifest[name] = hashed;
}

function names(folder, extension) {
  return readdirSync(join(here, folder)).filter((name) => name.endsWith(extension)).sort();
}

async function buildStyles() {
  const pages = names("styles/pages", ".scss").map((name) => `@use "pages/${basename(name, ".scss").replace(/^_/, "")}";`);
  const { css } = sass.compileString([`@use "site";`, ...pages].join("\n"), {
    loadPaths: [join(here, "styles"), modules],
    style: "expanded",
    quietDeps: true,
    // Bootstrap 5.3 is written with @import, which this sass still understands.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  for (const [name, sheet] of [["site.css", css], ["site-rtl.css", rtlcss.process(css)]]) {
    const { code } = await esbuild.transform(sheet, { loader: "css", minify: true, target: ["chrome110", "firefox110", "safari16.4"] });
    keep(name, code);
  }
}

async function buildScripts() {
  const entries = names("scripts", ".js");
  const result = await esbuild.build({
    entryPoints: entries.map((name) => join(here, "scripts", name)),
    outdir: building,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    sourcemap: false,
    legalComments: "linked",
    target: ["chrome110", "firefox110", "safari16.4"],
    nodePaths: [modules],
    metafile: true,
    logLevel: "warning",
  });
  for (const [file, output] of Object.entries(result.metafile.outputs)) {
    if (output.entryPoint) {
      manifest[basename(output.entryPoint)] = basename(file);
    }
  }
}

function copyPictures() {
  for (const name of readdirSync(join(here, "pictures"))) {
    keep(name, readFileSync(join(here, "pictures", name)));
  }
}

function copyFonts() {
  for (const [family, scripts] of Object.entries(FONTS)) {
    for (const script of scripts) {
      for (const weight of WEIGHTS) {
        const file = join(modules, "@fontsource", family, "files", `${family}-${script}-${weight}-normal.woff`);
        keep(`font-${script}-${weight}.woff`, readFileSync(file));
      }
    }
  }
}

function compress() {
  for (const name of readdirSync(building)) {
    if (/\.(js|css|svg)$/.test(name)) {
      const content = readFileSync(join(building, name));
      writeFileSync(join(building, `${name}.gz`), gzipSync(content, { level: 9 }));
      writeFileSync(join(building, `${name}.br`), brotliCompressSync(content));
    }
  }
}

// New files stand beside the old ones, and the manifest comes last: servers and pages that are open go on with what they know.
function publish() {
  const fresh = readdirSync(building).filter((name) => name !== "manifest.json");
  mkdirSync(target, { recursive: true });
  for (const name of [...fresh, "manifest.json"]) {
    renameSync(join(building, name), join(target, name));
  }
  const keep = new Set([...fresh, "manifest.json"]);
  for (const name of readdirSync(target)) {
    const file = join(target, name);
    if (!keep.has(name) && Date.now() - statSync(file).mtimeMs > KEPT_MS) {
      rmSync(file, { recursive: true, force: true });
    }
  }
}

rmSync(building, { recursive: true, force: true });
mkdirSync(building, { recursive: true });
try {
  await buildStyles();
  await buildScripts();
  copyPictures();
  copyFonts();
  compress();
  writeFileSync(join(building, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  publish();
} finally {
  rmSync(building, { recursive: true, force: true });
}
