// Runs in the page: points at rows and focuses them, and notes which are shown as one chain.
const faults = [];
const row = label => [...document.querySelectorAll('.row')]
  .find(one => one.querySelector('text').textContent === label);
const chained = () => [...document.querySelectorAll('.tracing .chained, .row.chained')]
  .map(one => one.querySelector('text').textContent);
row('C PING').dispatchEvent(new MouseEvent('mouseenter'));
const pointed = chained();
if (getComputedStyle(row('D PING')).opacity >= 0.5) faults.push('the others are as before');
if (getComputedStyle(row('A SLEEP 1s')).opacity !== '1') faults.push('the chain is pale');
row('C PING').dispatchEvent(new MouseEvent('mouseleave'));
const after = chained();
row('C PING').focus();
if (document.activeElement !== row('C PING')) faults.push('out of reach of the keyboard');
const focused = chained();
row('C PING').blur();
row('D PING').dispatchEvent(new MouseEvent('mouseenter'));
const alone = chained();
if (document.querySelector('.tracing')) faults.push('nobody was in the way of D');
const leave = result => {
  const pre = document.createElement('pre');
  pre.id = 'measured';
  pre.textContent = `measured${JSON.stringify(result)}measured`;
  document.body.append(pre);
};
leave({ faults, pointed, focused, after, alone });
