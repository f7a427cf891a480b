// The first page: grid, profiles, loss curves, workers, log, completions.

import { ask } from './client.js';
import { clock, fixed, h } from './format.js';
import { Gallery } from './gallery.js';
import { Grid, budgets, legend, workerTable } from './grid.js';
import { actions } from './operate.js';
import { Plot, budgetColour } from './plot.js';
import { Profiles } from './profile.js';
import { run, runs, store } from './store.js';

const LEVELS = { GOOD: 'good', WARNING: 'warning', BAD: 'bad' };

function logLines() {
  const lines = [...store.log].reverse().map((line) => h('div', {}, h('time', { datetime: line.at }, clock(line.at)), h('span', { class: LEVELS[line.level] }, line.text)));
  return lines.length ? lines : [h('p', { class: 'soft' }, 'Nothing has happened yet.')];
}

/** Training loss of all runs over the share of their steps, so that long and short ones are seen together. */
function curves(onopen) {
  return new Plot({
    label: 'Training loss of all runs', height: 320, onpick: onopen,
    content: () => {
      const places = budgets();
      const all = runs().filter((one) => store.curves.get(one.id)?.length);
      const training = all.some((one) => one.state === 'training');
      const ends = all.map((one) => store.curves.get(one.id).at(-1)[1]).sort((a, b) => a - b);
      const high = ends.length ? Math.max(ends[Math.floor(ends.length * 0.98)] * 1.6, ends.at(-1) * 1.05) : null;
      return {
        series: all.map((one) => ({
          points: store.curves.get(one.id).map(([step, loss]) => [step / one.steps, loss]),
          colour: budgetColour(places.indexOf(one.budget_flops)), width: one.state === 'training' ? 2 : 1.1,
          alpha: one.state === 'training' ? 1 : training ? 0.35 : 0.6, key: one.id,
          text: ([share, loss]) => `${one.name}, ${one.state}\nstep ${Math.round(share * one.steps)}: ${fixed(loss, 3)} nats/pixel`,
        })).sort((a, b) => a.width - b.width),
        x: { format: (value) => `${Math.round(100 * value)}%`, name: 'of its steps', from: 0 },
        y: { format: (value) => Number(value.toPrecision(3)).toString(), log: true, high },
        empty: 'no run has made a step yet',
      };
    },
  });
}

export class Overview {
  constructor(picked) {
    const open = (id) => { location.hash = `#/run/${id}`; };
    this.grid = new Grid({ onopen: open, picked });
    this.profiles = new Profiles(open);
    this.curves = curves(open);
    this.gallery = new Gallery();
    this.states = h('div', {}, legend());
    this.workers = h('div', {}, workerTable());
    this.log = h('div', { class: 'log', role: 'log', tabindex: 0, 'aria-label': 'Event log' }, logLines());
    this.operate = h('span', { class: 'push' });
    this.offer();
    const report = h('button', { onclick: () => download(report) }, 'Report');
    this.element = h('div', { class: 'cards' },
      h('section', { class: 'card most' }, h('div', { class: 'top' }, h('h2', {}, 'Runs'), h('span', { class: 'push' },
        h('span', { class: 'soft hide-small' }, h('kbd', {}, '↵'), ' opens, ', h('kbd', {}, 'c'), ' compares'), this.operate, report)), this.grid.element, this.states),
      this.profiles.element,
      h('section', { class: 'card most' }, h('div', { class: 'top' }, h('h2', {}, 'Training loss'), h('span', { class: 'soft' }, 'nats a pixel, one line a run')), this.curves.element),
      h('section', { class: 'card less' }, h('div', { class: 'top' }, h('h2', {}, 'Events')), this.log),
      h('section', { class: 'card whole' }, h('div', { class: 'top' }, h('h2', {}, 'Workers')), this.workers),
      this.gallery.element);
  }

  /** What an operator may do with all runs, as their states are now. */
  offer() {
    const states = Object.keys(store.study?.states ?? {});
    const key = store.study?.finished ? '' : states.join();
    if (key === this.offered) return;
    this.offered = key;
    this.operate.replaceChildren(...(key ? actions('study', states) ?? [] : []));
  }

  update(change) {
    this.grid.update(change);
    this.offer();
    if (change.all || change.profiles) {
      this.profiles.update();
      this.gallery.build();
    }
    if (change.all || change.runs.size) {
      this.curves.redraw();
      this.states.replaceChildren(legend());
    }
    if (change.all || change.workers || change.tick) this.workers.replaceChildren(workerTable());
    if (change.all || change.log) this.log.replaceChildren(...logLines());
  }

  repaint() {
    this.curves.redraw(true);
    this.profiles.update();
    this.grid.build();
  }

  picks() {
    store.order.forEach((id) => this.grid.paint(id));
  }

  close() {
    this.curves.close();
    this.profiles.close();
  }
}

async function download(button) {
  button.disabled = true;
  button.textContent = 'making it …';
  try {
    const blob = await (await ask('report.html')).blob();
    const link = h('a', { href: URL.createObjectURL(blob), download: `${store.study?.name ?? 'study'}-report.html` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    button.textContent = 'Report';
  } catch (e) {
    button.textContent = 'Report';
    button.title = e.message;
  }
  button.disabled = false;
}
