// What is alive in another Node process, by the DevTools protocol (Node's --inspect).

interface HeapUsage {
  readonly usedSize: number;
  /** Of buffers, which lie beside the heap. */
  readonly backingStorageSize?: number;
}

/** Bytes that are alive once everything else has been collected. `log`: what the process wrote to stderr, its address among it. */
export async function heapOf(log: string): Promise<number> {
  const address = /Debugger listening on (ws:\S+)/.exec(log)?.[1];
  if (address === undefined) throw new Error("The process does not listen to a debugger");
  const socket = new WebSocket(address);
  try {
    await next(socket, "open");
    await ask(socket, 1, "HeapProfiler.collectGarbage");
    const usage = (await ask(socket, 2, "Runtime.getHeapUsage")) as HeapUsage;
    return usage.usedSize + (usage.backingStorageSize ?? 0);
  } finally {
    socket.close();
  }
}

async function ask(socket: WebSocket, id: number, method: string): Promise<unknown> {
  socket.send(JSON.stringify({ id, method }));
  for (;;) {
    const { data } = (await next(socket, "message")) as Event & { readonly data: string };
    const answer = JSON.parse(data) as { readonly id?: number; readonly result?: unknown };
    if (answer.id === id) return answer.result;
  }
}

function next(socket: WebSocket, type: "open" | "message"): Promise<Event> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(type, resolve, { once: true });
    for (const end of ["error", "close"]) {
      socket.addEventListener(end, () => reject(new Error(`The debugger's connection: ${end}`)), {
        once: true,
      });
    }
  });
}
