// The place of backups in words: a container or a folder, in records and in texts.
import { expect, test } from "vitest";
import { destinationName, destinationWords, placeText } from "../../src/core/destination.ts";

test.each([
  [{ container: "backups" }, 'the container "backups"', "backups/acme_1"],
  [{ container: "backups", folder: "/srv/backups" }, 'the folder "/srv/backups"', "/srv/backups/acme_1"],
  [{ container: "backups", folder: "D:\\Backups\\" }, 'the folder "D:\\Backups\\"', "D:\\Backups\\acme_1"],
  [{ container: "backups", folder: "D:/Backups" }, 'the folder "D:/Backups"', "D:/Backups/acme_1"],
  [
    { container: "backups", folder: "\\\\nas\\gis\u202egnp" },
    'the folder "\\\\nas\\gis\\u{202E}gnp"',
    "\\\\nas\\gis\\u{202E}gnp\\acme_1",
  ],
])("%j is told as %s", (destination, words, place) => {
  const name = destinationName(destination);
  expect([destinationWords(name), placeText(name, "acme_1")]).toEqual([words, place]);
});
