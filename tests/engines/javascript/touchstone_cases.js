// What an engine in JavaScript needs to be judged by touchstone, beside trace_io.js: update cases answered one by one or
// served. Nothing here knows of any engine: copy it.
//
//   main((config, parameters) => {             // of one case: its optimizer, and the initial parameters
//     if (config.name !== 'SGD') throw new Unsupported(config.name);
//     return (gradients, lr) => { ... };       // changes the parameters in place; may return its state, {slot: [arrays]}
//   });
//
// An array is a Float32Array or a Float64Array, as the case has it: each assignment rounds to its type.
'use strict';
const readline = require('readline');
const {readTrace, writeTrace} = require('./trace_io.js');

class Unsupported extends Error {}  // the engine does not support the case

const NOT_SUPPORTED = 77;  // the exit code that says so

// In the order of the layers, kernel and bias: dense_0/kernel, dense_0/bias, dense_1/kernel, ...
function parameterNames(tensors) {
  const names = Object.keys(tensors).filter((name) => name.startsWith('step/grad/')).map((name) => name.slice(10));
  const place = (name) => 2 * Number(name.match(/\d+/)[0]) + (name.endsWith('bias') ? 1 : 0);
  return names.sort((a, b) => place(a) - place(b));
}

// The trace of an update case: its gradients and rates through `rule`, each update's parameters recorded.
function makeUpdates(rule, metadata, tensors) {
  const names = parameterNames(tensors);
  if (names.length === 0) throw new Unsupported('training runs: no gradients are given');
  const rates = tensors['step/lr'].values;
  const parameters = names.map((name) => tensors['init/' + name].values.slice());
  const step = rule(JSON.parse(metadata.experiment).optimizer, parameters);
  const recorded = {...tensors};
  const record = (series, t, values) => names.forEach((name, i) => {
    const {shape} = tensors['step/grad/' + name];
    const key = `step/${series}/${name}`;
    recorded[key] = recorded[key] || {shape, values: new values[i].constructor(values[i].length * rates.length)};
    recorded[key].values.set(values[i], t * values[i].length);
  });
  rates.forEach((lr, t) => {
    const gradients = names.map((name, i) => {
      const {length} = parameters[i];
      return tensors['step/grad/' + name].values.slice(t * length, (t + 1) * length);
    });
    const state = step(gradients, lr) || {};
    record('param', t, parameters);
    for (const [slot, values] of Object.entries(state)) record('slot/' + slot, t, values);
  });
  return [metadata, recorded];
}

function answer(run, given, written) {
  const {metadata, tensors} = readTrace(given);
  writeTrace(written, ...run(metadata, tensors));
}

// A line `CASE TRACE` on stdin, one back on stdout, until there are no more.
function serve(run) {
  readline.createInterface({input: process.stdin}).on('line', (line) => {
    let said = 'ok';
    try {
      answer(run, ...line.trim().split(/\s+/));
    } catch (error) {
      said = error instanceof Unsupported ? `unsupported: ${error.message}` : `error: ${error}`;
    }
    process.stdout.write(said.replace(/\s+/g, ' ') + '\n');
  });
}

// CASE TRACE, or --serve.
function main(rule) {
  const run = (metadata, tensors) => makeUpdates(rule, metadata, tensors);
  if (process.argv[2] === '--serve') return serve(run);
  try {
    answer(run, ...process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    console.error(error.message);
    process.exitCode = NOT_SUPPORTED;
  }
}

module.exports = {Unsupported, main};
