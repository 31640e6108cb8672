"use strict";
(() => {
  const all = (query, inside = document) => [...inside.querySelectorAll(query)];
  const one = (id) => document.getElementById(id);
  const cards = all(".card"), folds = all("details"), filters = one("filters");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = new Map(cards.map((card) => [card, fold(card.textContent)]));
  document.documentElement.classList.add("js");

  // --- places -------------------------------------------------------------------------------------
  function show(target) {
    for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (target.classList.contains("card") && target.hidden) filters.reset();
    if (target.tabIndex < 0 || target.matches("section, .row, .card")) target.focus({ preventScroll: true });
    target.scrollIntoView({ block: target.matches("section") ? "start" : "center" });
  }
  function arrive() {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* not an encoded name: taken as it is */ }
    const target = id && one(id);
    if (target) show(target);
  }
  function go(id) {
    if (location.hash === `#${id}`) arrive();
    else location.hash = id;
  }
  addEventListener("hashchange", arrive);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const mark = event.target.closest("mark[data-finding]");
    if (link && link.hash === location.hash) arrive();
    else if (mark && !link && getSelection().isCollapsed) go(mark.dataset.finding);
  });

  // --- filters ------------------------------------------------------------------------------------
  function chosen(name) {
    return new Set(all(`[name="${name}"]:checked`, filters).map((box) => box.value));
  }
  function filter() {
    const severity = chosen("severity"), kind = chosen("kind");
    const type = filters.elements.type.value, criterion = filters.elements.criterion.value;
    const least = Number(filters.elements.confidence.value), wanted = fold(one("search").value.trim());
    one("least").value = least.toFixed(2);
    let left = 0;
    for (const card of cards) {
      const data = card.dataset;
      card.hidden = !(
        severity.has(data.severity) && kind.has(data.kind) && Number(data.confidence) >= least
        && (!type || data.types.split(" ").includes(type))
        && (!criterion || data.criteria.split(", ").includes(criterion))
        && (!wanted || words.get(card).includes(wanted))
      );
      left += !card.hidden;
    }
    for (const section of all(".cards > section")) section.hidden = !all(".card:not([hidden])", section).length;
    one("shown").textContent = left === cards.length ? "" : `${left} of ${cards.length} findings shown`;
    one("shown").hidden = left === cards.length;
  }
  if (filters) {
    filters.hidden = false;
    filters.addEventListener("input", filter);
    filters.addEventListener("change", filter);
    filters.addEventListener("submit", (event) => event.preventDefault());
    filters.addEventListener("reset", () => {
      for (const own of [...cards, ...all(".cards > section")]) own.hidden = false;
      setTimeout(filter);
    });
    filter();
  }

  // --- folds --------------------------------------------------------------------------------------
  const button = one("expand");
  function tell() {
    const open = folds.some((own) => !own.open) === false;
    button.setAttribute("aria-expanded", String(open));
    button.firstChild.data = open ? "Fold all " : "Unfold all ";
  }
  function unfold() {
    const open = folds.some((own) => !own.open);
    for (const own of folds) own.open = open;
    tell();
  }
  if (folds.length) {
    button.hidden = false;
    button.addEventListener("click", unfold);
    for (const own of folds) own.addEventListener("toggle", tell);
  }
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = folds.filter((own) => !own.open);
    for (const own of folded) own.open = true;
  });
  addEventListener("afterprint", () => { for (const own of folded) own.open = false; });

  // --- the map: one stop for the Tab key in each strip, arrows within -----------------------------
  for (const strip of all(".strip")) {
    const cells = all("a.cell", strip);
    cells.forEach((cell, at) => { cell.tabIndex = at ? -1 : 0; });
    strip.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
      const at = cells.indexOf(event.target);
      if (!step || at < 0) return;
      const next = cells[Math.min(cells.length - 1, Math.max(0, at + step))];
      cells[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
      event.preventDefault();
    });
  }

  // --- keys ---------------------------------------------------------------------------------------
  const keys = one("keys");
  function step(by) {
    const shown = cards.filter((card) => !card.hidden);
    const own = document.activeElement.closest(".card");
    const at = shown.indexOf(own);
    const next = shown[at < 0 ? (by > 0 ? 0 : shown.length - 1) : at + by];
    if (next) show(next);
  }
  const act = {
    j: () => step(1),
    k: () => step(-1),
    e: unfold,
    "?": () => keys.showModal(),
    "/": () => { if (filters) { one("search").focus(); one("search").select(); } },
    Enter: () => {
      const card = document.activeElement;
      if (card.classList.contains("card")) card.querySelector(".go").click();
    },
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, select, textarea");
    if (event.key === "Escape" && event.target.id === "search") {
      event.target.value = "";
      filter();
      event.target.blur();
    }
    if (field || keys.open || event.ctrlKey || event.metaKey || event.altKey || !act[event.key]) return;
    if (event.key !== "Enter" && !one("keys-on").checked) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    event.preventDefault();
    act[event.key]();
  });
  one("show-keys").hidden = false;
  one("show-keys").addEventListener("click", () => keys.showModal());
  one("close-keys").addEventListener("click", () => keys.close());
  arrive();
})();
