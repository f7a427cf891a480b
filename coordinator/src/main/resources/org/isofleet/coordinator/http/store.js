// The study as this tab knows it: a board that was read once, and every change since.

import { json, stream, Unauthorized } from './client.js';

const MOST_POINTS = 480;
const MOST_LINES = 400;

export const store = {
  study: null, order: [], cells: new Map(), now: new Map(), curves: new Map(), workers: new Map(), profiles: [], log: [], online: false, clockOff: 0, sequence: -1,
};

const listeners = new Set();

/** Called with what has changed: {all, runs: Set of ids, workers, profiles, log, online}. */
export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(change) {
  for (const listener of listeners) {
    try {
      listener({ runs: new Set(), ...change });
    } catch (e) {
      reportError(e); // a fault of the page is none of the connection
    }
  }
}

/** A run as one object; nothing before the plan is known. */
export function run(id) {
  const cell = store.cells.get(id);
  return cell && { ...cell, state: 'waiting', workers: [], share: 0, ...store.now.get(id) };
}

export const runs = () => store.order.map(run);

/** Time by the coordinator's clock, in milliseconds. */
export const coordinatorTime = () => Date.now() + store.clockOff;

function take(study) {
  store.study = study;
  store.clockOff = Date.parse(study.now) - Date.now();
}

function begin(board) {
  take(board.study);
  store.order = board.cells.map((cell) => cell.id);
  store.cells = new Map(board.cells.map((cell) => [cell.id, cell]));
  store.now = new Map(board.runs.map((now) => [now.id, now]));
  store.workers = new Map(board.workers.map((worker) => [worker.id, worker]));
  store.curves = new Map(Object.entries(board.curves));
  store.profiles = board.profiles;
  store.log = board.log;
  store.sequence = board.sequence;
  tell({ all: true });
}

function grow(now) {
  if (now.train_loss == null || !now.step) return;
  const curve = store.curves.get(now.id) ?? [];
  if (curve.length && curve[curve.length - 1][0] >= now.step) return;
  curve.push([now.step, now.train_loss]);
  store.curves.set(now.id, curve.length > MOST_POINTS ? curve.filter((_, i) => i % 2 === 0 || i === curve.length - 1) : curve);
}

function change(changes) {
  if (changes.sequence <= store.sequence) return;
  store.sequence = changes.sequence;
  take(changes.study);
  for (const now of changes.runs) {
    store.now.set(now.id, now);
    grow(now);
  }
  changes.workers.forEach((worker) => store.workers.set(worker.id, worker));
  if (changes.profiles) store.profiles = changes.profiles;
  if (changes.log.length) store.log = [...store.log, ...changes.log].slice(-MOST_LINES);
  tell({
    runs: new Set(changes.runs.map((now) => now.id)), workers: changes.workers.length > 0, profiles: !!changes.profiles, log: changes.log.length > 0,
  });
}

/** Follows the coordinator until the signal, whatever becomes of connections; only a token that is refused ends it. */
export async function follow(signal) {
  let pause = 500;
  while (!signal.aborted) {
    // Of this connection alone: a browser has six to a host, and none must be left open.
    const attempt = new AbortController();
    const end = () => attempt.abort();
    signal.addEventListener('abort', end);
    try {
      let waiting = [];
      const read = async () => {
        const board = await json('board', { signal: attempt.signal });
        const late = waiting ?? [];
        waiting = null;
        begin(board);
        late.forEach(change);
        pause = 500;
        setOnline(true);
      };
      await new Promise((resolve, reject) => {
        stream('board/changes', (name, data) => {
          if (name === 'hello' || data.anew) {
            waiting = [];
            read().catch(reject);
          } else if (waiting) waiting.push(data);
          else change(data);
        }, attempt.signal).then(resolve, reject);
      });
    } catch (e) {
      if (e instanceof Unauthorized) throw e;
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
    if (signal.aborted) return;
    setOnline(false);
    await new Promise((resolve) => setTimeout(resolve, pause * (0.7 + 0.6 * Math.random())));
    pause = Math.min(8000, pause * 2);
  }
}

function setOnline(online) {
  if (store.online !== online) {
    store.online = online;
    tell({ online: true });
  }
}
