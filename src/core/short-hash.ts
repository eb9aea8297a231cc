// A short stable hash for names that must differ. It tells names apart; it protects nothing.

/** FNV-1a over UTF-16 code units as 8 lower-case hex digits; the same on every machine and version. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
