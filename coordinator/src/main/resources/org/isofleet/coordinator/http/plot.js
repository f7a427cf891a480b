// Plots on a canvas: as quick with a thousand curves as with one, sharp on every screen, in the colours of the page.

import { h } from './format.js';

const MARGIN = { left: 46, right: 12, top: 10, bottom: 28 };
const tip = () => document.getElementById('tip');

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const budgetColour = (place) => colour(`--b${place % 8}`);

export function showTip(text, x, y) {
  const box = tip();
  box.textContent = text;
  box.hidden = false;
  const width = box.offsetWidth;
  box.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - width - 4))}px`;
  box.style.top = `${y + 16 + box.offsetHeight > innerHeight ? y - box.offsetHeight - 10 : y + 16}px`;
}

export const hideTip = () => {
  tip().hidden = true;
};

function ticks(low, high, log, most) {
  if (log && high / low > 12) {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const digit of [1, 2, 5]) {
        const value = digit * 10 ** power;
        if (value >= low && value <= high) found.push(value);
      }
    }
    return found.length > most ? found.filter((value) => /^1/.test(value.toExponential())) : found;
  }
  const rough = (high - low) / most;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * unit).find((wide) => wide >= rough) ?? unit;
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) found.push(value);
  return found;
}

/**
 * A plot that draws what `content` answers: {series: [{points: [[x, y]], colour, width, alpha, dash, line, dots, hollow, key, text}], marks, x, y,
 * empty}. `marks` are minima: {x, y, low, high, colour, text}.
 */
export class Plot {
  constructor({ label, height = 260, content, onpick }) {
    this.canvas = h('canvas', { role: 'img', 'aria-label': label, tabindex: onpick ? -1 : null });
    this.element = h('div', { class: 'plot' }, this.canvas);
    this.height = height;
    this.content = content;
    this.onpick = onpick;
    this.wanted = false;
    this.drawnAt = 0;
    this.observer = new ResizeObserver(() => this.redraw(true));
    this.observer.observe(this.element);
    this.canvas.addEventListener('pointermove', (event) => this.hover(event));
    this.canvas.addEventListener('pointerleave', () => {
      hideTip();
      if (this.near) {
        this.near = null;
        this.redraw(true);
      }
    });
    this.canvas.addEventListener('click', () => this.near?.key && this.onpick?.(this.near.key));
  }

  /** Draws soon; of many points, twice a second at most. */
  redraw(now = false) {
    if (this.wanted) return;
    this.wanted = true;
    const wait = now || !this.heavy ? 0 : Math.max(0, 500 - (performance.now() - this.drawnAt));
    setTimeout(() => requestAnimationFrame(() => {
      this.wanted = false;
      if (this.canvas.isConnected) this.draw();
    }), wait);
  }

  draw() {
    const width = this.element.clientWidth;
    if (!width) return;
    this.drawnAt = performance.now();
    const ratio = devicePixelRatio || 1;
    const pixels = [Math.round(width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width !== pixels[0] || this.canvas.height !== pixels[1]) [this.canvas.width, this.canvas.height] = pixels;
    this.canvas.style.height = `${this.height}px`;
    const pen = this.canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, this.height);
    pen.font = '11px system-ui, sans-serif';
    const shown = this.content();
    const soft = colour('--soft');
    const all = shown.series.reduce((sum, one) => sum + one.points.length, 0);
    this.heavy = all > 5000;
    if (!all) {
      pen.fillStyle = soft;
      pen.textAlign = 'center';
      pen.fillText(shown.empty ?? 'nothing yet', width / 2, this.height / 2);
      this.shown = null;
      return;
    }
    this.scale(shown, width);
    this.axes(pen, shown, width, soft, colour('--rule'));
    pen.save();
    pen.beginPath();
    pen.rect(MARGIN.left - 4, MARGIN.top - 4, width - MARGIN.left - MARGIN.right + 8, this.height - MARGIN.top - MARGIN.bottom + 8);
    pen.clip();
    shown.series.forEach((one) => this.series(pen, one, one.key && one.key === this.near?.key));
    (shown.marks ?? []).forEach((mark) => this.mark(pen, mark));
    pen.restore();
    this.shown = shown;
  }

  scale(shown, width) {
    const bound = (axis, at) => {
      let low = Infinity;
      let high = -Infinity;
      for (const one of shown.series) {
        if (one.unbounded) continue;
        for (const point of one.points) {
          if (point[at] < low) low = point[at];
          if (point[at] > high) high = point[at];
        }
      }
      for (const mark of shown.marks ?? []) {
        low = Math.min(low, at ? mark.y : mark.x);
        high = Math.max(high, at ? mark.y : mark.x);
      }
      if (axis.high != null) high = Math.min(high, axis.high);
      const pad = axis.log ? (high / low) ** 0.06 || 1.1 : (high - low) * 0.06 || Math.abs(high) * 0.05 || 1;
      return axis.log ? [low / Math.max(pad, 1.02), high * Math.max(pad, 1.02)] : [axis.from ?? low - pad, high + pad];
    };
    const axis = (bounds, log, from, to) => {
      const map = log ? Math.log : (value) => value;
      const [low, high] = bounds.map(map);
      return (value) => from + ((map(value) - low) / (high - low)) * (to - from);
    };
    this.bounds = { x: bound(shown.x, 0), y: bound(shown.y, 1) };
    this.x = axis(this.bounds.x, shown.x.log, MARGIN.left, width - MARGIN.right);
    this.y = axis(this.bounds.y, shown.y.log, this.height - MARGIN.bottom, MARGIN.top);
  }

  axes(pen, shown, width, soft, rule) {
    pen.lineWidth = 1;
    pen.strokeStyle = rule;
    pen.fillStyle = soft;
    pen.textBaseline = 'middle';
    pen.textAlign = 'right';
    for (const value of ticks(...this.bounds.y, shown.y.log, Math.max(3, this.height / 45))) {
      const y = Math.round(this.y(value)) + 0.5;
      pen.beginPath();
      pen.moveTo(MARGIN.left, y);
      pen.lineTo(width - MARGIN.right, y);
      pen.stroke();
      pen.fillText(shown.y.format(value), MARGIN.left - 6, y);
    }
    pen.textAlign = 'center';
    pen.textBaseline = 'top';
    for (const value of ticks(...this.bounds.x, shown.x.log, Math.max(3, width / 80))) {
      const x = this.x(value);
      if (x >= MARGIN.left - 1 && x <= width - MARGIN.right - 8) pen.fillText(shown.x.format(value), x, this.height - MARGIN.bottom + 6);
    }
    pen.textAlign = 'right';
    pen.fillText(shown.x.name ?? '', width - MARGIN.right, this.height - 11);
    pen.textAlign = 'left';
    pen.fillText(shown.y.name ?? '', MARGIN.left + 4, MARGIN.top - 8);
  }

  series(pen, one, strong) {
    pen.globalAlpha = strong ? 1 : one.alpha ?? 1;
    pen.strokeStyle = pen.fillStyle = one.colour;
    pen.lineWidth = (one.width ?? 1.5) + (strong ? 1.2 : 0);
    pen.setLineDash(one.dash ?? []);
    if (one.line !== false && one.points.length > 1) {
      pen.beginPath();
      one.points.forEach(([x, y], i) => (i ? pen.lineTo(this.x(x), this.y(y)) : pen.moveTo(this.x(x), this.y(y))));
      pen.stroke();
    }
    pen.setLineDash([]);
    if (one.dots) {
      for (const [x, y] of one.points) {
        pen.beginPath();
        pen.arc(this.x(x), this.y(y), strong ? 5.5 : 4, 0, 7);
        if (one.hollow) {
          pen.fillStyle = colour('--card');
          pen.fill();
          pen.stroke();
        } else pen.fill();
      }
    }
    pen.globalAlpha = 1;
  }

  mark(pen, mark) {
    const y = this.y(mark.y);
    pen.strokeStyle = pen.fillStyle = colour('--ink');
    pen.lineWidth = 1.6;
    if (mark.low != null) {
      pen.beginPath();
      pen.moveTo(this.x(mark.low), y);
      pen.lineTo(this.x(mark.high), y);
      for (const end of [mark.low, mark.high]) {
        pen.moveTo(this.x(end), y - 4);
        pen.lineTo(this.x(end), y + 4);
      }
      pen.stroke();
    }
    const x = this.x(mark.x);
    pen.beginPath();
    pen.moveTo(x, y - 6);
    pen.lineTo(x + 6, y);
    pen.lineTo(x, y + 6);
    pen.lineTo(x - 6, y);
    pen.closePath();
    pen.fill();
    pen.strokeStyle = colour('--card');
    pen.stroke();
  }

  hover(event) {
    if (!this.shown) return;
    const box = this.canvas.getBoundingClientRect();
    const at = [event.clientX - box.left, event.clientY - box.top];
    let best = null;
    let nearest = 400;
    const look = (x, y, one, point) => {
      const far = (this.x(x) - at[0]) ** 2 + (this.y(y) - at[1]) ** 2;
      if (far < nearest) {
        nearest = far;
        best = { key: one.key, text: one.text?.(point) };
      }
    };
    for (const one of this.shown.series) if (one.text) one.points.forEach((point) => look(point[0], point[1], one, point));
    for (const mark of this.shown.marks ?? []) look(mark.x, mark.y, { text: () => mark.text }, null);
    this.canvas.style.cursor = best?.key && this.onpick ? 'pointer' : '';
    const changed = best?.key !== this.near?.key;
    this.near = best;
    if (best) showTip(best.text, event.clientX, event.clientY);
    else hideTip();
    if (changed) this.redraw(true);
  }

  close() {
    this.observer.disconnect();
    hideTip();
  }
}
