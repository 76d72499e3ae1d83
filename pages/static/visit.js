"use strict";
/* The record of a visit on a phone: what is typed stays in the browser until it was submitted, also without a
   connection; the page itself is kept by duties-offline.js. Without JavaScript it is a plain form. */

const PREFIX = "jidi-visit:";
const here = location.pathname;
const form = document.querySelector("form[data-keep]");
const SECRET = new Set(["csrf"]);

/* The duty is done, or somebody else's: nothing of it stays. */
if (!form) localStorage.removeItem(PREFIX + here);

if (form) {
  const line = form.querySelector("[data-keeping]");
  const say = (words, failed = false) => {
    line.textContent = words;
    line.classList.toggle("failed", failed);
  };

  const typed = () => {
    const values = {};
    for (const field of form.elements) {
      if (!field.name || field.type === "file" || field.type === "submit" || SECRET.has(field.name)) continue;
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
      (values[field.name] ??= []).push(field.value);
    }
    return values;
  };

  const keep = () => {
    try {
      localStorage.setItem(PREFIX + here, JSON.stringify({ version: form.dataset.version, values: typed() }));
      say(navigator.onLine ? form.dataset.kept : form.dataset.offline);
    } catch {
      say(form.dataset.full, true);
    }
  };

  const restore = () => {
    const kept = JSON.parse(localStorage.getItem(PREFIX + here) ?? "null");
    const sent = sessionStorage.getItem(PREFIX + here);
    sessionStorage.removeItem(PREFIX + here);
    if (!kept) return;
    const newer = kept.version !== form.dataset.version;
    if (newer && sent && !document.querySelector(".error-summary")) {
      localStorage.removeItem(PREFIX + here); /* it was kept for the whole team, and the page shows it */
      return;
    }
    for (const field of form.elements) {
      if (!field.name || field.type === "file" || SECRET.has(field.name)) continue;
      const values = kept.values[field.name] ?? [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length && field.type !== "submit" && field.tagName !== "BUTTON") field.value = values[0];
    }
    say(!navigator.onLine ? form.dataset.offline : newer ? form.dataset.newer : form.dataset.restored);
  };

  /* Where it differs, there is something to write. */
  const unfold = () => {
    for (const one of form.querySelectorAll(".visit-line")) {
      const folded = one.querySelector("details");
      const written = [...folded.querySelectorAll("input")].some((field) => field.value);
      if (written || one.querySelector('input[value="no"]:checked')) folded.open = true;
    }
  };

  for (const button of form.querySelectorAll("[data-all-match]")) {
    button.hidden = !button.parentElement.querySelector(".visit-line");
    button.addEventListener("click", () => {
      for (const one of button.parentElement.querySelectorAll(".visit-line")) {
        if (!one.querySelector("input[type=radio]:checked")) one.querySelector('input[value="yes"]').checked = true;
      }
      keep();
    });
  }

  restore();
  unfold();
  form.addEventListener("input", keep);
  form.addEventListener("change", unfold);
  form.addEventListener("submit", (event) => {
    keep();
    if (navigator.onLine) {
      sessionStorage.setItem(PREFIX + here, "sent");
      return;
    }
    event.preventDefault();
    line.scrollIntoView({ block: "center" });
  });
  window.addEventListener("offline", keep);
  window.addEventListener("online", () => say(form.dataset.online));
}

/* Keep the page, so that it opens where there is no connection. */
if (form && "serviceWorker" in navigator) {
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")];
  const images = [...document.querySelectorAll("use")].map((use) => use.getAttribute("href")?.split("#")[0]);
  const needed = [...parts.map((part) => part.href || part.src), ...images.filter(Boolean)];
  navigator.serviceWorker
    .register("/duties/offline.js", { scope: "/duties/" })
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => active.postMessage({ keep: location.href.split("#")[0], needed: [...new Set(needed)] }))
    .catch(() => {});
}
