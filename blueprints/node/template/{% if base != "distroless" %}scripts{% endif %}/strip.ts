/**
 * Takes the symbols out of a program: `node strip.ts FILE`. Alpine's image has no `strip`, and all that a program
 * needs to run is what its segments load; see elf(5).
 */

import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";

const HEADER_BYTES = 64;
const SECTIONS_OFFSET = 40;
const SECTIONS_COUNT = 58;
const LOAD = 1;

function strip(path: string): void {
  const file = openSync(path, "r+");
  const header = read(file, 0, HEADER_BYTES);
  let end = 0;
  for (const [start, length] of segments(file, header)) {
    if (start > end) {
      // Zeros, because to move what follows would change where it is loaded.
      writeSync(file, Buffer.alloc(start - end), 0, start - end, end);
    }
    end = Math.max(end, start + length);
  }
  header.fill(0, SECTIONS_OFFSET, SECTIONS_OFFSET + 8).fill(0, SECTIONS_COUNT);
  writeSync(file, header, 0, HEADER_BYTES, 0);
  ftruncateSync(file, end);
  closeSync(file);
}

/** Returns where in the file each segment that is loaded begins, and how long it is. */
function segments(file: number, header: Buffer): [number, number][] {
  if (header.toString("latin1", 0, 6) !== "\x7fELF\x02\x01") {
    throw new Error("not a 64-bit little-endian ELF file");
  }
  const size = header.readUInt16LE(54);
  const table = read(file, Number(header.readBigUInt64LE(32)), size * header.readUInt16LE(56));
  const found: [number, number][] = [];
  for (let at = 0; at < table.length; at += size) {
    if (table.readUInt32LE(at) === LOAD) {
      found.push([Number(table.readBigUInt64LE(at + 8)), Number(table.readBigUInt64LE(at + 32))]);
    }
  }
  return found.sort(([first], [second]) => first - second);
}

function read(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  readSync(file, buffer, 0, length, position);
  return buffer;
}

strip(process.argv[2] ?? "");
