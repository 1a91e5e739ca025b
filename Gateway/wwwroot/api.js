// The HTTP door: one call, and an Error with the gateway's own sentence when it refuses.
export async function call(method, path, body, signal) {
  const response = await fetch(`api/v1${path}`, {
    method,
    signal,
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.detail ?? `The gateway answered ${response.status}.`);
  return answer;
}

// What a person means once is done once: a press while the last one is under way, or within a second of it, is the same
// press, unless it says something else. The times are those of the presses, however late the page gets to them.
export function once(action, meaning) {
  let running = null;
  let pressedAt = -Infinity;
  let meant = null;
  return async (event) => {
    const means = meaning();
    if ((running || event.timeStamp - pressedAt < 1000) && means === meant) return;
    pressedAt = event.timeStamp;
    meant = means;
    const mine = (running ?? Promise.resolve()).then(() => action(event));
    running = mine;
    try {
      await mine;
    } finally {
      if (running === mine) running = null;
    }
  };
}

// An id of the page's own for a start. Without crypto.randomUUID, which browsers keep from pages that come over plain HTTP.
export function newId() {
  return `s-${Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
