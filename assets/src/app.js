// The whole script of Pavillon: every page works without it, it only makes them quicker.
import "htmx.org";
import "./js/trust.js";
import "./js/forms.js";
import "./js/drafts.js";
import "./js/field.js";
import "./js/menus.js";
import "./js/dialogs.js";
import "./js/toasts.js";
import "./js/theme.js";
import "./js/palette.js";
import "./js/lists.js";
import "./js/records.js";
import "./js/panels.js";
import "./js/mentions.js";
import "./js/press.js";
import "./js/agenda.js";
import "./js/board.js";
import "./js/requests.js";
import "./js/live.js";

document.documentElement.classList.add("js");

// htmx marks the page's entry in the history with the first piece that it swaps, whenever that comes. It is marked while
// the page loads instead: a page that stands changes its history by a gesture only, and whoever waits for the next page
// (extensions, tests) takes no late mark for it.
if (!history.state?.htmx) history.replaceState({ ...history.state, htmx: true }, "", location.href);
