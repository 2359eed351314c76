// Builds static_build/: style sheets, script, fonts, icon sprite, map outlines.
// Every source is a package of package-lock.json; nothing is fetched here.
import * as esbuild from "esbuild";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { spriteOf } from "./builders/sprite.mjs";
import { printFonts } from "./builders/fonts.mjs";
import { franceOutlines, franceSvg, worldOutlines, worldSvg } from "./builders/maps.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");
const out = path.join(here, "..", "static_build");
const started = performance.now();

process.chdir(here);
// Built beside and then swapped, so that a server running meanwhile never sees half a folder.
const fresh = `${out}.new`;
fs.rmSync(fresh, { recursive: true, force: true });
fs.mkdirSync(path.join(fresh, "maps"), { recursive: true });

// What is newer than these versions is written so that they understand it; the public table shows the same file.
const { engines } = JSON.parse(fs.readFileSync("browsers.json", "utf8"));

const result = await esbuild.build({
  entryPoints: ["src/workspace.css", "src/public.css", "src/app.js", "src/field-worker.js"],
  bundle: true,
  minify: true,
  outdir: fresh,
  assetNames: "fonts/[name]",
  loader: { ".woff2": "file", ".woff": "empty" },
  target: engines.map(({ code, since }) => code + since),
  format: "esm",
  legalComments: "none",
  metafile: true,
});

fs.writeFileSync(path.join(fresh, "sprite.svg"), spriteOf(path.join(here, "icons.txt"), modules));
printFonts(modules, path.join(fresh, "print-fonts"));
// The drawings go to browsers; the server only needs to know where things are.
const france = franceOutlines(modules);
const places = Object.fromEntries(Object.entries(france).map(([code, { x, y, box }]) => [code, { x, y, box }]));
fs.writeFileSync(path.join(fresh, "maps", "france.json"), JSON.stringify(places));
fs.writeFileSync(path.join(fresh, "maps", "france.svg"), franceSvg(france));
const world = worldOutlines(modules);
fs.writeFileSync(path.join(fresh, "maps", "world.json"), JSON.stringify(Object.fromEntries(Object.keys(world).map((code) => [code, true]))));
fs.writeFileSync(path.join(fresh, "maps", "world.svg"), worldSvg(world));

fs.rmSync(`${out}.old`, { recursive: true, force: true });
if (fs.existsSync(out)) fs.renameSync(out, `${out}.old`);
fs.renameSync(fresh, out);
fs.rmSync(`${out}.old`, { recursive: true, force: true });

for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
  if (/\.(css|js)$/.test(file)) console.log(`${(bytes / 1024).toFixed(1).padStart(7)} kB  ${path.basename(file)}`);
}
console.log(`static_build ready in ${Math.round(performance.now() - started)} ms`);
