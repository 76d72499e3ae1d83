"use strict";
/* The scoring sheet while one types: the sum, each item's band, and the remark opened where one must be written.
   The server says the same after "save draft". */

for (const form of document.querySelectorAll("form[data-scoring]")) {
  const ends = form.dataset.bands.split(",").map(Number);
  const titles = form.dataset.titles.split("|");
  const sum = form.querySelector("[data-sum]");
  const digits = /^[0-9]{1,3}$/;

  const markOf = (input) => {
    const text = input.value.trim();
    const mark = Number(text);
    return digits.test(text) && mark <= Number(input.dataset.points) ? mark : null;
  };

  const bandOf = (mark, points) => {
    const at = ends.findIndex((end) => 100 * mark >= end * points);
    return at < 0 ? ends.length : at;
  };

  const show = (input) => {
    const item = input.closest("[data-item]");
    const mark = markOf(input);
    const band = mark === null ? null : bandOf(mark, Number(input.dataset.points));
    const extreme = band === 0 || band === ends.length;
    item.querySelector("[data-band]").textContent = band === null ? "" : titles[band];
    const remark = item.querySelector("[data-remark]");
    const needed = extreme && !remark.querySelector("textarea").value.trim();
    remark.classList.toggle("needed", needed);
    const summary = remark.querySelector("summary");
    summary.dataset.words ??= summary.textContent;
    summary.textContent = needed ? `${summary.dataset.words} · ${form.dataset.explain}` : summary.dataset.words;
    if (extreme) remark.open = true;
  };

  const inputs = [...form.querySelectorAll("input[data-points]")];
  const add = () => { sum.textContent = inputs.reduce((all, input) => all + (markOf(input) ?? 0), 0); };

  form.addEventListener("input", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) show(item.querySelector("input[data-points]"));
    add();
  });
  for (const input of inputs) show(input);
  add();
}
