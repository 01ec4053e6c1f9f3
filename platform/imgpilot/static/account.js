/* The account page: which section is in view, and copying a key. Everything works without. */
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-copy-from]")) {
    const from = document.getElementById(button.dataset.copyFrom);
    if (!navigator.clipboard || !from) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      from.select();
      await navigator.clipboard.writeText(from.value);
      const words = JSON.parse(document.querySelector('meta[name="words"]').content);
      document.getElementById("said").textContent = words.copied;
      button.textContent = words.copied;
    });
  }

  const links = [...document.querySelectorAll(".account .pv-nav a")];
  const sections = links.map((link) => document.querySelector(link.hash)).filter(Boolean);
  if (!sections.length) return;
  const mark = () => {
    // The last section that began above the upper third; at the very end, the last one.
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 3);
    const now = atEnd && scrollY > 0 ? sections.at(-1) : passed.at(-1) || sections[0];
    for (const link of links) {
      if (link.hash === `#${now.id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", mark, { passive: true });
  addEventListener("resize", mark);
  mark();
})();
