// What changes the rate: time decay before each update, and the callbacks between epochs (keras/callbacks.py). Rates are
// variables of float32, what is computed with them is in double.
'use strict';

function decayedRate(lr, decay, update) {
  return decay > 0 ? Math.fround(lr * Math.fround(1 / Math.fround(1 + Math.fround(Math.fround(decay) * update)))) : lr;
}

function scheduled(c, epoch) {
  if (c.schedule === 'exponential') return c.initial_lrate * Math.exp(-c.k * epoch);
  if (c.schedule === 'cosine') {
    const half = 0.5 * (1 + Math.cos(Math.PI * Math.min(epoch / c.decay_epochs, 1)));
    return c.initial_lrate * ((1 - c.alpha) * half + c.alpha);
  }
  const drops = Math.floor((c.schedule === 'step_decay' ? epoch + 1 : epoch) / c.epochs_drop);
  return c.initial_lrate * Math.pow(c.drop, drops);
}

class LearningRateScheduler {
  constructor(config) {
    this.config = config;
  }
  beginEpoch(epoch) {
    const warmup = this.config.warmup_epochs || 0;
    if (epoch >= warmup) return Math.fround(scheduled(this.config, epoch - warmup));
    const start = this.config.warmup_start === undefined ? 1 / 3 : this.config.warmup_start;
    return Math.fround(scheduled(this.config, 0) * (start + (1 - start) * epoch / warmup));
  }
  endEpoch(metrics, lr) {
    return lr;
  }
}

class ReduceLROnPlateau {
  constructor(config) {
    this.config = config;
    this.maximised = config.mode === 'max' || (config.mode === 'auto' && config.monitor.includes('acc'));
    this.best = this.maximised ? -Infinity : Infinity;
    this.wait = this.cooldown = 0;
  }
  beginEpoch(epoch, lr) {
    return lr;
  }
  endEpoch(metrics, lr) {
    const {monitor, min_delta, min_lr, patience, factor, cooldown} = this.config;
    const current = metrics[monitor];
    if (this.cooldown > 0) {
      this.cooldown -= 1;
      this.wait = 0;
    }
    const improved = this.maximised ? current > this.best + min_delta : current < this.best - min_delta;
    if (improved) {
      this.best = current;
      this.wait = 0;
    } else if (this.cooldown === 0) {
      this.wait += 1;
      if (this.wait >= patience && lr > min_lr) {
        lr = Math.fround(Math.max(lr * factor, min_lr));
        this.cooldown = cooldown;
        this.wait = 0;
      }
    }
    return lr;
  }
}

const CALLBACKS = {LearningRateScheduler, ReduceLROnPlateau};

module.exports = {CALLBACKS, decayedRate};
