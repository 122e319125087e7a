// Draws each <canvas data-chart> from its JSON block: a list of {label, value}.
"use strict";

(() => {
  const charts = new Map();
  const colour = (name) => {
    // Chart.js cannot read light-dark(); the browser resolves it on a real element.
    const probe = document.createElement("span");
    probe.className = "mf-probe";
    probe.style.setProperty("color", `var(${name})`);
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };

  function draw(canvas) {
    const source = document.getElementById(canvas.dataset.points);
    if (!source) return;
    const points = JSON.parse(source.textContent);
    const ink = colour("--tblr-secondary-color");
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const rtl = document.dir === "rtl";
    const kind = canvas.dataset.chart;
    charts.get(canvas)?.destroy();
    charts.set(canvas, new Chart(canvas, {
      type: kind,
      data: {
        labels: points.map((point) => point.label),
        datasets: [{
          label: canvas.dataset.label,
          data: points.map((point) => point.value),
          backgroundColor: colour("--tblr-primary"),
          borderColor: colour("--tblr-primary"),
          borderRadius: 3,
          borderWidth: kind === "line" ? 2 : 0,
          maxBarThickness: 28,
          pointRadius: 2,
          tension: 0.25,
        }],
      },
      options: {
        animation: still ? false : { duration: 250 },
        maintainAspectRatio: false,
        indexAxis: canvas.dataset.axis || "x",
        plugins: { legend: { display: false }, tooltip: { rtl } },
        scales: {
          x: { reverse: rtl, grid: { display: false }, ticks: { color: ink, maxRotation: 0, precision: 0 }, border: { display: false } },
          y: { position: rtl ? "right" : "left", beginAtZero: true, grid: { color: colour("--mf-line-soft") }, ticks: { color: ink, precision: 0, maxTicksLimit: 5 }, border: { display: false } },
        },
      },
    }));
  }

  const drawAll = () => document.querySelectorAll("canvas[data-chart]").forEach(draw);
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  document.addEventListener("htmx:afterSettle", (event) => event.target.querySelectorAll?.("canvas[data-chart]").forEach(draw));
})();
