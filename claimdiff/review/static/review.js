"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const all = (query, inside = document) => [...inside.querySelectorAll(query)];
  const home = one("review"), keys = one("keys"), here = `/comparisons/${home.dataset.id}`;
  const POLL = 2500;
  const WHOLE = ["verdict", "scores"]; // parts of the report that follow from the decisions
  let sending = 0;

  function say(text) {
    one("said").textContent = "";
    setTimeout(() => { one("said").textContent = text; }, 30);
  }

  // --- the page as it stands now, without a new one -----------------------------------------------
  const focusable = (own) => own && !own.disabled && own.getClientRects().length;
  function put(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    const active = document.activeElement, id = old.contains(active) ? active.id || " " : "";
    const card = old.closest(".card, section");
    old.replaceWith(document.adoptNode(fresh));
    if (!id) return;
    const again = one(id);
    if (focusable(again)) again.focus({ preventScroll: true });
    else if (card && card.isConnected) card.focus({ preventScroll: true });
    else home.focus({ preventScroll: true });
  }
  function apply(page) {
    const now = page.getElementById("review");
    if (!now) return false;
    if (now.dataset.revision !== home.dataset.revision) {
      stale(now.dataset.revision, "");
      return true;
    }
    claimdiff.times(page);
    const top = document.activeElement.closest(".card")?.getBoundingClientRect().top;
    for (const fresh of all("[data-live]", page)) {
      const old = one(fresh.id);
      if (old) put(old, fresh);
    }
    for (const id of WHOLE) if (one(id) && page.getElementById(id)) put(one(id), page.getElementById(id));
    const old = one("pardons"), fresh = page.getElementById("pardons");
    if (old && fresh) put(old, fresh);
    else if (old) old.remove();
    else if (fresh) one("text").before(document.adoptNode(fresh));
    document.querySelector("h1").textContent = page.querySelector("h1").textContent;
    home.dataset.last = now.dataset.last;
    const moved = document.activeElement.closest(".card")?.getBoundingClientRect().top;
    if (top !== undefined && moved !== undefined) scrollBy({ top: moved - top, behavior: "instant" });
    return true;
  }
  function stale(revision, author) {
    const told = one("stale"), link = document.createElement("a");
    if (!told.hidden) return;
    link.href = here;
    link.textContent = `Show revision ${revision}`;
    told.replaceChildren(`${author || "Somebody"} edited the text: revision ${revision} is there. `, link);
    told.hidden = false;
    say(`${author || "Somebody"} edited the text; revision ${revision} is there.`);
  }
  async function poll() {
    try {
      if (!document.hidden && !sending) {
        const now = await (await fetch(`${here}/now`, { headers: { Accept: "application/json" } })).json();
        if (String(now.revision) !== home.dataset.revision) stale(now.revision, now.author);
        else if (String(now.last) !== home.dataset.last && !sending) {
          const response = await fetch(here);
          if (response.ok && !sending && apply(claimdiff.parse(await response.text()))) say(`${now.author} did something; the page shows it.`);
        }
      }
    } catch { /* the server is away; an act says so where it is tried */ }
    setTimeout(poll, POLL);
  }
  setTimeout(poll, POLL);

  // --- acts ---------------------------------------------------------------------------------------
  const words = (form) => form.querySelector("textarea");
  function trouble(form, text) {
    const place = form.querySelector(".trouble"), field = words(form);
    place.textContent = text;
    if (!field) return;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  function open(form, mode) {
    const box = form.querySelector(".words"), label = box.querySelector("label");
    form.dataset.mode = mode;
    label.textContent = mode === "dismissed" ? "Why may it pass?" : "Comment";
    box.classList.add("open");
    words(form).focus();
  }
  function close(form) {
    const box = form.querySelector(".words");
    if (!box) return;
    box.classList.remove("open");
    delete form.dataset.mode;
    trouble(form, "");
    form.closest(".card").focus({ preventScroll: true });
  }
  function lost(response, page) {
    if (response.status === 401) return "Your session has ended. Open the address that claimdiff printed when it started; what you typed stays here.";
    return page.querySelector("main p")?.textContent || "The server gave no answer that could be read.";
  }
  async function send(form, button) {
    if (form.getAttribute("aria-busy") === "true") return;
    const act = button.value, typed = words(form), data = new URLSearchParams(new FormData(form, button));
    form.setAttribute("aria-busy", "true");
    sending += 1;
    try {
      const response = await fetch(form.action, { method: "POST", body: data, headers: { "X-CSRF-Token": claimdiff.csrf } });
      const page = claimdiff.parse(await response.text());
      if (!page.getElementById("review")) {
        trouble(form, lost(response, page));
      } else if (!response.ok) {
        apply(page);
        trouble(form, all(".trouble", page).map((own) => own.textContent).find(Boolean) || "It was not done.");
        if (typed && form.querySelector(".words.open, #text-review")) typed.focus();
        else say(form.querySelector(".trouble").textContent);
      } else {
        trouble(form, "");
        if (act !== "undone" && act !== "accepted" && typed) {
          typed.value = typed.defaultValue = "";
        }
        if (form.classList.contains("decide")) close(form);
        apply(page);
        say(done(form, act));
      }
    } catch {
      trouble(form, "The server does not answer. What you typed is still here; try again.");
    } finally {
      sending -= 1;
      form.removeAttribute("aria-busy");
    }
  }
  function done(form, act) {
    const card = form.closest(".card"), progress = one("review-now").querySelector("strong").textContent;
    const said = { accepted: "accepted", dismissed: "dismissed", commented: "comment kept", undone: "undone",
      "signed-off": "Signed off", "changes-asked": "Changes asked", reopened: "Reopened" }[act];
    const text = card && act !== "undone" ? `Finding ${form.dataset.number} ${said}` : said[0].toUpperCase() + said.slice(1);
    return `${text}. ${progress}.`;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.id === "form-edit") {
      event.preventDefault();
      recheck(form);
    } else if ((form.classList.contains("decide") || form.id === "form-review") && button) {
      event.preventDefault();
      const box = form.querySelector(".words"), act = button.value;
      const needs = act === "dismissed" || act === "commented";
      const ready = !box || (box.classList.contains("open") && (form.dataset.mode === act || !form.dataset.mode || words(form).value.trim()));
      if (needs && !ready) open(form, act);
      else send(form, button);
    }
  });

  // --- what is undecided --------------------------------------------------------------------------
  const filters = one("filters");
  if (filters) {
    const set = document.createElement("fieldset"), legend = document.createElement("legend");
    const label = document.createElement("label"), box = document.createElement("input");
    legend.textContent = "Decision";
    box.type = "checkbox";
    box.id = "undecided-only";
    label.append(box, " undecided only");
    set.append(legend, label);
    filters.querySelector("fieldset").before(set);
    const narrow = () => { // after the report's own filters, which have shown what they let pass
      if (!box.checked) return;
      for (const stand of all(".card > .stand:is(.accepted, .dismissed)")) stand.parentElement.hidden = true;
      for (const section of all(".cards > section")) section.hidden = !all(".card:not([hidden])", section).length;
      one("shown").textContent = `${all(".card:not([hidden])").length} of ${all(".card").length} findings shown`;
      one("shown").hidden = false;
    };
    filters.addEventListener("input", narrow);
    filters.addEventListener("change", narrow);
  }

  // --- editing ------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".to-edit"), field = one("text-edit");
    if (!button || !field) return;
    const units = (points) => [...field.defaultValue].slice(0, points).join("").length;
    const start = units(Number(button.dataset.start)), end = units(Number(button.dataset.end));
    const at = field.value === field.defaultValue ? start : field.value.indexOf(field.defaultValue.slice(start, end));
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
    if (at < 0) return;
    field.setSelectionRange(at, at);
    field.blur(); // the browser scrolls to the caret as the field gets the focus
    field.focus({ preventScroll: true });
    field.setSelectionRange(at, at + end - start);
  });
  let edited = false;
  document.addEventListener("input", (event) => { if (event.target.id === "text-edit") edited = true; });
  addEventListener("beforeunload", (event) => { if (edited) event.preventDefault(); });
  async function recheck(form) {
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    one("recheck").disabled = true;
    one("progress-edit").textContent = "Comparing again.";
    sending += 1;
    try {
      const data = new URLSearchParams(new FormData(form));
      const response = await fetch(form.action, { method: "POST", body: data, headers: { "X-CSRF-Token": claimdiff.csrf } });
      const page = claimdiff.parse(await response.text()), now = page.getElementById("review");
      if (!now) {
        trouble(form, lost(response, page));
      } else if (!response.ok) {
        const revision = now.dataset.revision;
        one("edit").replaceWith(document.adoptNode(page.getElementById("edit")));
        if (revision !== home.dataset.revision) stale(revision, "");
        one("text-edit").setAttribute("aria-invalid", "true");
        one("text-edit").focus();
      } else if (now.dataset.revision === form.elements.revision.value) {
        edited = false;
        say("Nothing was changed, so there is no new revision.");
      } else {
        edited = false;
        location.assign(here);
        return;
      }
    } catch {
      trouble(form, "The server does not answer. Your text is still here; try again.");
    }
    sending -= 1;
    form.removeAttribute("aria-busy");
    one("recheck").disabled = false;
    one("progress-edit").textContent = "";
  }

  // --- keys ---------------------------------------------------------------------------------------
  const chosen = () => document.activeElement.closest(".card");
  function decide(act) {
    const card = chosen();
    if (!card) return say("Choose a finding first, with j and k.");
    const button = card.querySelector(`.decide [value="${act}"]`);
    if (!button) return say(one("form-review") ? "The text is signed off; reopen the review first." : "Say who you are first.");
    return button.form.requestSubmit(button);
  }
  function undo() {
    const button = one("undo");
    if (!button) return say("There is nothing of yours to undo.");
    return send(button.form, button);
  }
  const act = { a: () => decide("accepted"), d: () => decide("dismissed"), c: () => decide("commented"), u: undo };
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, select, textarea"), form = event.target.closest(".decide");
    if (form && field && event.key === "Escape") {
      event.preventDefault();
      close(form);
    } else if (form && field && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const button = form.querySelector(`[value="${form.dataset.mode || "commented"}"]`);
      if (button) form.requestSubmit(button);
    }
    if (field || keys.open || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !act[event.key]) return;
    if (!one("keys-on").checked) return;
    event.preventDefault();
    act[event.key]();
  });
})();
