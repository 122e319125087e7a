// Comfort on top of pages that work without it: shortcuts, menus, live updates, copying.
"use strict";

(() => {
  const typing = (element) =>
    element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

  // --- Keyboard ---------------------------------------------------------
  let waitingForGo = -Infinity;

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return closeMenus(null);
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.timeStamp - waitingForGo < 1500) {
      waitingForGo = -Infinity;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    const action = {
      g: () => { waitingForGo = event.timeStamp; },
      "/": () => document.getElementById("search")?.focus(),
      "?": () => document.getElementById("shortcuts")?.showModal(),
      j: () => moveRow(1),
      k: () => moveRow(-1),
    }[event.key];
    if (action) { event.preventDefault(); action(); }
  });

  // Rows are reached through their own link, so Enter and screen readers need nothing more.
  function moveRow(step) {
    const links = [...document.querySelectorAll("[data-row-link]")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    links[Math.min(Math.max(next, 0), links.length - 1)].focus();
  }

  // --- Menus made of <details>, and dialogs -------------------------------
  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.mf-menu[open], details.mf-confirm[open]")) {
      if (menu === except) continue;
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  }

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.mf-menu, details.mf-confirm"));
    const opener = event.target.closest("[data-open]");
    if (opener) { closeMenus(null); document.getElementById(opener.dataset.open)?.showModal(); }
    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier);
    if (event.target.tagName === "DIALOG") event.target.close();
  });

  async function copy(button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    announce(button.dataset.copied || "Copied");
    button.classList.add("mf-copied");
    setTimeout(() => button.classList.remove("mf-copied"), 1500);
  }

  // --- Forms that send themselves when a choice changes ---------------------
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit] select, [data-submit] input[type=checkbox], [data-submit] input[type=date]")) {
      event.target.form.requestSubmit();
    }
  });

  // Empty fields stay out of the address, so that a filtered list has a short link to share.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "get") return;
    const empty = [...event.target.elements].filter((field) => field.name && !field.value);
    for (const field of empty) field.disabled = true;
    setTimeout(() => { for (const field of empty) field.disabled = false; });
  });

  // --- Live parts --------------------------------------------------------
  function announce(text) {
    const place = document.getElementById("announcer");
    if (place) place.textContent = text;
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.matches("[data-live]")) event.preventDefault();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const news = event.detail.xhr?.getResponseHeader("X-Announce");
    if (news) announce(decodeURIComponent(news));
  });
})();
