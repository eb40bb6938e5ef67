// A worker as one writes it in half an hour, with what Node has. Its faults are the point: see NaturalWorkersTest.
const { parseArgs } = require('node:util');
let v;
try {
  v = parseArgs({ options: { worker: { type: 'boolean' }, rank: { type: 'string', default: '0' }, 'tp-size': { type: 'string', default: '1' }, 'cuda-device': { type: 'string', default: '0' } } }).values;
} catch (e) { console.error(e.message); process.exit(2); }
const num = s => { const n = Number(s); if (!Number.isInteger(n) || n < 0 || n > 4294967295) { console.error('bad number ' + s); process.exit(2); } return n; };
const rank = num(v.rank), size = num(v['tp-size']), dev = num(v['cuda-device']);
const rl = require('readline').createInterface({ input: process.stdin });
const out = o => process.stdout.write(JSON.stringify(o) + '\n');
rl.on('line', line => {
  if (!line.trim()) return;
  let req;
  try { req = JSON.parse(line); } catch (e) { return out({ op: 'error', kind: 'bad_request', message: e.message }); }
  switch (req.op) {
    case 'ping': return out({ op: 'pong', rank, world_size: size, cuda_device: dev });
    case 'init':
      if (typeof req.comm_id !== 'string') return out({ op: 'error', kind: 'bad_request', message: 'comm_id' });
    case 'nccl_sanity_check': return out({ op: 'error', kind: 'not_implemented_7a_i', message: req.op });
    case 'shutdown': out({ op: 'bye' }); return process.exit(0);
    default: return out({ op: 'error', kind: 'bad_request', message: 'unknown op ' + req.op });
  }
});
