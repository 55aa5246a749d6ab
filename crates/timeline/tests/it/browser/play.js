// Runs in the page: presses Play, and notes each event that is shown and each place between.
// Frames are timers, which the browser's virtual time drives.
window.requestAnimationFrame = frame => setTimeout(() => frame(performance.now()), 16);
const faults = [];
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
const line = document.querySelector('.moment');
const sentence = document.getElementById('sentence');
const button = document.getElementById('play');
const events = [...document.querySelectorAll('#events li')].map(item => item.textContent);
const shown = [sentence.textContent];
let between = 0;
let counted = shown.length;
const leave = result => {
  const pre = document.createElement('pre');
  pre.id = 'measured';
  pre.textContent = `measured${JSON.stringify(result)}measured`;
  document.body.append(pre);
};
new MutationObserver(() => shown.push(sentence.textContent)).observe(sentence, { childList: true });
new MutationObserver(() => {
  if (shown.length === counted) between += 1;
  counted = shown.length;
}).observe(line, { attributes: true });
button.click();
if (button.textContent !== 'Pause') faults.push('it does not play');
const done = () => {
  if (button.textContent === 'Pause') return setTimeout(done, 50);
  // Events at one moment are shown as one.
  const missed = events.filter(one => !shown.includes(one));
  leave({ faults, calm, between, events: events.length - missed.length, shown: shown.length,
    end: sentence.textContent === events.at(-1) });
};
setTimeout(done, 100);
