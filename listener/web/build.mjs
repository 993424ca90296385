// Builds listener/web/static/: purged Tabler and our own styles, scripts and fonts under hashed names, and manifest.json
// that says which name stands for which file. Deterministic: the same sources give the same bytes.
import { readFile, rm, mkdir, writeFile, copyFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const root = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(root, "static");
const assets = path.join(root, "assets");
// Phones of 2019 and later; citizens do not buy a new one to report a broken lamp.
const TARGETS = ["es2019"];

/** Tabler is 635 KB; only the rules our templates and scripts name are kept. */
const purgedTabler = {
  name: "purged-tabler",
  setup(build) {
    build.onLoad({ filter: /tabler\.css$/ }, async ({ path: file }) => {
      const raw = await readFile(file, "utf8");
      const [result] = await new PurgeCSS().purge({
        content: [`${root}/templates/**/*.html`, `${assets}/js/*.js`],
        css: [{ raw }],
        keyframes: true,
        variables: true,
        fontFace: true,
        safelist: { standard: ["show", "is-invalid", "disabled", "active"] },
      });
      return { contents: result.css.replace(/\/\*#.*?\*\//gs, ""), loader: "css" };
    });
  },
};

const common = {
  bundle: true,
  minify: true,
  metafile: true,
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: root,
  loader: { ".woff2": "file", ".png": "file" },
};

/** Adds each entry, and each font, of one esbuild run to the manifest under its plain name. */
function note(manifest, metafile) {
  for (const [file, info] of Object.entries(metafile.outputs)) {
    const hashed = path.basename(file);
    if (info.entryPoint) {
      manifest[path.basename(info.entryPoint)] = hashed;
    } else if (hashed.endsWith(".woff2")) {
      manifest[path.basename(Object.keys(info.inputs)[0])] = hashed;
    }
  }
}

/** The files an output loads at once (not those it loads on demand), itself included. */
function withImports(outputs, file) {
  const direct = outputs[file].imports.filter((one) => one.kind === "import-statement").map((one) => one.path);
  return [file, ...direct.flatMap((one) => withImports(outputs, one))];
}

/** The scripts and styles that the report form needs when there is no network. */
function shell(manifest, { outputs }) {
  const scripts = Object.keys(outputs).filter((file) => /(citizen|report)\.js$/.test(outputs[file].entryPoint ?? ""));
  const names = scripts.flatMap((file) => withImports(outputs, file)).map((file) => path.basename(file));
  return [...new Set([manifest["citizen.css"], manifest["icon.svg"], manifest["proof_worker.js"], ...names])].sort().map((name) => `/static/${name}`);
}

async function copyHashed(manifest, name) {
  const bytes = await readFile(path.join(assets, name));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const { name: stem, ext } = path.parse(name);
  manifest[name] = `${stem}-${hash}${ext}`;
  await copyFile(path.join(assets, name), path.join(out, manifest[name]));
}

/** Tinos for papers in PDF: as wide as Times New Roman, with all Vietnamese letters, under the Open Font License. */
async function copyPaperFonts() {
  const tinos = path.join(root, "node_modules/@expo-google-fonts/tinos");
  const fonts = path.join(root, "../papers/fonts");
  await rm(fonts, { recursive: true, force: true });
  await mkdir(fonts, { recursive: true });
  for (const face of ["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"]) {
    await copyFile(path.join(tinos, face, `Tinos_${face}.ttf`), path.join(fonts, `Tinos_${face}.ttf`));
  }
  await copyFile(path.join(tinos, "LICENSE_FONT"), path.join(fonts, "LICENSE"));
}

async function build() {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const manifest = {};
  const styles = await esbuild.build({
    ...common,
    entryPoints: ["staff.css", "citizen.css", "map.css"].map((name) => `assets/css/${name}`),
    plugins: [purgedTabler],
    // cascade layers and nesting stay as written: staff browsers have had them since 2022
    target: ["chrome111", "safari16", "firefox113"],
  });
  note(manifest, styles.metafile);
  const scripts = await esbuild.build({
    ...common,
    entryPoints: ["staff.js", "citizen.js", "report.js"].map((name) => `assets/js/${name}`),
    format: "esm",
    splitting: true,
    target: TARGETS,
  });
  note(manifest, scripts.metafile);
  await copyHashed(manifest, "icon.svg");
  const workers = await esbuild.build({
    ...common,
    entryPoints: ["assets/js/proof_worker.js"],
    format: "iife", // a worker that is no module runs on older phones too
    target: TARGETS,
  });
  note(manifest, workers.metafile);
  const list = JSON.stringify(shell(manifest, scripts.metafile));
  await esbuild.build({
    ...common,
    entryPoints: ["assets/js/sw.js"],
    entryNames: "[name]",
    metafile: false,
    target: TARGETS,
    define: { SHELL: list, VERSION: JSON.stringify(createHash("sha256").update(list).digest("hex").slice(0, 8)) },
  });
  const app = JSON.parse(await readFile(path.join(assets, "app.webmanifest"), "utf8"));
  app.icons[0].src = `/static/${manifest["icon.svg"]}`;
  await writeFile(path.join(out, "app.webmanifest"), JSON.stringify(app));
  const sorted = Object.fromEntries(Object.entries(manifest).sort());
  await writeFile(path.join(out, "manifest.json"), JSON.stringify(sorted, null, 1) + "\n");
}

await build();
await copyPaperFonts();
