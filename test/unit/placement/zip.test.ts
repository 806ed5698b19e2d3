import { readZip } from "../../support/zip.js";
import { zip } from "../../../src/placement/zip.js";

const files = [
  {
    name: "terraform-provider-polyai_v1",
    content: Buffer.from("#!/usr/bin/env node\n".repeat(500)),
  },
  { name: "LICENSE.txt", content: Buffer.from("ü") },
  { name: "empty", content: Buffer.alloc(0) },
];
const CENTRAL_HEADER = Buffer.from("PK\x01\x02", "latin1");

it("holds the files, in order of name", () => {
  expect(readZip(zip(files))).toEqual([
    { name: "LICENSE.txt", bytes: files[1]!.content },
    { name: "empty", bytes: files[2]!.content },
    { name: "terraform-provider-polyai_v1", bytes: files[0]!.content },
  ]);
  expect(zip(files).length).toBeLessThan(1000);
});

it("depends on the files alone, not on their order or the time", () => {
  jest.useFakeTimers({ now: 0 });
  const then = zip(files);
  jest.setSystemTime(new Date("2030-01-01"));
  expect(zip([...files].reverse())).toEqual(then);
  jest.useRealTimers();
});

it("lets run what is executable, and nothing else", () => {
  const archive = zip(files);
  const modes = [];
  for (
    let at = archive.indexOf(CENTRAL_HEADER);
    at >= 0;
    at = archive.indexOf(CENTRAL_HEADER, at + 1)
  ) {
    // Unix, whose modes stand in the upper half of the external attributes.
    expect(archive.readUInt8(at + 5)).toBe(3);
    modes.push((archive.readUInt32LE(at + 38) >>> 16).toString(8));
  }
  expect(modes).toEqual(["100644", "100644", "100755"]);
});
