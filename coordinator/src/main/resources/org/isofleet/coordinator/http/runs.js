// The page of one run, and several beside each other.

import { json } from './client.js';
import { clock, count, fixed, flops, h, percent, seconds, state } from './format.js';
import { picture } from './gallery.js';
import { Plot, budgetColour } from './plot.js';
import { actions } from './operate.js';
import { run, store } from './store.js';

const card = (title, kind, ...content) => h('section', { class: `card ${kind}`, 'aria-label': title }, h('div', { class: 'top' }, h('h2', {}, title)), ...content);
const facts = (entries) => h('dl', { class: 'facts' }, entries.filter(([, value]) => value != null).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
const lossAxes = {
  x: { format: count, name: 'step', from: 0 }, y: { format: (value) => Number(value.toPrecision(4)).toString(), log: true }, empty: 'no step yet',
};

function table(head, rows, empty) {
  if (!rows.length) return h('p', { class: 'soft' }, empty);
  return h('div', { class: 'scroll' }, h('table', { class: 'list' },
    h('thead', {}, h('tr', {}, head.map((name) => h('th', {}, name)))), h('tbody', {}, rows.map((row) => h('tr', {}, row.map((cell) => h('td', {}, cell)))))));
}

export class RunPage {
  constructor(id, picked) {
    this.id = id;
    this.picked = picked;
    this.detail = null;
    this.plot = new Plot({ label: 'Training loss', height: 300, content: () => this.content() });
    this.title = h('div', { class: 'crumb' });
    this.why = h('ul', { class: 'why' });
    this.facts = h('div');
    this.history = h('div');
    this.checkpoints = h('div');
    this.results = h('div');
    this.element = h('div', {}, this.title, h('div', { class: 'cards' },
      card('Why', 'less', this.why), card('Training loss', 'most', this.plot.element),
      card('Results', 'less', this.results), card('Checkpoints', 'most', this.checkpoints),
      card('The run', 'less', this.facts), card('History', 'most', this.history)));
    this.read();
  }

  async read() {
    this.reading = true;
    try {
      this.detail = await json(`runs/${this.id}`);
      this.show();
    } catch (e) {
      this.title.replaceChildren(h('a', { href: '#/' }, '← all runs'), h('span', { class: 'bad' }, e.message));
    }
    this.reading = false;
  }

  show() {
    const one = this.detail;
    const pick = h('button', { onclick: () => { this.picked.toggle(this.id); this.show(); } }, this.picked.has(this.id) ? 'leave out of comparison' : 'compare');
    this.title.replaceChildren(h('a', { href: '#/' }, '← all runs'), h('h1', {}, one.name), state(one.state), h('span', { class: 'soft mono' }, one.id),
      h('span', { class: 'push' }, pick, actions(`runs/${this.id}`, one.state, () => this.read())));
    this.why.replaceChildren(...one.why.map((line) => h('li', {}, line)), ...one.warnings.slice(-6, -1).map((told) => h('li', { class: 'warning' }, `${clock(told.at)} ${told.text}`)));
    this.facts.replaceChildren(facts([
      ['budget', `${flops(one.budget_flops)} FLOPs`], ['N', count(one.params)], ['D', `${count(one.tokens)} tokens`], ['resolution', `${one.resolution}×${one.resolution}`],
      ['layers, width', `${one.layers}, ${one.width}`], ['batch', one.batch], ['learning rate', one.learning_rate], ['steps', `${one.step} of ${one.steps} (${percent(one.share)})`],
      ['rate', one.tokens_per_second ? `${count(one.tokens_per_second)} tokens/s` : null], ['in the step loop', seconds(one.seconds)], ['workers', one.workers.join(' + ') || null],
      ['generation', one.generation], ['restarts', one.restarts], ['fits', one.fitted ? 'rest on it' : `do not rest on it: ${one.label}`],
      ['SHA-256 of the parameters', one.digest && h('span', { class: 'mono' }, one.digest)]]));
    this.history.replaceChildren(table(['when', 'state', 'generation', 'workers', 'because'], [...one.history].reverse().map((change) => [
      clock(change.at), state(change.state), change.generation || '–', change.workers.join(' + ') || '–', change.reason ?? '']), 'Nothing was heard of it yet.'));
    this.checkpoints.replaceChildren(table(['when', 'step', 'training took', 'SHA-256 of the parameters'], [...one.checkpoints].reverse().map((point) => [
      clock(point.at), `${point.step}${point.last ? ', the last' : ''}`, seconds(point.train_seconds), h('span', { class: 'mono', title: point.digest }, point.digest.slice(0, 20), '…')]), 'No checkpoint is committed yet.'));
    this.results.replaceChildren(...this.measured(one));
    this.plot.redraw(true);
  }

  measured(one) {
    if (!one.results.length) return [h('p', { class: 'soft' }, 'It is not evaluated yet.')];
    const list = one.results.map(({ result }) => {
      if (result.kind === 'held-out-loss') return ['held-out loss', `${fixed(result.natsPerPixel, 4)} ± ${fixed(result.standardError, 4)} nats/pixel, ${fixed(result.bitsPerDimension, 4)} bits/dim, ${result.images} images`];
      if (result.kind === 'linear-probe') return ['linear probe', `${percent(result.top1, 1)} ${/igpt/i.test(result.probe) ? 'of images' : 'balanced'}${result.top5 == null ? '' : `, top-5 ${percent(result.top5, 1)}`}, layer ${result.bestLayer}; untrained ${percent(result.untrained, 1)}, raw pixels ${percent(result.rawPixels, 1)}, chance ${percent(result.majority, 1)}`];
      return ['completions', `Fréchet distance ${count(result.distance)}; real against real ${count(result.floor)}; ${result.generated} against ${result.references}${Math.min(result.generated, result.references) <= result.dimension ? ', rank-deficient' : ''}`];
    });
    return [facts(list), one.samples ? h('div', { class: 'samples' }, picture(one)) : null].filter(Boolean);
  }

  content() {
    const one = this.detail;
    if (!one) return { series: [], ...lossAxes, empty: 'reading …' };
    const colour = budgetColour([...new Set([...store.cells.values()].map((cell) => cell.budget_flops))].sort((a, b) => a - b).indexOf(one.budget_flops));
    const lately = store.curves.get(this.id) ?? [];
    const end = one.curve.length ? one.curve.at(-1)[0] : 0;
    const points = [...one.curve, ...lately.filter(([step]) => step > end)];
    const series = [{ points, colour, width: 2, text: ([step, loss]) => `step ${step}\n${fixed(loss, 4)} nats/pixel` }];
    if (one.loss_nats_per_pixel != null && points.length) series.push({ points: [[0, one.loss_nats_per_pixel], [one.steps, one.loss_nats_per_pixel]], colour, dash: [5, 4], width: 1, text: () => `held-out loss ${fixed(one.loss_nats_per_pixel, 4)}` });
    return { series, marks: [], ...lossAxes };
  }

  update(change) {
    if (!change.all && !change.runs.has(this.id)) return;
    const now = run(this.id);
    const moved = this.detail && now && (now.state !== this.detail.state || now.generation !== this.detail.generation || now.loss_nats_per_pixel !== this.detail.loss_nats_per_pixel);
    if ((moved || performance.now() - (this.readAt ?? 0) > 4000) && !this.reading) {
      this.readAt = performance.now();
      this.read();
    }
    this.plot.redraw();
  }

  repaint() {
    this.plot.redraw(true);
  }

  picks() {
    if (this.detail) this.show();
  }

  close() {
    this.plot.close();
  }
}

export class Comparison {
  constructor(ids) {
    this.ids = ids.filter((id) => store.cells.has(id));
    this.plot = new Plot({
      label: 'Training loss of the compared runs', height: 360, onpick: (id) => { location.hash = `#/run/${id}`; },
      content: () => ({
        series: this.ids.map((id, i) => ({
          points: store.curves.get(id) ?? [], colour: budgetColour(i), width: 2, key: id, text: ([step, loss]) => `${run(id).name}\nstep ${step}: ${fixed(loss, 4)} nats/pixel`,
        })), ...lossAxes,
      }),
    });
    this.table = h('div', { class: 'scroll' });
    this.element = h('div', {}, h('div', { class: 'crumb' }, h('a', { href: '#/' }, '← all runs'), h('h1', {}, `${this.ids.length} runs compared`)),
      h('div', { class: 'cards' }, card('Training loss', 'whole', this.plot.element), card('Side by side', 'whole', this.table)));
    this.show();
  }

  show() {
    const rows = [
      ['state', (one) => state(one.state)], ['budget', (one) => flops(one.budget_flops)], ['N', (one) => count(one.params)], ['D', (one) => count(one.tokens)],
      ['layers, width', (one) => `${one.layers}, ${one.width}`], ['batch', (one) => one.batch], ['learning rate', (one) => one.learning_rate], ['steps', (one) => `${one.step ?? 0} of ${one.steps}`],
      ['train loss', (one) => fixed(one.train_loss, 4)], ['held-out loss', (one) => fixed(one.loss_nats_per_pixel, 4), 'loss_nats_per_pixel'], ['probe', (one) => percent(one.top1, 1)],
      ['Fréchet distance', (one) => (one.frechet_distance == null ? '–' : count(one.frechet_distance))], ['in the step loop', (one) => seconds(one.seconds)], ['restarts', (one) => one.restarts ?? 0]];
    const all = this.ids.map(run);
    this.table.replaceChildren(h('table', { class: 'list' },
      h('thead', {}, h('tr', {}, h('th'), all.map((one, i) => {
        const dot = h('a', { class: 'state', href: `#/run/${one.id}` }, one.name);
        dot.style.setProperty('--of', budgetColour(i));
        return h('th', { scope: 'col' }, dot);
      }))),
      h('tbody', {}, rows.map(([name, cell]) => h('tr', {}, h('th', { scope: 'row' }, name), all.map((one) => h('td', {}, cell(one))))),
        h('tr', {}, h('th', { scope: 'row' }, 'completions'), all.map((one) => h('td', {}, one.samples ? picture(one) : '–'))))));
  }

  update(change) {
    if (change.all || this.ids.some((id) => change.runs.has(id))) {
      this.show();
      this.plot.redraw();
    }
  }

  repaint() {
    this.show();
    this.plot.redraw(true);
  }

  picks() {}

  close() {
    this.plot.close();
  }
}
