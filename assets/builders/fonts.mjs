// Typst reads TrueType only: for PDFs, the weights that reports use, in Latin and in Arabic.
import fs from "node:fs";
import path from "node:path";

const WEIGHTS = {
  "ibm-plex-sans": ["400Regular", "400Regular_Italic", "500Medium", "600SemiBold"],
  "ibm-plex-sans-arabic": ["400Regular", "600SemiBold"],
};

export function printFonts(modules, folder) {
  fs.mkdirSync(folder, { recursive: true });
  for (const [family, weights] of Object.entries(WEIGHTS)) {
    for (const weight of weights) {
      const source = path.join(modules, "@expo-google-fonts", family, weight);
      const [file] = fs.readdirSync(source).filter((name) => name.endsWith(".ttf"));
      fs.copyFileSync(path.join(source, file), path.join(folder, file));
    }
  }
}
