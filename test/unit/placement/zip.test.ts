import { zip } from "../../../src/placement/zip.js";

const files = [
  { name: "terraform-provider-polyai_v1", content: Buffer.from("#!/bin/sh\n".repeat(900)) },
  { name: "LICENSE.txt", content: Buffer.from("ü") },
  { name: "empty", content: Buffer.alloc(0) },
];

it("depends on the files alone, not on their order or the time", () => {
  jest.useFakeTimers({ now: 0 });
  const then = zip(files);
  jest.setSystemTime(new Date("2030-01-01"));
  expect(zip([...files].reverse())).toEqual(then);
  jest.useRealTimers();
});
