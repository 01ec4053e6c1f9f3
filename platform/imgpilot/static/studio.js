/* The studio's page: the form follows the model, references are taken in at once, pictures arrive by themselves.

   All of it works without this file too: the form has a button that shows what a model can do, takes several files,
   and a page with something under way loads itself again. */
(() => {
  'use strict';

  const form = document.querySelector('.compose');
  if (!form) return;
  const all = (selector, root = form) => Array.from(root.querySelectorAll(selector));
  const fill = (text, values) => (text || '').replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const say = (text) => {
    const said = document.getElementById('said');
    if (said) said.textContent = text;
  };

  /* ── the form shows what the chosen model can do ── */
  const plural = new Intl.PluralRules(document.documentElement.lang || 'en');
  const number = new Intl.NumberFormat(document.documentElement.lang || 'en');
  const zone = form.querySelector('[data-upload]');
  const field = zone?.querySelector('input[type="file"]');
  const chosen = (name) => form.querySelector(`[name="${name}"]:checked:not(:disabled)`);
  const able = () => JSON.parse(form.querySelector('[name="model"]:checked')?.dataset.can || 'null');
  // What the person chose themselves comes back when a model can do it again.
  const wanted = { size: chosen('size')?.value, ratio: chosen('ratio')?.value };
  const offer = (name, values) => {
    for (const one of all(`[name="${name}"]`)) {
      one.disabled = !values.includes(one.value);
      one.closest('label').hidden = one.disabled;
    }
    const best = values.includes(wanted[name]) ? wanted[name] : values[0];
    for (const one of all(`[name="${name}"]`)) one.checked = !one.disabled && one.value === best;
  };
  const room = (can = able()) => {
    if (!zone || !can) return;
    const held = all('.ref', zone).length;
    zone.hidden = !can.references && !held;
    field.disabled = !can.references;
    field.dataset.most = can.references;
    field.dataset.limit = Math.max(0, can.references - held);
    field.closest('.add').hidden = held >= can.references;
  };
  const follow = () => {
    const can = able();
    if (!can) return;
    const keys = can.sizes.map(([key]) => key);
    offer('size', keys);
    form.querySelector('[data-sizes]')?.toggleAttribute('hidden', keys.length < 2);
    const [, credits, ratios] = can.sizes.find(([key]) => key === chosen('size')?.value) || can.sizes[0];
    offer('ratio', ratios);
    form.querySelector('[name="model"]:checked').dataset.each = credits;
    for (const [key, cost] of can.sizes) {
      const line = form.querySelector(`[name="size"][value="${CSS.escape(key)}"]`)?.closest('label').querySelector('.cost');
      if (line) line.textContent = fill(plural.select(cost) === 'one' ? line.dataset.one : line.dataset.other, { n: number.format(cost) });
    }
    for (const part of all('[data-able]')) {
      part.hidden = !can[part.dataset.able];
      for (const input of all('input, textarea', part)) input.disabled = part.hidden;
    }
    const settings = form.querySelector('.settings');
    if (settings) settings.hidden = all('[data-able]', settings).every((part) => part.hidden);
    for (const line of all('[data-goes]')) line.hidden = line.dataset.goes !== can.goes;
    room(can);
  };
  // In a long list the chosen one is seen without scrolling to it.
  const list = form.querySelector('.pick.long');
  const picked = list?.querySelector('label:has(:checked)');
  if (picked) list.scrollTop = picked.offsetTop - (list.clientHeight - picked.offsetHeight) / 2;
  // Before the document hears of it, which counts the cost anew (imgpilot.js).
  form.addEventListener('input', (happened) => {
    const { name, value } = happened.target;
    if (name === 'size' || name === 'ratio') wanted[name] = value;
    if (name === 'model' || name === 'size') follow();
  });
  // A browser that goes back, or loads again, keeps what was chosen, but not what was hidden.
  addEventListener('pageshow', (happened) => {
    if (happened.persisted || !form.querySelector('[name="model"]:checked')?.defaultChecked) follow();
  });

  /* ── references: taken in at once, one after the other, with how far each is ── */
  const waiting = [];
  let busy = false;
  let submitter = null;
  const wrong = (text) => zone.dispatchEvent(new CustomEvent('wrong', { bubbles: true, detail: text }));
  const tileFor = (file) => {
    const tile = document.createElement('div');
    tile.className = 'ref sending';
    const bar = document.createElement('progress');
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute('aria-label', fill(form.dataset.sending, { name: file.name }));
    const gone = document.createElement('button');
    gone.type = 'button';
    gone.className = 'x';
    gone.dataset.remove = '';
    gone.setAttribute('aria-label', file.name);
    gone.append(zone.querySelector('template[data-x]').content.cloneNode(true));
    const name = document.createElement('span');
    name.textContent = file.name;
    tile.append(bar, gone, name);
    zone.querySelector('.add').before(tile);
    return tile;
  };
  const next = () => {
    const one = waiting.shift();
    busy = Boolean(one);
    if (!one) {
      const pressed = submitter;
      submitter = null;
      if (pressed) form.requestSubmit(pressed);
      return;
    }
    const { tile, file } = one;
    if (!tile.isConnected) return next();
    const asked = new XMLHttpRequest();
    const over = (text) => {
      tile.remove();
      submitter = null;
      if (text) wrong(text);
      room();
      next();
    };
    tile.stopSending = () => asked.abort();
    asked.upload.addEventListener('progress', (sent) => {
      if (sent.lengthComputable) tile.querySelector('progress').value = sent.loaded / sent.total;
    });
    asked.addEventListener('load', () => {
      if (asked.status === 200) {
        const made = document.createElement('template');
        made.innerHTML = asked.responseText.trim();
        const kept = made.content.querySelector('.ref');
        const id = kept?.querySelector('[name="reference_id"]').value;
        // The same picture a second time is the one that is there.
        if (!kept || all('[name="reference_id"]', zone).some((there) => there.value === id)) tile.remove();
        else {
          kept.dataset.fresh = ''; // it came since the page was loaded
          tile.replaceWith(kept);
        }
        room();
        return next();
      }
      let said = '';
      try {
        said = JSON.parse(asked.responseText).detail;
      } catch { /* a proxy answered, or the page for a request that is far too large */ }
      over(said || fill(form.dataset.lost, { name: file.name }));
    });
    asked.addEventListener('error', () => over(fill(form.dataset.lost, { name: file.name })));
    asked.addEventListener('abort', () => over(''));
    const sent = new FormData();
    sent.append('csrf_token', form.elements.csrf_token.value);
    sent.append('reference', file, file.name);
    asked.open('POST', zone.dataset.upload);
    asked.send(sent);
  };
  zone?.addEventListener('chosen', (happened) => {
    for (const file of happened.detail) waiting.push({ file, tile: tileFor(file) });
    room();
    if (!busy) next();
  });
  form.addEventListener('submit', (happened) => {
    if (!busy) return;
    happened.preventDefault();
    submitter = happened.submitter;
    say(form.dataset.uploading);
  });
  zone?.addEventListener('click', (happened) => {
    const button = happened.target.closest('[data-remove], [data-earlier], [data-later]');
    const tile = button?.closest('.ref');
    if (!tile) return;
    happened.preventDefault();
    if (!('remove' in button.dataset)) {
      if ('earlier' in button.dataset) tile.previousElementSibling?.before(tile);
      else if (tile.nextElementSibling?.matches('.ref')) tile.nextElementSibling.after(tile);
      // At an end of the row the button is not there any more.
      (button.checkVisibility() ? button : tile.querySelector('.x')).focus();
      return;
    }
    const near = tile.nextElementSibling?.querySelector('.x') || tile.previousElementSibling?.querySelector('.x');
    if (tile.stopSending) tile.stopSending();
    tile.remove();
    wrong('');
    room();
    (near || field).focus();
  });

  // A kept one is also dragged to its place; let go elsewhere, it goes back.
  let dragged = null;
  let before = null;
  zone?.addEventListener('pointerdown', (happened) => {
    const tile = happened.target.closest('[data-kept]');
    if (tile) tile.draggable = true;
  });
  zone?.addEventListener('dragstart', (happened) => {
    dragged = happened.target.closest?.('[data-kept]');
    if (!dragged) return;
    before = dragged.nextElementSibling;
    happened.dataTransfer.effectAllowed = 'move';
    happened.dataTransfer.setData('text/plain', '');
    dragged.classList.add('moving');
  });
  zone?.addEventListener('dragover', (happened) => {
    if (!dragged) return;
    happened.preventDefault();
    const over = happened.target.closest('[data-kept]');
    if (!over || over === dragged) return;
    const { left, width } = over.getBoundingClientRect();
    if (happened.clientX < left + width / 2) over.before(dragged);
    else over.after(dragged);
  });
  zone?.addEventListener('drop', (happened) => {
    if (dragged) happened.preventDefault();
  });
  zone?.addEventListener('dragend', (happened) => {
    if (dragged && happened.dataTransfer.dropEffect === 'none') before.before(dragged);
    dragged?.classList.remove('moving');
    dragged = null;
  });

  /* ── pictures arrive by themselves: the server tells of changes; where it cannot, we ask ── */
  const EVERY = 3000;
  const LATER = 30000;
  let source = null;
  let asking = 0;
  let again = 0;
  let address = '';
  let latest = '';
  const batch = () => document.getElementById('batch');
  const ask = () => batch()?.dispatchEvent(new Event('changed'));
  const askOften = () => { asking ||= setInterval(ask, EVERY); };
  const askNoMore = () => {
    clearInterval(asking);
    asking = 0;
  };
  const leave = () => {
    source?.close();
    source = null;
    clearTimeout(again);
    askNoMore();
    address = '';
  };
  const watch = () => {
    const here = batch()?.dataset;
    if (!here?.events || document.hidden) return leave();
    if (here.events === address) return undefined;
    leave();
    address = here.events;
    if (!window.EventSource) return askOften();
    source = new EventSource(`${address}?seen=${encodeURIComponent(here.seen)}`);
    source.addEventListener('open', askNoMore);
    source.addEventListener('changed', (told) => {
      latest = told.data;
      ask();
    });
    source.addEventListener('done', () => {
      source?.close();
      askOften(); // until the piece that comes says that it was the last
    });
    source.addEventListener('error', () => {
      askOften();
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      again = setTimeout(() => {
        address = '';
        watch();
      }, LATER);
    });
    return undefined;
  };
  // The button that was pressed is gone with its tile's last state: the tile keeps the place for the keyboard.
  let stopped = '';
  document.addEventListener('submit', (happened) => {
    if (happened.target.closest('#batch')) stopped = happened.target.closest('.shot')?.id || 'batch';
  });
  const settled = () => {
    watch();
    const place = stopped && document.activeElement === document.body && document.getElementById(stopped);
    if (place) {
      place.tabIndex = -1;
      place.focus({ preventScroll: true });
      stopped = '';
    }
    // A change that was told while the piece was on its way: it is asked for once more.
    if (latest && batch()?.dataset.events && batch().dataset.seen !== latest) {
      latest = '';
      ask();
    }
  };
  for (const swapped of ['htmx:afterSettle', 'htmx:after:settle']) document.addEventListener(swapped, settled);
  document.addEventListener('visibilitychange', watch);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', watch);
  watch();

  /* ── seconds go on between the server's words ── */
  const begun = new WeakMap();
  setInterval(() => {
    for (const line of document.querySelectorAll('#batch [data-seconds]')) {
      if (!begun.has(line)) begun.set(line, performance.now());
      const seconds = Number(line.dataset.seconds) + Math.round((performance.now() - begun.get(line)) / 1000);
      const total = Number(line.dataset.total);
      line.querySelector('.row span').textContent = fill(line.dataset.words, { n: number.format(seconds) });
      const bar = line.querySelector('.ruler .done');
      const mark = line.querySelector('.ruler .now');
      const length = line.querySelector('.ruler')?.viewBox.baseVal.width - 6;
      const there = Math.min(seconds, total) / total;
      bar?.setAttribute('width', (length * there).toFixed(1));
      mark?.setAttribute('transform', `translate(${(length * (there - Math.min(Number(line.dataset.seconds), total) / total)).toFixed(1)} 0)`);
    }
  }, 1000);
})();
