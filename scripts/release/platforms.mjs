/**
 * The platforms that executables are made for.
 *
 * @typedef {object} Platform
 * @property {string} name as Terraform has it: OS_ARCH
 * @property {string} exe what an executable's name ends with
 * @property {{ os: string, cpu: string }} npm as npm has it
 * @property {string} bun what `bun build --target` takes
 * @property {{ name: string, integrity: string }} runtime the package of Bun for this platform
 */
import { platform as thisPlatform } from "../lib/paths.mjs";

/** @type {readonly Platform[]} */
export const PLATFORMS = [
  {
    name: "linux_amd64",
    exe: "",
    npm: { os: "linux", cpu: "x64" },
    bun: "bun-linux-x64",
    runtime: {
      name: "@oven/bun-linux-x64",
      integrity:
        "sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==",
    },
  },
  {
    name: "linux_arm64",
    exe: "",
    npm: { os: "linux", cpu: "arm64" },
    bun: "bun-linux-arm64",
    runtime: {
      name: "@oven/bun-linux-aarch64",
      integrity:
        "sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
    },
  },
  {
    name: "darwin_amd64",
    exe: "",
    npm: { os: "darwin", cpu: "x64" },
    bun: "bun-darwin-x64",
    runtime: {
      name: "@oven/bun-darwin-x64",
      integrity:
        "sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==",
    },
  },
  {
    name: "darwin_arm64",
    exe: "",
    npm: { os: "darwin", cpu: "arm64" },
    bun: "bun-darwin-arm64",
    runtime: {
      name: "@oven/bun-darwin-aarch64",
      integrity:
        "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
    },
  },
  {
    name: "windows_amd64",
    exe: ".exe",
    npm: { os: "win32", cpu: "x64" },
    bun: "bun-windows-x64",
    runtime: {
      name: "@oven/bun-windows-x64",
      integrity:
        "sha512-FNvply651vcE/GHgNWz6mZvhmkwBuu8Hw54oNzA+CQog+HW+542rXQmZqNHRkFxazD9L3xi+iTtvO3engAgJfw==",
    },
  },
];

/**
 * The platform of this name; without one, this machine's.
 *
 * @throws where no executable is made for it
 */
export function platformCalled(name = thisPlatform().name) {
  const found = PLATFORMS.find((platform) => platform.name === name);
  if (found !== undefined) return found;
  const names = PLATFORMS.map((platform) => platform.name).join(", ");
  throw new Error(`No executable is made for ${name}; there are ${names}.`);
}
