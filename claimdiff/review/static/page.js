"use strict";
// What all pages of the review share.
const claimdiff = {
  csrf: document.querySelector('meta[name="csrf"]').content,
  parse: (text) => new DOMParser().parseFromString(text, "text/html"),
  times(inside) {
    for (const own of inside.querySelectorAll("time")) {
      const at = new Date(own.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      own.title = own.dateTime;
      own.textContent = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    }
  },
};
document.documentElement.classList.add("js");
claimdiff.times(document);
