// Runs in the page that holds the picture: measures it as a browser has drawn it, and leaves
// the result in the document for the test.
const svg = document.querySelector('svg');
const view = svg.viewBox.baseVal;
const faults = [];
const texts = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBBox()]);
for (const [text, box] of texts) {
  if (box.x < 0 || box.y < 0 || box.x + box.width > view.width || box.y + box.height > view.height)
    faults.push(`'${text}' is clipped`);
  for (const [other, its] of texts)
    if (text < other && box.x < its.x + its.width && its.x < box.x + box.width &&
        box.y + 4 < its.y + its.height && its.y + 4 < box.y + box.height)
      faults.push(`'${text}' covers '${other}'`);
}
for (const text of svg.querySelectorAll('g text'))
  for (const bar of text.parentNode.querySelectorAll('.waiting, .served, .failed, .silent, .asked')) {
    const [its, mark] = [text.getBBox(), bar.getBBox()];
    if (its.x < mark.x + mark.width && mark.x < its.x + its.width)
      faults.push(`'${text.textContent}' runs into its bar`);
  }
if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is too wide');
if (performance.getEntriesByType('resource').some(entry => !entry.name.startsWith('data:')))
  faults.push('something is loaded');
const count = selector => svg.querySelectorAll(selector).length;
const source = new XMLSerializer().serializeToString(svg);
const image = new Image();
image.onload = () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [view.width, view.height];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = { served: 0x0087af, waiting: 0xd75f00, failed: 0xc00000 };
  const pixels = {};
  for (const [name, colour] of Object.entries(colours)) {
    pixels[name] = 0;
    for (let at = 0; at < data.length; at += 4)
      pixels[name] += (data[at] << 16 | data[at + 1] << 8 | data[at + 2]) === colour;
  }
  const result = { faults, pixels, waiting: count('g .waiting'), served: count('g .served'),
    titles: count('g > title'), rows: document.querySelectorAll('#requests td:first-child').length };
  const pre = document.createElement('pre');
  pre.id = 'measured';
  pre.textContent = `measured${JSON.stringify(result)}measured`;
  document.body.append(pre);
};
image.src = 'data:image/svg+xml;base64,' +
  btoa(String.fromCharCode(...new TextEncoder().encode(source)));
