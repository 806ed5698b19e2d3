import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { deflateRawSync } from "node:zlib";

export const SCRIPTS = join(__dirname, "../../../scripts");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs node with these arguments and no environment but the given one. */
export function node(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** Runs lines of an ES module that has all exports of a script in scope. */
export function evaluate(script: string, body: string, env?: Record<string, string>) {
  const code = `import * as script from ${JSON.stringify(join(SCRIPTS, script))};\n${body}`;
  return node(["--input-type=module", "--eval", code], env);
}

export interface TemporaryFolder {
  readonly path: string;
  /** Writes a file, executable where asked; gives its path. */
  write(name: string, text: string | Buffer, mode?: number): string;
  remove(): void;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "polyai-scripts-"));
  return {
    path,
    write(name, text, mode = 0o644) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, mode);
      return file;
    },
    remove() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A shell script that answers `version` as the product does. */
export function fakeCli(product: "Terraform" | "OpenTofu", version: string): string {
  return `#!/bin/sh\n[ "$1" = version ] || exit 64\necho "${product} v${version}"\necho "on linux_amd64"\n`;
}

/** A zip archive of one deflated file (its CRC left out, which no reader here checks). */
export function zip(name: string, contents: string): Buffer {
  const packed = deflateRawSync(Buffer.from(contents));
  const file = Buffer.from(name);
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(contents.length, 8);
  const common = Buffer.concat([
    Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]),
    sizes,
    Buffer.from([file.length, 0]),
  ]);
  // The local header has an extra field that the central one lacks, as some writers do.
  const extra = Buffer.from([0x99, 0x99, 0, 0]);
  const local = Buffer.concat([
    Buffer.from("PK\x03\x04"),
    common,
    Buffer.from([extra.length, 0]),
    file,
    extra,
    packed,
  ]);
  const central = Buffer.concat([
    Buffer.from("PK\x01\x02"),
    Buffer.from([20, 3]),
    common,
    Buffer.alloc(16),
    file,
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
