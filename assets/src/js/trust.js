// Trusted Types: what our own server wrote, escaped, is the only text that becomes markup; none becomes a script. The
// browser refuses every other way (Content-Security-Policy: require-trusted-types-for).
import htmx from "htmx.org";

// The one worker: it keeps the page of reports for when there is no network (js/field.js).
const WORKER = "/field/worker.js";
const rules = { createHTML: (text) => text, createScript: () => "", createScriptURL: (url) => (url === WORKER ? url : "") };
const policy = window.trustedTypes?.createPolicy("pavillon", rules) ?? rules;

export const markup = (text) => policy.createHTML(text);
export const worker = () => policy.createScriptURL(WORKER);

htmx.registerExtension("trust", {
  init: ({ initSecurity }) => initSecurity({ createHTML: markup, createScript: (text) => policy.createScript(text) }),
});
