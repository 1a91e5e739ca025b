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
// press. The times are those of the presses, however late the page gets to them.
export function once(action) {
  let busy = false;
  let pressedAt = -Infinity;
  return async (event) => {
    if (busy || event.timeStamp - pressedAt < 1000) return;
    busy = true;
    pressedAt = event.timeStamp;
    try {
      await action(event);
    } finally {
      busy = false;
    }
  };
}

// An id of the page's own for a start. Without crypto.randomUUID, which browsers keep from pages that come over plain HTTP.
export function newId() {
  return `s-${Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
