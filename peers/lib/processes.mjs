// Child processes of a run: waiting for what they say, ending them, and finding those left behind.
import { readdir, readFile } from "node:fs/promises";

/** Every process of one run carries this variable, so that one left over can be found. */
export const MARK = "WATCHGATE_PEERS_RUN";
process.env[MARK] ??= `${process.pid}-${Date.now()}`;

/** Waits until a stream has printed a line that matches; answers the match. */
export function lineOf(child, stream, pattern, milliseconds) {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => settle(reject, `nothing like ${pattern} within ${milliseconds} ms`), milliseconds);
    const onData = (chunk) => {
      text += chunk;
      const match = pattern.exec(text);
      if (match) settle(resolve, match);
    };
    const onExit = (code, signal) => settle(reject, `exited with ${signal ?? code}`);
    const onError = (error) => settle(reject, error.message);
    const settle = (how, what) => {
      clearTimeout(timer);
      stream.off("data", onData).resume();
      child.off("exit", onExit).off("error", onError);
      how(how === reject ? new Error(`${child.spawnargs.join(" ")}: ${what}\n${text}`) : what);
    };
    stream.on("data", onData);
    child.once("exit", onExit).once("error", onError);
  });
}

/** Ends a process: TERM, and KILL when it has not gone in time. Answers how it ended. */
export async function end(child, milliseconds = 10_000) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return { code: child.exitCode, signal: child.signalCode };
  }
  const gone = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  const how = await gone;
  clearTimeout(timer);
  return how;
}

/** Kills the processes of this run that still live a moment after everything has ended. */
export async function killLeftOver() {
  const left = await leftOver();
  for (const { pid, command } of left) {
    console.error(`process ${pid} was left behind: ${command}`);
    process.kill(pid, "SIGKILL");
  }
  return left.length;
}

async function leftOver() {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const found = await marked();
    if (found.length === 0 || performance.now() > deadline) return found;
  }
}

// Linux tells every process's environment; elsewhere there is nothing to look at.
async function marked() {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = [];
  for (const pid of pids) {
    if (Number(pid) === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
    if (!environment.includes(`${MARK}=${process.env[MARK]}`)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
    found.push({ pid: Number(pid), command: command.replaceAll("\0", " ") });
  }
  return found;
}
