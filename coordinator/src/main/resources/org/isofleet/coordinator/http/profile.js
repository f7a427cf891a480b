// Live IsoFLOP profiles: measured runs, the fitted curve of each budget, its minimum and the interval that the law leaves of it.

import { count, fixed, flops, h, interval } from './format.js';
import { run, store } from './store.js';
import { Plot, budgetColour } from './plot.js';

const NAMES = { loss: 'held-out loss, nats/pixel', top1: 'linear probe, accuracy', fd: 'Fréchet distance of completions' };

export class Profiles {
  constructor(onopen) {
    this.metric = h('select', { 'aria-label': 'Metric', onchange: () => this.update(true) });
    this.resolution = h('select', { 'aria-label': 'Resolution', onchange: () => this.update(true) });
    this.law = h('p', { class: 'law' });
    this.legend = h('div', { class: 'legend' });
    this.plot = new Plot({ label: 'IsoFLOP profiles', height: 320, content: () => this.content(), onpick: onopen });
    this.element = h('section', { class: 'card less', 'aria-label': 'IsoFLOP profiles' },
      h('div', { class: 'top' }, h('h2', {}, 'IsoFLOP profiles'), h('span', { class: 'push' }, this.metric, this.resolution)), this.law, this.plot.element, this.legend);
    this.update(true);
  }

  choose(select, values, names) {
    const known = select.value;
    select.replaceChildren(...values.map((value) => h('option', { value }, names(value))));
    if (values.map(String).includes(known)) select.value = known;
    select.hidden = values.length < 2;
  }

  update() {
    this.choose(this.resolution, [...new Set(store.profiles.map((one) => one.resolution))], (value) => `${value}×${value}`);
    this.choose(this.metric, [...new Set(store.profiles.map((one) => one.metric))], (value) => NAMES[value]);
    const shown = this.shown();
    this.law.replaceChildren();
    if (!shown?.law) this.law.append(h('span', { class: 'soft' }, 'no fit yet'));
    else if (shown.status === 'refused') this.law.append(h('span', { class: 'badge refused' }, 'refused'), ` ${shown.reason}`);
    else {
      this.law.append(h('b', {}, `N ∝ C^${interval(shown.n_exponent)}`), ` · D ∝ C^${interval(shown.d_exponent)} `,
        h('span', { class: `badge ${shown.status}` }, shown.status), h('span', { class: 'soft' }, ` ${shown.points} runs`));
      this.law.title = shown.reason ?? '';
    }
    this.legend.replaceChildren(...(shown?.budgets ?? []).map((budget, i) => {
      const element = h('span', { class: 'state' }, flops(budget.budget_flops));
      element.style.setProperty('--of', budgetColour(i));
      return element;
    }), h('span', {}, shown ? '◆ minimum, ├─┤ interval of its N' : ''));
    this.plot.redraw();
  }

  shown() {
    return store.profiles.find((one) => one.metric === this.metric.value && String(one.resolution) === this.resolution.value);
  }

  content() {
    const shown = this.shown();
    const series = [];
    const marks = [];
    const share = shown?.metric === 'top1';
    const axes = {
      x: { log: true, format: count, name: 'N' },
      y: { format: (value) => (share ? `${(100 * value).toFixed(0)}%` : Number(value.toPrecision(4)).toString()) },
      empty: 'no run is evaluated yet',
    };
    shown?.budgets.forEach((budget, i) => {
      const colour = budgetColour(i);
      if (budget.curve.length) series.push({ points: budget.curve, colour, width: 1.4, unbounded: true, alpha: 0.85 });
      for (const fitted of [true, false]) {
        for (const point of budget.points.filter((one) => one.fitted === fitted)) {
          series.push({
            points: [[point.params, point.value]], colour, dots: true, hollow: !fitted, line: false, key: point.run,
            text: () => `${run(point.run)?.name}\n${NAMES[shown.metric]} ${fixed(point.value, 3)}${fitted ? '' : '\nno fit rests on it'}`,
          });
        }
      }
      const least = budget.minimum;
      if (least?.used && Number.isFinite(least.metric)) {
        const range = least.low != null ? ` [${count(least.low)}, ${count(least.high)}]` : '';
        marks.push({ x: least.params, y: least.metric, low: least.low, high: least.high, text: `minimum at ${flops(budget.budget_flops)}\nN ${count(least.params)}${range}\n${fixed(least.metric, 3)}` });
      }
    });
    return { series, marks, ...axes };
  }

  close() {
    this.plot.close();
  }
}
