// Comfort only: every page works without this file.
import { initAll } from "./vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A page that shows progress looks again by itself; without script there is a link to do so.
const watching = document.querySelector("[data-reload-seconds]");
if (watching) {
  setTimeout(() => location.reload(), 1000 * Number(watching.dataset.reloadSeconds));
}
