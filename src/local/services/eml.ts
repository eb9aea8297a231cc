// A mail as a file that every mail program opens: RFC 5322 with a UTF-8 text, whatever its subject and body hold.
import { Buffer } from "node:buffer";

export interface Eml {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Unique in this folder; letters, digits and hyphens. */
  readonly id: string;
}

/** Bytes of an encoded word: 39 become 52 letters, and the line with its header stays under 76. */
const WORD_BYTES = 39;
const QP_COLUMNS = 76;
/** Printable ASCII in words that a line can hold, with one space between them, and nothing that begins an encoded word. */
const PLAIN = /^(?!.*=\?)[\x21-\x7e]{1,60}(?: [\x21-\x7e]{1,60})*$/;

/** The whole file, CRLF line ends, ASCII only. */
export function emlOf({ from, to, subject, text, at, id }: Eml): string {
  return [
    `From: ${address(from)}`,
    ...folded("To", to.map(address)),
    PLAIN.test(subject) ? foldedWords(`Subject: ${subject}`) : `Subject: ${encodedWords(subject)}`,
    // RFC 5322 wants an offset in digits.
    `Date: ${new Date(at).toUTCString().replace(/GMT$/, "+0000")}`,
    `Message-ID: <${id}@mail-sink.localhost>`,
    "MIME-Version: 1.0",
    'Content-Type: text/plain; charset="utf-8"',
    "Content-Transfer-Encoding: quoted-printable",
    "",
    ...text
      .replace(/\n$/, "")
      .split(/\r\n|\r|\n/)
      .map(quotedPrintable),
    "",
  ].join("\r\n");
}

/** An address without what could end its line; the service has checked the rest. */
function address(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, "");
}

function folded(name: string, addresses: readonly string[]): readonly string[] {
  return [`${name}: ${addresses.join(",\r\n ")}`];
}

/** The header as it is, broken at spaces where a line is full. */
function foldedWords(header: string): string {
  let column = 0;
  return header.replace(/ ?[^ ]+/g, (word) => {
    const isFull = column + word.length > 76;
    column = isFull ? word.length : column + word.length;
    return isFull ? `\r\n${word}` : word;
  });
}

/** Words of RFC 2047, none of which tears a letter apart. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = "";
  for (const letter of text.toWellFormed()) {
    if (Buffer.byteLength(word + letter) > WORD_BYTES) {
      words.push(word);
      word = "";
    }
    word += letter;
  }
  return [...words, word].map((each) => `=?utf-8?B?${Buffer.from(each).toString("base64")}?=`).join("\r\n ");
}

/** One line of RFC 2045: readable in any editor, soft breaks where it is too long. */
function quotedPrintable(line: string): string {
  const lines: string[] = [];
  let current = "";
  const bytes = [...Buffer.from(line.toWellFormed())];
  for (const [at, byte] of bytes.entries()) {
    const isLast = at === bytes.length - 1;
    const isPlain = (byte >= 33 && byte <= 126 && byte !== 61) || ((byte === 32 || byte === 9) && !isLast);
    const sign = isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    if (current.length + sign.length > QP_COLUMNS - 1) {
      lines.push(`${current}=`);
      current = "";
    }
    current += sign;
  }
  return [...lines, current].join("\r\n");
}
