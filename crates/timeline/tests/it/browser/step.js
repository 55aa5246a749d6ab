// Runs in the page: steps through it with the keyboard alone, and leaves what it saw in the
// document for the test.
const press = key => document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
const state = () => ({
  sentence: document.getElementById('sentence').textContent,
  standing: [...document.querySelectorAll('#standing tbody tr')]
    .map(row => [...row.cells].map(cell => cell.textContent)),
  current: document.querySelectorAll('#events [aria-current=step]').length,
  line: Number(document.querySelector('.moment').getAttribute('x1')),
});
const count = document.querySelectorAll('#events li').length;
const faults = [];
const forwards = [state()];
for (let index = 1; index < count; index += 1) {
  press('ArrowRight');
  forwards.push(state());
}
press('ArrowRight');
if (state().sentence !== forwards.at(-1).sentence) faults.push('a step beyond the end');
const backwards = [state()];
for (let index = 1; index < count; index += 1) {
  press('ArrowLeft');
  backwards.unshift(state());
}
if (JSON.stringify(forwards) !== JSON.stringify(backwards)) faults.push('back is not forth');
press('End');
if (state().sentence !== forwards.at(-1).sentence) faults.push('End is not the end');
press('Home');
if (state().sentence !== forwards[0].sentence) faults.push('Home is not the start');
const slider = document.getElementById('slider');
slider.value = 1;
slider.dispatchEvent(new Event('input'));
if (state().sentence !== forwards[1].sentence) faults.push('the slider does not step');
if (document.getElementById('sentence').getAttribute('aria-live') !== 'polite') faults.push('silent');
for (const button of document.querySelectorAll('button'))
  if (button.tabIndex < 0) faults.push(`${button.id} is out of reach`);
if (performance.getEntriesByType('resource').length > 0) faults.push('something is loaded');
if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is too wide');
const leave = result => {
  const pre = document.createElement('pre');
  pre.id = 'measured';
  pre.textContent = `measured${JSON.stringify(result)}measured`;
  document.body.append(pre);
};
const result = { faults, states: forwards };
if (typeof axe === 'undefined') leave(result);
else axe.run().then(found => leave({ ...result, axe: found.violations.map(one => one.id) }));
