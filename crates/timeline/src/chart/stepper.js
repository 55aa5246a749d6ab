// Steps through the events of a run. Without it the page is whole: the events are a list, and
// the chart shows all of the run.
'use strict';

const $ = id => document.getElementById(id);
const items = [...$('events').children];
const events = items.map(item => ({ ...JSON.parse(item.dataset.event), sentence: item.textContent }));
const chart = $('chart');
const svg = chart.querySelector('svg');
const axis = Object.fromEntries(['left', 'length', 'end'].map(key => [key, Number(chart.dataset[key])]));
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const last = events.length - 1;
let shown = 0;
let timer = null;

// The moment on the chart: a line. The marks are pale until then, and drawn again up to it.
const add = (parent, name, attributes) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return parent.appendChild(element);
};
const { width, height } = svg.viewBox.baseVal;
const clip = add(add(svg, 'clipPath', { id: 'until-now' }), 'rect', { x: 0, y: 0, height });
const past = add(svg, 'g', { class: 'past', 'clip-path': 'url(#until-now)', 'aria-hidden': 'true' });
const line = add(svg, 'line', { class: 'moment', y1: 20, y2: height - 20, 'aria-hidden': 'true' });
const kinds = ['silent', 'asked', 'waiting', 'backlog', 'lock', 'processor', 'served', 'failed', 'arrow'];
for (const kind of kinds)
  for (const mark of svg.querySelectorAll(`g:not(.past) > .${kind}`)) {
    past.append(mark.cloneNode());
    mark.classList.add('future');
  }

const moveTo = time => {
  const x = axis.left + axis.length * Math.min(time / Math.max(axis.end, 1), 1);
  line.setAttribute('x1', x);
  line.setAttribute('x2', x);
  clip.setAttribute('width', x);
  chart.scrollLeft = x / width * svg.clientWidth - chart.clientWidth / 2;
};

// How each server stands: as its last event so far has it.
const standing = () => {
  for (const [server, row] of [...$('standing').tBodies[0].rows].entries()) {
    const event = events.slice(0, shown + 1).findLast(event => event.server === server);
    const names = list => !list?.length ? 'nobody' : list.join(', ');
    row.cells[1].textContent = names(event?.serving);
    // Those of whom it is not known whether they wait.
    const asked = event?.asked.length ? `; asked: ${names(event.asked)}` : '';
    row.cells[2].textContent = names(event?.waiting) + asked;
  }
};

const show = index => {
  items[shown].removeAttribute('aria-current');
  shown = Math.min(Math.max(index, 0), last);
  items[shown].setAttribute('aria-current', 'step');
  const list = $('events');
  list.scrollTop = items[shown].offsetTop - list.offsetTop - list.clientHeight / 2;
  $('sentence').textContent = events[shown].sentence;
  $('slider').value = shown;
  $('slider').setAttribute('aria-valuetext', `event ${shown + 1} of ${events.length}`);
  $('previous').disabled = shown === 0;
  $('next').disabled = shown === last;
  moveTo(events[shown].at);
  standing();
};

const pause = () => {
  cancelAnimationFrame(timer);
  clearTimeout(timer);
  timer = null;
  $('play').textContent = 'Play';
};

// At the speed of the run. Where motion is unwanted, from event to event with nothing between.
const play = () => {
  if (shown === last) show(0);
  const start = performance.now() - events[shown].at / 1000;
  $('play').textContent = 'Pause';
  const tick = () => {
    const now = (performance.now() - start) * 1000;
    let next = shown;
    while (next < last && events[next + 1].at <= now) next += 1;
    if (next !== shown) show(next);
    if (shown === last) return pause();
    if (calm.matches) timer = setTimeout(tick, (events[shown + 1].at - now) / 1000);
    else {
      moveTo(now);
      timer = requestAnimationFrame(tick);
    }
  };
  tick();
};

const step = index => {
  pause();
  show(index);
};
$('previous').onclick = () => step(shown - 1);
$('next').onclick = () => step(shown + 1);
$('play').onclick = () => (timer === null ? play() : pause());
$('slider').oninput = () => step(Number($('slider').value));
$('slider').max = last;
document.addEventListener('keydown', event => {
  const to = { ArrowLeft: shown - 1, ArrowRight: shown + 1, Home: 0, End: last }[event.key];
  const isTheirs = event.target.closest?.('[tabindex]:not(#events)');
  if (to === undefined || isTheirs || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  step(to);
});
$('player').hidden = false;
show(0);

// Pointing at a row, or reaching it with Tab, shows whom it waited for, and whom those waited for.
const rows = [...svg.querySelectorAll('.row')];
const before = row => row.dataset.behind.split(' ').flatMap(name => rows.filter(other =>
  other.dataset.server === row.dataset.server && other.dataset.names.split(' ').includes(name)));
const trace = row => {
  const chain = new Set(row ? [row] : []);
  for (const one of chain) before(one).forEach(other => chain.add(other)); // a Set grows as it is gone through
  svg.classList.toggle('tracing', chain.size > 1);
  for (const one of rows) one.classList.toggle('chained', chain.has(one));
};
for (const row of rows) {
  for (const begins of ['mouseenter', 'focus']) row.addEventListener(begins, () => trace(row));
  for (const ends of ['mouseleave', 'blur']) row.addEventListener(ends, () => trace(null));
}
