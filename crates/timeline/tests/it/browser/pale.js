// Runs in the page: the classes of the marks that are drawn in full colour before the first event.
const marks = [...document.querySelectorAll('svg g.row > *')]
  .filter(mark => !['title', 'text'].includes(mark.tagName));
const classes = marks.filter(mark => !mark.classList.contains('future'))
  .map(mark => mark.getAttribute('class'))
  .filter(name => name && !['paper', 'grid', 'small'].includes(name));
const pre = document.createElement('pre');
pre.id = 'measured';
pre.textContent = `measured${JSON.stringify({ bright: [...new Set(classes)], marks: marks.length })}measured`;
document.body.append(pre);
