/** Looks for secrets where none may be, in every form in which bytes can carry them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesIn } from "./temporary-folder.js";

/** Somewhere a secret stands, and how. It never quotes the secret. */
export interface Leak {
  /** A file, or the name of a stream. */
  readonly place: string;
  /** Which secret, and its form: `the API key, in base64`. */
  readonly what: string;
}

interface Form {
  readonly what: string;
  found(bytes: Buffer, text: string): boolean;
}

/** The beginning of every secret of the simulator. */
const PREFIX = "whsec_";

/**
 * Knows an API key and signing secrets, and, by their prefix, signing secrets that nobody told it:
 * those of rotations whose answers were lost or cut.
 */
export class Canary {
  private readonly forms = new Map<string, readonly Form[]>([["", prefixForms()]]);

  constructor(apiKey: string) {
    this.watch(apiKey, "the API key");
  }

  /** From now on this secret is looked for, too. */
  watch(secret: string, name = "a signing secret"): void {
    if (!this.forms.has(secret)) this.forms.set(secret, exactForms(secret, name));
  }

  /** Every leak in a stream or file. */
  scan(place: string, bytes: Buffer): readonly Leak[] {
    const text = bytes.toString("latin1");
    const found = [...this.forms.values()]
      .flat()
      .filter((form) => form.found(bytes, text))
      .map(({ what }) => what);
    return [...new Set(found)].map((what) => ({ place, what }));
  }

  /**
   * Every leak in the files of a folder and below.
   *
   * @param allowed whether a signing secret (never the API key) may stand in the file
   */
  scanFolder(folder: string, allowed: (file: string) => boolean): readonly Leak[] {
    // Terraform links a package folder; what it links to is looked at where it is.
    return filesIn(folder).flatMap((place) => {
      const leaks = this.scan(place, readFileSync(join(folder, place)));
      return allowed(place) ? leaks.filter(({ what }) => what.startsWith("the API key")) : leaks;
    });
  }
}

/** State files, where Terraform keeps sensitive attributes as they are. */
export const isState = (file: string): boolean => /\.tfstate(\.\d+)?(\.backup)?$/.test(file);

function exactForms(secret: string, name: string): readonly Form[] {
  const utf8 = Buffer.from(secret);
  const percent = (digits: (byte: number) => string) =>
    [...utf8].map((byte) => `%${digits(byte)}`).join("");
  const hex = (byte: number) => byte.toString(16).padStart(2, "0");
  const escaped = JSON.stringify(secret).slice(1, -1);
  const forms: readonly (readonly [string, readonly (string | Buffer)[]])[] = [
    ["as it is", [utf8]],
    ["escaped for JSON", [escaped, JSON.stringify(escaped).slice(1, -1)]],
    ["in hex", [utf8.toString("hex"), utf8.toString("hex").toUpperCase()]],
    ["in base64", [0, 1, 2].flatMap((offset) => base64Inside(utf8, offset))],
    [
      "URL-encoded",
      [
        encodeURIComponent(secret),
        percent(hex),
        percent((byte) => hex(byte).toUpperCase()),
        new URLSearchParams([["", secret]]).toString().slice(1),
      ],
    ],
  ];
  return forms.flatMap(([form, needles]) =>
    needles.map((needle) => ({
      what: `${name}, ${form}`,
      found: (bytes: Buffer) => bytes.includes(needle),
    })),
  );
}

/** The digits of base64, in both alphabets, that the bytes alone decide after `offset` others. */
function base64Inside(secret: Buffer, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), secret]);
  const digits = bytes
    .toString("base64")
    .slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
  return [digits, digits.replaceAll("+", "-").replaceAll("/", "_")];
}

/** The prefix and eight characters more, so that the prefix alone may stand in code and prose. */
function prefixForms(): readonly Form[] {
  const prefix = Buffer.from(PREFIX);
  const patterns: readonly (readonly [string, RegExp])[] = [
    ["as it is", new RegExp(`${PREFIX}[0-9A-Za-z]{8}`)],
    ["in hex", new RegExp(`${prefix.toString("hex")}(?:[3-7][0-9a-f]){8}`, "i")],
    [
      "in base64",
      new RegExp(
        `(?:${[0, 1, 2].map((offset) => base64Inside(prefix, offset)[0] ?? "").join("|")})[A-Za-z0-9+/_-]{10}`,
      ),
    ],
  ];
  return patterns.map(([form, pattern]) => ({
    what: `a signing secret, ${form}`,
    found: (_bytes: Buffer, text: string) => pattern.test(text),
  }));
}
