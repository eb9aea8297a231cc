import { afterEach, describe, expect, it } from "vitest";
import { ask, codeOf, open, type Json, type Reply, type Session } from "./ask.ts";
import type { FaultAnswer } from "./faults.ts";
import { itemId } from "./seed/build.ts";

let session: Session;
afterEach(() => session.portal.stop());

/** One download of Zoning plan from the object storage with this trouble. */
async function download(answer: FaultAnswer): Promise<Reply> {
  session.portal.faults.add({ match: { server: "storage", itemTitle: "Zoning plan" }, answer });
  const hop = await session.raw(`/content/items/${itemId("Zoning plan")}/data`);
  return ask(String(hop.headers["location"]));
}

describe("faults of the sample portal", () => {
  it("strike the n-th match alone: the third export answers 503, then all is well", async () => {
    session = await open({
      faults: [{ match: { path: "/export$", nth: 3 }, answer: { status: 503, retryAfter: 7 } }],
    });
    const statuses: number[] = [];
    for (let n = 1; n <= 4; n += 1) {
      const form = {
        f: "json",
        token: session.token,
        itemId: itemId("Parcels"),
        title: `T${n}`,
        exportFormat: "File Geodatabase",
      };
      const reply = await ask(`${session.portal.url}/sharing/rest/content/users/backup_admin/export`, form);
      statuses.push(reply.status);
      if (n === 3) expect(reply.headers["retry-after"]).toBe("7");
    }
    expect(statuses).toEqual([200, 200, 503, 200]);
    expect(session.portal.state.jobs.size).toBe(3);
    expect(session.portal.faults.fired).toEqual([1]);
  });

  it("cut a request before or after it took effect", async () => {
    session = await open({
      faults: [
        { match: { path: "/export$" }, answer: { reset: "before" } },
        { match: { path: "/export$", nth: 2 }, answer: { reset: "after" } },
      ],
    });
    const start = (): Promise<unknown> =>
      session.rest("/content/users/backup_admin/export", {
        itemId: itemId("Parcels"),
        title: "T",
        exportFormat: "File Geodatabase",
      });
    await expect(start()).rejects.toThrow();
    expect(session.portal.state.jobs.size).toBe(0);
    await expect(start()).rejects.toThrow();
    expect(session.portal.state.jobs.size).toBe(1);
  });

  it("break a body in ways that a receiver can and cannot see", async () => {
    session = await open();
    const whole = await download({});
    const size = whole.bytes.length;
    expect(await download({ truncate: { bytes: 50 } })).toMatchObject({
      broken: true,
      headers: { "content-length": String(size) },
    });
    const clean = await download({ truncate: { bytes: 50, clean: true } });
    expect([clean.broken, clean.bytes.length]).toEqual([false, 50]);
    expect(await download({ lengthExtra: 10 })).toMatchObject({ broken: true, bytes: whole.bytes });
    const slow = await download({ slow: { chunkBytes: 100, everyMs: 1 } });
    expect([slow.broken, slow.bytes]).toEqual([false, whole.bytes]);
    const chunked = await download({ chunked: true });
    expect([chunked.headers["content-length"], chunked.bytes]).toEqual([undefined, whole.bytes]);
  });

  it("answer a page, an error of the portal's form, and a redirect to itself", async () => {
    session = await open();
    expect((await download({ html: true })).bytes.toString()).toContain("<script>");
    const refused = await download({ error: { code: 403, messageCode: "GWM_0003", message: null } });
    expect([refused.status, codeOf(JSON.parse(refused.bytes.toString()) as Record<string, unknown>)]).toEqual(
      [200, 403],
    );
    const loop = await download({ redirect: "loop" });
    expect(loop.status).toBe(302);
    expect(new URL(String(loop.headers["location"])).pathname).toContain(itemId("Zoning plan"));
  });

  it("change what the portal holds right before it answers, beside any other fault", async () => {
    const title = "Zoning plan";
    const path = "/content/items/[0-9a-f]+$";
    session = await open({
      faults: [
        { match: { path, itemTitle: title, nth: 2 }, change: { remove: title } },
        { match: { path: "/portals/self$" }, change: { disable: "jdoe" } },
        { match: { path: "/portals/self$" }, answer: { status: 503 } },
      ],
    });
    const read = (): Promise<Json> => session.rest(`/content/items/${itemId(title)}`);
    expect(await read()).toMatchObject({ title });
    expect((await read())["error"]).toMatchObject({ messageCode: "CONT_0001" });
    const self = await ask(`${session.portal.url}/sharing/rest/portals/self?f=json`);
    expect(self.status).toBe(503);
    expect(session.portal.state.members.get("jdoe")?.disabled).toBe(true);
    expect(session.portal.faults.fired).toEqual([1, 1, 1]);
  });

  it("leave a caller waiting who then gives up, and stop() still ends", async () => {
    session = await open({ faults: [{ match: { path: "/portals/self$" }, answer: { hang: "before" } }] });
    const waiting = ask(`${session.portal.url}/sharing/rest/portals/self?f=json`);
    const told = expect(waiting).rejects.toThrow();
    // Another request is answered while the first one hangs.
    expect(await session.rest("/info")).toHaveProperty("owningSystemUrl");
    await session.portal.stop();
    await told;
    session = await open();
  });
});
