// Completions beside their originals, fetched when they come into sight: pictures cannot send a token by themselves.

import { ask } from './client.js';
import { count, h } from './format.js';
import { runs } from './store.js';

const pictures = new Map();

async function fetched(id) {
  if (!pictures.has(id)) pictures.set(id, ask(`runs/${id}/samples.png`).then((response) => response.blob()).then((blob) => URL.createObjectURL(blob)));
  try {
    return await pictures.get(id);
  } catch (e) {
    pictures.delete(id);
    throw e;
  }
}

const sight = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      sight.unobserve(entry.target);
      const image = entry.target;
      fetched(image.dataset.run).then((url) => { image.src = url; }, () => { image.alt = 'the picture could not be read'; });
    }
  }
}, { rootMargin: '200px' });

export function picture(one) {
  const image = h('img', { class: 'pixels', alt: `completions by ${one.name}`, data: { run: one.id } });
  sight.observe(image);
  return image;
}

export class Gallery {
  constructor() {
    this.list = h('div', { class: 'gallery' });
    this.more = h('button', { onclick: () => { this.all = !this.all; this.build(); } });
    this.element = h('section', { class: 'card whole', 'aria-label': 'Completions' },
      h('div', { class: 'top' }, h('h2', {}, 'Completions'), h('span', { class: 'soft' }, 'originals above, drawn from their top half below'), h('span', { class: 'push' }, this.more)), this.list);
    this.build();
  }

  build() {
    const with_ = runs().filter((one) => one.samples).sort((a, b) => a.budget_flops - b.budget_flops || a.params - b.params);
    const best = new Map();
    for (const one of with_) {
      const key = `${one.resolution} ${one.budget_flops}`;
      if (!best.has(key) || one.frechet_distance < best.get(key).frechet_distance) best.set(key, one);
    }
    const shown = this.all ? with_ : [...best.values()];
    const key = shown.map((one) => one.id).join();
    this.element.hidden = !with_.length;
    this.more.hidden = with_.length <= best.size;
    this.more.textContent = this.all ? 'the best of each budget' : `all ${with_.length}`;
    if (key === this.key) return;
    this.key = key;
    this.list.replaceChildren(...shown.map((one) => h('a', { href: `#/run/${one.id}` }, picture(one),
      h('div', { class: 'cap' }, h('b', {}, one.name), h('span', { class: 'soft' }, `FD ${count(one.frechet_distance)}`)))));
  }
}
