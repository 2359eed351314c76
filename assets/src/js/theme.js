// Light, dark or the system's: the choice lives in a cookie that the server reads, so that no page flashes.
const YEAR = 31_536_000;

const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  const prefix = document.documentElement.dataset.cookiePrefix ?? "";
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `${prefix}theme=${theme};path=/;max-age=${YEAR};samesite=lax${secure}`;
});
