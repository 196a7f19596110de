// An optimizer of one's own, held to the update cases: SGD, with Keras's momentum or PyTorch's.
'use strict';
const {Unsupported, main} = require('./touchstone_cases.js');

main((config, parameters) => {
  if (config.name !== 'SGD' || config.nesterov || config.clipnorm || config.clipvalue) {
    throw new Unsupported('all but SGD, plain or with momentum');
  }
  const momentum = config.momentum;
  const velocity = parameters.map((p) => p.slice().fill(0));
  return (gradients, lr) => {
    parameters.forEach((p, i) => {
      const v = velocity[i];
      for (let k = 0; k < p.length; ++k) {
        if (config.convention === 'torch') {  // the rate outside the velocity
          v[k] = momentum * v[k] + gradients[i][k];
          p[k] -= lr * v[k];
        } else {
          v[k] = momentum * v[k] - lr * gradients[i][k];
          p[k] += v[k];
        }
      }
    });
    return momentum > 0 ? {moment: velocity} : {};
  };
});
