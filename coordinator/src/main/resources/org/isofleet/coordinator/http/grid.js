// The grid of runs: a row for each resolution and budget, a column for each size. Arrow keys walk through it.

import { bytes, count, fixed, flops, h, percent, seconds, state } from './format.js';
import { coordinatorTime, run, runs, store } from './store.js';
import { budgetColour, hideTip, showTip } from './plot.js';

export const STATES = ['waiting', 'forming', 'training', 'evaluating', 'retrying', 'paused', 'parked', 'stopped', 'done'];

export const budgets = () => [...new Set(runs().map((one) => one.budget_flops))].sort((a, b) => a - b);

/** What a cell says first. */
function brief(one) {
  const words = { waiting: '·', forming: 'join', training: percent(one.share), evaluating: 'eval', retrying: 'retry', paused: 'paused', parked: '✕', stopped: '–', done: 'done' };
  return one.state === 'done' && one.loss_nats_per_pixel != null ? fixed(one.loss_nats_per_pixel, 2) : words[one.state];
}

export class Grid {
  constructor({ onopen, picked }) {
    this.onopen = onopen;
    this.picked = picked;
    this.cells = new Map();
    this.element = h('div', { class: 'grid', role: 'group', 'aria-label': 'Runs by budget and size' });
    this.element.addEventListener('keydown', (event) => this.walk(event));
    this.element.addEventListener('pointerleave', hideTip);
    this.build();
  }

  build() {
    const all = runs();
    const sizes = [...new Set(all.map((one) => one.params))].sort((a, b) => a - b);
    const rows = new Map();
    for (const one of all) {
      const row = `${one.resolution} ${one.budget_flops}`;
      if (!rows.has(row)) rows.set(row, { resolution: one.resolution, budget: one.budget_flops, runs: [] });
      rows.get(row).runs.push(one);
    }
    const resolutions = new Set(all.map((one) => one.resolution)).size;
    const ordered = [...rows.values()].sort((a, b) => a.resolution - b.resolution || a.budget - b.budget);
    // Where sizes do not line up under each other, each row is told by itself.
    this.packed = sizes.length > 24;
    this.cells.clear();
    const body = ordered.map((row) => {
      const label = h('th', { scope: 'row' }, flops(row.budget), resolutions > 1 ? h('small', {}, ` ${row.resolution}px`) : null);
      label.style.color = budgetColour(budgets().indexOf(row.budget));
      const own = row.runs.sort((a, b) => a.params - b.params || a.position - b.position);
      if (this.packed) return h('tr', {}, label, h('td', {}, this.stack(own, 'wide')));
      return h('tr', {}, label, sizes.map((size) => {
        const here = own.filter((one) => one.params === size);
        return h('td', {}, here.length ? this.stack(here) : null);
      }));
    });
    const head = this.packed ? null : h('thead', {}, h('tr', {}, h('th'), sizes.map((size) => h('th', { scope: 'col' }, count(size)))));
    this.element.classList.toggle('few', ordered.length <= 6 && all.length <= 120);
    this.element.replaceChildren(h('table', {}, head, h('tbody', {}, body)));
    this.best();
    store.order.forEach((id) => this.paint(id));
    const first = this.cells.get(store.order[0]);
    if (first) first.tabIndex = 0;
  }

  stack(here, wide) {
    const many = wide ? here.length > 16 : here.length > 1;
    return h('div', { class: `stack${many ? ' many' : ''}${wide ? ' wide' : ''}` }, here.map((one) => this.cell(one.id)));
  }

  cell(id) {
    const cell = h('button', { class: 'cell', tabindex: -1, data: { id } }, h('i', { class: 'fill' }), h('span', {}));
    cell.addEventListener('click', (event) => (event.shiftKey ? this.picked.toggle(id) : this.onopen(id)));
    cell.addEventListener('pointerenter', (event) => showTip(this.words(id), event.clientX, event.clientY));
    cell.addEventListener('focus', () => {
      this.element.querySelector('[tabindex="0"]')?.setAttribute('tabindex', '-1');
      cell.tabIndex = 0;
      if (cell.matches(':focus-visible')) {
        const box = cell.getBoundingClientRect();
        showTip(this.words(id), box.left, box.bottom - 12);
      }
    });
    cell.addEventListener('blur', hideTip);
    this.cells.set(id, cell);
    return cell;
  }

  words(id) {
    const one = run(id);
    const lines = [`${one.name}, ${one.state}`, `step ${one.step ?? 0} of ${one.steps}`];
    if (one.state === 'training') lines[1] += `, ${count(one.tokens_per_second)} tokens/s on ${one.workers.join(' + ')}`;
    if (one.loss_nats_per_pixel != null) lines.push(`loss ${fixed(one.loss_nats_per_pixel, 3)} nats/pixel`);
    if (one.top1 != null) lines.push(`probe ${percent(one.top1, 1)}`);
    if (one.frechet_distance != null) lines.push(`Fréchet distance ${count(one.frechet_distance)}`);
    if (!one.fitted) lines.push(`no fit rests on it: ${one.label}`);
    if (one.reason) lines.push(one.reason);
    return lines.join('\n');
  }

  best() {
    this.winners = new Set();
    const least = new Map();
    for (const one of runs()) {
      const row = `${one.resolution} ${one.budget_flops}`;
      const known = least.get(row);
      if (one.loss_nats_per_pixel != null && (!known || one.loss_nats_per_pixel < known.loss_nats_per_pixel)) least.set(row, one);
    }
    least.forEach((one) => this.winners.add(one.id));
  }

  paint(id) {
    const cell = this.cells.get(id);
    if (!cell) return;
    const one = run(id);
    cell.dataset.state = one.state;
    cell.classList.toggle('best', one.state === 'done' && this.winners.has(id));
    cell.classList.toggle('unfitted', !one.fitted);
    cell.classList.toggle('picked', this.picked.has(id));
    cell.firstChild.style.width = one.state === 'training' ? `${100 * one.share}%` : '0';
    const second = one.state === 'training' ? count(one.tokens_per_second) : one.top1 != null ? percent(one.top1) : null;
    cell.lastChild.replaceChildren(brief(one), second && one.state !== 'waiting' ? h('small', {}, second) : '');
    cell.setAttribute('aria-label', `${one.name}: ${one.state}${one.loss_nats_per_pixel != null ? `, loss ${fixed(one.loss_nats_per_pixel, 3)}` : ''}`);
  }

  update(change) {
    if (change.all) {
      this.build();
      return;
    }
    const before = this.winners;
    if (change.profiles) this.best();
    change.runs.forEach((id) => this.paint(id));
    if (change.profiles) [...before, ...this.winners].forEach((id) => this.paint(id));
  }

  walk(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const id = event.target.dataset?.id;
    if (!id) return;
    if (event.key === 'c') this.picked.toggle(id);
    if (!step) return;
    event.preventDefault();
    const here = event.target.getBoundingClientRect();
    let best = null;
    let nearest = Infinity;
    for (const cell of this.cells.values()) {
      const box = cell.getBoundingClientRect();
      const dx = box.left - here.left;
      const dy = box.top - here.top;
      const along = step[0] * dx + step[1] * dy;
      const aside = step[0] ? Math.abs(dy) : Math.abs(dx);
      if (along > 1 && along + 4 * aside < nearest) {
        nearest = along + 4 * aside;
        best = cell;
      }
    }
    best?.focus();
  }
}

export function legend() {
  const states = store.study?.states ?? {};
  return h('div', { class: 'legend' }, STATES.filter((name) => states[name]).map((name) => state(name)).map((element) => {
    element.append(` ${states[element.textContent]}`);
    return element;
  }));
}

export function workerTable(onopen) {
  const workers = [...store.workers.values()].sort((a, b) => a.id.localeCompare(b.id, undefined, { numeric: true }));
  if (!workers.length) return h('p', { class: 'soft' }, 'No worker has been seen.');
  const head = ['worker', 'does', 'device', 'tokens/s', 'memory', 'straggler'];
  return h('div', { class: 'scroll' }, h('table', { class: 'list' },
    h('thead', {}, h('tr', {}, head.map((name, i) => h('th', { class: i > 2 ? 'right' : null }, name)))),
    h('tbody', {}, workers.map((worker) => {
      const known = worker.run && store.cells.get(worker.run);
      const ago = (coordinatorTime() - Date.parse(worker.seen)) / 1000;
      return h('tr', { class: worker.lost ? 'gone' : null },
        h('td', {}, h('b', {}, worker.id), h('div', { class: 'soft' }, worker.host)),
        h('td', {}, worker.lost ? h('span', { class: 'bad' }, `lost: ${worker.lost}`) : [worker.state, ' ', known && h('a', { href: `#/run/${worker.run}` }, known.name)],
          worker.lost ? null : h('div', { class: 'soft' }, worker.step ? `step ${worker.step}` : '', ago > 5 ? ` heard of ${seconds(ago)} ago` : '')),
        h('td', {}, worker.device, h('div', { class: 'soft' }, worker.kernel_class)),
        h('td', { class: 'right' }, worker.tokens_per_second ? count(worker.tokens_per_second) : '–'),
        h('td', { class: 'right' }, bytes(worker.resident_bytes)),
        h('td', { class: `right ${worker.straggler_score >= 2 ? 'bad' : worker.straggler_score >= 1.4 ? 'warning' : ''}` }, worker.straggler_score ? worker.straggler_score.toFixed(2) : '–'));
    }))));
}
