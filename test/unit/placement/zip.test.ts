import { readZip } from "../../support/zip.js";
import { zip } from "../../../src/placement/zip.js";

const files = [
  { name: "terraform-provider-polyai_v1", content: Buffer.from("#!/bin/sh\n".repeat(900)) },
  { name: "LICENSE.txt", content: Buffer.from("ü") },
  { name: "empty", content: Buffer.alloc(0) },
];

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
