// Outlines for the charts, read from packages at build time.
// France: the region paths of @gouvfr/dsfr-chart (MIT), keyed by INSEE region code.
// World: world-atlas (ISC; Natural Earth, public domain), countries-110m, keyed by ISO 3166-1 numeric code.
import fs from "node:fs";
import path from "node:path";
import { feature } from "topojson-client";

const REGIONS = {
  IDF: "11", CVL: "24", BFC: "27", NOR: "28", HDF: "32", GES: "44", PDL: "52", BRE: "53",
  NAQ: "75", OCC: "76", ARA: "84", PAC: "93", "20R": "94",
  971: "01", 972: "02", 973: "03", 974: "04", 976: "06",
};

/** Corners of an SVG path, one list a ring. A curve counts as its end: enough to place a label. */
function ringsOf(d) {
  const tokens = d.match(/[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)/g);
  const arity = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, t: 2, a: 7, z: 0 };
  const rings = [];
  let ring = [];
  let [x, y, startX, startY, command, i] = [0, 0, 0, 0, "", 0];
  while (i < tokens.length) {
    if (/[a-zA-Z]/.test(tokens[i])) command = tokens[i++];
    const kind = command.toLowerCase();
    const relative = command === kind;
    const args = tokens.slice(i, i + arity[kind]).map(Number);
    i += arity[kind];
    if (kind === "z") {
      [x, y] = [startX, startY];
      continue;
    }
    if (kind === "h") x = (relative ? x : 0) + args[0];
    else if (kind === "v") y = (relative ? y : 0) + args[0];
    else [x, y] = [(relative ? x : 0) + args.at(-2), (relative ? y : 0) + args.at(-1)];
    if (kind === "m") {
      ring = [];
      rings.push(ring);
      [startX, startY] = [x, y];
      command = relative ? "l" : "L";
    }
    ring.push([x, y]);
  }
  return rings;
}

/** Signed area and centroid of a ring (shoelace formula). */
function middleOf(ring) {
  let [area, cx, cy] = [0, 0, 0];
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length];
    const cross = x1 * y2 - x2 * y1;
    area += cross / 2;
    cx += (x1 + x2) * cross;
    cy += (y1 + y2) * cross;
  });
  return { area: Math.abs(area), x: cx / (6 * area), y: cy / (6 * area) };
}

export function franceOutlines(modules) {
  const source = fs.readFileSync(path.join(modules, "@gouvfr", "dsfr-chart", "dist", "MapChart", "MapChart.js"), "utf8");
  const regions = {};
  for (const [, key, d] of source.matchAll(/class: "FR-(\w+)",[\s\S]{0,120}?\bd: "([^"]+)"/g)) {
    const code = REGIONS[key];
    if (!code || regions[code]) continue;
    const rings = ringsOf(d);
    const middle = rings.map(middleOf).sort((a, b) => b.area - a.area)[0];
    const xs = rings.flat().map(([x]) => x);
    const ys = rings.flat().map(([, y]) => y);
    regions[code] = {
      d,
      x: Math.round(middle.x * 10) / 10,
      y: Math.round(middle.y * 10) / 10,
      box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].map((n) => Math.round(n * 10) / 10),
    };
  }
  const missing = Object.values(REGIONS).filter((code) => !regions[code]);
  if (missing.length) throw new Error(`no outline for regions ${missing.join(", ")}: has the package changed?`);
  return regions;
}

// Natural Earth projection (Patterson, 2007), polynomial form: pleasant for a whole world, no distortion of habits.
function project([longitude, latitude]) {
  const lambda = (longitude * Math.PI) / 180;
  const phi = (latitude * Math.PI) / 180;
  const p2 = phi * phi;
  const p4 = p2 * p2;
  const x = lambda * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)));
  const y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)));
  return [500 + x * 180, 232 - y * 180];
}

/** Cuts a ring along a meridian and keeps the points west (or east) of it (Sutherland and Hodgman's clipping). */
function clip(ring, limit, keepsWest) {
  const inside = ([x]) => (keepsWest ? x <= limit : x >= limit);
  return ring.flatMap((point, i) => {
    const before = ring.at(i - 1);
    const crossing = () => [limit, before[1] + ((point[1] - before[1]) * (limit - before[0])) / (point[0] - before[0])];
    if (inside(point)) return inside(before) ? [point] : [crossing(), point];
    return inside(before) ? [crossing()] : [];
  });
}

/** A ring that crosses the 180th meridian (Russia, Fiji) becomes two, one at each edge of the map. */
function cutAtEdge(ring) {
  let turn = 0;
  const unrolled = ring.map(([x, y], i) => {
    const before = i ? ring[i - 1][0] : x;
    if (x - before > 180) turn -= 360;
    if (before - x > 180) turn += 360;
    return [x + turn, y];
  });
  if (unrolled.every(([x]) => Math.abs(x) <= 180)) return [ring];
  return [-360, 0, 360]
    .map((shift) => clip(clip(unrolled.map(([x, y]) => [x + shift, y]), 180, true), -180, false))
    .filter((piece) => piece.length > 2);
}

export function worldOutlines(modules) {
  const topology = JSON.parse(fs.readFileSync(path.join(modules, "world-atlas", "countries-110m.json"), "utf8"));
  const outlines = {};
  for (const country of feature(topology, topology.objects.countries).features) {
    if (!country.id || country.id === "010") continue; // Antarctica trades little
    const polygons = country.geometry.type === "Polygon" ? [country.geometry.coordinates] : country.geometry.coordinates;
    outlines[country.id] = polygons
      .flat()
      .flatMap(cutAtEdge)
      .map((ring) => `M${ring.map((point) => project(point).map((n) => Math.round(n * 10) / 10).join(" ")).join("L")}Z`)
      .join("");
  }
  return outlines;
}

/** Outlines as one file that browsers keep: pages refer to one country (#c250) or to all (#land). */
export function worldSvg(outlines) {
  const paths = Object.entries(outlines).map(([code, d]) => `<path id="c${code}" d="${d}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 440"><g id="land">${paths.join("")}</g></svg>`;
}

export function franceSvg(outlines) {
  const paths = Object.entries(outlines).map(([code, { d }]) => `<path id="r${code}" d="${d}" vector-effect="non-scaling-stroke"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1010 1010"><defs>${paths.join("")}</defs></svg>`;
}
