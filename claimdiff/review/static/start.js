"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const all = (query, inside = document) => [...inside.querySelectorAll(query)];
  const form = one("start"), source = one("zone-source"), told = one("told");
  const files = new WeakMap(); // text block -> { name, data } of a file that is no text, or { name } of one that is
  let work = null;

  // --- texts --------------------------------------------------------------------------------------
  const field = (block) => block.querySelector("textarea");
  const empty = (block) => !files.has(block) && !field(block).value.trim();
  function number() {
    const blocks = all(".text", source);
    blocks.forEach((block, at) => {
      const place = `source-${at + 1}`, trouble = block.querySelector(".trouble");
      block.dataset.place = trouble.dataset.place = field(block).id = place;
      trouble.id = `trouble-${place}`;
      field(block).setAttribute("aria-describedby", trouble.id);
      const label = block.querySelector("label");
      label.htmlFor = place;
      label.textContent = blocks.length > 1 ? `Source ${at + 1}` : "Text of the source";
    });
  }
  function another() {
    const block = all(".text", source)[0].cloneNode(true);
    field(block).value = "";
    block.querySelector(".trouble").textContent = "";
    source.querySelector(".texts").append(block);
    clear(block);
    number();
    return block;
  }
  function clear(block) {
    files.delete(block);
    block.querySelector(".file").hidden = true;
    field(block).hidden = false;
  }
  async function take(block, file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = null;
    try { text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { /* no UTF-8: sent as it is */ }
    if (text === null || text.includes("\0") || text.startsWith("%PDF-")) {
      let data = "";
      for (let at = 0; at < bytes.length; at += 0x8000) data += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
      files.set(block, { name: file.name, data: btoa(data) });
      field(block).hidden = true;
    } else {
      files.set(block, { name: file.name });
      field(block).hidden = false;
      field(block).value = text;
    }
    block.querySelector(".file-name").textContent = `${file.name}, ${bytes.length.toLocaleString()} bytes`;
    block.querySelector(".file").hidden = false;
    block.querySelector(".trouble").textContent = "";
    told.textContent = `${file.name} is there.`;
  }
  async function dropped(zone, list) {
    const many = "many" in zone.dataset;
    if (!many && list.length > 1) told.textContent = "One derivative at a time; the first was taken.";
    for (const file of many ? list : [...list].slice(0, 1)) {
      const block = many ? all(".text", zone).find(empty) || another() : all(".text", zone)[0];
      await take(block, file);
    }
  }
  for (const zone of all(".zone")) {
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", (event) => {
      if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
    });
    zone.addEventListener("drop", (event) => {
      zone.classList.remove("over");
      if (!event.dataTransfer.files.length) return; // words that were dragged go where they fall
      event.preventDefault();
      dropped(zone, [...event.dataTransfer.files]);
    });
    zone.querySelector('[type="file"]').addEventListener("change", (event) => {
      dropped(zone, [...event.target.files]);
      event.target.value = "";
    });
    zone.addEventListener("click", (event) => {
      if (!event.target.closest(".remove")) return;
      const block = event.target.closest(".text");
      clear(block);
      field(block).value = "";
      if (all(".text", zone).length > 1) block.remove();
      number();
      field(all(".text", zone)[0]).focus();
    });
  }
  for (const name of ["dragover", "drop"]) {
    addEventListener(name, (event) => { // a file beside the zones must not take the page's place
      if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
    });
  }
  one("more").type = "button";
  one("more").addEventListener("click", () => field(another()).focus());

  // --- comparing ----------------------------------------------------------------------------------
  function given(block) {
    const file = files.get(block) || {};
    return file.data ? file : { name: file.name || "", text: field(block).value };
  }
  function show(errors) {
    for (const own of all(".trouble", form)) own.textContent = errors[own.dataset.place] || "";
    for (const own of all("textarea, input", form)) {
      if (errors[own.id]) own.setAttribute("aria-invalid", "true");
      else own.removeAttribute("aria-invalid");
    }
    const first = all(".trouble", form).find((own) => own.textContent);
    const at = first && one(first.dataset.place);
    if (at && at !== form && !at.hidden) at.focus();
  }
  function busy(on) {
    one("compare").disabled = on;
    one("cancel").hidden = one("working").hidden = !on;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (work) return;
    work = new AbortController();
    const since = Date.now();
    const clock = setInterval(() => {
      told.textContent = `Comparing, ${Math.round((Date.now() - since) / 1000)} seconds so far.`;
    }, 5000);
    busy(true);
    show({});
    told.textContent = "Comparing.";
    const sources = all(".text", source);
    const filled = sources.filter((block) => !empty(block));
    const author = one("author");
    try {
      const response = await fetch("/new", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": claimdiff.csrf },
        signal: work.signal,
        body: JSON.stringify({
          name: one("name").value,
          author: author ? author.value : "",
          sources: (filled.length ? filled : sources.slice(0, 1)).map(given),
          derivative: given(all(".text", one("zone-derivative"))[0]),
        }),
      });
      const kind = response.headers.get("content-type") || "";
      const answer = kind.includes("json") ? await response.json() : { errors: { start: said(await response.text()) } };
      if (answer.place) {
        location.assign(answer.place);
        return;
      }
      show(answer.errors);
    } catch (error) {
      show({ start: error.name === "AbortError" ? "Stopped." : "The server does not answer. Nothing was lost; try again." });
    } finally {
      clearInterval(clock);
      busy(false);
      work = null;
      told.textContent = "";
    }
  });
  one("cancel").addEventListener("click", () => work && work.abort());
  function said(text) {
    const page = claimdiff.parse(text).querySelector("main p");
    return page ? page.textContent : "The server gave no answer that could be read.";
  }
})();
