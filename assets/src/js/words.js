// Sentences come translated from the page: <template id="words" data-…>.
const words = document.getElementById("words")?.dataset ?? {};

export const say = (name) => words[name] ?? "";
