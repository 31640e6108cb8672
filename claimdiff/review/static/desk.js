"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  one("state").addEventListener("change", () => one("state").form.requestSubmit());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    one("q").focus();
  });

  // Comparisons that are being made come into the list when they are there.
  async function renew() {
    try {
      const response = await fetch(location.href);
      const fresh = response.ok && claimdiff.parse(await response.text()).getElementById("list");
      if (fresh && !one("list").contains(document.activeElement)) {
        claimdiff.times(fresh);
        one("list").replaceWith(fresh);
      }
    } catch { /* the server is away; the list stays as it is */ }
    wait();
  }
  function wait() {
    setTimeout(renew, one("list").dataset.busy !== "0" || !document.querySelector(".desk") ? 1500 : 15000);
  }
  wait();
})();
