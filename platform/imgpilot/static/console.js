/* What only the console's pages do; the rest is in imgpilot.js. Every page works without it.
   data-narrow="id"   hides the lines of that list that do not contain the field's text */
(() => {
  'use strict';

  document.addEventListener('input', (typed) => {
    const field = typed.target.closest?.('[data-narrow]');
    if (!field) return;
    const wanted = field.value.trim().toLocaleLowerCase();
    for (const line of document.getElementById(field.dataset.narrow).children) {
      line.hidden = !line.textContent.toLocaleLowerCase().includes(wanted);
    }
  });

  // Enter narrows; it does not send the form around it.
  document.addEventListener('keydown', (pressed) => {
    if (pressed.key === 'Enter' && pressed.target.matches?.('[data-narrow]')) pressed.preventDefault();
  });

  // "Clear" unticks the rows that belong to the bulk bar; the box above them follows.
  document.addEventListener('reset', (cleared) => {
    const box = document.querySelector(`input[name="rowid"][form="${CSS.escape(cleared.target.id)}"]`);
    if (box) setTimeout(() => box.dispatchEvent(new Event('change', { bubbles: true })));
  });

  // The menu's button is a link for those without script; with it the address stays.
  document.addEventListener('click', (happened) => {
    if (happened.target.closest?.('a[data-toggles]')) happened.preventDefault();
  });

  // Where the rail is longer than the window, it opens where one is.
  document.querySelector('.navbar-nav [aria-current]')?.scrollIntoView({ block: 'nearest' });
})();
