// TensorFlow.js: tf.losses.softmaxCrossEntropy, tf.variableGrads and the optimizers of tf.train, in float32.
//   node tfjs.js FOLDER CASE...: a trace in FOLDER for each case that it can run
'use strict';
const path = require('path');
const tf = require('@tensorflow/tfjs');
const {readTrace, writeTrace} = require('../javascript/trace_io.js');
const {CALLBACKS, decayedRate} = require('../javascript/schedules.js');

const ACTIVATIONS = {relu: tf.relu, tanh: tf.tanh, sigmoid: tf.sigmoid, linear: (x) => x};
const SLOTS = {
  SGD: {moment: 'accumulations'},
  RMSprop: {accumulator: 'accumulatedMeanSquares'},
  Adagrad: {accumulator: 'accumulatedGrads'},
  Adadelta: {accumulator: 'accumulatedGrads', delta_accumulator: 'accumulatedUpdates'},
  Adam: {m: 'accumulatedFirstMoment', v: 'accumulatedSecondMoment'},
  Adamax: {m: 'accumulatedFirstMoment', u: 'accumulatedWeightedInfNorm'},
};

function optimizerOf(c) {
  switch (c.name) {
    case 'SGD': return c.momentum > 0 ? tf.train.momentum(c.lr, c.momentum, c.nesterov) : tf.train.sgd(c.lr);
    case 'RMSprop': return tf.train.rmsprop(c.lr, c.rho, c.momentum || 0, c.epsilon, c.centered || false);
    case 'Adagrad': return tf.train.adagrad(c.lr);
    case 'Adadelta': return tf.train.adadelta(c.lr, c.rho, c.epsilon);
    case 'Adam': return tf.train.adam(c.lr, c.beta_1, c.beta_2, c.epsilon);
    default: return tf.train.adamax(c.lr, c.beta_1, c.beta_2, c.epsilon);
  }
}

function isSupported(config, tensors) {
  const {optimizer, model} = config;
  if ('step/grad/dense_0/kernel' in tensors) return false;  // it asks for updates of given gradients
  return tensors['data/train/x'].values instanceof Float32Array && optimizer.name in SLOTS && !optimizer.amsgrad &&
      (model.loss_from || 'logits') === 'logits' && !optimizer.clipnorm && !optimizer.clipvalue &&
      model.layers.slice(0, -1).every((layer) => layer.activation in ACTIVATIONS);
}

class Run {
  constructor(metadata, tensors) {
    this.case = tensors;
    this.config = JSON.parse(metadata.experiment);
    this.names = this.config.model.layers.flatMap((_, i) => [`dense_${i}/kernel`, `dense_${i}/bias`]);
    this.parameters = this.names.map((name) => {
      const {shape, values} = tensors['init/' + name];
      return tf.variable(tf.tensor(values, shape));
    });
    this.optimizer = optimizerOf(this.config.optimizer);
    this.callbacks = (this.config.callbacks || []).map((c) => new CALLBACKS[c.name](c));
    this.observed = {};
  }

  logits(x) {
    const {layers} = this.config.model;
    return layers.reduce((h, layer, i) => {
      const z = tf.add(tf.matMul(h, this.parameters[2 * i]), this.parameters[2 * i + 1]);
      return i + 1 < layers.length ? ACTIVATIONS[layer.activation](z) : z;
    }, x);
  }

  // The rows of x and y, and the loss and the number of right answers on them.
  rows(set, rows) {
    const x = tf.gather(tf.tensor(this.case[`data/${set}/x`].values, this.case[`data/${set}/x`].shape), rows);
    const y = rows.map((row) => Number(this.case[`data/${set}/y`].values[row]));
    const units = this.config.model.layers[this.config.model.layers.length - 1].units;
    const hot = tf.oneHot(tf.tensor1d(y, 'int32'), units);
    return {x, y, loss: () => tf.losses.softmaxCrossEntropy(hot, this.logits(x)).asScalar()};
  }

  correct({x, y}) {
    const answers = tf.argMax(this.logits(x), 1).dataSync();
    return y.filter((label, i) => answers[i] === label).length;
  }

  record(series, shape, values) {
    const all = this.observed[series] || (this.observed[series] = {shape: [0, ...shape], values: []});
    all.shape[0] += 1;
    all.values.push(...values);
  }

  // SGD and momentum keep the rate in a tensor too.
  setRate(lr) {
    if (this.optimizer.setLearningRate) this.optimizer.setLearningRate(lr);
    this.optimizer.learningRate = lr;
  }

  update(rows, lr) {
    const batch = this.rows('train', rows);
    const correct = this.correct(batch);
    const {value, grads} = tf.variableGrads(batch.loss, this.parameters);
    const gradients = this.parameters.map((p) => grads[p.name].dataSync().slice());
    this.setRate(lr);
    this.optimizer.applyGradients(grads);
    this.record('step/loss', [], value.dataSync());
    this.record('step/lr', [], [lr]);
    const {name, momentum} = this.config.optimizer;
    this.parameters.forEach((p, i) => {
      this.record('step/grad/' + this.names[i], p.shape, gradients[i]);
      this.record('step/param/' + this.names[i], p.shape, p.dataSync());
      if (name === 'SGD' && !(momentum > 0)) return;
      for (const [slot, field] of Object.entries(SLOTS[name])) {
        this.record(`step/slot/${slot}/${this.names[i]}`, p.shape, this.optimizer[field][i].variable.dataSync());
      }
    });
    return {loss: value.dataSync()[0], correct};
  }

  train() {
    const {optimizer, fit} = this.config;
    const count = this.case['data/train/y'].values.length;
    const all = [...Array(this.case['data/test/y'].values.length).keys()];
    let lr = Math.fround(optimizer.lr);
    let update = 0;
    for (let epoch = 0; epoch < fit.epochs; ++epoch) {
      for (const callback of this.callbacks) lr = callback.beginEpoch(epoch, lr);
      const order = this.case.order ? Array.from(this.case.order.values.slice(epoch * count, (epoch + 1) * count), Number) :
                                      [...Array(count).keys()];
      const sums = {loss: 0, correct: 0};
      for (let begin = 0; begin < count; begin += fit.batch_size, ++update) {
        const rows = order.slice(begin, begin + fit.batch_size);
        const result = tf.tidy(() => this.update(rows, decayedRate(lr, optimizer.decay || 0, update)));
        sums.loss += result.loss * rows.length;
        sums.correct += result.correct;
      }
      const metrics = tf.tidy(() => {
        const test = this.rows('test', all);
        return {loss: sums.loss / count, accuracy: sums.correct / count, val_loss: test.loss().dataSync()[0],
                val_accuracy: this.correct(test) / all.length};
      });
      for (const callback of this.callbacks) lr = callback.endEpoch({...metrics, lr}, lr);
      for (const [name, value] of Object.entries({...metrics, lr})) this.record('epoch/' + name, [], [value]);
    }
  }
}

async function main([folder, ...cases]) {
  await tf.setBackend('cpu');
  for (const file of cases) {
    const {metadata, tensors} = readTrace(file);
    if (!isSupported(JSON.parse(metadata.experiment), tensors)) continue;
    const run = new Run(metadata, tensors);
    run.train();
    const given = Object.entries(tensors).filter(([name]) => /^(data|init)\/|^order$/.test(name));
    const seen = Object.entries(run.observed).map(([name, {shape, values}]) => [name, {shape, values: Float32Array.from(values)}]);
    const out = path.join(folder, path.basename(file).replace('.case.', '.'));
    writeTrace(out, {...metadata, engine: `TensorFlow.js ${tf.version.tfjs}`}, Object.fromEntries([...given, ...seen]));
    tf.disposeVariables();
  }
}

main(process.argv.slice(2));
