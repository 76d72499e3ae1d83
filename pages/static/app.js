"use strict";
/* Small comforts; every page works without them. */

/* After a refused form: go to the summary of what is wrong, and from it into the field. */
document.querySelector("[data-focus]")?.focus();
for (const link of document.querySelectorAll(".error-summary a")) {
  link.addEventListener("click", (event) => {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    (target.closest(".field") ?? target).scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  });
}

/* Ask before what cannot be undone. */
const dialog = document.getElementById("confirm");
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-confirm]");
  if (!button || button.dataset.agreed || !dialog?.showModal) return;
  event.preventDefault();
  dialog.querySelector("#confirm-text").textContent = button.dataset.confirm;
  dialog.querySelector("[data-yes]").onclick = () => {
    dialog.close();
    button.dataset.agreed = "yes";
    button.form.requestSubmit(button);
    delete button.dataset.agreed;
  };
  dialog.querySelector("[data-no]").onclick = () => dialog.close();
  dialog.addEventListener("close", () => button.focus(), { once: true });
  dialog.showModal();
  dialog.querySelector("[data-no]").focus();
});

/* A second click on the same button does nothing while the first is on its way. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "get" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
});

/* Select all; how many are selected; no act on nothing. */
function tally(name) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)];
  const chosen = boxes.filter((box) => box.checked).length;
  for (const box of boxes) box.closest("tr")?.classList.toggle("chosen", box.checked);
  const all = document.querySelector(`[data-select-all="${name}"]`);
  if (all) {
    all.checked = boxes.length > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const bar = document.querySelector(`[data-bulk="${name}"]`);
  if (!bar) return;
  const count = bar.querySelector("[data-bulk-count]");
  count.textContent = count.dataset.text.replace("{n}", chosen);
  for (const button of bar.querySelectorAll("button")) button.disabled = chosen === 0;
}
for (const bar of document.querySelectorAll("[data-bulk]")) tally(bar.dataset.bulk);
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.type !== "checkbox") return;
  const name = box.dataset.selectAll ?? box.name;
  if (!document.querySelector(`[data-select-all="${name}"]`)) return;
  if (box.dataset.selectAll) {
    for (const one of document.querySelectorAll(`input[type=checkbox][name="${name}"]`)) one.checked = box.checked;
  }
  tally(name);
});

/* Copy a machine text. */
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });
}

/* How long a text is and how long it may be. */
for (const area of document.querySelectorAll("textarea[data-longest]")) {
  const line = document.createElement("p");
  line.className = "count";
  area.after(line);
  const show = () => {
    const now = [...area.value].length;
    line.textContent = area.dataset.count.replace("{now}", now).replace("{most}", area.dataset.longest);
    line.classList.toggle("over", now > Number(area.dataset.longest));
  };
  area.addEventListener("input", show);
  show();
}

/* A menu of the head closes when one goes elsewhere; the room where one is can be seen on a narrow screen. */
const MENUS = "details:is(.menu, .room-menu)[open]";
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const menu of document.querySelectorAll(MENUS)) if (!menu.contains(event.target)) menu.open = false;
  });
}
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(MENUS);
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
for (const line of document.querySelectorAll(".rooms > ul")) {
  const here = line.querySelector(":scope > li > a[aria-current], summary.current");
  if (here) line.scrollLeft += here.getBoundingClientRect().left + here.offsetWidth / 2 - line.clientWidth / 2;
}

/* What was kept for lack of a connection goes with whoever signs out; a stranger finds nothing of it. */
const forget = () => globalThis.caches?.delete("jidi-duties").catch(() => {});
if (!document.querySelector('meta[name="csrf"]')?.content) forget();
document.addEventListener("submit", (event) => {
  if (!event.target.action?.endsWith("/sign-out")) return;
  forget();
  for (const key of Object.keys(localStorage)) if (key.startsWith("jidi-visit:")) localStorage.removeItem(key);
});
