// Runs in the page that holds the picture: where each arrow begins and ends, as it is drawn.
const faults = [];
const rows = [...document.querySelectorAll('.row')].map(row => ({
  row, box: row.querySelector('rect').getBBox(), label: row.querySelector('text').textContent,
}));
const within = y => rows.find(({ box }) => box.y <= y && y <= box.y + box.height)?.label[0];
const ends = [];
for (const { row, label } of rows)
  for (const arrow of row.querySelectorAll('.arrow')) {
    const box = arrow.getBBox();
    ends.push([within(box.y + box.height), within(box.y)]);
    const bar = row.querySelector('.waiting').getBBox();
    const x = box.x + box.width / 2;
    if (x < bar.x - 4 || x > bar.x + bar.width + 4) faults.push(`${label}: beside its wait`);
    for (const text of document.querySelectorAll('text')) {
      const its = text.getBBox();
      if (its.x < box.x + box.width && box.x < its.x + its.width &&
          its.y < box.y + box.height && box.y < its.y + its.height)
        faults.push(`${label}: the arrow covers '${text.textContent}'`);
    }
  }
const leave = result => {
  const pre = document.createElement('pre');
  pre.id = 'measured';
  pre.textContent = `measured${JSON.stringify(result)}measured`;
  document.body.append(pre);
};
leave({ faults, ends });
