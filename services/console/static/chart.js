// The lines of a table beside them, by Chart.js: the numbers stand in the table alone, the colours in the style sheet.
const canvas = document.querySelector("canvas[data-of]");
const table = canvas && document.getElementById(canvas.dataset.of);
const style = getComputedStyle(document.documentElement), colour = (name) => style.getPropertyValue(`--${name}`).trim();

function linesOf(table) {
  const heads = [...table.tHead.rows[0].cells], rows = [...table.tBodies[0].rows];
  return heads.filter((head) => head.dataset.line).map((head) => ({
    label: head.textContent,
    data: rows.map((row) => row.cells[head.cellIndex].dataset.value || null),
    borderColor: colour(head.dataset.line),
    backgroundColor: colour(head.dataset.line),
  }));
}

if (table && window.Chart) {
  const scale = { ticks: { color: colour("soft") }, grid: { color: colour("line") } };
  new window.Chart(canvas, {
    type: "line",
    data: { labels: [...table.tBodies[0].rows].map((row) => row.cells[0].textContent), datasets: linesOf(table) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: { x: scale, y: { ...scale, beginAtZero: true } },
      plugins: { legend: { labels: { color: colour("ink") } } },
    },
  });
  canvas.dataset.drawn = "1";
}
