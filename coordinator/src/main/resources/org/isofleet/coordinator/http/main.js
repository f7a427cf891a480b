// Starts the dashboard: the token, the route in the address, the head of the page and the keyboard.

import { adoptToken, dropToken, json, setToken, token, Unauthorized } from './client.js';
import { h, percent, seconds } from './format.js';
import { Overview } from './overview.js';
import { Comparison, RunPage } from './runs.js';
import { coordinatorTime, follow, onChange, store } from './store.js';
import { hideTip } from './plot.js';

const head = document.getElementById('head');
const main = document.getElementById('main');
const dark = matchMedia('(prefers-color-scheme: dark)');
let page = null;
let me = null;
let ending = null;

const picked = {
  ids: new Set(),
  has: (id) => picked.ids.has(id),
  toggle(id) {
    if (!picked.ids.delete(id)) picked.ids.add(id);
    page?.picks();
    picks();
  },
  clear() {
    picked.ids.clear();
    page?.picks();
    picks();
  },
};

function picks() {
  document.querySelector('.picks')?.remove();
  if (!picked.ids.size || location.hash.startsWith('#/compare')) return;
  document.body.append(h('div', { class: 'picks', role: 'status' }, `${picked.ids.size} picked`,
    h('button', { class: 'strong', disabled: picked.ids.size < 2, onclick: compare }, 'compare'), h('button', { onclick: () => picked.clear() }, 'clear')));
}

function compare() {
  if (picked.ids.size > 1) location.hash = `#/compare/${[...picked.ids].join(',')}`;
}

function theme(choice) {
  if (choice) localStorage.setItem('isofleet-theme', choice);
  document.documentElement.dataset.theme = localStorage.getItem('isofleet-theme') ?? (dark.matches ? 'dark' : 'light');
  page?.repaint();
}

const otherTheme = () => theme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');

const live = h('span', { class: 'live' });
const name = h('h1', {}, h('a', { href: '#/' }, 'Isofleet'));
const figures = h('div', { class: 'facts' });
const bar = h('i');
const who = h('span', { class: 'soft hide-small' });

function frame() {
  head.replaceChildren(
    h('div', { class: 'line' }, name, live, figures, h('span', { class: 'push' }, who,
      h('button', { onclick: otherTheme, 'aria-label': 'Light or dark', title: 'light or dark (t)' }, '◐'), h('button', { onclick: keys, 'aria-label': 'Keys', title: 'keys (?)' }, '?'),
      h('button', { onclick: leave, class: 'hide-small' }, 'sign out'))),
    h('div', { class: 'progress', role: 'progressbar', 'aria-label': 'training done' }, bar));
}

function headline() {
  const study = store.study;
  live.className = store.online ? 'live' : 'live off';
  live.textContent = store.online ? 'live' : 'not connected';
  if (!study) return;
  name.firstChild.textContent = study.name ?? 'no study yet';
  document.title = `${study.name ?? 'Isofleet'} · ${percent(study.share)}${study.finished ? ' · finished' : ''}`;
  const late = study.finished ? 0 : (coordinatorTime() - Date.parse(study.now)) / 1000;
  const ended = (study.states.done ?? 0) + (study.states.parked ?? 0) + (study.states.stopped ?? 0);
  const fact = (value, words) => h('span', {}, h('b', {}, value), ` ${words}`);
  figures.replaceChildren(fact(`${ended} of ${study.runs}`, 'runs'), fact(percent(study.share, 1), 'of the training'), fact(seconds(study.seconds + late), study.finished ? 'in all' : 'so far'),
    study.finished ? h('span', { class: 'good' }, 'finished') : study.eta_seconds != null ? fact(seconds(study.eta_seconds - late), 'to go') : '');
  bar.style.width = `${100 * study.share}%`;
  bar.parentElement.setAttribute('aria-valuenow', Math.round(100 * study.share));
}

function route() {
  if (!store.order.length) {
    main.replaceChildren(h('p', { class: 'soft' }, store.online ? 'No study has begun yet.' : 'reading the study …'));
    return;
  }
  page?.close();
  hideTip();
  const [, kind, rest] = /^#\/(run|compare)\/([0-9a-f,]+)$/.exec(location.hash) ?? [];
  page = kind === 'run' ? new RunPage(rest, picked) : kind === 'compare' ? new Comparison(rest.split(',')) : new Overview(picked);
  main.replaceChildren(page.element);
  if (kind) scrollTo(0, 0);
  picks();
}

function keys() {
  const box = document.getElementById('help');
  const rows = [['arrows', 'walk through the grid'], ['Enter', 'open a run'], ['c', 'pick a run for comparison'], ['x', 'compare what is picked'], ['g', 'all runs'], ['t', 'light or dark'], ['Esc', 'back'], ['?', 'this']];
  box.replaceChildren(h('h2', {}, 'Keys'), h('dl', { class: 'facts' }, rows.map(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)])),
    h('p', {}, h('button', { onclick: () => box.close() }, 'close')));
  box.showModal();
}

addEventListener('keydown', (event) => {
  if (event.target.matches('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  const act = { g: () => { location.hash = '#/'; }, t: otherTheme, '?': keys, x: compare, Escape: () => { if (location.hash.length > 2) location.hash = '#/'; else picked.clear(); } }[event.key];
  if (act) act();
});

function enter(fault) {
  page?.close();
  page = null;
  head.replaceChildren(h('div', { class: 'line' }, h('h1', {}, 'Isofleet')));
  const field = h('input', { type: 'password', autocomplete: 'off', 'aria-label': 'Token', placeholder: 'token', required: true });
  main.replaceChildren(h('section', { class: 'card enter' }, h('h2', {}, 'A token of the study'),
    h('form', { onsubmit: (event) => { event.preventDefault(); setToken(field.value); begin(); } }, field, h('button', { class: 'strong' }, 'open')),
    fault ? h('p', { class: 'bad', role: 'alert' }, fault) : null,
    h('p', { class: 'soft' }, 'Its folder has them: ', h('span', { class: 'mono' }, 'tokens/reader.read'), ' may look, ', h('span', { class: 'mono' }, 'tokens/operator.operate'),
      ' may change too. The token stays in this tab.')));
  field.focus();
}

function leave() {
  ending?.abort();
  dropToken();
  enter();
}

async function begin() {
  ending?.abort();
  ending = new AbortController();
  const { signal } = ending;
  try {
    me = await json('me');
    who.textContent = `${me.name}, may ${me.role}`;
    document.documentElement.dataset.role = me.role;
    frame();
    headline();
    route();
    await follow(signal);
  } catch (e) {
    if (signal.aborted) return;
    if (e instanceof Unauthorized) {
      dropToken();
      enter('The coordinator does not know this token.');
    } else {
      enter(`The coordinator cannot be reached: ${e.message}`);
    }
  }
}

onChange((change) => {
  headline();
  if (change.all && (!page || page instanceof Overview === false || !page.element.isConnected)) route();
  else page?.update(change);
});
setInterval(() => {
  headline();
  page?.update({ runs: new Set(), tick: true });
}, 1000);
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#token=')) {
    adoptToken();
    begin();
  } else if (page) route();
});
// A page that a browser keeps for the way back must not keep its connection.
addEventListener('pagehide', () => ending?.abort());
addEventListener('pageshow', (event) => {
  if (event.persisted && token()) begin();
});
dark.addEventListener('change', () => theme());
theme();
adoptToken();
if (token()) begin();
else enter();
