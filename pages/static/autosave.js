"use strict";
/* A form with data-autosave="address" is sent there two seconds after the last change.
   The answer is JSON {"version": …} (the form's next If-Match) with 200, or a problem document with `detail`.
   `data-version` on the form holds the version edited; an output with class "saved" shows where things stand. */

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const line = form.querySelector(".saved") ?? form.appendChild(Object.assign(document.createElement("output"), { className: "saved" }));
  const text = form.dataset;
  let changed = 0;
  let kept = 0;
  let waiting = 0;
  let sending = null;
  let blocked = false;

  const say = (words, failed = false) => {
    line.textContent = words;
    line.classList.toggle("failed", failed);
  };

  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

  async function send() {
    const upTo = changed;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { "Accept": "application/json", "X-CSRF-Token": form.elements.csrf.value, "If-Match": `"${form.dataset.version}"` },
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      kept = upTo;
      if (told.version !== undefined) {
        form.dataset.version = told.version;
        if (form.elements.version) form.elements.version.value = told.version;
      }
      say(text.saved.replace("{at}", clock()));
      return;
    }
    blocked = answer.status === 412 || answer.status === 401 || answer.status === 403 || answer.status === 409;
    say(told.detail ?? text.failed, true);
  }

  async function save() {
    if (sending || blocked || changed === kept) return sending;
    say(text.saving);
    sending = send().catch(() => say(text.failed, true));
    await sending;
    sending = null;
    if (changed !== kept && !blocked) waiting = setTimeout(save, 5000);
  }

  form.addEventListener("input", () => {
    changed += 1;
    clearTimeout(waiting);
    waiting = setTimeout(save, 2000);
  });
  form.addEventListener("focusout", () => { if (changed !== kept) { clearTimeout(waiting); waiting = setTimeout(save, 300); } });
  window.addEventListener("online", save);

  /* A proper submit waits for a save on its way, so that its version is the newest. */
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (sending) {
      event.preventDefault();
      event.stopPropagation();
      const by = event.submitter;
      sending.finally(() => form.requestSubmit(by));
      return;
    }
    kept = changed;
  });
  window.addEventListener("beforeunload", (event) => { if (changed !== kept) event.preventDefault(); });
}
