import { rmSync } from "node:fs";
import { run } from "../lib/process.mjs";

/**
 * Signs a file as registries want it: FILE.sig, binary and detached, by the key that GPG_FINGERPRINT
 * names. Gives a sentence that says what came of it.
 */
export async function sign(file, fingerprint = process.env.GPG_FINGERPRINT) {
  const signature = `${file}.sig`;
  rmSync(signature, { force: true });
  const command = ["--batch", "--yes", "--detach-sign", "--local-user"];
  if (!fingerprint) {
    return (
      "The release is not signed, and no registry takes it so. Set GPG_FINGERPRINT to the key's " +
      `fingerprint and run this again, or: gpg ${command.slice(2).join(" ")} FINGERPRINT ${file}`
    );
  }
  await run("gpg", [...command, fingerprint, "--output", signature, file]);
  await run("gpg", ["--batch", "--verify", signature, file]);
  return `Signed by ${fingerprint}.`;
}
