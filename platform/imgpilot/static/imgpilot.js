/* What pages do beyond links and forms. Every page works without this file; htmx brings what is live.

   Everything listens on the document, so it also works for what htmx swaps in. The attributes:
   data-opens="id"      opens the dialog            data-closes       closes the dialog it is in
   data-toggles="id"    opens and closes a menu     data-back         goes back in history
   data-copies="text"   copies the text             data-counted="id" writes its number of characters there
   data-step="±1"       changes the number beside it
   data-pays="name"     recounts a cost             data-files        previews the pictures chosen in it, or with
                                                    data-upload hands them on ("chosen"; "wrong" says what is wrong)
   data-all             ticks the rows of its table data-ticked       says how many rows are ticked
   data-slash           takes the focus on "/"      data-submits      sends its form when it changes */
(() => {
  'use strict';

  const language = document.documentElement.lang || 'en';
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  const words = JSON.parse(document.querySelector('meta[name="words"]')?.content || '{}');
  const fill = (text, values) => (text || '').replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const on = (event, selector, act) => document.addEventListener(event, (happened) => {
    const found = happened.target.closest?.(selector);
    if (found) act(found, happened);
  });

  // htmx notes the page's address for a history that we switched off. Nothing is kept here that is not declared.
  try {
    sessionStorage.removeItem('htmx-current-path-for-history');
  } catch { /* storage is blocked: then nothing was noted either */ }

  /* ── said aloud, and shown ── */
  const say = (text) => {
    const said = document.getElementById('said');
    if (said) said.textContent = text;
  };
  const toast = (text) => {
    const place = document.getElementById('toasts');
    if (!place) return say(text);
    const shown = document.createElement('div');
    shown.className = 'toast';
    const line = document.createElement('span');
    line.textContent = text;
    shown.append(line);
    place.append(shown);
  };
  // Something went wrong: said at once, and it stays until it is read.
  const complain = (text) => {
    const place = document.getElementById('toasts');
    if (!place) return say(text);
    place.querySelector('.alert')?.remove();
    const shown = document.createElement('div');
    shown.className = 'alert late';
    shown.setAttribute('role', 'alert');
    const line = document.createElement('div');
    line.textContent = text;
    const close = document.createElement('button');
    close.className = 'as-link end';
    close.type = 'button';
    close.textContent = words.close;
    close.addEventListener('click', () => shown.remove());
    shown.append(line, close);
    place.append(shown);
  };
  // The stylesheet fades a toast out after 8 s; here it leaves the page.
  on('animationend', '.toasts .toast', (shown, happened) => {
    if (happened.animationName === 'leave') shown.remove();
  });
  // As htmx 2 and htmx 4 name them.
  for (const failure of ['htmx:sendError', 'htmx:responseError', 'htmx:error', 'htmx:response:error']) {
    document.addEventListener(failure, () => complain(words.failed));
  }

  /* ── dialogs: native; without script they open by their address ── */
  const open = (dialog) => {
    if (dialog && !dialog.open) dialog.showModal();
  };
  const forget = () => {
    if (location.hash) history.replaceState(history.state, '', location.pathname + location.search);
  };
  on('click', '[data-opens]', (opener, happened) => {
    const dialog = document.getElementById(opener.dataset.opens);
    if (!dialog) return;
    happened.preventDefault();
    open(dialog);
  });
  on('click', '[data-closes]', (closer, happened) => {
    happened.preventDefault();
    closer.closest('dialog')?.close();
  });
  // A click beside the dialog is a click on its backdrop, that is on the element itself.
  on('click', 'dialog.modal-dialog', (dialog, happened) => {
    if (happened.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    const inside = happened.clientX >= box.left && happened.clientX <= box.right
      && happened.clientY >= box.top && happened.clientY <= box.bottom;
    if (!inside && (happened.clientX || happened.clientY)) dialog.close();
  });
  document.addEventListener('close', (happened) => happened.target.matches?.('dialog') && forget(), true);
  const openNamed = () => {
    const named = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named && named.matches('dialog')) open(named);
  };
  openNamed();
  addEventListener('hashchange', openNamed);

  /* ── menus ── */
  on('click', '[data-toggles]', (button) => {
    const menu = document.getElementById(button.dataset.toggles);
    if (menu) button.setAttribute('aria-expanded', String(menu.classList.toggle('open')));
  });
  document.addEventListener('click', (happened) => {
    for (const menu of document.querySelectorAll('details.pop[open]')) {
      if (!menu.contains(happened.target)) menu.open = false;
    }
  });

  /* ── keys ── */
  document.addEventListener('keydown', (pressed) => {
    const at = pressed.target;
    const typing = at.matches?.('input, textarea, select, [contenteditable]');
    if (pressed.key === 'Escape') {
      for (const menu of document.querySelectorAll('details.pop[open]')) {
        menu.open = false;
        menu.querySelector('summary')?.focus();
      }
    } else if (pressed.key === 'Enter' && (pressed.metaKey || pressed.ctrlKey) && at.matches?.('textarea')) {
      at.form?.requestSubmit();
    } else if (pressed.key === '/' && !typing && !pressed.metaKey && !pressed.ctrlKey && !pressed.altKey) {
      const field = document.querySelector('[data-slash]');
      if (field && field.offsetParent) {
        pressed.preventDefault();
        field.focus();
      }
    } else if (pressed.key === ' ' && at.matches?.('a[role="button"]')) {
      pressed.preventDefault();
      at.click();
    }
  });

  /* ── small conveniences ── */
  on('click', '[data-back]', () => history.back());
  on('change', '[data-submits]', (field) => field.form?.requestSubmit());
  // A double press sends a form once. The window hears of it last: what a script sends instead is its own affair.
  const sent = new WeakMap();
  addEventListener('submit', (happened) => {
    if (happened.defaultPrevented || happened.target.method !== 'post') return;
    if (performance.now() - sent.get(happened.target) < 1000) happened.preventDefault();
    else sent.set(happened.target, performance.now());
  });
  on('click', '[data-copies]', (button) => {
    navigator.clipboard?.writeText(button.dataset.copies).then(() => toast(words.copied), () => {});
  });
  on('input', '[data-counted]', (field) => {
    const place = document.getElementById(field.dataset.counted);
    if (place) place.textContent = number.format(Array.from(field.value).length);
  });

  /* ── a number between two buttons ── */
  const bound = (field) => {
    const least = Number(field.min || 0);
    const most = Number(field.max || Infinity);
    for (const button of field.parentElement.querySelectorAll('[data-step]')) {
      const next = Number(field.value) + Number(button.dataset.step);
      button.disabled = next < least || next > most;
    }
  };
  on('click', '.stepper [data-step]', (button) => {
    const field = button.parentElement.querySelector('input');
    if (Number(button.dataset.step) > 0) field.stepUp(); else field.stepDown();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    // A disabled button loses the focus; the number keeps the place.
    if (button.disabled) field.focus();
  });
  on('input', '.stepper input', bound);

  /* ── the cost, beside the button ── */
  const recount = (form) => {
    const bar = form?.querySelector('[data-pays]');
    if (!bar) return;
    const field = form.elements[bar.dataset.pays];
    const n = Math.max(1, Number(field?.value) || 1);
    const each = Number(form.querySelector('[data-each]:checked')?.dataset.each || 0);
    // What htmx brought since the page was loaded knows of refunds.
    const now = document.querySelector('[data-balance-now]')?.dataset.balanceNow;
    const balance = Number(now ?? bar.dataset.balance);
    const total = n * each;
    const counts = { n, each, total, balance, left: balance - total, missing: total - balance };
    const written = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, number.format(count)]));
    for (const line of bar.querySelectorAll('[data-other]')) {
      const one = plural.select(counts[line.dataset.by] ?? n) === 'one';
      const short = line.dataset.short && total > balance;
      const text = short ? line.dataset.short : one ? line.dataset.one : line.dataset.other;
      line.textContent = fill(text, written);
    }
  };
  on('input', 'form', recount);

  /* ── pictures: chosen, dropped or pasted, shown before they are sent ── */
  const place = (zone) => zone.querySelector('input[type="file"]');
  const put = (field, files) => {
    const held = new DataTransfer();
    files.forEach((file) => held.items.add(file));
    field.files = held.files;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };
  // An error takes the help's place, as everywhere; the next choice that fits brings the help back.
  const object = (zone, text) => {
    const help = zone.querySelector('.help-block');
    if (!help) return text && complain(text);
    help.dataset.help ??= help.textContent;
    help.replaceChildren(text ? ` ${text}` : help.dataset.help);
    if (text) help.prepend(zone.querySelector('template[data-wrong]').content.cloneNode(true));
    zone.classList.toggle('has-error', Boolean(text));
    if (text) say(text);
  };
  const add = (zone, files) => {
    const field = place(zone);
    const kinds = (field.accept || 'image/*').split(',');
    // Some browsers know no type for what a phone makes: then the name says it.
    const known = (file) => kinds.includes(file.type) || kinds.some((kind) => kind[0] === '.' && file.name.toLowerCase().endsWith(kind));
    const most = Number(field.dataset.megabytes || 20);
    const limit = Number(field.dataset.limit || 4);
    const fit = [];
    const wrong = [];
    for (const file of files) {
      if (!known(file)) wrong.push(fill(words.not_a_picture, { name: file.name }));
      else if (file.size > most * 1e6) wrong.push(fill(words.too_big, { name: file.name, limit: most }));
      else fit.push(file);
    }
    if (fit.length > limit) wrong.push(fill(words.too_many, { limit: field.dataset.most || limit }));
    object(zone, wrong.join(' '));
    if (zone.dataset.upload) {
      zone.dispatchEvent(new CustomEvent('chosen', { bubbles: true, detail: fit.slice(0, limit) }));
      return;
    }
    put(field, fit.slice(0, limit));
  };
  const show = (zone) => {
    const field = place(zone);
    const adder = field.closest('.add');
    zone.querySelectorAll('.ref[data-fresh]').forEach((old) => {
      URL.revokeObjectURL(old.querySelector('img').src);
      old.remove();
    });
    Array.from(field.files).forEach((file, position) => {
      const tile = document.createElement('div');
      tile.className = 'ref';
      tile.dataset.fresh = position;
      const image = new Image(76, 76);
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      const gone = document.createElement('button');
      gone.type = 'button';
      gone.className = 'x';
      gone.dataset.drops = position;
      gone.setAttribute('aria-label', fill(words.remove, { name: file.name }));
      gone.append(zone.querySelector('template[data-x]').content.cloneNode(true));
      const name = document.createElement('span');
      name.textContent = file.name;
      tile.append(image, gone, name);
      adder.before(tile);
    });
    adder.hidden = field.files.length >= Number(field.dataset.limit || 4);
  };
  /* The browser replaces a file field's choice; here a further choice adds to the one before. */
  const chosen = new WeakMap();
  on('change', '[data-files] input[type="file"]', (field) => {
    const zone = field.closest('[data-files]');
    const files = Array.from(field.files);
    if (zone.dataset.upload) {
      field.value = '';
      if (files.length) add(zone, files);
      return;
    }
    const known = chosen.get(field) || [];
    if (!field.dataset.settled) {
      field.dataset.settled = '1';
      add(zone, [...known, ...files.filter((file) => !known.some((one) => one.name === file.name && one.size === file.size))]);
      return;
    }
    delete field.dataset.settled;
    chosen.set(field, files);
    show(zone);
  });
  on('click', '[data-drops]', (button) => {
    const zone = button.closest('[data-files]');
    const field = place(zone);
    const left = Array.from(field.files).filter((_, position) => position !== Number(button.dataset.drops));
    field.dataset.settled = '1';
    put(field, left);
    (field.closest('.add').hidden ? zone.querySelector('.x') : field)?.focus();
  });
  document.addEventListener('wrong', (happened) => object(happened.target, happened.detail));
  const zoneFor = (at) => at.closest?.('[data-files]') || (at.closest?.('form') || document).querySelector('[data-files]:not([hidden])');
  const carries = (transfer) => Array.from(transfer?.types || []).includes('Files');
  document.addEventListener('dragover', (happened) => {
    const zone = carries(happened.dataTransfer) && zoneFor(happened.target);
    if (!zone) return;
    happened.preventDefault();
    zone.classList.add('dropping');
  });
  for (const end of ['dragleave', 'drop', 'dragend']) {
    document.addEventListener(end, () => document.querySelectorAll('.dropping').forEach((zone) => zone.classList.remove('dropping')));
  }
  const take = (happened, transfer) => {
    const zone = carries(transfer) && zoneFor(happened.target);
    if (!zone) return;
    happened.preventDefault();
    put(place(zone), Array.from(transfer.files));
  };
  document.addEventListener('drop', (happened) => take(happened, happened.dataTransfer));
  document.addEventListener('paste', (happened) => take(happened, happened.clipboardData));

  /* ── rows: tick all, say how many ── */
  const rows = (table) => Array.from(table.querySelectorAll('tbody td:first-child input[type="checkbox"]'));
  on('change', 'table input[type="checkbox"]', (box) => {
    const table = box.closest('table');
    const every = table.querySelector('[data-all]');
    if (box === every) rows(table).forEach((row) => { row.checked = box.checked; });
    const ticked = rows(table).filter((row) => row.checked).length;
    if (every) {
      every.checked = ticked > 0 && ticked === rows(table).length;
      every.indeterminate = ticked > 0 && !every.checked;
    }
    const line = (table.closest('form, .panel') || document).querySelector('[data-ticked]');
    if (line) line.textContent = fill(line.dataset.ticked, { n: number.format(ticked) });
  });

  /* ── what a page and a swapped piece need at their start ── */
  const begin = (root) => {
    root.querySelectorAll?.('.stepper input').forEach(bound);
    root.querySelectorAll?.('form').forEach(recount);
  };
  begin(document);
  for (const swapped of ['htmx:afterSettle', 'htmx:after:settle']) {
    document.addEventListener(swapped, () => begin(document));
  }
  // Back from another page, a browser may have kept what was typed.
  addEventListener('pageshow', (happened) => happened.persisted && begin(document));
})();
