// Builds webapp/static from webapp/assets: styles with sass, scripts with esbuild, all under names that carry a digest of their content.
// A new style sheet is a file in styles/pages, a new script is a file in scripts; neither needs a line here. The editors of the
// studio are large and stand apart: each .js and .scss directly in studio/ is a bundle or sheet of its own, with the fonts it names.

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
const BROWSERS = ["chrome110", "firefox110", "safari16.4"];
// Bootstrap 5.3 is written with @import, which this sass still understands.
const SASS = {
  loadPaths: [join(here, "styles"), modules],
  style: "expanded",
  quietDeps: true,
  silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
};

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
  const { css } = sass.compileString([`@use "site";`, ...pages].join("\n"), SASS);
  for (const [name, sheet] of [["site.css", css], ["site-rtl.css", rtlcss.process(css)]]) {
    const { code } = await esbuild.transform(sheet, { loader: "css", minify: true, target: BROWSERS });
    keep(name, code);
  }
}

// What the editors' own sheets refer to stands beside ours. Of each font one format that all browsers read is enough.
const FONT_FILES = {
  name: "font-files",
  setup(build) {
    build.onResolve({ filter: /\.(eot|svg|ttf|woff)([?#].*)?$/ }, (found) => ({ path: found.path, external: true }));
    build.onResolve({ filter: /\.woff2\?.+$/ }, (found) =>
      build.resolve(found.path.replace(/[?#].*$/, ""), { kind: found.kind, resolveDir: found.resolveDir }),
    );
  },
};

// Lines of packages that do not work here as they are; a release that changes them stops the build and is looked at.
const MENDED = [
  {
    // The editor of expressions writes a <style> element, which the content policy forbids; sheets of the document are allowed.
    file: /style-mod\/src\/style-mod\.js$/,
    lines: [["!root.head && root.adoptedStyleSheets && win.CSSStyleSheet", "root.adoptedStyleSheets && win.CSSStyleSheet"]],
  },
  {
    // Names are completed behind other words as well (“a and b…”): ours hold no blanks, so a name begins at its own word.
    file: /@bpmn-io\/feel-editor\/dist\/index\.(es\.)?js$/,
    // And only those functions are offered that FEEL has here; the page names them.
    lines: [
      ["context.matchBefore(/\\w[\\w ]*$/)", "context.matchBefore(/\\w+$/)"],
      [
        "camundaBuiltins.map(builtin",
        `camundaBuiltins.filter(({ name }) =>
          document.querySelector("[data-functions]")?.dataset.functions.split(",").includes(name) ?? true).map(builtin`,
      ],
    ],
  },
  {
    // Ids of rules may hold dots, as those of our tables do; without quotes they are no selector and rows cannot be dragged.
    file: /dmn-js-decision-table\/lib\/features\/drag-and-drop\/DragAndDrop\.js$/,
    lines: ["rowId", "colId", "row.id", "col.id"].map((id) => {
      const attribute = `data-${id.slice(0, 3)}-id`;
      return [`[${attribute}=\${${id}}]`, `[${attribute}="\${${id}}"]`];
    }),
  },
];
const MENDING = {
  name: "mending",
  setup(build) {
    for (const { file, lines } of MENDED) {
      build.onLoad({ filter: file }, ({ path }) => {
        let contents = readFileSync(path, "utf8");
        for (const [from, to] of lines) {
          if (!contents.includes(from)) {
            throw new Error(`${path} does not hold “${from}” any more`);
          }
          contents = contents.replaceAll(from, to);
        }
        return { contents, loader: "js" };
      });
    }
  },
};

async function buildStudioStyles() {
  for (const name of names("studio", ".scss").filter((each) => !each.startsWith("_"))) {
    const { css } = sass.compile(join(here, "studio", name), { ...SASS, loadPaths: [join(here, "studio"), ...SASS.loadPaths] });
    const result = await esbuild.build({
      stdin: { contents: css, loader: "css", resolveDir: join(here, "studio") },
      outdir: building,
      assetNames: "[name]-[hash]",
      bundle: true,
      minify: true,
      write: false,
      loader: { ".woff2": "file" },
      plugins: [FONT_FILES],
      nodePaths: [modules],
      target: BROWSERS,
      logLevel: "warning",
    });
    for (const file of result.outputFiles) {
      if (file.path.endsWith(".css")) {
        keep(name.replace(".scss", ".css"), file.text);
      } else {
        writeFileSync(file.path, file.contents);
      }
    }
  }
}

async function buildScripts(folder) {
  const entries = names(folder, ".js");
  const result = await esbuild.build({
    entryPoints: entries.map((name) => join(here, folder, name)),
    outdir: building,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    sourcemap: false,
    legalComments: "linked",
    target: BROWSERS,
    nodePaths: [modules],
    plugins: [MENDING],
    metafile: true,
    logLevel: "warning",
  });
  for (const [file, output] of Object.entries(result.metafile.outputs)) {
    // What is loaded later is an entry as well, but only scripts refer to it.
    if (output.entryPoint && entries.includes(basename(output.entryPoint))) {
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
  await buildStudioStyles();
  await buildScripts("scripts");
  await buildScripts("studio");
  copyPictures();
  copyFonts();
  compress();
  writeFileSync(join(building, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  publish();
} finally {
  rmSync(building, { recursive: true, force: true });
}
