// What an operator may do; a reader sees none of it, and the coordinator would refuse it.

import { json } from './client.js';
import { h } from './format.js';

const FROM = {
  pause: ['waiting', 'forming', 'training', 'retrying'], resume: ['paused'], retry: ['parked'],
  cancel: ['waiting', 'forming', 'training', 'evaluating', 'retrying', 'paused'],
};
const question = (path, action) => (path === 'study'
  ? `${action[0].toUpperCase()}${action.slice(1)} all runs of the study that this can concern?`
  : action === 'cancel' && 'Cancel this run? It is parked, and can be tried again while the study goes on.');

async function act(path, action, button, done) {
  const asked = question(path, action);
  if (asked && !confirm(asked)) return;
  button.disabled = true;
  try {
    await json(`${path}/${action}`, { method: 'POST' });
  } catch (e) {
    alert(e.message);
  }
  button.disabled = false;
  done?.();
}

/** Buttons for what a state allows; `path` is that of a run, or `study`. */
export function actions(path, states, done) {
  if (document.documentElement.dataset.role !== 'operate') return null;
  return Object.keys(FROM).filter((action) => [states].flat().some((state) => FROM[action].includes(state))).map((action) => {
    const button = h('button', { class: action === 'cancel' ? 'danger' : null, onclick: () => act(path, action, button, done) }, action);
    return button;
  });
}
