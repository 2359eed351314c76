// Typst reads TrueType only, and the packages ship WOFF. WOFF 1 is the same tables, each deflated:
// unpacking needs nothing but zlib. One file for Latin and one for its extension; Typst falls back between them.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const WANTED = [400, 500, 600].flatMap((weight) => [
  [`ibm-plex-sans-latin-${weight}-normal`, `PlexSans-${weight}.ttf`],
  [`ibm-plex-sans-latin-ext-${weight}-normal`, `PlexSans-ext-${weight}.ttf`],
]);

function trueTypeOf(woff) {
  if (woff.toString("latin1", 0, 4) !== "wOFF") throw new Error("not a WOFF 1 file");
  const count = woff.readUInt16BE(12);
  const tables = [];
  for (let i = 0; i < count; i++) {
    const at = 44 + i * 20;
    const offset = woff.readUInt32BE(at + 4);
    const packed = woff.readUInt32BE(at + 8);
    const length = woff.readUInt32BE(at + 12);
    const bytes = woff.subarray(offset, offset + packed);
    tables.push({ tag: woff.subarray(at, at + 4), sum: woff.readUInt32BE(at + 16), data: packed < length ? zlib.inflateSync(bytes) : bytes });
  }
  const header = Buffer.alloc(12 + 16 * count);
  const steps = Math.floor(Math.log2(count));
  woff.copy(header, 0, 4, 8);
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(2 ** steps * 16, 6);
  header.writeUInt16BE(steps, 8);
  header.writeUInt16BE(count * 16 - 2 ** steps * 16, 10);
  const body = [];
  let offset = header.length;
  tables.forEach(({ tag, sum, data }, i) => {
    const at = 12 + i * 16;
    tag.copy(header, at);
    header.writeUInt32BE(sum, at + 4);
    header.writeUInt32BE(offset, at + 8);
    header.writeUInt32BE(data.length, at + 12);
    body.push(data, Buffer.alloc(-data.length & 3));
    offset += data.length + (-data.length & 3);
  });
  return Buffer.concat([header, ...body]);
}

export function printFonts(modules, folder) {
  fs.mkdirSync(folder, { recursive: true });
  for (const [from, to] of WANTED) {
    const file = path.join(modules, "@fontsource", "ibm-plex-sans", "files", `${from}.woff`);
    fs.writeFileSync(path.join(folder, to), trueTypeOf(fs.readFileSync(file)));
  }
  const arabic = path.join(modules, "@fontsource", "ibm-plex-sans-arabic", "files");
  for (const weight of [400, 600]) {
    const woff = fs.readFileSync(path.join(arabic, `ibm-plex-sans-arabic-arabic-${weight}-normal.woff`));
    fs.writeFileSync(path.join(folder, `PlexSansArabic-${weight}.ttf`), trueTypeOf(woff));
  }
}
