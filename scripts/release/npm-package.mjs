import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/paths.mjs";
import { packageHash } from "./provider-files.mjs";

const { name, version, license, repository, publishConfig } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);

/** The name of the npm package that holds the executable for a platform. */
export const npmName = ({ npm: { os, cpu } }) => `${name}-${os}-${cpu}`;

/**
 * Writes the npm package that holds the executable for a platform into a folder of its own, and
 * gives that folder. Its bin/ holds what Terraform is given, and nothing else.
 *
 * @param {string} parent
 * @param {import("./platforms.mjs").Platform} platform
 * @param {import("./provider-files.mjs").ProviderFile[]} files
 */
export function writeNpmPackage(parent, platform, files) {
  const folder = join(parent, npmName(platform));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "bin"), { recursive: true });
  for (const { name: file, content, executable } of files) {
    writeFileSync(join(folder, "bin", file), content, { mode: executable ? 0o755 : 0o644 });
  }
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify(manifest(platform, files), null, 2)}\n`,
  );
  writeFileSync(join(folder, "README.md"), readme(platform));
  writeFileSync(join(folder, "LICENSE"), readFileSync(join(root, "LICENSE")));
  return folder;
}

const manifest = (platform, files) => ({
  name: npmName(platform),
  version,
  description: `The Terraform provider polyai/polyai as an executable for ${platform.name}.`,
  license: `${license} AND MIT AND LGPL-2.0-only`,
  repository,
  publishConfig,
  os: [platform.npm.os],
  cpu: [platform.npm.cpu],
  // Linked against glibc: with musl, npm then installs nothing rather than what does not run.
  ...(platform.npm.os === "linux" && { libc: ["glibc"] }),
  files: ["bin"],
  // Hashed here, once: a synth places 100 MB without reading them.
  terraform: { platform: platform.name, hash: packageHash(files) },
  // Yarn would otherwise keep it inside an archive, where nothing can be run.
  preferUnplugged: true,
});

const readme = (platform) => `# ${npmName(platform)}

The Terraform provider polyai/polyai as one executable for ${platform.name}, which needs no Node where
Terraform runs. List it in the optionalDependencies of a CDKTF project beside
[${name}](https://www.npmjs.com/package/${name}), in the same version, and give the provider block
\`runtime: ProviderRuntime.EXECUTABLE\`. Its licences stand in bin/.
`;
