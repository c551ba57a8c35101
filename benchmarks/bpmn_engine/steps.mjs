// Completes the user tasks of a diagram one by one with bpmn-engine, its state kept as JSON text between any two.
// Reads {source, variables, cases} as JSON from standard input; prints the CPU milliseconds of each step and the size of a state.
import { EventEmitter } from 'node:events';
import { Engine } from 'bpmn-engine';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { source, variables, cases } = JSON.parse(Buffer.concat(chunks));

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function start() {
  const engine = new Engine({ name: 'steps', source, variables });
  await engine.execute({ listener: new EventEmitter() });
  const state = JSON.stringify(await engine.getState());
  return state;
}

async function step(stored, number) {
  const engine = new Engine({ name: 'steps' }).recover(JSON.parse(stored));
  const execution = await engine.resume({ listener: new EventEmitter() });
  const [waiting] = execution.getPostponed().filter((api) => api.type === 'bpmn:UserTask');
  if (!waiting) return null;
  waiting.signal({ [`answer_${number}`]: 'yes' });
  const state = JSON.stringify(await engine.getState());
  const running = engine.state === 'running';
  return { state, running };
}

const times = [];
let bytes = 0;
let done = 0;
for (let each = 0; each < cases; each += 1) {
  let stored = await start();
  for (let number = 0; ; number += 1) {
    const before = cpu();
    const after = await step(stored, number);
    if (!after) break;
    times.push(cpu() - before);
    stored = after.state;
    bytes = Math.max(bytes, Buffer.byteLength(stored));
    done += 1;
    if (!after.running) break;
  }
}
console.log(JSON.stringify({ times, bytes, done }));
