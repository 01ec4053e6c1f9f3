/* The gallery: what a page of pictures can do beyond links and forms. Everything works without it; see docs/gallery.md.

   older pages are fetched as the end comes near · pages far away are emptied · select, star and delete without leaving
   the place · keys */
(() => {
  'use strict';

  const language = document.documentElement.lang || 'en';
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  const words = JSON.parse(document.querySelector('meta[name="words"]')?.content || '{}');
  const pick = (of, n) => (plural.select(n) === 'one' ? of.one : of.other).replace('{n}', number.format(n));
  const say = (text) => {
    const said = document.getElementById('said');
    if (said) said.textContent = text;
  };
  const html = (text) => {
    const held = document.createElement('template');
    held.innerHTML = text;
    return held.content;
  };
  const toasts = () => document.getElementById('toasts');
  const complain = (text) => {
    const shown = document.createElement('div');
    shown.className = 'alert late';
    shown.setAttribute('role', 'alert');
    const line = document.createElement('div');
    line.textContent = text || words.failed;
    const close = document.createElement('button');
    close.className = 'as-link end';
    close.type = 'button';
    close.textContent = words.close;
    close.addEventListener('click', () => shown.remove());
    shown.append(line, close);
    toasts()?.querySelector('.alert')?.remove();
    toasts()?.append(shown);
  };

  /* Asks the site as htmx would. The answer's text; an Error with a sentence for the person if it did not go well. */
  const ask = async (address, body) => {
    let answer;
    try {
      answer = await fetch(address, {
        method: body ? 'POST' : 'GET',
        body,
        headers: { 'HX-Request': 'true', 'HX-Current-URL': location.href },
        credentials: 'same-origin',
      });
    } catch {
      throw new Error(words.failed);
    }
    const away = answer.headers.get('HX-Redirect');
    if (away) {
      location.assign(away); // signed out meanwhile
      throw new Error(words.failed);
    }
    const text = await answer.text();
    if (!answer.ok) throw new Error(answer.headers.get('Content-Type')?.startsWith('text/plain') ? text : words.failed);
    return text;
  };

  const form = document.getElementById('gal');
  const wall = document.getElementById('gal-wall');
  const removed = Boolean(form?.querySelector('span.f'));

  /* ── one picture's page: arrows lead on, the way back leads to the very place ── */
  const one = document.querySelector('.gal-one');
  if (one) {
    document.addEventListener('keydown', (pressed) => {
      if (pressed.target.matches('input, textarea, select') || pressed.metaKey || pressed.ctrlKey || pressed.altKey) return;
      if (document.querySelector('dialog[open]')) return;
      const way = { ArrowLeft: 'prev', ArrowRight: 'next' }[pressed.key];
      const link = way && one.querySelector(`.gal-ways [rel="${way}"]`);
      if (link) location.assign(link.href);
    });
    one.querySelector('.gal-ways > a').addEventListener('click', (happened) => {
      const from = document.referrer && new URL(document.referrer);
      if (from && from.origin === location.origin && from.pathname === '/gallery' && history.length > 1) {
        happened.preventDefault();
        history.back();
      }
    });
    one.querySelector('[data-star]').addEventListener('click', (happened) => {
      happened.preventDefault();
      star(happened.currentTarget, happened.currentTarget.form.action, happened.currentTarget.form.elements.favourite);
    });
  }

  /* ── favourites: shown at once, taken back if the site did not take it; nothing is fetched anew ── */
  async function star(button, address, field) {
    const value = field ? field.value : button.value;
    const turn = (on) => {
      button.setAttribute('aria-pressed', String(on));
      if (field) field.value = on ? '0' : '1'; else button.value = on ? '0' : '1';
    };
    const on = value === '1';
    turn(on);
    const body = new URLSearchParams({ csrf_token: button.form.elements.csrf_token.value, favourite: value });
    try {
      await ask(address, body);
    } catch (error) {
      turn(!on);
      complain(error.message);
    }
  }
  if (!form || !wall) return;

  /* Pages far from the window are emptied to a spacer of their height, so that the ten-thousandth picture is as quick
     as the first. What was in them, ticks included, waits here. */
  const kept = new Map();
  let breadth = wall.offsetWidth;
  function empty(page) {
    if (kept.has(page) || page.contains(document.activeElement)) return;
    const held = document.createDocumentFragment();
    page.style.height = `${page.offsetHeight}px`;
    held.append(...page.childNodes);
    kept.set(page, held);
  }
  function fill(page) {
    const held = kept.get(page);
    if (!held) return;
    kept.delete(page);
    page.append(held);
    page.style.height = '';
  }
  addEventListener('resize', () => {
    const now = wall.offsetWidth;
    if (now === breadth) return;
    for (const page of kept.keys()) page.style.height = `${(parseFloat(page.style.height) * now) / breadth}px`;
    breadth = now;
  });
  const inside = (selector) => Array.from(wall.querySelectorAll('.gal-page'))
    .flatMap((page) => Array.from((kept.get(page) || page).querySelectorAll(selector)));
  const pageOf = (figure) => [...kept].find(([, held]) => held.contains(figure))?.[0];

  const figures = () => inside('figure:not(.gone)');
  const boxes = () => inside('figure:not(.gone) .tickbox input');
  const chosen = () => inside('figure:not(.gone) .tickbox input:checked');
  const handle = (figure) => figure.querySelector(removed ? '.tickbox input' : 'a.f');

  /* ── keys: one picture is in the order of Tab, arrows move to the others ── */
  let here = null;
  const settle = (root) => {
    for (const each of root.querySelectorAll('a.f, .tickbox input, figure > .star')) each.tabIndex = -1;
  };
  const stand = (figure, focus = true) => {
    if (here) for (const each of here.querySelectorAll('a.f, .tickbox input, .star')) each.tabIndex = -1;
    here = figure;
    for (const each of figure.querySelectorAll('a.f, .tickbox input, .star')) each.tabIndex = 0;
    if (focus) {
      const page = pageOf(figure);
      if (page) fill(page);
      handle(figure).focus({ preventScroll: true });
      figure.scrollIntoView({ block: 'nearest' });
    }
  };
  settle(wall);
  if (figures().length) stand(figures()[0], false);
  wall.addEventListener('focusin', (happened) => {
    const figure = happened.target.closest('figure');
    if (figure && figure !== here) stand(figure, false);
  });

  /* The picture above or below that lies nearest. */
  const across = (from, down) => {
    const box = from.getBoundingClientRect();
    const middle = box.left + box.width / 2;
    let row = null;
    let best = null;
    let off = Infinity;
    const all = figures();
    const at = all.indexOf(from);
    for (let i = at + (down ? 1 : -1); i >= 0 && i < all.length; i += down ? 1 : -1) {
      const other = all[i].getBoundingClientRect();
      if (Math.abs(other.top - box.top) < 8) continue;
      if (row !== null && Math.abs(other.top - row) > 8) break;
      row = other.top;
      const distance = Math.abs(other.left + other.width / 2 - middle);
      if (distance < off) [best, off] = [all[i], distance];
    }
    return best;
  };

  let last = null;
  const range = (to) => {
    const all = boxes();
    const [from, until] = [all.indexOf(last), all.indexOf(to)];
    if (from < 0) return;
    for (const box of all.slice(Math.min(from, until), Math.max(from, until) + 1)) box.checked = to.checked;
  };
  const tick = (box, shift) => {
    box.checked = shift ? true : !box.checked;
    if (shift) range(box);
    last = box;
    recount();
  };
  form.addEventListener('keydown', (pressed) => {
    const figure = pressed.target.closest('.gal-wall figure');
    if (!figure || pressed.metaKey || pressed.ctrlKey || pressed.altKey) return;
    const all = figures();
    const at = all.indexOf(figure);
    const to = {
      ArrowLeft: () => all[at - 1],
      ArrowRight: () => all[at + 1],
      ArrowUp: () => across(figure, false),
      ArrowDown: () => across(figure, true),
      Home: () => all[0],
      End: () => all[all.length - 1],
    }[pressed.key];
    if (to) {
      pressed.preventDefault();
      const next = to();
      if (next) stand(next);
      return;
    }
    if (pressed.key === 'x' || pressed.key === 'X') tick(figure.querySelector('.tickbox input'), pressed.shiftKey);
    else if (pressed.key === 'f') figure.querySelector('figure > .star')?.click();
    else if (pressed.key === 'Delete' && !removed && chosen().length) form.querySelector('[data-removes]').click();
    else if (pressed.key === 'Escape') none();
    else return;
    pressed.preventDefault();
  });
  document.addEventListener('keydown', (pressed) => {
    if (pressed.key !== '?' || pressed.target.matches('input:not([type="checkbox"]), textarea, select')) return;
    const keys = document.getElementById('gal-keys');
    if (keys && !document.querySelector('dialog[open]')) keys.showModal();
  });

  /* ── select ── */
  const bar = document.getElementById('gal-bar');
  const count = document.getElementById('gal-count');
  const choose = document.getElementById('gal-choose');
  let choosing = removed;
  function recount() {
    const n = chosen().length;
    bar.classList.toggle('on', n > 0);
    form.classList.toggle('choosing', choosing || n > 0);
    count.textContent = pick({ one: form.dataset.saidOne, other: form.dataset.saidOther }, n);
  }
  function none() {
    for (const box of chosen()) box.checked = false;
    last = null;
    recount();
    if (here?.isConnected) handle(here).focus({ preventScroll: true });
  }
  let shifted = false;
  wall.addEventListener('click', (happened) => { shifted = happened.shiftKey; }, true);
  wall.addEventListener('change', (happened) => {
    if (!happened.target.matches('.tickbox input')) return;
    if (shifted && last) range(happened.target);
    last = happened.target;
    recount();
  });
  // While selecting, a tap on a picture selects it.
  wall.addEventListener('click', (happened) => {
    const picture = happened.target.closest('a.f');
    if (!picture || !form.classList.contains('choosing') || happened.metaKey || happened.ctrlKey || happened.button) return;
    if (happened.detail === 0) return; // the Enter key: open it
    happened.preventDefault();
    tick(picture.closest('figure').querySelector('.tickbox input'), happened.shiftKey);
  });
  document.getElementById('gal-clear').addEventListener('click', none);
  choose?.addEventListener('click', () => {
    choosing = !choosing;
    choose.setAttribute('aria-pressed', String(choosing));
    if (!choosing) none();
    recount();
  });

  /* ── act without leaving the place ── */
  const fields = (ids, more = {}) => {
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, back: form.elements.back.value, ...more });
    for (const id of ids) body.append('id', id);
    return body;
  };
  const shown = (text) => {
    toasts()?.append(html(text));
  };
  const vanish = (list) => {
    const at = figures();
    const first = at.indexOf(list[0]);
    for (const figure of list) {
      figure.classList.add('gone');
      figure.inert = true;
      figure.querySelector('.f').dataset.gone = form.dataset.gone;
      figure.querySelector('.tickbox input').checked = false;
    }
    recount();
    const left = figures();
    const next = left[Math.min(Math.max(first, 0), left.length - 1)];
    if (next) stand(next);
  };
  const back = (list) => {
    for (const figure of list) {
      figure.classList.remove('gone');
      figure.inert = false;
    }
    if (list[0]) stand(list[0]);
  };
  const dialog = document.getElementById('gal-remove');
  const undos = new Map();
  document.getElementById('gal-remove-now')?.addEventListener('click', async () => {
    const list = chosen().map((box) => box.closest('figure'));
    dialog.close();
    const body = fields(chosen().map((box) => box.value), { confirmed: '1' });
    vanish(list);
    try {
      const text = await ask(form.querySelector('[data-removes]').formAction, body);
      shown(text);
      const undo = toasts().lastElementChild?.querySelector('form');
      if (undo) undos.set(undo, list);
    } catch (error) {
      back(list);
      complain(error.message);
    }
  });
  document.addEventListener('submit', async (happened) => {
    const list = undos.get(happened.target);
    if (!list) return;
    happened.preventDefault();
    const undo = happened.target;
    try {
      const text = await ask(undo.action, new URLSearchParams(new FormData(undo)));
      undos.delete(undo);
      undo.closest('.toast').remove();
      back(list);
      shown(text);
    } catch (error) {
      complain(error.message);
    }
  });
  form.addEventListener('click', async (happened) => {
    const button = happened.target.closest('button[formaction]');
    if (!button || removed) return;
    if (button.matches('figure > .star')) {
      happened.preventDefault();
      star(button, button.formAction);
      return;
    }
    if (button.hasAttribute('data-plain')) {
      // The browser sends what is in the form; what waits outside of it is added.
      form.querySelectorAll('input[type="hidden"][name="id"]').forEach((old) => old.remove());
      for (const box of chosen().filter((each) => !each.isConnected)) {
        const field = document.createElement('input');
        field.type = 'hidden';
        field.name = 'id';
        field.value = box.value;
        form.append(field);
      }
      return;
    }
    happened.preventDefault();
    const ids = chosen().map((box) => box.value);
    if (!ids.length) return;
    if (button.hasAttribute('data-removes')) {
      const title = document.getElementById('gal-remove-title');
      title.textContent = pick(title.dataset, ids.length);
      dialog.showModal();
      return;
    }
    const list = chosen().map((box) => box.closest('figure'));
    const more = {};
    for (const name of ['collection', 'name', 'out_of']) if (form.elements[name]) more[name] = form.elements[name].value;
    try {
      shown(await ask(button.formAction, fields(ids, more)));
    } catch (error) {
      complain(error.message);
      return;
    }
    button.closest('details')?.removeAttribute('open');
    if (button.hasAttribute('data-takes-out')) {
      vanish(list);
    } else {
      if (button.formAction.endsWith('/favourites')) {
        for (const figure of list) {
          figure.querySelector('.star').setAttribute('aria-pressed', 'true');
          figure.querySelector('.star').value = '0';
        }
      }
      none();
    }
  });
  form.addEventListener('keydown', (pressed) => {
    if (pressed.key !== 'Enter' || pressed.target.id !== 'gal-name') return;
    pressed.preventDefault();
    pressed.target.closest('.pop-list').querySelector('button[formaction]').click();
  });

  /* ── pages: the next one comes before its place does; of those far away only their height is left ── */
  const around = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) (isIntersecting ? fill : empty)(target);
  }, { rootMargin: '4000px 0px' });
  // The address follows the page in the middle of the window: a reload, and the way back, come to where one was.
  const follow = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      form.elements.back.value = target.dataset.here;
      history.replaceState(history.state, '', target.dataset.here);
    }
  }, { rootMargin: '-50% 0px -50% 0px' });
  const watch = (page) => {
    around.observe(page);
    follow.observe(page);
  };
  wall.querySelectorAll('.gal-page').forEach(watch);
  wall.addEventListener('click', (happened) => {
    const figure = happened.target.closest('a.f')?.closest('figure');
    if (figure && !happened.defaultPrevented) {
      history.replaceState(history.state, '', `${location.pathname}${location.search}#${figure.id}`);
    }
  });

  let fetching = false;
  const near = new IntersectionObserver((seen) => {
    if (seen.some((each) => each.isIntersecting)) more();
  }, { rootMargin: '2400px 0px' });
  async function more() {
    const foot = wall.querySelector('.gal-foot');
    const next = foot?.querySelector('[rel="next"]');
    if (!next || fetching) return;
    fetching = true;
    try {
      const piece = html(await ask(next.getAttribute('href')));
      const page = piece.querySelector('.gal-page');
      settle(piece);
      near.unobserve(foot);
      foot.replaceWith(piece);
      watch(page);
      const now = wall.querySelector('.gal-foot');
      if (now.querySelector('[rel="next"]')) near.observe(now);
    } catch (error) {
      near.unobserve(foot); // the link is still there to press
      complain(error.message);
    } finally {
      fetching = false;
    }
  }
  const foot = wall.querySelector('.gal-foot');
  if (foot?.querySelector('[rel="next"]')) near.observe(foot);

  // Back from another page, a browser may have kept what was ticked.
  recount();
  addEventListener('pageshow', recount);
  if (location.hash.startsWith('#p-')) {
    const named = document.getElementById(location.hash.slice(1));
    if (named) stand(named);
  }
})();
