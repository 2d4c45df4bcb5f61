// What both TypeScript servers keep and say, whichever SDK serves it.
import { setTimeout as pause } from "node:timers/promises";

export const NOTE = "matrix://note";
export const STEPS = 3;

let text = "note 0";
let touched = 0;
const cancelled = new Set();

export const textOf = (words) => ({ content: [{ type: "text", text: String(words) }] });
export const readNote = () => ({ contents: [{ uri: NOTE, mimeType: "text/plain", text }] });
export const touchNote = () => textOf((text = `note ${++touched}`));
export const wasCancelled = (tag) => textOf(cancelled.has(tag) ? "yes" : "no");
export const greeting = (name) => ({
  messages: [{ role: "user", content: { type: "text", text: `Hello ${name}` } }],
});

/** Three steps of progress; with `hold` it then waits until it is cancelled, and remembers that. */
export async function slow({ tag, hold }, progressToken, signal, notify) {
  try {
    for (let progress = 1; progress <= STEPS; progress++) {
      await pause(50, undefined, { signal });
      if (progressToken === undefined) continue;
      const params = { progressToken, progress, total: STEPS };
      await notify({ method: "notifications/progress", params });
    }
    await pause(hold ? 60_000 : 100, undefined, { signal });
  } catch (error) {
    if (signal.aborted) cancelled.add(tag);
    throw error;
  }
  return textOf("done");
}

export const ASK_NAME = {
  message: "Who are you?",
  requestedSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
};
export const THINK = {
  messages: [{ role: "user", content: { type: "text", text: "six times seven" } }],
  maxTokens: 10,
};
