// One SVG file with a <symbol> for each icon named in icons.txt.
import fs from "node:fs";
import path from "node:path";

export function spriteOf(list, modules) {
  const names = [...new Set(fs.readFileSync(list, "utf8").split(/\s+/).filter(Boolean))].sort();
  const symbols = names.map((name) => {
    const file = path.join(modules, "lucide-static", "icons", `${name}.svg`);
    if (!fs.existsSync(file)) throw new Error(`icons.txt names "${name}", which lucide does not draw`);
    const inside = fs
      .readFileSync(file, "utf8")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/\s+/g, " ")
      .trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inside}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}
