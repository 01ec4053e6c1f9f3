/* The device's own way to share, where it has one. Everything else on these pages works without script. */
(() => {
  'use strict';
  if (!navigator.share) return;
  document.querySelectorAll('[data-share-sheet]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => {
      // Whoever closes the sheet without choosing has shared nothing; that is no fault.
      navigator.share({ url: button.dataset.shareSheet, title: button.dataset.shareTitle }).catch(() => {});
    });
  });
})();
