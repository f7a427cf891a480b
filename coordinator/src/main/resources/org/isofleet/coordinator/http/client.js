// Speaks to the coordinator. The token stays in this tab and goes out in a header alone, so never in an address.

const KEY = 'isofleet-token';

export class Unauthorized extends Error {}

/** Takes a token from the address, #token=..., which no server ever sees, and removes it there. */
export function adoptToken() {
  const match = /^#token=(.+)$/.exec(location.hash);
  if (match) {
    setToken(decodeURIComponent(match[1]));
    history.replaceState(null, '', location.pathname + location.search);
  }
}

export const token = () => sessionStorage.getItem(KEY);
export const setToken = (value) => sessionStorage.setItem(KEY, value.trim());
export const dropToken = () => sessionStorage.removeItem(KEY);

export async function ask(path, options = {}) {
  const response = await fetch(`/api/v1/${path}`, { ...options, headers: { Authorization: `Bearer ${token() ?? ''}`, ...options.headers } });
  if (response.status === 401) throw new Unauthorized();
  if (!response.ok) {
    const told = await response.json().catch(() => null);
    throw new Error(told?.error?.message ?? `the coordinator answered ${response.status}`);
  }
  return response;
}

export const json = async (path, options) => (await ask(path, options)).json();

/** Reads server-sent events until the connection ends; EventSource cannot send a token. */
export async function stream(path, take, signal) {
  const response = await ask(path, { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    let end;
    while ((end = rest.indexOf('\n\n')) >= 0) {
      const frame = rest.slice(0, end);
      rest = rest.slice(end + 2);
      let name = 'message';
      let data = '';
      for (const line of frame.split('\n')) {
        if (line.startsWith('event: ')) name = line.slice(7);
        else if (line.startsWith('data: ')) data += line.slice(6);
      }
      if (data) take(name, JSON.parse(data));
    }
  }
}
