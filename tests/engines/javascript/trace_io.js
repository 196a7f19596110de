// Reads and writes touchstone-trace/1 files: safetensors, that is eight bytes with the length of a JSON header, the
// header, and the tensors' bytes. Nothing here knows of any engine: copy it. A tensor is {shape, values}, its values a
// Float32Array, a Float64Array or a BigInt64Array.
'use strict';
const fs = require('fs');

const ARRAYS = {F32: Float32Array, F64: Float64Array, I64: BigInt64Array};

function readTrace(path) {
  const data = fs.readFileSync(path);
  if (data.length < 8) throw new Error(`${path}: is no safetensors file`);
  const size = Number(data.readBigUInt64LE(0));
  if (size > data.length - 8) throw new Error(`${path}: its header is cut off`);
  const header = JSON.parse(data.toString('utf8', 8, 8 + size));
  const metadata = header.__metadata__ || {};
  delete header.__metadata__;
  const tensors = {};
  for (const [name, entry] of Object.entries(header)) {
    const [begin, end] = entry.data_offsets.map((offset) => 8 + size + offset);
    const bytes = data.buffer.slice(data.byteOffset + begin, data.byteOffset + end);
    tensors[name] = {shape: entry.shape, values: new ARRAYS[entry.dtype](bytes)};
  }
  return {metadata, tensors};
}

// Writes a temporary file first, so that the trace is there whole or not at all.
function writeTrace(path, metadata, tensors) {
  const header = {__metadata__: metadata};
  const chunks = [];
  let offset = 0;
  // Wider elements first keep every tensor aligned.
  const widest = (a, b) => b[1].values.BYTES_PER_ELEMENT - a[1].values.BYTES_PER_ELEMENT || (a[0] < b[0] ? -1 : 1);
  for (const [name, {shape, values}] of Object.entries(tensors).sort(widest)) {
    const dtype = Object.keys(ARRAYS).find((key) => values instanceof ARRAYS[key]);
    header[name] = {dtype, shape, data_offsets: [offset, offset + values.byteLength]};
    chunks.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  let text = Buffer.from(JSON.stringify(header));
  text = Buffer.concat([text, Buffer.alloc((8 - text.length % 8) % 8, ' ')]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  fs.writeFileSync(path + '.part', Buffer.concat([size, text, ...chunks]));
  fs.renameSync(path + '.part', path);
}

module.exports = {readTrace, writeTrace};
