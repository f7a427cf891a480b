// Numbers and times as people read them, and elements without any markup in strings.

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** 48123 as 48.1k, three digits. */
export function count(value) {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) < 1000) return Number(value.toPrecision(3)).toString();
  let power = Math.min(PREFIXES.length - 1, Math.floor(Math.log10(Math.abs(value)) / 3));
  let text = (value / 10 ** (3 * power)).toPrecision(3);
  if (Math.abs(Number(text)) >= 1000 && power < PREFIXES.length - 1) text = (value / 10 ** (3 * ++power)).toPrecision(3);
  return Number(text) + PREFIXES[power];
}

/** 2e11 as 2e11. */
export function flops(value) {
  const [digits, power] = value.toExponential(2).split('e');
  return `${Number(digits)}e${Number(power)}`;
}

export function bytes(value) {
  if (value >= 2 ** 30) return `${(value / 2 ** 30).toFixed(1)} GiB`;
  return `${Math.round(value / 2 ** 20)} MiB`;
}

export function seconds(value) {
  if (value == null || !Number.isFinite(value)) return '–';
  const s = Math.max(0, Math.round(value));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

export function fixed(value, digits) {
  return value == null || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}

export function percent(value, digits = 0) {
  return value == null ? '–' : `${(100 * value).toFixed(digits)} %`;
}

export function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour12: false });
}

export function interval(range) {
  if (!range) return '–';
  const value = range.value.toFixed(2);
  return range.level > 0 ? `${value} [${range.low.toFixed(2)}, ${range.high.toFixed(2)}]` : value;
}

/** An element; properties that begin with 'on' are listeners, text is never read as markup. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value == null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else if (name === 'data') Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(9).filter((child) => child != null && child !== false));
  return element;
}

export function state(name) {
  const element = h('span', { class: 'state' }, name);
  element.style.setProperty('--of', `var(--${name})`);
  return element;
}
