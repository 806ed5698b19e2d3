/** Links that an earlier `init` made to a provider which is gone since. */
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { ADDRESSES } from "../../placement/package.js";
import { namesIn } from "../../placement/placed.js";
import { pluginCaches } from "../cli-configuration.js";
import { here } from "../folders.js";
import { check, type Check } from "./check.js";

/** @param configurations folders that `init` runs in */
export const checkLinks = (configurations: readonly string[]): readonly Check[] =>
  [...pluginCaches(here()), ...configurations.map((each) => join(each, ".terraform/providers"))]
    .flatMap((folder) => ADDRESSES.map((address) => join(folder, address)))
    .flatMap((versions) => namesIn(versions).map((version) => join(versions, version)))
    .flatMap((platforms) => namesIn(platforms).map((platform) => join(platforms, platform)))
    .filter((path) => lstatSync(path).isSymbolicLink() && !existsSync(path))
    .map((path) => check("link", `${path} links to a folder that is gone`, "remove the link"));
